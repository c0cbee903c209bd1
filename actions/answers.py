"""Answers to the open question: typed, tapped, uploaded, or several at once."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import choosing, starting, typed_answers
from bot.conversation.turn import Turn


class ActionAnswer(TurnAction):
    """Validates and stores what was typed as the answer to the open question."""

    action = "action_answer"
    takes_answers = True

    def handle(self, turn: Turn) -> None:
        typed_answers.answer(turn)


class ActionChoose(TurnAction):
    """Does what a tapped choice stands for, or takes an uploaded document."""

    action = "action_choose"
    takes_answers = True

    def handle(self, turn: Turn) -> None:
        choosing.choose_payload(turn)


class ActionTakeFacts(TurnAction):
    """Shows what a message with several facts was understood to say."""

    action = "action_take_facts"
    takes_answers = True

    def handle(self, turn: Turn) -> None:
        starting.volunteer(turn)
