"""All premiums of a club side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot import clock
from bot.rating import explanation
from bot.rating.codes import (
    COVERS,
    DEDUCTIBLES,
    FREQUENCIES,
    Deductible,
    Frequency,
    Product,
)
from bot.rating.money import json_amount
from bot.rating.quotes import Quote, quote
from bot.rating.request import RatingRequest
from bot.rating.tariff import Tariff, tariff_on


@dataclass(frozen=True)
class Comparison:
    """Quotes for one club, by product, then deductible, then payment frequency."""

    tariff: Tariff
    member_count: int
    family_member_count: int | None
    frequencies: tuple[Frequency, ...]
    quotes: tuple[Quote, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """German sentences that belong with the table, each once."""
        return tuple(dict.fromkeys(note for found in self.quotes for note in found.notes))

    def as_dict(self) -> dict[str, Any]:
        """The comparison for JSON: amounts are texts with two decimals."""
        return {
            "tariff": self.tariff.id,
            "member_count": self.member_count,
            "family_member_count": self.family_member_count,
            "rows": [_row(found) for found in self.quotes],
            "notes": list(self.notes),
        }


def compare(
    member_count: int,
    family_member_count: int | None = None,
    frequency: Frequency | None = None,
    *,
    tariff: Tariff | None = None,
    on: date | None = None,
) -> Comparison:
    """Every product with every deductible, at ``frequency`` or else at all of them.

    Membership alone comes last. Tariff and day as in ``quote``.

    Raises:
        RatingError: a count or the frequency is no sensible one, or no tariff applies on that day.
    """
    applied = tariff or tariff_on(on or clock.today())
    frequencies = FREQUENCIES if frequency is None else (frequency,)
    quotes = tuple(
        quote(RatingRequest(product, deductible, member_count, each, family_member_count), applied)
        for product, deductible in _choices()
        for each in frequencies
    )
    return Comparison(applied, member_count, family_member_count, frequencies, quotes)


def _choices() -> Iterator[tuple[Product, Deductible | None]]:
    for cover in COVERS:
        for deductible in DEDUCTIBLES:
            yield cover, deductible
    yield "membership_only", None


def _row(found: Quote) -> dict[str, Any]:
    request = found.request
    return {
        "product": request.product,
        "deductible": request.deductible,
        "title": explanation.choice_title(request.product, request.deductible),
        "frequency": request.frequency,
        "instalments_per_year": found.instalments_per_year,
        "total_per_instalment": json_amount(found.total_per_instalment),
        "sum_of_instalments": json_amount(found.sum_of_instalments),
        "provisional": found.provisional,
    }
