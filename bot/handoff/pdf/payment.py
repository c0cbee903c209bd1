"""The form from the payment frequency to the signature."""

from __future__ import annotations

from bot.application.display import label, titles
from bot.handoff.pdf.content import Content, day, moment, yes_no
from bot.handoff.pdf.layout import (
    WIDTH,
    Field,
    Flowables,
    box,
    checkbox,
    checkboxes,
    framed,
    paragraph,
    paragraphs,
    row,
    section,
    signature_line,
)
from bot.rating import FREQUENCIES
from bot.texts import text


def payment_parts(content: Content) -> Flowables:
    """Zahlungsweise, Lastschriftmandat, InkassoPro, Bonitätsprüfung, Versand, Unterschrift."""
    parts: Flowables = []
    if content.includes("payment", "payment_frequency"):
        parts += _frequency(content)
    if content.includes("payment", "sepa_mandate"):
        parts += _mandate(content)
    if content.includes("options", "inkasso_pro"):
        parts += _inkasso_pro(content)
    if content.includes("disclosure", "criminal_proceedings", "prior_insurance"):
        duty = box(paragraph(content.wording("disclosure_duty")))
        parts += section(text("pdf.disclosure_duty.title"), duty)
    if content.includes("options", "credit_check_consent"):
        parts += _credit_check(content)
    if content.includes("options", "document_delivery"):
        parts += _delivery(content)
    if content.request_type == "application":
        parts += _signature(content)
    return parts


def _frequency(content: Content) -> Flowables:
    chosen = content.get("payment_frequency")
    boxes = checkboxes([(each == chosen, text(f"pdf.payment.{each}")) for each in FREQUENCIES])
    notes = paragraph(content.wording("payment_notes"), "small")
    return section(
        text("pdf.payment.title"),
        boxes,
        box(paragraph(text("pdf.payment.notes"), "label"), notes),
    )


def _mandate(content: Content) -> Flowables:
    granted = content.get("sepa_mandate")
    head = [
        (granted is True, text("pdf.payment.granted")),
        (granted is False, text("pdf.payment.refused")),
    ]
    parts = section(
        text("pdf.payment.mandate"),
        checkboxes(head),
        box(*paragraphs(content.wording("sepa_mandate"), "small")),
    )
    return [*parts, *(_account(content) if granted is True else [])]


def _account(content: Content) -> Flowables:
    same = text("pdf.payment.same_as_applicant")
    return [
        row(
            content.field("iban"),
            Field(text("pdf.payment.bank"), content.joined(", ", "bank_name", "bic"), 1.2),
            *_mandate_reference(content),
        ),
        row(
            Field(label("account_holder"), content.shown("account_holder") or same),
            content.field("account_holder_address", 1.2),
        ),
        _signed(content, "payment"),
    ]


def _mandate_reference(content: Content) -> tuple[Field, ...]:
    mandate = content.envelope["mandate"]
    if mandate is None:
        return ()
    return (Field(text("pdf.payment.mandate_reference"), mandate["mandate_reference"], 0.6),)


def _inkasso_pro(content: Content) -> Flowables:
    value = content.get("inkasso_pro")
    return section(
        text("pdf.inkasso_pro.title"),
        box(
            checkbox(value is True, content.wording("inkasso_pro")),
            checkbox(value is False, content.wording("inkasso_pro_declined")),
        ),
    )


def _credit_check(content: Content) -> Flowables:
    value = content.get("credit_check_consent")
    refused, _ = yes_no(value, no=text("pdf.credit_check.refused"))
    return section(
        text("pdf.credit_check.title"),
        box(
            checkbox(value is True, content.wording("credit_check_consent")),
            checkbox(*refused),
        ),
    )


def _delivery(content: Content) -> Flowables:
    chosen = content.get("document_delivery")
    return section(
        text("pdf.delivery.title"),
        box(
            paragraph(text("pdf.delivery.question")),
            *(
                checkbox(each == chosen, text(f"pdf.delivery.{each}"))
                for each in titles("document_delivery")
            ),
        ),
    )


def _signature(content: Content) -> Flowables:
    received = content.get("documents_received") is True
    words = checkbox(received, content.wording("documents_received"))
    return section(text("pdf.signature.title"), box(words), _signed(content, "signature"))


def _signed(content: Content, part: str) -> object:
    """Place and date, and a line to sign on with who declared it electronically."""
    place, name = content.shown("signed_place"), content.shown("signatory")
    signed_at = content.get("signed_at")
    when = day(signed_at) if signed_at else ""
    kind = "mandate" if part == "payment" else "declared"
    declared = text(f"pdf.signature.{kind}", name=name, at=moment(signed_at)) if signed_at else ""
    place_and_date = ", ".join(each for each in (place, when) if each)
    return framed(
        [
            [
                signature_line(place_and_date, text(f"pdf.{part}.place_and_date")),
                signature_line(declared, text(f"pdf.{part}.signature")),
            ]
        ],
        [WIDTH * 0.36, WIDTH * 0.64],
    )
