"""How one line of a quote is computed from the printed figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.rating.codes import Frequency, Item
from bot.rating.money import round_to_cent
from bot.rating.request import CoverRequest, RatingRequest
from bot.rating.tariff import Instalments, Tariff

_NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Premium:
    """``flat`` + ``rate`` × ``rated_members``, in euro; the parts that do not apply are zero."""

    flat: Decimal
    rate: Decimal = _NOTHING
    rated_members: int = 0

    @property
    def amount(self) -> Decimal:
        """The premium in euro."""
        return self.flat + self.rate * self.rated_members


@dataclass(frozen=True)
class Line:
    """One contract of a quote; amounts in euro including insurance tax.

    ``instalment`` is how the instalment follows from printed figures; ``None`` where it is the
    annual premium × factor / instalments (``instalment_basis`` ``annual_total``).
    """

    item: Item
    yearly: Premium
    instalment: Premium | None
    per_instalment: Decimal

    @property
    def annual(self) -> Decimal:
        """The premium for one year if it is paid once a year."""
        return self.yearly.amount


def lines(request: RatingRequest, tariff: Tariff) -> tuple[Line, ...]:
    """Membership, which is obligatory, then the cover if one is wanted."""
    frequency = request.frequency
    computed = tariff.instalment_basis == "annual_total"
    terms = tariff.instalments[frequency] if computed else None
    membership = _line(
        "membership",
        Premium(tariff.membership(request.is_family, "annual")),
        Premium(tariff.membership(request.is_family, frequency)),
        terms,
    )
    cover = request.cover
    if cover is None:
        return (membership,)
    yearly = cover_premium(cover, tariff, "annual")
    printed = cover_premium(cover, tariff, frequency)
    return membership, _line(cover.product, yearly, printed, terms)


def cover_premium(cover: CoverRequest, tariff: Tariff, frequency: Frequency) -> Premium:
    """The premium for ``cover`` that follows from the printed figures for ``frequency``."""
    flat = tariff.premium(cover.product, "flat", cover.deductible, frequency)
    if cover.member_count <= tariff.flat_up_to_members:
        return Premium(flat)
    rate = tariff.premium(cover.product, "per_member", cover.deductible, frequency)
    if tariff.member_rate_scope == "all_members":
        return Premium(_NOTHING, rate, cover.member_count)
    return Premium(flat, rate, cover.member_count - tariff.flat_up_to_members)


def _line(item: Item, yearly: Premium, printed: Premium, computed: Instalments | None) -> Line:
    """``computed`` are the terms if instalments are a share of the annual premium."""
    if computed is None:
        return Line(item, yearly, printed, printed.amount)
    share = yearly.amount * computed.factor / computed.per_year
    return Line(item, yearly, None, round_to_cent(share))
