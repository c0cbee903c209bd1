"""Checking and sending what was answered."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import starting, submitting
from bot.conversation.turn import Turn


class ActionSummary(TurnAction):
    """Shows what was answered so far."""

    action = "action_summary"

    def handle(self, turn: Turn) -> None:
        starting.summary(turn)


class ActionSubmit(TurnAction):
    """Submits when everything is answered and declared; otherwise asks what is open."""

    action = "action_submit"

    def handle(self, turn: Turn) -> None:
        submitting.submit_by_words(turn)
