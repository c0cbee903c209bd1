"""What a premium is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.rating.codes import (
    DEDUCTIBLES,
    FREQUENCIES,
    PRODUCTS,
    Cover,
    Deductible,
    Frequency,
    Product,
)
from bot.rating.money import format_count
from bot.texts import text

# Above any club there is: such a figure is a slip, and a premium for it would mislead.
HIGHEST_MEMBER_COUNT = 1_000_000
LOWEST_FAMILY_MEMBER_COUNT = 2
HIGHEST_FAMILY_MEMBER_COUNT = 99


class RatingError(ValueError):
    """A premium that cannot be computed; ``str()`` is a German sentence for the person who asked.

    ``reason`` names the sentence in ``rating.errors``; ``field`` the field at fault, if it is one.
    The sentence never repeats what was entered.
    """

    def __init__(self, reason: str, field: str | None = None, **parameters: object) -> None:
        super().__init__(text(f"rating.errors.{reason}", **parameters))
        self.reason = reason
        self.field = field


@dataclass(frozen=True)
class CoverRequest:
    """The part of a request that is about legal-expenses cover."""

    product: Cover
    deductible: Deductible
    member_count: int


@dataclass(frozen=True)
class RatingRequest:
    """What the premium depends on.

    ``family_member_count`` counts the applicant too; ``None`` means no family membership.
    ``deductible`` is ``None`` for ``membership_only`` and only then; ``member_count`` may be
    ``None`` for ``membership_only``, whose fee does not depend on it.

    Raises:
        RatingError: something is missing, unknown, out of range or of the wrong type.
    """

    product: Product
    deductible: Deductible | None
    member_count: int | None
    frequency: Frequency
    family_member_count: int | None = None

    def __post_init__(self) -> None:
        _require_code(self.product, PRODUCTS, "product")
        _require_code(self.frequency, FREQUENCIES, "payment_frequency")
        if self.product == "membership_only":
            if self.deductible is not None:
                raise RatingError("deductible_without_cover", "deductible")
        elif self.deductible is None:
            raise RatingError("deductible_missing", "deductible", codes=", ".join(DEDUCTIBLES))
        else:
            _require_code(self.deductible, DEDUCTIBLES, "deductible")
        if self.member_count is not None or self.product != "membership_only":
            _require_count(self.member_count, "member_count", 1, HIGHEST_MEMBER_COUNT)
        if self.family_member_count is not None:
            _require_count(
                self.family_member_count,
                "family_member_count",
                LOWEST_FAMILY_MEMBER_COUNT,
                HIGHEST_FAMILY_MEMBER_COUNT,
            )

    @property
    def cover(self) -> CoverRequest | None:
        """The cover that is wanted; ``None`` for membership alone."""
        if self.product == "membership_only":
            return None
        if self.deductible is None or self.member_count is None:
            return None
        return CoverRequest(self.product, self.deductible, self.member_count)

    @property
    def is_family(self) -> bool:
        """Whether the family joins too."""
        return self.family_member_count is not None


def _require_code(value: Any, codes: tuple[str, ...], field: str) -> None:
    if not isinstance(value, str) or value not in codes:
        raise RatingError(f"{field}_unknown", field, codes=", ".join(codes))


def _require_count(value: Any, field: str, lowest: int, highest: int) -> None:
    if value is None:
        raise RatingError(f"{field}_missing", field)
    if not isinstance(value, int) or isinstance(value, bool):
        raise RatingError(f"{field}_not_whole", field)
    if value < lowest:
        raise RatingError(f"{field}_too_low", field, lowest=format_count(lowest))
    if value > highest:
        raise RatingError(f"{field}_too_high", field, highest=format_count(highest))
