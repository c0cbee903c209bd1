"""A quote: lines, instalments, total, and how they came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot import clock
from bot.rating import explanation
from bot.rating.money import json_amount
from bot.rating.premium import Line, lines
from bot.rating.request import RatingRequest
from bot.rating.tariff import Tariff, tariff_on


@dataclass(frozen=True)
class Quote:
    """The premium for a request under a tariff; amounts in euro including insurance tax."""

    request: RatingRequest
    tariff: Tariff
    lines: tuple[Line, ...]

    @property
    def instalments_per_year(self) -> int:
        """How often a year the instalment is due."""
        return self.tariff.instalments[self.request.frequency].per_year

    @property
    def total_annual(self) -> Decimal:
        """What a year costs if it is paid once a year."""
        return sum((line.annual for line in self.lines), Decimal("0.00"))

    @property
    def total_per_instalment(self) -> Decimal:
        """What is due at each instalment."""
        return sum((line.per_instalment for line in self.lines), Decimal("0.00"))

    @property
    def sum_of_instalments(self) -> Decimal:
        """What a year costs at the chosen payment frequency."""
        return self.total_per_instalment * self.instalments_per_year

    @property
    def provisional(self) -> bool:
        """Whether the insurer has yet to confirm the premium: it has cover by member rate."""
        cover = self.request.cover
        return cover is not None and cover.member_count > self.tariff.flat_up_to_members

    @property
    def notes(self) -> tuple[str, ...]:
        """German sentences that belong with the amounts; also the last ones of ``trace``."""
        return explanation.notes(self.request, self.tariff, self.provisional)

    @property
    def trace(self) -> tuple[str, ...]:
        """German sentences that say step by step how the amounts were computed."""
        return explanation.trace(self.request, self.tariff, self.lines) + self.notes

    def as_dict(self) -> dict[str, Any]:
        """The quote for JSON: amounts are texts with two decimals."""
        return {
            "tariff": self.tariff.id,
            "frequency": self.request.frequency,
            "instalments_per_year": self.instalments_per_year,
            "lines": [
                {
                    "item": line.item,
                    "title": explanation.title(line.item, self.request),
                    "annual": json_amount(line.annual),
                    "per_instalment": json_amount(line.per_instalment),
                }
                for line in self.lines
            ],
            "total_per_instalment": json_amount(self.total_per_instalment),
            "sum_of_instalments": json_amount(self.sum_of_instalments),
            "provisional": self.provisional,
            "trace": list(self.trace),
        }


def quote(request: RatingRequest, tariff: Tariff | None = None, on: date | None = None) -> Quote:
    """The premium for ``request``, under ``tariff`` or else the one that applies ``on`` a day.

    Without either, today's tariff counts.

    Raises:
        RatingError: no tariff applies on that day.
    """
    applied = tariff or tariff_on(on or clock.today())
    return Quote(request, applied, lines(request, applied))
