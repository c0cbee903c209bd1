"""Leaving a question out, and promising a document for later."""

from __future__ import annotations

import pytest

from bot.language.skipping import reads_as_later, reads_as_skip, reads_as_text_is_enough


@pytest.mark.parametrize(
    "text",
    [
        "keine Angabe",
        "überspringen",
        "weiter",
        "habe ich nicht",
        "nein",
        "-",
        "nichts",
        "Keine.",
        "k.A.",
        "Telefon hab ich nicht",
        "hab ich nich",
        "ein Festnetz haben wir leider nicht",
    ],
)
def test_skips(text: str) -> None:
    assert reads_as_skip(text, "landline_phone")


@pytest.mark.parametrize("text", ["0221 123456", "ja", "", "vielleicht", "keine Ahnung", "--1"])
def test_no_skips(text: str) -> None:
    assert not reads_as_skip(text, "landline_phone")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("membership_number", "noch kein Mitglied"),
        ("main_due_date", "wie Beginn"),
        ("club_benefits_person", "ich selbst"),
        ("account_holder", "der Verein"),
        ("mobile_phone", "kein Handy"),
    ],
)
def test_some_skips_belong_to_one_question(field: str, text: str) -> None:
    assert reads_as_skip(text, field)
    assert not reads_as_skip(text, "remarks")


@pytest.mark.parametrize(
    "text",
    [
        "später",
        "reiche ich nach",
        "Habe ich gerade nicht da.",
        "die schicke ich Ihnen morgen",
        "folgt",
    ],
)
def test_later(text: str) -> None:
    assert reads_as_later(text)


@pytest.mark.parametrize("text", ["ja", "Satzung.pdf", "reiche ich nicht nach", "", "was ist das"])
def test_not_later(text: str) -> None:
    assert not reads_as_later(text)


def test_text_is_enough() -> None:
    assert reads_as_text_is_enough("Der Text genügt.")
    assert not reads_as_text_is_enough("Der Text genügt nicht.")
