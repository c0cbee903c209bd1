"""The action server goes down in the middle: nothing is stored unchecked, nothing is lost."""

from __future__ import annotations

import pytest
from journeys import JURVEREIN, walk

from bot.channels.errors import ChannelError


def test_down_and_back_in_the_middle(conversation, action_server) -> None:
    walk(conversation, JURVEREIN, until="member_count")
    before = conversation.answers
    with action_server.stopped():
        with pytest.raises(ChannelError, match="service_unavailable"):
            conversation.say("230", message_id="while-down")
        assert conversation.answers == before
    conversation.say("230", message_id="while-down")
    assert conversation.answers["member_count"] == 230
    assert conversation.question["field"] == "employee_count"


def test_killed_during_a_conversation(conversation, action_server) -> None:
    walk(conversation, JURVEREIN, until="address")
    action_server.kill()
    try:
        with pytest.raises(ChannelError, match="service_unavailable"):
            conversation.say("Hauptstraße 7, 50667 Köln")
    finally:
        action_server.start()
    assert "street" not in conversation.answers
    conversation.say("Hauptstraße 7, 50667 Köln")
    assert conversation.answers["street"] == "Hauptstraße 7"
