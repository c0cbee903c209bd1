"""Submitting: application, quote, evidence, documents and deliveries in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from bot import clock
from bot.application.draft import Draft
from bot.application.model import Application
from bot.handoff.envelope import sealed_envelope
from bot.rating import Quote
from bot.storage import Database, StoredDocument
from bot.storage.applications import ApplicationStore
from bot.storage.database import Transaction
from bot.storage.documents import assign_documents
from bot.storage.evidence import assign_evidence, open_evidence
from bot.storage.outbox import Outbox

FOLDER = "folder"
_log = logging.getLogger(__name__)


def hand_over(
    unit: Transaction,
    draft: Draft,
    application: Application,
    quote: Quote | None,
    documents: Sequence[StoredDocument],
    database: Database,
    *,
    destinations: Sequence[str] = (FOLDER,),
) -> None:
    """Store the application that a draft submits, and the deliveries that it makes due.

    Args:
        unit: the unit of work in which the submitted draft, with its reference and its evidence,
            was stored just before: both are stored, or neither.
        documents: the uploads that belong to the application.

    Raises:
        IntegrityError: the reference is taken by another application.
    """
    now, reference = clock.now(), str(draft.reference)
    known = _known_contract(draft, database) if application.request_type == "change" else None
    evidence = open_evidence(unit, database.vault, draft.conversation_id)
    envelope = sealed_envelope(
        reference, now, draft, application, quote, documents, evidence, known
    )
    ApplicationStore(database).insert(unit, draft.conversation_id, draft.version, envelope)
    assign_evidence(unit, draft.conversation_id, reference)
    assign_documents(unit, draft.conversation_id, [each.id for each in documents], reference)
    Outbox(database).enqueue(unit, reference, destinations, now)
    unit.after_commit(lambda: _log.info("%s submitted", reference))


def _known_contract(draft: Draft, database: Database) -> dict[str, Any]:
    """What the portal said of the contract, else what this conversation applied for before."""
    store = ApplicationStore(database)
    applied_for: dict[str, Any] = {}
    for row in store.of_conversation(draft.conversation_id):
        if row.request_type != "quote":
            before = store.envelope(row.reference)["application"]
            applied_for |= {name: value for name, value in before.items() if value is not None}
    return {**applied_for, **draft.contract}
