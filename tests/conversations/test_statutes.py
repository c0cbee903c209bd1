"""Uploaded statutes are read: what differs is asked about and never overwritten."""

from __future__ import annotations

import pytest
from journeys import JURVEREIN, walk
from pdf_samples import pdf_of

pytestmark = pytest.mark.also_with_an_action_server

OTHER = (
    "Der Verein führt den Namen „TSV Neustadt 1898“ e.V. Er hat seinen Sitz in Bonn.\n"
    "Eingetragen unter VR 4711."
)
SAME = "Der Verein führt den Namen „TSV Musterstadt 1898“ e.V. Er hat seinen Sitz in Köln."


def test_what_differs_is_asked_about_and_not_overwritten(conversation) -> None:
    walk(conversation, JURVEREIN, until="statutes")
    conversation.upload("statutes", "satzung.pdf", pdf_of(OTHER))
    assert "TSV Neustadt 1898 e.V." in conversation.text
    assert "„Bonn“" in conversation.text
    assert conversation.answers["club_name"] == "TSV Musterstadt 1898 e.V."
    assert conversation.answers["city"] == "Köln"
    conversation.choose("change:club_name")
    assert conversation.question["field"] == "club_name"
    conversation.say("TSV Neustadt 1898 e.V.")
    assert conversation.answers["club_name"] == "TSV Neustadt 1898 e.V."
    walk(conversation, JURVEREIN)
    reading = [e for e in conversation.handoff()["evidence"] if e["item"] == "statutes_reading"]
    assert reading[0]["value"]["register_number"] == "VR 4711"


def test_what_agrees_is_not_mentioned(conversation) -> None:
    walk(conversation, JURVEREIN, until="statutes")
    conversation.upload("statutes", "satzung.pdf", pdf_of(SAME))
    assert "In der Satzung" not in conversation.text
    assert conversation.question["field"] != "statutes"


def test_unreadable_statutes_are_taken_as_they_are(conversation) -> None:
    walk(conversation, JURVEREIN, until="statutes")
    conversation.upload("statutes", "satzung.pdf", b"%PDF-1.7 scan")
    assert "In der Satzung" not in conversation.text
    assert conversation.answers["statutes"]["delivery"] == "uploaded"
