"""Changing earlier answers."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import correcting
from bot.conversation.turn import Turn


class ActionCorrect(TurnAction):
    """Changes the answer that the message names or whose kind its value fits."""

    action = "action_correct"

    def handle(self, turn: Turn) -> None:
        correcting.correct(turn)


class ActionBack(TurnAction):
    """Asks the question that was answered last once more."""

    action = "action_back"

    def handle(self, turn: Turn) -> None:
        correcting.back(turn)
