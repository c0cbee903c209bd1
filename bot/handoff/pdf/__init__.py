"""The application as a PDF that mirrors the printed form, with ``application.json`` attached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.handoff.pdf.appendix import change_parts, document_parts, notice_parts, protocol_parts
from bot.handoff.pdf.applicant import applicant_parts
from bot.handoff.pdf.attachment import finish
from bot.handoff.pdf.content import Content
from bot.handoff.pdf.cover import cover_parts
from bot.handoff.pdf.disclosure import disclosure_parts
from bot.handoff.pdf.pages import build, title
from bot.handoff.pdf.payment import payment_parts


def render_pdf(envelope: Mapping[str, Any], draft: bool = False) -> bytes:
    """The PDF of an application; the same envelope always gives the same bytes.

    Takes some tenths of a second.

    Args:
        envelope: what was submitted, or for a draft what ``draft_envelope`` makes of it.
        draft: mark every page as not submitted, hide most of the IBAN, attach nothing.
    """
    content = Content(envelope, draft=draft)
    parts = [
        *applicant_parts(content),
        *cover_parts(content),
        *disclosure_parts(content),
        *payment_parts(content),
        *document_parts(content),
        *change_parts(content),
        *(() if draft else protocol_parts(content)),
        *(() if draft else notice_parts(content)),
    ]
    return finish(build(content, parts), content, title(content))
