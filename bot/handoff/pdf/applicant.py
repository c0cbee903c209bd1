"""The form from the broker to the membership."""

from __future__ import annotations

from typing import get_args

from bot.application.display import label, titles
from bot.application.questions import RequestType
from bot.handoff.pdf.content import Content, euro, whole_euro, yes_no
from bot.handoff.pdf.layout import (
    CHECKED,
    UNCHECKED,
    WIDTH,
    Field,
    Flowables,
    box,
    checkbox,
    checkboxes,
    framed,
    paragraph,
    question,
    row,
    section,
)
from bot.texts import text


def applicant_parts(content: Content) -> Flowables:
    """Vermittler, Antragsart, Antragsteller, Beginn, Mitgliedschaft."""
    broker = row(content.field("broker_number"), content.field("broker_name", 2))
    parts = [broker, *_request(content), *_applicant(content)]
    if content.includes("cover", "start_date", "main_due_date"):
        parts += _start(content)
    if content.includes("cover", "product", "family_membership"):
        parts += _membership(content)
    return parts


def _request(content: Content) -> Flowables:
    title_of = titles("request_type")
    chosen = content.get("request_type") or content.request_type
    boxes = [(chosen == each, title_of[each]) for each in get_args(RequestType)]
    parts = section(label("request_type"), checkboxes(boxes))
    if content.request_type == "change":
        parts.append(row(content.field("change_topics")))
    return parts


def _applicant(content: Content) -> Flowables:
    field = content.field
    first = row(field("membership_number"), field("club_name", 2.4))
    return [
        *section(text("pdf.applicant.title"), first),
        *_representative(content),
        *_asked(content, Field(label("address"), _address(content))),
        *_asked(content, field("mobile_phone"), field("email", 1.6)),
        *_asked(content, field("landline_phone"), field("club_type", 1.6)),
        *_confirmation(content),
        *_asked(content, field("member_count"), field("employee_count", 1.6)),
        *_benefits(content),
        *_statutes_notice(content),
    ]


def _asked(content: Content, *fields: Field) -> Flowables:
    """A row of entries; what only an application asks for is left out of the other requests."""
    if content.request_type == "application" or any(field.value for field in fields):
        return [row(*fields)]
    return []


def _benefits(content: Content) -> Flowables:
    if not content.includes("representative", "club_benefits_person"):
        return []
    person = content.shown("club_benefits_person") or text("pdf.applicant.representative")
    return [row(Field(label("club_benefits_person"), person))]


def _address(content: Content) -> str:
    lines = (content.shown("street"), content.joined(" ", "postal_code", "city"))
    return ", ".join(line for line in lines if line)


def _statutes_notice(content: Content) -> Flowables:
    if content.request_type != "application":
        return []
    return [box(paragraph(content.wording("statutes_notice"), "strong"))]


def _representative(content: Content) -> Flowables:
    if not content.includes("representative", "representative_last_name"):
        return []
    chosen = content.get("representative_salutation")
    marked = "\N{NO-BREAK SPACE} ".join(
        f"{CHECKED if chosen == each else UNCHECKED} {title}"
        for each, title in titles("representative_salutation").items()
    )
    name = content.joined(", ", "representative_last_name", "representative_first_name")
    return [
        row(
            Field(text("pdf.applicant.represented"), marked),
            Field(text("pdf.applicant.name"), name, 2.4),
        )
    ]


def _confirmation(content: Content) -> Flowables:
    if not _covered(content):
        return []
    no = text("pdf.applicant.confirmation_no", wording=content.wording("natural_persons_only_no"))
    options = yes_no(content.get("natural_persons_only"), no=no)
    wording = text("pdf.applicant.confirmation", wording=content.wording("natural_persons_only"))
    return [question(wording, list(reversed(options)))]


def _covered(content: Content) -> bool:
    return content.request_type == "application" or content.has("natural_persons_only")


def _start(content: Content) -> Flowables:
    return section(
        text("pdf.start.title"),
        row(
            Field(text("pdf.start.start_date"), content.shown("start_date"), 2),
            content.field("main_due_date"),
        ),
    )


def _membership(content: Content) -> Flowables:
    printed = content.tariff().annual_page
    surcharge = whole_euro(int(printed.family_surcharge)).replace(",-", "")
    family = content.get("family_membership") is True
    widths = [WIDTH * 0.5, WIDTH * 0.37, WIDTH * 0.13]
    rows = [
        [
            checkbox(True, text("pdf.membership.obligatory"), "strong"),
            "",
            paragraph(euro(printed.membership), "amount"),
        ],
        [
            checkbox(family, text("pdf.membership.family", surcharge=surcharge)),
            paragraph(label("family_member_count"), "label"),
            paragraph(content.shown("family_member_count") or text("pdf.no_entry"), "amount"),
        ],
    ]
    table = framed(rows, widths, [("SPAN", (0, 0), (1, 0))])
    return section(
        text("pdf.membership.title"), box(paragraph(content.wording("membership"))), table
    )
