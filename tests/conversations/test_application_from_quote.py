"""An application begun from a quote: its answers are shown first, and asked no more."""

from __future__ import annotations

import pytest
from journeys import QUOTE, walk

from bot.channels.broker_calls import quoted_answers
from bot.channels.sessions import Visit
from bot.settings import settings
from bot.storage.stores import Stores

pytestmark = pytest.mark.also_with_an_action_server

BROKER = {"broker_number": "4711", "broker_name": "Makler Süd"}


def test_the_answers_of_a_quote_are_confirmed_and_not_asked_again(new_conversation) -> None:
    quote = walk(new_conversation(broker=BROKER), QUOTE)
    stores = Stores.open(settings())
    answers = quoted_answers(Visit(broker=BROKER), quote.draft().reference, stores)
    stores.database.close()
    conversation = new_conversation(broker=BROKER, prefill=answers)
    assert "Schützenverein Tell e.V." in conversation.text
    assert conversation.answers == {}
    conversation.choose("confirm:yes")
    taken = conversation.answers
    for name in (
        "club_name", "club_type", "member_count", "employee_count", "email", "product",
        "deductible", "family_membership", "start_date", "payment_frequency",
    ):  # fmt: skip
        assert taken[name] == quote.answers[name], name
    assert taken["request_type"] == "application"
    # What counts before the law is asked anew.
    assert "natural_persons_only" not in taken
    assert quote.draft().status == "submitted"
