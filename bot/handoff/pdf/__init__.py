"""The application as a PDF that mirrors the printed form, with ``application.json`` attached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.handoff.pdf.appendix import change_parts, document_parts, notice_parts, protocol_parts
from bot.handoff.pdf.applicant import applicant_parts
from bot.handoff.pdf.content import Content
from bot.handoff.pdf.cover import cover_parts
from bot.handoff.pdf.disclosure import disclosure_parts
from bot.handoff.pdf.layout import Flowables, row, section
from bot.handoff.pdf.pages import build, finish, title
from bot.handoff.pdf.payment import payment_parts
from bot.texts import text

_FORM = (
    (applicant_parts, ("request", "club", "representative")),
    (cover_parts, ("cover",)),
    (disclosure_parts, ("disclosure",)),
    (payment_parts, ("payment", "options", "declaration")),
)
"""The parts of the printed form, and the sections whose further fields stand after each."""


def render_pdf(envelope: Mapping[str, Any], draft: bool = False) -> bytes:
    """The PDF of an application; the same envelope always gives the same bytes.

    Takes some tenths of a second.

    Args:
        envelope: what was submitted, or for a draft what ``draft_envelope`` makes of it.
        draft: mark every page as not submitted, hide most of the IBAN, attach nothing.
    """
    content = Content(envelope, draft=draft)
    parts = [
        *_form(content),
        *document_parts(content),
        *change_parts(content),
        *(() if draft else protocol_parts(content)),
        *(() if draft else notice_parts(content)),
    ]
    return finish(build(content, parts), content, title(content))


def _form(content: Content) -> Flowables:
    """The form's parts as they are printed, each with what was declared since then."""
    drawn = [(parts(content), sections) for parts, sections in _FORM]
    form: Flowables = []
    for parts, sections in drawn:
        form += parts
        for name in sections:
            rows = [row(field) for field in content.further(name)]
            if rows:
                heading = text(f"questions.sections.{name}.title")
                form += section(text("pdf.further", section=heading), *rows)
    return form
