"""The form's "Weitere Antragsfragen" and "Sonstiges"."""

from __future__ import annotations

from bot.application.display import label
from bot.application.values import short_date
from bot.handoff.pdf.content import Content, whole_euro, yes_no
from bot.handoff.pdf.layout import (
    WIDTH,
    Flowables,
    answered,
    checkbox,
    framed,
    long_entry,
    paragraph,
    question,
    section,
)
from bot.texts import text

_LEAST_YEARS, _MOST_YEARS = 2, 7


def disclosure_parts(content: Content) -> Flowables:
    """Weitere Antragsfragen and Sonstiges."""
    parts = _questions(content)
    shown = section(text("pdf.disclosure.title"), *parts) if parts else []
    if content.has("remarks") or content.request_type == "application":
        remarks = content.shown("remarks") or text("pdf.no_entry")
        shown += section(text("pdf.remarks.title"), *long_entry("", remarks))
    return shown


def _questions(content: Content) -> Flowables:
    parts: Flowables = []
    if content.includes("disclosure", "criminal_proceedings"):
        parts += _criminal_proceedings(content)
    if content.includes("disclosure", "prior_insurance"):
        parts += _prior_insurance(content)
    return parts


def _criminal_proceedings(content: Content) -> Flowables:
    value = content.get("criminal_proceedings")
    asked = question(
        content.wording("criminal_proceedings"),
        yes_no(value, yes=text("pdf.disclosure.criminal_proceedings_yes")),
        _note(content, value is None),
    )
    details = content.get("criminal_proceedings_details")
    return [asked, *(long_entry(text("pdf.disclosure.details"), details) if details else [])]


def _note(content: Content, unanswered: bool) -> str:
    return text("pdf.not_relevant") if unanswered and not content.draft else ""


def _prior_insurance(content: Content) -> Flowables:
    value = content.get("prior_insurance")
    options = yes_no(
        value,
        no=text("pdf.disclosure.prior_insurance_no"),
        yes=text("pdf.disclosure.prior_insurance_yes"),
    )
    asked = question(content.wording("prior_insurance"), options, _note(content, value is None))
    if value is not True:
        return [asked, *_confirmed(content)]
    return [
        asked,
        *_insurers(content),
        question(
            content.wording("prior_cancelled_by_insurer"),
            yes_no(
                content.get("prior_cancelled_by_insurer"),
                yes=text("pdf.disclosure.cancelled_yes"),
            ),
        ),
        _claims(content),
        *_claim_free_years(content),
        *_confirmed(content),
    ]


def _insurers(content: Content) -> Flowables:
    columns = ("insurer", "policy_number", "scope", "period_start", "period_end")
    rows = [[paragraph(text(f"pdf.disclosure.{name}"), "column") for name in columns]]
    for each in content.get("prior_insurances") or ():
        end = each["end_date"]
        rows.append(
            [
                paragraph(each["insurer"]),
                paragraph(each["policy_number"] or text("pdf.no_entry")),
                paragraph(each["scope"]),
                paragraph(short_date(each["start_date"])),
                paragraph(short_date(end) if end else text("pdf.disclosure.still_running")),
            ]
        )
    shares = (0.27, 0.18, 0.31, 0.12, 0.12)
    return [
        framed([[paragraph(content.wording("prior_insurances"))]], [WIDTH]),
        framed(rows, [WIDTH * share for share in shares], head=True),
    ]


def _claims(content: Content) -> object:
    return answered(
        content.wording("claims_last_5_years"),
        text("pdf.disclosure.count"),
        content.shown("claims_last_5_years") or text("pdf.no_entry"),
    )


def _claim_free_years(content: Content) -> Flowables:
    years = content.get("claim_free_years")
    if years is None:
        return []
    asked, *levels = content.wording("claim_free_years").split("\n\n")
    chosen = min(years, _MOST_YEARS) - _LEAST_YEARS
    marked = [checkbox(number == chosen, level, "small") for number, level in enumerate(levels)]
    level = content.derived.get("deductible_start_level")
    answer = [
        paragraph(label("claim_free_years"), "label"),
        paragraph(content.shown("claim_free_years"), "value"),
    ]
    if level is not None:
        reached = text("pdf.disclosure.level", level=whole_euro(level))
        answer.append(paragraph(reached, "strong"))
    return [
        framed(
            [[[paragraph(asked), *marked], answer]],
            [WIDTH * 0.66, WIDTH * 0.34],
        )
    ]


def _confirmed(content: Content) -> Flowables:
    confirmed = content.get("disclosure_confirmed") is True
    words = content.wording("disclosure_confirmed")
    notice = paragraph(content.wording("claims_overview_notice"), "small")
    return [framed([[[checkbox(confirmed, words), notice]]], [WIDTH])]
