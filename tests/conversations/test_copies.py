"""What other tests go on from instead of typing it all again is the same as what was typed."""

from __future__ import annotations

from typing import Any

import pytest
from conversation_driver import Conversation
from journeys import JURVEREIN, walk

from bot.settings import settings
from bot.storage import Database
from bot.storage.evidence import open_evidence

# What no two conversations have in common.
OWN = {"conversation_id", "application_id", "version", "last_turn"}


def stored(conversation: Conversation) -> tuple[dict[str, Any], list[Any]]:
    """The draft and its evidence, without what is this conversation's own."""
    database = Database(settings().database_address, settings().data_keys)
    with database.reading() as unit:
        evidence = open_evidence(unit, database.vault, conversation.id)
    database.close()
    return conversation.draft().dict(exclude=OWN), [each.dict() for each in evidence]


@pytest.mark.parametrize("field", ["club_type", "prior_insurance_more", "statutes", "submission"])
def test_a_copy_is_the_same_as_what_was_typed(new_conversation, field: str) -> None:
    typed, copied = new_conversation(), new_conversation()
    walk(new_conversation(), JURVEREIN, until=field)
    typed.course = None
    walk(typed, JURVEREIN, until=field)
    walk(copied, JURVEREIN, until=field)
    turns = (next(typed._message_numbers), next(copied._message_numbers))
    assert turns[0] > turns[1] == 2, "the copy was typed"
    assert stored(copied) == stored(typed)
    assert copied.text == typed.text
    assert copied.slots() == typed.slots()
    assert walk(copied, JURVEREIN).handoff()["quote"] == walk(typed, JURVEREIN).handoff()["quote"]
    assert stored(copied)[0]["answers"] == stored(typed)[0]["answers"]
