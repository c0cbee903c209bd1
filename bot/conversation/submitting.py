"""Sending what was answered."""

from __future__ import annotations

from collections.abc import Sequence

from bot import clock
from bot.application.draft import Draft
from bot.application.model import application_from
from bot.application.questions import question
from bot.conversation.answering import accept
from bot.conversation.asking import ask, current_question
from bot.conversation.pricing import quote_of
from bot.conversation.starting import is_over
from bot.conversation.turn import Turn
from bot.handoff.submission import hand_over
from bot.storage.database import Transaction
from bot.storage.stores import Stores


def submit_by_words(turn: Turn) -> None:
    """Submit if sending is what is open; a review on the way counts as read by this."""
    if is_over(turn):
        return
    asked = current_question(turn)
    if asked is not None and asked.key in ("submission", "review"):
        accept(turn, question(asked.key), {asked.key: True})
        return
    turn.say("something_open")
    ask(turn)


def hand_over_submitted(
    unit: Transaction, draft: Draft, stores: Stores, destinations: Sequence[str]
) -> None:
    """Hand over what this draft, stored in the same unit of work, submits.

    Raises:
        IntegrityError: its reference is taken; the turn has to be done again.
    """
    named = {
        identifier
        for answer in draft.answers.values()
        if isinstance(answer, dict)
        for identifier in answer.get("documents", ())
    }
    hand_over(
        unit,
        draft,
        application_from(draft.answers),
        quote_of(draft, clock.today()),
        [each for each in stores.documents.list(draft.conversation_id) if each.id in named],
        stores.database,
        destinations=destinations,
    )
