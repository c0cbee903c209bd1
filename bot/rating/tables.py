"""Quotes and comparisons as German tables for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby

from bot.rating.codes import Frequency, Product
from bot.rating.comparison import Comparison
from bot.rating.explanation import choice_title, title
from bot.rating.money import format_count, format_euro
from bot.rating.quotes import Quote
from bot.texts import text

WIDTH = 88
_GAP = "   "

Row = Sequence[str]


def quote_table(quote: Quote) -> str:
    """The lines of a quote, its totals and how it was computed."""
    heading, *rows = _quote_rows(quote)
    lines = len(quote.lines)
    return "\n".join(
        [
            text("rating.command.heading", tariff=quote.tariff.id),
            "",
            *_aligned([heading], rows[:lines], rows[lines:]),
            "",
            text("rating.command.computation"),
            *(_wrapped(step, "  - ", "    ") for step in quote.trace),
        ]
    )


def comparison_table(comparison: Comparison) -> str:
    """A block for each product, in it a row for each deductible; a column for each frequency."""
    family = comparison.family_member_count is not None
    heading = text(
        "rating.command.comparison_heading",
        members=format_count(comparison.member_count),
        tariff=comparison.tariff.id,
        membership=text(f"rating.items.{'family_membership' if family else 'membership'}"),
    )
    columns = [text("rating.command.columns.choice"), *map(_frequency, comparison.frequencies)]
    blocks = [
        _product_rows(product, list(quotes))
        for product, quotes in groupby(comparison.quotes, lambda each: each.request.product)
    ]
    notes = [_wrapped(note) for note in comparison.notes]
    return "\n".join([_wrapped(heading), "", *_aligned([columns], *blocks), "", *notes]).rstrip()


def _product_rows(product: Product, quotes: list[Quote]) -> list[Row]:
    rows: list[Row] = []
    for deductible, found in groupby(quotes, lambda each: each.request.deductible):
        amounts = [format_euro(each.total_per_instalment) for each in found]
        if deductible is None:
            rows.append([choice_title(product, None), *amounts])
            continue
        if not rows:
            rows.append([choice_title(product, None), *("" for _ in amounts)])
        rows.append(["  " + text(f"rating.deductibles.{deductible}"), *amounts])
    return rows


def _quote_rows(quote: Quote) -> list[Row]:
    """Heading, lines and totals; paid once a year, there is nothing to say about instalments."""
    request = quote.request
    rows: list[Row] = [
        [text("rating.command.columns.item"), text("rating.command.columns.annual")],
        *([title(line.item, request), format_euro(line.annual)] for line in quote.lines),
        [text("rating.command.total"), format_euro(quote.total_annual)],
    ]
    if quote.instalments_per_year == 1:
        return rows
    instalments = [
        text("rating.command.columns.instalment", frequency=_frequency(request.frequency)),
        *(format_euro(line.per_instalment) for line in quote.lines),
        format_euro(quote.total_per_instalment),
    ]
    year = [
        text("rating.command.sum_of_instalments", per_year=quote.instalments_per_year),
        "",
        format_euro(quote.sum_of_instalments),
    ]
    return [*([*row, amount] for row, amount in zip(rows, instalments)), year]


def _aligned(*blocks: Sequence[Row]) -> list[str]:
    """The blocks with a rule between them: first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*(row for block in blocks for row in block))]
    rule = "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    found: list[str] = []
    for block in blocks:
        if found:
            found.append(rule)
        for first, *others in block:
            cells = [first.ljust(widths[0])]
            cells += [cell.rjust(width) for cell, width in zip(others, widths[1:])]
            found.append(_GAP.join(cells).rstrip())
    return found


def _wrapped(sentence: str, first: str = "", following: str = "") -> str:
    """The sentence on lines of at most ``WIDTH``, no amount torn from its currency."""
    lines = textwrap.fill(
        sentence.replace(" €", "\N{NO-BREAK SPACE}€"),
        WIDTH,
        initial_indent=first,
        subsequent_indent=following,
        break_on_hyphens=False,
    )
    return lines.replace("\N{NO-BREAK SPACE}", " ")


def _frequency(frequency: Frequency) -> str:
    return text(f"rating.frequencies.{frequency}")
