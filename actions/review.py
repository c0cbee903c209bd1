"""Checking and sending what was answered."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import questions_in_full, starting, submitting
from bot.conversation.turn import Turn


class ActionSummary(TurnAction):
    """Shows what was answered so far."""

    action = "action_summary"

    def handle(self, turn: Turn) -> None:
        if questions_in_full.are_wanted(turn.message.text):
            questions_in_full.show_questions(turn)
        else:
            starting.summary(turn)


class ActionSubmit(TurnAction):
    """Submits when everything is answered and declared; otherwise asks what is open."""

    action = "action_submit"
    takes_answers = True

    def handle(self, turn: Turn) -> None:
        submitting.submit_by_words(turn)
