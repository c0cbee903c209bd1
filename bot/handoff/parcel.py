"""What is handed over: the files of one application, the same at every attempt."""

from __future__ import annotations

import json
from base64 import b64encode
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
MEDIA_TYPE = "application/json"
"""Of a parcel as one message."""


class NotTaken(Exception):
    """The destination did not confirm that it has the application; it is tried again later.

    ``kind`` is for operators and names nothing that was submitted.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Refused(NotTaken):
    """The destination will not take it however often it is tried: somebody has to look."""


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


def as_message(parcel: Parcel) -> bytes:
    """The parcel as JSON in UTF-8, byte for byte the same at every attempt.

    ``{"reference", "idempotency_key", "files": [{"name", "size", "sha256", "content"}]}``: the
    files of the hand-off with their size in bytes and their content in base64.
    """
    message = {
        "reference": parcel.reference,
        "idempotency_key": parcel.idempotency_key,
        "files": [_file(name, content) for name, content in parcel.files.items()],
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _file(name: str, content: bytes) -> dict[str, Any]:
    return {
        "name": name,
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
        "content": b64encode(content).decode(),
    }
