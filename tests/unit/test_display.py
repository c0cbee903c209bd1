"""Answers as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.application.display import display
from bot.application.kinds import ReadingContext, Year
from bot.application.questions import UnknownField
from bot.clock import today


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("member_count", 1899, "1.899"),
        ("family_membership", False, "nein"),
        ("product", "jurverein", "JURVEREIN"),
        ("product", "gone", "gone"),
        ("change_topics", ["club", "payment"], "Angaben zum Verein, Zahlung"),
        ("start_date", "2027-01-01", "Freitag, 1. Januar 2027"),
        ("main_due_date", "07-01", "1. Juli"),
        ("period_end", "2021-12-31", "Freitag, 31. Dezember 2021"),
        ("mobile_phone", "+491712345678", "+49 171 2345678"),
        ("iban", "DE02120300000000202051", "DE•• •••• 2051"),
        ("bank_name", "Bank", "Bank"),
        ("statutes", {"delivery": "later"}, "wird nachgereicht"),
        ("statutes", {"delivery": "uploaded", "documents": ["a", "b"]}, "2 Dateien hochgeladen"),
        ("signatory", None, "keine Angabe"),
        ("broker_name", "Makler Süd", "Makler Süd"),
        ("level", 1000, "1.000"),
    ],
)
def test_value_is_shown(name: str, value: Any, shown: str) -> None:
    assert display(name, value) == shown


def test_an_account_is_shown_in_full_where_that_is_wanted() -> None:
    shown = display("iban", "DE02120300000000202051", mask=False)
    assert shown == "DE02 1203 0000 0000 2020 51"


def test_a_value_of_no_field_is_an_error() -> None:
    with pytest.raises(UnknownField):
        display("no_field", ["x"])


@pytest.mark.parametrize(
    ("typed", "echo"), [("1899", ""), ("etwa 1899", "1899"), ("1898 oder 1899", "1898")]
)
def test_a_year_has_no_point(typed: str, echo: str) -> None:
    reading = Year(maximum=2026).read(typed, ReadingContext("founded_year", today()))
    said = " ".join([reading.message, *(each.title for each in reading.options)])
    assert reading.status != "reject"
    assert echo in said
    assert "1.89" not in said
