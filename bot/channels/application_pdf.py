"""The application as PDF, for the person who fills it in."""

from __future__ import annotations

from bot import clock
from bot.application.draft import Draft
from bot.conversation.pricing import quote_of
from bot.handoff.parcel import application_pdf
from bot.handoff.preview import draft_pdf
from bot.storage.stores import Stores


def pdf_of(draft: Draft, stores: Stores) -> bytes:
    """What the insurer received, or a copy of the draft; takes some tenths of a second."""
    if draft.reference is not None:
        return application_pdf(stores.database, draft.reference)
    documents = stores.documents.list(draft.conversation_id)
    quote = quote_of(draft, clock.today())
    return draft_pdf(draft, quote, documents, clock.now())


def file_name(draft: Draft) -> str:
    """Under which a browser saves it: ASCII, so that no header needs encoding."""
    return f"antrag-{draft.reference}.pdf" if draft.reference else "antrag-entwurf.pdf"
