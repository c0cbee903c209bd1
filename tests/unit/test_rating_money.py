"""Rounding to the cent, and amounts as people and JSON see them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.rating import format_euro
from bot.rating.money import format_count, format_factor, format_percent, json_amount, round_to_cent


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1234.5", "1.234,50 €"),
        ("0", "0,00 €"),
        ("0.04", "0,04 €"),
        ("2.675", "2,68 €"),
        ("13.905", "13,91 €"),
        ("1234567.891", "1.234.567,89 €"),
        ("-5", "-5,00 €"),
    ],
)
def test_euro_for_people(amount: str, shown: str) -> None:
    assert format_euro(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("0.004999", "0.00"), ("0.025", "0.03"), ("0.015", "0.02"), ("7", "7.00")],
)
def test_half_a_cent_goes_up(amount: str, rounded: str) -> None:
    assert json_amount(Decimal(amount)) == rounded
    assert round_to_cent(Decimal(amount)) == Decimal(rounded)


def test_other_figures_for_people() -> None:
    assert format_count(1250) == "1.250"
    assert format_factor(Decimal("1.06")) == "1,06"
    assert format_factor(Decimal("1.0625")) == "1,0625"
    assert format_percent(Decimal("0.19")) == "19 %"
