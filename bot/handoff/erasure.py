"""Erasing for good what is stored about a conversation, and naming what has to stay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot import clock
from bot.storage import Database, DocumentStore, DraftStore, MessageLog
from bot.storage.applications import ApplicationRow, ApplicationStore
from bot.storage.outbox import Outbox
from bot.storage.people import forget_people_of


@dataclass(frozen=True)
class Erasure:
    """What came of erasing.

    Attributes:
        kept: references of submitted applications. The application with its evidence is a
            business letter that was received and has to be kept (§ 257 HGB, § 147 AO).
        undelivered: those of them whose documents go as soon as they were delivered.
    """

    kept: tuple[str, ...] = ()
    undelivered: tuple[str, ...] = ()


def erase(conversation_id: str, database: Database, documents_folder: Path) -> Erasure:
    """Erase draft, messages, evidence and documents of a conversation; may be repeated.

    Raises:
        DatabaseUnavailable, OSError: something may be left; erase again.
    """
    forget_conversation(conversation_id, database, documents_folder)
    store = ApplicationStore(database)
    submitted = store.of_conversation(conversation_id)
    for application in submitted:
        store.request_erasure(application.reference, clock.now())
    erase_what_was_delivered(database, documents_folder)
    return Erasure(
        kept=tuple(each.reference for each in submitted),
        undelivered=tuple(
            each.reference for each in submitted if not _all_delivered(each, database)
        ),
    )


def forget_conversation(conversation_id: str, database: Database, documents_folder: Path) -> None:
    """Erase draft, messages, evidence and documents that belong to no submitted application, and
    who in a messenger the conversation belongs to.

    Raises:
        DatabaseUnavailable, OSError: something may be left; do it again.
    """
    DocumentStore(database, documents_folder).delete(conversation_id)
    MessageLog(database).delete(conversation_id)
    DraftStore(database).delete(conversation_id)
    with database.transaction() as unit:
        forget_people_of(unit, conversation_id)
    database.write_back()


def erase_what_was_delivered(database: Database, documents_folder: Path) -> None:
    """Erase the documents of applications that arrived and whose erasure was asked for."""
    documents = DocumentStore(database, documents_folder)
    for application in ApplicationStore(database).to_be_erased():
        if _all_delivered(application, database):
            documents.delete_submitted(application.conversation_id, application.reference)


def _all_delivered(application: ApplicationRow, database: Database) -> bool:
    deliveries = Outbox(database).of(application.reference)
    return all(delivery.state == "delivered" for delivery in deliveries)
