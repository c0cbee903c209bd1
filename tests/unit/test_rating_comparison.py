"""The comparison: every product, deductible and payment frequency in one call."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from bot.rating import (
    COVERS,
    DEDUCTIBLES,
    FREQUENCIES,
    RatingError,
    RatingRequest,
    compare,
    quote,
    tariff_on,
)

DAY = date(2026, 11, 20)


def test_it_holds_each_combination_once_with_the_premium_of_its_quote() -> None:
    found = compare(250, 3, on=DAY)
    expected = [
        (cover, deductible, frequency)
        for cover, deductible, frequency in product(COVERS, DEDUCTIBLES, FREQUENCIES)
    ]
    expected += [("membership_only", None, frequency) for frequency in FREQUENCIES]
    asked = [
        (each.request.product, each.request.deductible, each.request.frequency)
        for each in found.quotes
    ]
    assert asked == expected
    assert len(asked) == 36
    for (chosen, deductible, frequency), each in zip(expected, found.quotes):
        request = RatingRequest(chosen, deductible, 250, frequency, 3)
        assert each == quote(request, on=DAY)


def test_at_one_frequency_it_holds_only_that_one() -> None:
    found = compare(100, frequency="quarterly", on=DAY)
    assert {each.request.frequency for each in found.quotes} == {"quarterly"}
    assert len(found.quotes) == 9


def test_it_takes_the_tariff_it_is_given() -> None:
    other = tariff_on(DAY).copy(update={"member_rate_scope": "members_above_200"})
    found = compare(201, tariff=other).quotes[0]
    assert found.request == RatingRequest("jurverein", "falling_1000_300", 201, "annual")
    assert str(found.total_annual) == "344.03"  # 27,00 + 315,00 + 2,03


def test_json() -> None:
    found = compare(250, frequency="monthly", on=DAY).as_dict()
    assert found["rows"][0] == {
        "product": "jurverein",
        "deductible": "falling_1000_300",
        "title": "JURVEREIN, Selbstbeteiligung 1.000 – 300 € fallend",
        "frequency": "monthly",
        "instalments_per_year": 12,
        "total_per_instalment": "47.39",
        "sum_of_instalments": "568.68",
        "provisional": True,
    }
    assert found["rows"][-1]["title"] == "nur KS-Mitgliedschaft"
    assert found["rows"][-1]["provisional"] is False
    assert len(found["notes"]) == 2


def test_each_note_comes_once_and_only_if_it_applies() -> None:
    assert len(compare(250, on=DAY).notes) == 2
    assert compare(200, frequency="annual", on=DAY).notes == ()


@pytest.mark.parametrize("members", [0, -3, True, "12", None, 10**9])
def test_nonsense_is_refused(members: object) -> None:
    with pytest.raises(RatingError):
        compare(members, on=DAY)  # type: ignore[arg-type]
