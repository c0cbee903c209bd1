"""The action server goes down in the middle: nothing is stored unchecked, nothing is lost."""

from __future__ import annotations

from journeys import JURVEREIN, walk


def test_down_and_back_in_the_middle(conversation, action_server) -> None:
    walk(conversation, JURVEREIN, until="member_count")
    before = conversation.answers
    with action_server.stopped():
        conversation.say("230", message_id="while-down")
        assert "noch einmal" in conversation.text
        assert conversation.answers == before
    conversation.say("230", message_id="while-down")
    assert conversation.answers["member_count"] == 230
    assert conversation.question["field"] == "employee_count"


def test_killed_during_a_conversation(conversation, action_server) -> None:
    walk(conversation, JURVEREIN, until="address")
    action_server.kill()
    conversation.say("Hauptstraße 7, 50667 Köln")
    assert "street" not in conversation.answers
    action_server.start()
    conversation.say("Hauptstraße 7, 50667 Köln")
    assert conversation.answers["street"] == "Hauptstraße 7"
