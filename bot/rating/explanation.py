"""How a quote came about, in German sentences."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bot.rating.codes import Deductible, Frequency, Item, Product
from bot.rating.money import format_count, format_euro, format_factor, format_percent
from bot.rating.premium import Line, Premium
from bot.rating.request import RatingRequest
from bot.rating.tariff import Tariff
from bot.texts import text


def title(item: Item, request: RatingRequest) -> str:
    """The contract as the form names it."""
    if item == "membership" and request.is_family:
        return text("rating.items.family_membership")
    return text(f"rating.items.{item}")


def choice_title(product: Product, deductible: Deductible | None) -> str:
    """A product with its deductible, as in "JURVEREIN, Selbstbeteiligung 350 € fest"."""
    if product == "membership_only":
        return text("rating.membership_only")
    item = text(f"rating.items.{product}")
    if deductible is None:
        return item
    chosen = text(f"rating.deductibles.{deductible}")
    return text("rating.trace.deductible", item=item, deductible=chosen)


def notes(request: RatingRequest, tariff: Tariff, provisional: bool) -> tuple[str, ...]:
    """What has to be known along with the amounts."""
    found = []
    if request.frequency == "monthly":
        found.append(text("rating.notes.monthly"))
    if provisional:
        found.append(text("rating.notes.provisional", threshold=_threshold(tariff)))
    return tuple(found)


def trace(request: RatingRequest, tariff: Tariff, lines: tuple[Line, ...]) -> tuple[str, ...]:
    """The steps: each line by the year and by the instalment, totals, tax, source."""
    steps: list[str] = []
    for line in lines:
        steps.extend(_line(line, request, tariff))
    steps.extend(_totals(request, tariff, lines))
    steps.append(text("rating.trace.tax", tax=format_percent(tariff.tax_rate)))
    steps.append(_source(tariff))
    return tuple(steps)


def _source(tariff: Tariff) -> str:
    source = tariff.source
    return text(
        "rating.trace.source", tariff=tariff.id, form=source.form, page=source.instalment_page
    )


def _line(line: Line, request: RatingRequest, tariff: Tariff) -> Iterator[str]:
    name = _full_title(line.item, request)
    yield _premium(name, line.yearly, "annual", tariff)
    if line.yearly.rated_members:
        yield text(
            f"rating.trace.scope_{tariff.member_rate_scope}",
            threshold=_threshold(tariff),
            limit=format_count(tariff.flat_up_to_members),
        )
    if request.frequency == "annual":
        return
    if line.instalment is not None:
        yield _premium(name, line.instalment, request.frequency, tariff)
        return
    terms = tariff.instalments[request.frequency]
    yield text(
        "rating.trace.share",
        title=name,
        annual=format_euro(line.annual),
        factor=format_factor(terms.factor),
        per_year=terms.per_year,
        amount=format_euro(line.per_instalment),
        each=_each(request.frequency),
    )


def _full_title(item: Item, request: RatingRequest) -> str:
    if item != "membership":
        return choice_title(item, request.deductible)
    name = title(item, request)
    if request.family_member_count is None:
        return name
    return text("rating.trace.family", item=name, count=request.family_member_count)


def _premium(name: str, premium: Premium, frequency: Frequency, tariff: Tariff) -> str:
    if not premium.rated_members:
        kind = "flat"
    elif not premium.flat:
        kind = "all_members"
    else:
        kind = "members_above"
    return text(
        f"rating.trace.{kind}",
        title=name,
        flat=format_euro(premium.flat),
        rate=format_euro(premium.rate),
        members=format_count(premium.rated_members),
        limit=format_count(tariff.flat_up_to_members),
        amount=format_euro(premium.amount),
        each=_each(frequency),
    )


def _totals(request: RatingRequest, tariff: Tariff, lines: tuple[Line, ...]) -> Iterator[str]:
    instalment = sum((line.per_instalment for line in lines), Decimal(0))
    each = _each(request.frequency)
    if len(lines) > 1:
        terms = " + ".join(format_euro(line.per_instalment) for line in lines)
        yield text("rating.trace.total", sum=terms, amount=format_euro(instalment), each=each)
    per_year = tariff.instalments[request.frequency].per_year
    if per_year > 1:
        yield text(
            "rating.trace.year",
            per_year=per_year,
            instalment=format_euro(instalment),
            amount=format_euro(instalment * per_year),
            annual=format_euro(sum((line.annual for line in lines), Decimal(0))),
        )


def _each(frequency: Frequency) -> str:
    return text(f"rating.each.{frequency}")


def _threshold(tariff: Tariff) -> str:
    return format_count(tariff.flat_up_to_members + 1)
