"""What must not happen, and what happens instead."""

from __future__ import annotations

import pytest
from journeys import JURVEREIN, MEMBERSHIP_ONLY, QUOTE, walk


def test_not_only_natural_persons_ends_the_way_to_cover(conversation) -> None:
    walk(conversation, JURVEREIN, until="natural_persons_only")
    conversation.say("nein")
    assert "kein Vereins-Rechtsschutz möglich" in conversation.text
    assert "089 / 539 81-222" in conversation.text
    draft = conversation.draft()
    assert draft.status == "ended"
    assert draft.reference is None
    assert draft.answers["club_name"] == "TSV Musterstadt 1898 e.V."


def test_that_answer_can_be_corrected(conversation) -> None:
    walk(conversation, JURVEREIN, until="natural_persons_only")
    conversation.say("nein")
    conversation.choose("change:natural_persons_only")
    conversation.say("ja")
    assert conversation.question["field"] == "member_count"


def test_membership_is_possible_all_the_same(conversation) -> None:
    walk(conversation, JURVEREIN, until="natural_persons_only")
    conversation.say("nein")
    conversation.choose("answer:product:membership_only")
    assert conversation.question["field"] == "member_count"
    walk(conversation, MEMBERSHIP_ONLY)
    assert conversation.handoff()["application"]["product"] == "membership_only"


def test_a_landline_is_no_mobile_number(conversation) -> None:
    walk(conversation, JURVEREIN, until="mobile_phone")
    conversation.say("0221 9876543")
    assert "keine Mobilnummer" in conversation.text
    assert "mobile_phone" not in conversation.answers
    conversation.say("0171 2345678")
    assert conversation.answers["mobile_phone"] == "+491712345678"


def test_online_delivery_asks_for_what_was_skipped(conversation) -> None:
    walk(conversation, JURVEREIN, until="document_delivery", mobile_phone="überspringen")
    conversation.say("online")
    assert conversation.question["field"] == "mobile_phone"
    assert conversation.question["required"] is True
    conversation.say("überspringen")
    assert conversation.question["field"] == "mobile_phone"


@pytest.mark.parametrize("words", ["heute", "20.11.2026", "1.1.2020"])
def test_the_start_is_tomorrow_at_the_earliest(conversation, words) -> None:
    walk(conversation, QUOTE, until="start_date")
    conversation.say(words)
    assert "start_date" not in conversation.answers
    assert "21. November 2026" in conversation.text


def test_tomorrow_is_early_enough(conversation) -> None:
    walk(conversation, QUOTE, until="start_date")
    conversation.say("morgen")
    assert conversation.answers["start_date"] == "2026-11-21"


def test_a_start_years_ahead_is_asked_back(conversation) -> None:
    walk(conversation, QUOTE, until="start_date")
    conversation.say("1.1.2030")
    assert "start_date" not in conversation.answers
    assert conversation.choices


def test_without_the_confirmation_nothing_is_submitted(conversation) -> None:
    walk(conversation, JURVEREIN, until="disclosure_confirmed")
    conversation.say("nein")
    assert conversation.question["field"] == "disclosure_confirmed"
    assert "disclosure_confirmed" not in conversation.answers


def test_without_the_documents_nothing_is_submitted(conversation) -> None:
    walk(conversation, JURVEREIN, until="documents_received")
    conversation.say("nein")
    assert "documents_received" not in conversation.answers
    assert conversation.draft().status == "open"


def test_not_yet_leaves_everything_as_it_is(conversation) -> None:
    walk(conversation, QUOTE, until="submission")
    conversation.say("noch nicht")
    assert conversation.draft().status == "open"
    conversation.say("absenden")
    assert conversation.draft().status == "submitted"


def test_consents_are_never_preselected(conversation) -> None:
    walk(conversation, JURVEREIN, until="inkasso_pro")
    assert "inkasso_pro" not in conversation.answers
    assert "credit_check_consent" not in conversation.answers
    assert len(conversation.choices) == 2


def test_the_third_failure_offers_other_ways(conversation) -> None:
    walk(conversation, JURVEREIN, until="member_count")
    texts = [conversation.say("blaues Pferd").text for _ in range(3)]
    assert len(set(texts)) == 3
    assert "Mit einem Menschen sprechen" in conversation.choices
    conversation.say("230")
    assert conversation.answers["member_count"] == 230


def test_the_same_sentence_never_comes_three_times(conversation) -> None:
    walk(conversation, JURVEREIN, until="member_count")
    said = [line for _ in range(3) for line in conversation.say("xyz").text.split("\n") if line]
    assert max(said.count(line) for line in said) <= 2


def test_another_kind_of_request_is_asked_back(conversation) -> None:
    walk(conversation, JURVEREIN, until="email")
    conversation.say("ich möchte doch lieber ein Angebot")
    assert conversation.answers["request_type"] == "application"
    assert conversation.answers["street"] == "Hauptstr. 7"
    conversation.choose("confirm:yes")
    assert conversation.answers["request_type"] == "quote"
    assert "street" not in conversation.answers


def test_who_is_not_eligible_is_not_told_the_same_again_and_again(conversation) -> None:
    walk(conversation, JURVEREIN, until="natural_persons_only")
    said = [conversation.say(words).text for words in ("nein", "doch", "ach so", "und nun")]
    assert "Vielen Dank für die ehrliche Antwort" in said[0]
    assert all(max(said.count(each) for each in said) <= 2 for each in said)
    conversation.choose("change:natural_persons_only")
    assert conversation.question["field"] == "natural_persons_only"
