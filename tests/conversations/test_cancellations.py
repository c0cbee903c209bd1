"""Stopping, starting anew and erasing: asked once, done exactly, said so."""

from __future__ import annotations

import pytest
from journeys import JURVEREIN, QUOTE, walk

from bot.channels.errors import ChannelError

pytestmark = pytest.mark.also_with_an_action_server


def test_cancelling_is_asked_once_and_then_done(conversation) -> None:
    walk(conversation, JURVEREIN, until="email")
    conversation.say("abbrechen")
    assert "wirklich abbrechen" in conversation.text
    assert conversation.answers["member_count"] == 250
    conversation.say("ja")
    assert "abgebrochen" in conversation.text
    assert conversation.answers == {}
    assert conversation.draft().status == "cancelled"


def test_not_cancelling_after_all(conversation) -> None:
    walk(conversation, JURVEREIN, until="email")
    conversation.say("abbrechen").say("nein, doch nicht")
    assert conversation.question["field"] == "email"
    assert conversation.answers["member_count"] == 250


def test_a_cancelled_draft_does_not_leak_into_the_next(conversation) -> None:
    walk(conversation, JURVEREIN, until="email")
    conversation.say("abbrechen").say("ja")
    conversation.choose("command:start")
    walk(conversation, QUOTE)
    handed = conversation.handoff()
    assert handed["application"]["club_name"] == "Schützenverein Tell e.V."
    assert "TSV Musterstadt" not in str(handed)


def test_starting_anew(conversation) -> None:
    walk(conversation, JURVEREIN, until="email")
    conversation.say("ich möchte neu anfangen")
    conversation.say("ja")
    assert conversation.answers == {}
    assert conversation.question["field"] == "request_type"


def test_erasing_removes_everything(conversation) -> None:
    walk(conversation, JURVEREIN, until="email")
    conversation.say("meine Daten löschen")
    assert "nicht rückgängig" in conversation.text
    conversation.say("ja")
    assert "gelöscht" in conversation.text
    assert conversation.draft() is None
    with pytest.raises(ChannelError, match="conversation_ended"):
        conversation.say("hallo")
    conversation.begin()
    assert conversation.question["field"] == "request_type"
    assert conversation.answers == {}


def test_erasing_is_not_done_without_a_clear_yes(conversation) -> None:
    walk(conversation, JURVEREIN, until="email")
    conversation.say("meine Daten löschen").say("vielleicht")
    assert conversation.answers["member_count"] == 250
    conversation.choose("confirm:no")
    assert conversation.question["field"] == "email"


@pytest.mark.parametrize("words", ["stopp, ich will nicht mehr", "Antrag abbrechen"])
def test_the_word_is_no_club_name(conversation, words) -> None:
    walk(conversation, JURVEREIN, until="club_name")
    conversation.say(words)
    assert "club_name" not in conversation.answers
    assert "wirklich abbrechen" in conversation.text


def test_a_new_application_after_a_submitted_one_gets_its_own_reference(conversation) -> None:
    walk(conversation, QUOTE)
    first = conversation.draft().reference
    conversation.send_choice("command:start")
    walk(conversation, QUOTE, club_name="Zweiter Verein e.V.")
    assert conversation.draft().reference != first
    assert conversation.handoff()["application"]["club_name"] == "Zweiter Verein e.V."


def test_a_yes_to_the_next_question_does_not_cancel(conversation) -> None:
    walk(conversation, JURVEREIN, until="natural_persons_only")
    conversation.say("abbrechen")
    conversation.say("was passiert denn dann mit meinen Daten?")
    assert conversation.question["field"] == "natural_persons_only"
    conversation.say("ja")
    assert conversation.answers["natural_persons_only"] is True
    assert conversation.draft().status == "open"


def test_going_on_with_something_else_leaves_the_question_behind(conversation) -> None:
    walk(conversation, JURVEREIN, until="member_count")
    conversation.say("neu anfangen").say("wir haben übrigens 230 Mitglieder")
    assert conversation.answers["club_name"] == "TSV Musterstadt 1898 e.V."
    assert conversation.answers["member_count"] == 230
