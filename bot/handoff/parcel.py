"""What is handed over: the files of one application, the same at every attempt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.handoff.pdf import render_pdf
from bot.handoff.protocol import protocol
from bot.storage import Database, DocumentStore
from bot.storage.applications import ApplicationStore

APPLICATION_JSON = "application.json"
APPLICATION_PDF = "application.pdf"
PROTOCOL_JSON = "protocol.json"


class AlteredDocument(Exception):
    """A stored document is not the one that was submitted."""


@dataclass(frozen=True)
class Parcel:
    """One application ready to be handed over.

    ``files`` maps the path within the hand-off to its content.
    """

    reference: str
    idempotency_key: str
    files: Mapping[str, bytes]


def pack(
    reference: str, idempotency_key: str, database: Database, documents_folder: Path
) -> Parcel:
    """Everything that is handed over for an application.

    Raises:
        UnknownApplication: there is no such application.
        AlteredDocument, UnknownDocument, UnreadablePayload: what was submitted is not all there.
    """
    envelope = ApplicationStore(database).envelope(reference)
    files = {
        APPLICATION_JSON: as_file(envelope),
        APPLICATION_PDF: application_pdf(database, reference),
        PROTOCOL_JSON: as_file(protocol(envelope)),
    }
    store = DocumentStore(database, documents_folder)
    for document in envelope["documents"]:
        content = store.content(document["id"])
        if sha256(content).hexdigest() != document["sha256"]:
            raise AlteredDocument(document["id"])
        files[document["file"]] = content
    return Parcel(reference, idempotency_key, files)


def application_pdf(database: Database, reference: str) -> bytes:
    """The PDF of a submitted application; made once and then always the same.

    The first call takes some tenths of a second.

    Raises:
        UnknownApplication: there is no such application.
    """
    store = ApplicationStore(database)
    made = store.rendition(reference, APPLICATION_PDF)
    if made is None:
        rendered = render_pdf(store.envelope(reference))
        made = store.keep_rendition(reference, APPLICATION_PDF, rendered)
    return made


def as_file(content: Mapping[str, Any]) -> bytes:
    """JSON for people and machines."""
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
