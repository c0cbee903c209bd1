"""What is not drawn: the attached JSON and what the file says about itself."""

from __future__ import annotations

import json
from datetime import UTC
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from bot.handoff.pdf.content import Content
from bot.texts import text

NAME = "application.json"


def finish(pdf: bytes, content: Content, title: str) -> bytes:
    """``pdf`` with its description and, unless it is a draft, the JSON attached."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    if not content.draft:
        attached = json.dumps(content.envelope, ensure_ascii=False, indent=2) + "\n"
        writer.add_attachment(NAME, attached.encode())
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
