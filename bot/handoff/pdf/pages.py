"""Pages with header, footer and page numbers, and what the file says about itself."""

from __future__ import annotations

import json
from datetime import UTC
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject
from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from bot.handoff.pdf.content import Content, moment
from bot.handoff.pdf.layout import (
    BLUE,
    BOLD,
    FAINT,
    INK,
    LINE,
    MARGIN,
    REGULAR,
    WIDTH,
    Flowables,
    register_fonts,
)
from bot.texts import text

_ATTACHED = "application.json"
_HEADER = 20 * mm
_FOOTER = 14 * mm


class _NumberedCanvas(Canvas):  # type: ignore[misc]
    """Draws header and footer when it is known how many pages there are."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.content: Content = options.pop("content")
        super().__init__(*args, **options)
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            _frame_page(self, self.content, number, len(self._pages))
            super().showPage()
        super().save()


def build(content: Content, parts: Flowables) -> bytes:
    """The pages as a PDF; the same content always gives the same bytes."""
    register_fonts()
    file = BytesIO()
    document = BaseDocTemplate(file, pagesize=A4, invariant=1, title=title(content))
    frame = Frame(
        MARGIN,
        _FOOTER,
        WIDTH,
        A4[1] - _HEADER - _FOOTER,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document.addPageTemplates([PageTemplate(frames=[frame])])
    document.build(
        parts,
        canvasmaker=lambda *args, **options: _NumberedCanvas(*args, content=content, **options),
    )
    return file.getvalue()


def title(content: Content) -> str:
    """What the document is called."""
    return text(f"pdf.titles.{content.request_type}")


def _frame_page(canvas: Canvas, content: Content, number: int, count: int) -> None:
    if content.draft:
        _draw_draft_mark(canvas)
    _draw_header(canvas, content)
    _draw_footer(canvas, content, number, count)


def _draw_header(canvas: Canvas, content: Content) -> None:
    top = A4[1] - 10 * mm
    canvas.setFillColor(BLUE)
    canvas.setFont(BOLD, 11)
    canvas.drawString(MARGIN, top, text("pdf.sender"))
    canvas.setFillColor(INK)
    canvas.setFont(REGULAR, 8.6)
    canvas.drawString(MARGIN, top - 11, title(content))
    right = MARGIN + WIDTH
    if content.reference:
        canvas.setFont(REGULAR, 6.4)
        canvas.setFillColor(FAINT)
        canvas.drawRightString(right, top + 2, text("pdf.reference"))
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, 11)
        canvas.drawRightString(right, top - 10, content.reference)
    canvas.setStrokeColor(BLUE)
    canvas.setLineWidth(1.2)
    canvas.line(MARGIN, top - 17, right, top - 17)


def _draw_footer(canvas: Canvas, content: Content, number: int, count: int) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, 11 * mm, MARGIN + WIDTH, 11 * mm)
    canvas.setFont(REGULAR, 6.4)
    canvas.setFillColor(FAINT)
    key = "pdf.draft_note" if content.draft else "pdf.submitted"
    canvas.drawString(MARGIN, 8 * mm, text(key, at=moment(content.at)))
    page = text("pdf.page", page=number, pages=count)
    canvas.drawRightString(MARGIN + WIDTH, 8 * mm, page)


def _draw_draft_mark(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.translate(A4[0] / 2, A4[1] / 2)
    canvas.rotate(52)
    canvas.setFillColor(Color(0.75, 0.1, 0.1, alpha=0.13))
    canvas.setFont(BOLD, 44)
    canvas.drawCentredString(0, 0, text("pdf.draft_mark"))
    canvas.restoreState()


def finish(pdf: bytes, content: Content, title: str) -> bytes:
    """``pdf`` with its description and, unless it is a draft, the JSON attached."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    if not content.draft:
        attached = json.dumps(content.envelope, ensure_ascii=False, indent=2) + "\n"
        writer.add_attachment(_ATTACHED, attached.encode())
    made = content.at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
    writer.metadata = {
        "/Title": f"{title} {content.reference}" if content.reference else title,
        "/Author": text("pdf.sender"),
        "/CreationDate": made,
        "/ModDate": made,
    }
    writer.root_object[NameObject("/Lang")] = TextStringObject("de-DE")
    finished = BytesIO()
    writer.write(finished)
    return finished.getvalue()
