"""Proving that an application is as it was submitted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.handoff.parcel import APPLICATION_PDF
from bot.handoff.seal import is_sealed
from bot.storage import Database, DocumentStore, UnknownDocument, UnreadablePayload
from bot.storage.applications import AlteredRendition, ApplicationRow, ApplicationStore
from bot.storage.evidence import evidence_of


@dataclass(frozen=True)
class Finding:
    """One check; ``state`` is ``missing`` for what may rightly have been erased."""

    check: str
    state: str
    detail: str = ""


def verify(reference: str, database: Database, documents_folder: Path) -> list[Finding]:
    """Check the seal, the evidence, the wordings, the documents and the PDF of an application.

    Raises:
        UnknownApplication: there is no such application.
        UnreadablePayload: no configured key opens it, or it was altered.
    """
    store = ApplicationStore(database)
    row, envelope = store.row(reference), store.envelope(reference)
    findings = [_seal(row, envelope), _evidence(database, envelope), _wordings(envelope)]
    documents = DocumentStore(database, documents_folder)
    findings += [_document(documents, each) for each in envelope["documents"]]
    return [*findings, _pdf(store, reference)]


def _seal(row: ApplicationRow, envelope: dict[str, Any]) -> Finding:
    sound = is_sealed(envelope) and envelope["seal"]["value"] == row.seal
    return Finding("seal", _state(sound), envelope["seal"]["value"])


def _evidence(database: Database, envelope: dict[str, Any]) -> Finding:
    with database.reading() as unit:
        rows = evidence_of(unit, database.vault, envelope["reference"])
    stored = [json.loads(each.json()) for each in rows]
    return Finding("evidence", _state(stored == envelope["evidence"]), str(len(stored)))


def _wordings(envelope: dict[str, Any]) -> Finding:
    wordings = envelope["wordings"]
    sound = all(sha256(each["text"].encode()).hexdigest() == each["sha256"] for each in wordings)
    named = {each["wording_hash"] for each in envelope["evidence"] if each["wording_hash"]}
    complete = named <= {each["sha256"] for each in wordings}
    return Finding("wordings", _state(sound and complete), str(len(wordings)))


def _document(documents: DocumentStore, described: dict[str, Any]) -> Finding:
    try:
        content = documents.content(described["id"])
    except UnknownDocument:
        return Finding("document", "missing", described["file"])
    except UnreadablePayload:
        return Finding("document", "altered", described["file"])
    sound = sha256(content).hexdigest() == described["sha256"]
    return Finding("document", _state(sound), described["file"])


def _pdf(store: ApplicationStore, reference: str) -> Finding:
    try:
        made = store.rendition(reference, APPLICATION_PDF)
    except (AlteredRendition, UnreadablePayload):
        return Finding("pdf", "altered")
    return Finding("pdf", "sound" if made else "missing")


def _state(sound: bool) -> str:
    return "sound" if sound else "altered"
