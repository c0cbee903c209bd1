"""What rating refuses, field by field, and the sentence it says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.rating import RatingError, RatingRequest
from bot.rating.request import HIGHEST_FAMILY_MEMBER_COUNT, HIGHEST_MEMBER_COUNT

SENSIBLE: dict[str, Any] = {
    "product": "jurverein",
    "deductible": "fixed_350",
    "member_count": 120,
    "frequency": "quarterly",
    "family_member_count": 3,
}
NO_WHOLE_NUMBERS = [True, False, 12.0, "12", "zwölf", Decimal(12), [12], float("nan")]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"family_member_count": None},
        {"family_member_count": 2},
        {"family_member_count": HIGHEST_FAMILY_MEMBER_COUNT},
        {"member_count": 1},
        {"member_count": HIGHEST_MEMBER_COUNT},
        {"product": "membership_only", "deductible": None},
        {"product": "membership_only", "deductible": None, "member_count": None},
    ],
)
def test_sensible_requests_are_accepted(change: dict[str, Any]) -> None:
    RatingRequest(**SENSIBLE | change)


REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    *(({"member_count": count}, "member_count", "ganze Zahl") for count in NO_WHOLE_NUMBERS),
    *(
        ({"family_member_count": count}, "family_member_count", "ganze Zahl")
        for count in NO_WHOLE_NUMBERS
    ),
    *(({"member_count": count}, "member_count", "mindestens 1 Mitglied") for count in (0, -1)),
    ({"member_count": None}, "member_count", "wird die Zahl der Mitglieder gebraucht"),
    ({"member_count": HIGHEST_MEMBER_COUNT + 1}, "member_count", "mehr als 1.000.000"),
    ({"member_count": 10**400}, "member_count", "mehr als 1.000.000"),
    *(
        ({"family_member_count": count}, "family_member_count", "mindestens 2 Personen")
        for count in (1, 0, -4)
    ),
    (
        {"family_member_count": HIGHEST_FAMILY_MEMBER_COUNT + 1},
        "family_member_count",
        "Mehr als 99",
    ),
    *(
        ({"product": product}, "product", "jurverein, vereins_rechtsschutz, membership_only")
        for product in ("JURVEREIN", "", None, 1, ["jurverein"])
    ),
    *(
        ({"deductible": deductible}, "deductible", "falling_1000_300, flex_800_400")
        for deductible in ("350", "", 350, True, {}, None)
    ),
    (
        {"product": "membership_only"},
        "deductible",
        "Zur Mitgliedschaft allein gehört keine Selbstbeteiligung.",
    ),
    *(
        ({"product": "membership_only", "deductible": None} | {"member_count": count}, field, said)
        for count, field, said in (
            (0, "member_count", "mindestens 1 Mitglied"),
            ("5", "member_count", "ganze Zahl"),
        )
    ),
    *(
        ({"frequency": frequency}, "payment_frequency", "annual, semiannual, quarterly, monthly")
        for frequency in ("weekly", "", None, 12)
    ),
]


@pytest.mark.parametrize(("change", "field", "said"), REFUSALS)
def test_nonsense_is_refused_in_german(change: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(RatingError) as refused:
        RatingRequest(**SENSIBLE | change)
    assert refused.value.field == field
    assert said in str(refused.value)


def test_a_refusal_does_not_repeat_what_was_entered() -> None:
    with pytest.raises(RatingError) as refused:
        RatingRequest(**SENSIBLE | {"product": "Erika Mustermann"})
    assert "Mustermann" not in str(refused.value)
    assert isinstance(refused.value, ValueError)
