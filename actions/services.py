"""The stores and services that the actions of this process share."""

from __future__ import annotations

from functools import lru_cache

from bot.conversation.turn import Services
from bot.documents.pdf_contents import HarmfulPdf, pdf_contents
from bot.documents.statutes import StatutesFacts, statutes_facts
from bot.settings import settings
from bot.storage.stores import Stores


@lru_cache(maxsize=1)
def stores() -> Stores:
    """The stores that the settings name; the schema is brought up to date first."""
    return Stores.open(settings())


@lru_cache(maxsize=1)
def services() -> Services:
    """What turns may ask of the world outside the dialogue."""
    return Services(read_statutes=_read_statutes)


def _read_statutes(document_id: str) -> StatutesFacts:
    content = stores().documents.content(document_id)
    try:
        contents = pdf_contents(content) if b"%PDF-" in content[:1024] else None
    except HarmfulPdf:
        contents = None
    return statutes_facts(contents.text) if contents else StatutesFacts()
