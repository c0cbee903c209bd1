"""Answers to the open question: typed, tapped, uploaded, or several at once."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import answering_with_questions, choosing, starting


class ActionAnswer(TurnAction):
    """Validates and stores what was typed as the answer to the open question."""

    action = "action_answer"
    handler = answering_with_questions.answer


class ActionChoose(TurnAction):
    """Does what a tapped choice stands for, or takes an uploaded document."""

    action = "action_choose"
    handler = choosing.choose_payload


class ActionTakeFacts(TurnAction):
    """Shows what a message with several facts was understood to say."""

    action = "action_take_facts"
    handler = starting.volunteer
