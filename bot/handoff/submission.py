"""Submitting: application, quote, evidence, documents and deliveries in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from bot import clock
from bot.application.draft import Draft
from bot.application.model import Application
from bot.handoff.envelope import sealed_envelope
from bot.handoff.references import new_reference
from bot.rating import Quote
from bot.storage import Database, DraftStore, StaleDraft, StoredDocument
from bot.storage.applications import ApplicationStore
from bot.storage.database import Transaction
from bot.storage.documents import assign_documents
from bot.storage.evidence import assign_evidence, open_evidence
from bot.storage.outbox import Outbox

FOLDER = "folder"
_ATTEMPTS_AT_A_REFERENCE = 5
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Submission:
    """What became of a draft; ``repeated`` if it had been submitted before."""

    reference: str
    submitted_at: datetime
    repeated: bool = False


def submit(
    draft: Draft,
    application: Application,
    quote: Quote | None,
    documents: Sequence[StoredDocument],
    database: Database,
    *,
    destinations: Sequence[str] = (FOLDER,),
) -> Submission:
    """Store everything that was submitted and the deliveries it makes due, or nothing at all.

    Afterwards ``draft`` is submitted, carries its reference and is stored. Submitting the same
    draft again, also at the same time, gives the same submission.

    Args:
        documents: the uploads that belong to the application.

    Raises:
        StaleDraft: the draft was changed or erased by somebody else and not submitted.
        DatabaseUnavailable: nothing was stored.
    """
    earlier = _earlier(draft, database)
    if earlier is not None:
        return earlier
    for _ in range(_ATTEMPTS_AT_A_REFERENCE):
        reference = new_reference()
        try:
            return _store(draft, application, quote, documents, database, destinations, reference)
        except StaleDraft:
            return _submitted_meanwhile(draft, database)
        except IntegrityError:
            # The random reference is taken; nothing was stored.
            continue
    raise RuntimeError("no free reference found")


def _earlier(draft: Draft, database: Database) -> Submission | None:
    if draft.status != "submitted" or draft.reference is None:
        return None
    row = ApplicationStore(database).row(draft.reference)
    return Submission(row.reference, row.submitted_at, repeated=True)


def _submitted_meanwhile(draft: Draft, database: Database) -> Submission:
    stored = DraftStore(database).load(draft.conversation_id)
    earlier = _earlier(stored, database) if stored else None
    if stored is None or earlier is None:
        raise StaleDraft(draft.conversation_id)
    _take_over(draft, stored)
    return earlier


def _store(
    draft: Draft,
    application: Application,
    quote: Quote | None,
    documents: Sequence[StoredDocument],
    database: Database,
    destinations: Sequence[str],
    reference: str,
) -> Submission:
    now = clock.now()
    known = _known_contract(draft, database) if application.request_type == "change" else None
    submitted = draft.copy(
        update={
            "status": "submitted",
            "reference": reference,
            "new_evidence": list(draft.new_evidence),
        }
    )
    with database.transaction(durable=True) as unit:
        DraftStore(database).save(submitted, within=unit)
        evidence = open_evidence(unit, database.vault, draft.conversation_id)
        envelope = sealed_envelope(
            reference, now, draft, application, quote, documents, evidence, known
        )
        ApplicationStore(database).insert(unit, draft.conversation_id, draft.version, envelope)
        _assign(unit, draft.conversation_id, documents, reference)
        Outbox(database).enqueue(unit, reference, destinations, now)
        unit.after_commit(lambda: _take_over(draft, submitted))
    _log.info("%s submitted", reference)
    return Submission(reference, now)


def _known_contract(draft: Draft, database: Database) -> dict[str, Any]:
    """What the portal said of the contract, else what this conversation applied for before."""
    store = ApplicationStore(database)
    applied_for: dict[str, Any] = {}
    for row in store.of_conversation(draft.conversation_id):
        if row.request_type != "quote":
            before = store.envelope(row.reference)["application"]
            applied_for |= {name: value for name, value in before.items() if value is not None}
    return {**applied_for, **draft.contract}


def _assign(
    unit: Transaction,
    conversation_id: str,
    documents: Sequence[StoredDocument],
    reference: str,
) -> None:
    assign_evidence(unit, conversation_id, reference)
    assign_documents(unit, conversation_id, [each.id for each in documents], reference)


def _take_over(draft: Draft, stored: Draft) -> None:
    draft.status = stored.status
    draft.reference = stored.reference
    draft.version = stored.version
    draft.updated_at = stored.updated_at
    draft.new_evidence = []
