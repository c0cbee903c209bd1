"""Changing earlier answers."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import correcting


class ActionCorrect(TurnAction):
    """Changes the answer that the message names or whose kind its value fits."""

    action = "action_correct"
    handler = correcting.correct


class ActionBack(TurnAction):
    """Asks the question that was answered last once more."""

    action = "action_back"
    handler = correcting.back
