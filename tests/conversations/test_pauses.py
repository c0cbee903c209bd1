"""Coming back after minutes or weeks."""

from __future__ import annotations

import pytest
from conversation_driver import environment
from journeys import JURVEREIN, QUOTE, walk


def test_a_returning_person_is_met_where_they_stopped(conversation) -> None:
    walk(conversation, JURVEREIN, until="address")
    conversation.begin()
    assert "Willkommen zurück" in conversation.text
    assert "TSV Musterstadt 1898 e.V." in conversation.text
    assert conversation.question["field"] == "address"


def test_answers_survive_a_restart_of_the_actions(conversation, action_server) -> None:
    walk(conversation, JURVEREIN, until="address")
    with action_server.stopped():
        pass
    conversation.say("Hauptstraße 7, 50667 Köln")
    assert conversation.answers["city"] == "Köln"
    assert conversation.answers["member_count"] == 250


def test_an_application_after_submission_shows_its_reference(conversation) -> None:
    walk(conversation, QUOTE)
    conversation.begin()
    assert conversation.draft().reference in conversation.text


def test_a_pause_says_that_everything_is_kept(conversation) -> None:
    walk(conversation, JURVEREIN, until="address")
    conversation.say("ich mache morgen weiter")
    assert "gespeichert" in conversation.text


def test_goodbye_keeps_the_answers(conversation) -> None:
    walk(conversation, JURVEREIN, until="address")
    conversation.say("tschüss")
    assert "Auf Wiedersehen" in conversation.text
    conversation.begin()
    assert conversation.question["field"] == "address"


def test_a_start_that_has_passed_is_asked_again(conversation, assistant) -> None:
    if assistant.action_server is not None:
        pytest.skip("an action server has a clock of its own")
    walk(conversation, QUOTE, until="payment_frequency", start_date="morgen")
    with environment({"BOT_NOW": "2026-12-24T18:00:00+01:00"}):
        conversation.begin()
    assert "verstrichen" in conversation.text
    assert conversation.question["field"] == "start_date"
