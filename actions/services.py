"""The stores and services that the actions of this process share."""

from __future__ import annotations

from functools import lru_cache

from bot import clock
from bot.application.draft import Draft
from bot.application.model import application_from
from bot.conversation.pricing import quote_of
from bot.conversation.turn import Services
from bot.documents.pdf_contents import HarmfulPdf, pdf_contents
from bot.documents.statutes import StatutesFacts, statutes_facts
from bot.handoff.erasure import erase
from bot.handoff.submission import submit
from bot.settings import settings
from bot.storage.evidence import delete_evidence
from bot.storage.stores import Stores


@lru_cache(maxsize=1)
def stores() -> Stores:
    """The stores that the settings name; the schema is brought up to date first."""
    return Stores.open(settings())


@lru_cache(maxsize=1)
def services() -> Services:
    """What turns may ask of the world outside the dialogue."""
    return Services(submit=_submit, discard=_discard, erase=_erase, read_statutes=_read_statutes)


def _submit(draft: Draft) -> str:
    own = stores()
    named = {
        identifier
        for answer in draft.answers.values()
        if isinstance(answer, dict)
        for identifier in answer.get("documents", ())
    }
    documents = [each for each in own.documents.list(draft.conversation_id) if each.id in named]
    submission = submit(
        draft,
        application_from(draft.answers),
        quote_of(draft, clock.today()),
        documents,
        own.database,
        destinations=settings().destinations,
    )
    return submission.reference


def _discard(conversation_id: str) -> None:
    own = stores()
    own.documents.delete(conversation_id)
    with own.database.transaction() as unit:
        delete_evidence(unit, conversation_id)


def _erase(conversation_id: str) -> None:
    erase(conversation_id, stores().database, stores().documents_folder)


def _read_statutes(document_id: str) -> StatutesFacts:
    content = stores().documents.content(document_id)
    try:
        contents = pdf_contents(content) if b"%PDF-" in content[:1024] else None
    except HarmfulPdf:
        contents = None
    return statutes_facts(contents.text) if contents else StatutesFacts()
