"""The form's table of covers and premiums, and what it comes to."""

from __future__ import annotations

from typing import Any

from bot.application.display import label, titles
from bot.handoff.pdf.content import Content, euro, printed_euro
from bot.handoff.pdf.layout import (
    CHOSEN,
    TINT,
    WIDTH,
    Flowables,
    box,
    checkbox,
    framed,
    paragraph,
    section,
)
from bot.rating import COVERS, DEDUCTIBLES, Cover
from bot.rating.tariff import BANDS, Band
from bot.texts import text

_WIDTHS = [WIDTH * 0.36] + [WIDTH * 0.16] * 4


def cover_parts(content: Content) -> Flowables:
    """Rechtsschutz and Gesamtbeitrag."""
    parts: Flowables = []
    if content.includes("cover", "product", "deductible"):
        parts += _cover(content)
    if content.quote is not None or content.request_type != "change":
        parts += _premium(content)
    return parts


def _cover(content: Content) -> Flowables:
    intro = box(paragraph(content.wording("cover_basis")))
    return [*section(text("pdf.cover.title"), intro), _table(content), box(_choice(content))]


def _choice(content: Content) -> Any:
    product, deductible = content.get("product"), content.get("deductible")
    if product == "membership_only":
        return paragraph(text("pdf.cover.not_wanted"), "strong")
    if product is None or deductible is None:
        return paragraph(text("pdf.cover.annual"), "small")
    chosen = text(
        "pdf.cover.chosen",
        product=content.shown("product"),
        deductible=content.shown("deductible"),
    )
    return [paragraph(chosen, "strong"), paragraph(text("pdf.cover.annual"), "small")]


def _table(content: Content) -> Any:
    deductible = content.get("deductible")
    head = [paragraph(label("deductible"), "column")] + [
        paragraph(
            text(f"rating.deductibles.{each}"),
            "centred_strong" if each == deductible else "centred",
        )
        for each in DEDUCTIBLES
    ]
    rows = [head]
    marks: list[tuple[Any, ...]] = [("BACKGROUND", (0, 0), (-1, 0), TINT)]
    if deductible in DEDUCTIBLES:
        column = DEDUCTIBLES.index(deductible) + 1
        marks.append(("BACKGROUND", (column, 0), (column, 0), CHOSEN))
    for product in COVERS:
        marks += _marks(content, product, len(rows))
        rows += _product(content, product)
    return framed(rows, _WIDTHS, marks)


def _marks(content: Content, product: Cover, first: int) -> list[tuple[Any, ...]]:
    marks: list[tuple[Any, ...]] = [("SPAN", (1, first), (-1, first))]
    deductible = content.get("deductible")
    if content.get("product") == product:
        marks.append(("BACKGROUND", (0, first), (0, first), CHOSEN))
        if deductible in DEDUCTIBLES:
            column = DEDUCTIBLES.index(deductible) + 1
            line = first + 1 + BANDS.index(_band(content))
            marks.append(("BACKGROUND", (column, line), (column, line), CHOSEN))
    return marks


def _band(content: Content) -> Band:
    members = content.get("member_count") or 0
    return "flat" if members <= content.tariff().flat_up_to_members else "per_member"


def _product(content: Content, product: Cover) -> list[list[Any]]:
    chosen = content.get("product") == product
    tariff = content.tariff()
    limits = {"flat": tariff.flat_up_to_members, "per_member": tariff.flat_up_to_members + 1}
    title = checkbox(chosen, titles("product")[product], "strong")
    rows: list[list[Any]] = [
        [title, paragraph(content.wording(f"cover_{product}"), "small"), "", "", ""]
    ]
    for band in BANDS:
        figures = tariff.annual_page.cover[product][band]
        applies = content.get("deductible") if chosen and band == _band(content) else None
        amounts = [
            paragraph(
                printed_euro(figures[each]), "centred_strong" if each == applies else "centred"
            )
            for each in DEDUCTIBLES
        ]
        rows.append([paragraph(text(f"pdf.cover.{band}", limit=limits[band])), *amounts])
    return rows


def _premium(content: Content) -> Flowables:
    quote = content.quote
    if quote is None:
        return section(text("pdf.premium.title"), box(paragraph(text("pdf.premium.open"))))
    frequency = text(f"rating.frequencies.{quote['frequency']}")
    head = ["item", "annual", "per_instalment"]
    rows = [
        [paragraph(text(f"pdf.premium.{name}", frequency=frequency), "column") for name in head]
    ]
    rows += [
        [
            paragraph(line["title"]),
            paragraph(euro(line["annual"]), "amount"),
            paragraph(euro(line["per_instalment"]), "amount"),
        ]
        for line in quote["lines"]
    ]
    rows += _totals(quote)
    table = framed(
        rows,
        [WIDTH * 0.5, WIDTH * 0.25, WIDTH * 0.25],
        [("BACKGROUND", (0, -_total_rows(quote)), (-1, -1), CHOSEN)],
        head=True,
    )
    notes = [paragraph(text("pdf.premium.provisional"), "strong")] if quote["provisional"] else []
    trace = "\n".join(quote["trace"])
    notes += [paragraph(text("pdf.premium.trace"), "label"), paragraph(trace, "small")]
    return [*section(text("pdf.premium.title"), table), box(*notes)]


def _total_rows(quote: Any) -> int:
    return 2 if quote["instalments_per_year"] > 1 else 1


def _totals(quote: Any) -> list[list[Any]]:
    rows = [
        [
            paragraph(text("pdf.premium.total"), "strong"),
            "",
            paragraph(euro(quote["total_per_instalment"]), "amount_strong"),
        ]
    ]
    if quote["instalments_per_year"] > 1:
        count = quote["instalments_per_year"]
        rows.append(
            [
                paragraph(text("pdf.premium.year", count=count)),
                "",
                paragraph(euro(quote["sum_of_instalments"]), "amount"),
            ]
        )
    return rows
