"""Documents that people uploaded: described in the database, encrypted on disk."""

from __future__ import annotations

import builtins
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, not_, select, update

from bot import clock
from bot.storage.database import Database, Transaction
from bot.storage.durable_files import write_atomically
from bot.storage.tables import documents
from bot.storage.times import from_column, to_column

LONGEST_NAME = 120


class UnknownDocument(KeyError):
    """There is no document with this identifier."""


@dataclass(frozen=True)
class StoredDocument:
    """A document as it was received; ``name`` is safe to show, ``size`` is in bytes."""

    id: str
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    received_at: datetime


class DocumentStore:
    """Keeps documents under ``folder``, in one sub-folder per conversation."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def add(
        self, conversation_id: str, kind: str, name: str, media_type: str, content: bytes
    ) -> StoredDocument:
        """
        Raises:
            OSError: the disk is full; nothing is stored.
            DatabaseUnavailable: nothing is stored.
        """
        stored = StoredDocument(
            id=secrets.token_hex(16),
            kind=kind,
            name=display_name(name),
            media_type=media_type,
            size=len(content),
            sha256=sha256(content).hexdigest(),
            received_at=clock.now(),
        )
        place = self._place(conversation_id, stored.id)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(place, self._database.vault.seal(content))
        try:
            self._describe(conversation_id, stored)
        except BaseException:
            place.unlink(missing_ok=True)
            raise
        return stored

    def content(self, document_id: str) -> bytes:
        """
        Raises:
            UnknownDocument: it is not there.
            UnreadablePayload: no configured key opens it, or it was altered.
        """
        query = select(documents.c.conversation_id).where(documents.c.id == document_id)
        with self._database.reading() as unit:
            row = unit.execute(query).first()
        if row is None:
            raise UnknownDocument(document_id)
        try:
            sealed = self._place(row.conversation_id, document_id).read_bytes()
        except FileNotFoundError:
            raise UnknownDocument(document_id) from None
        return self._database.vault.open(sealed)

    def list(self, conversation_id: str) -> builtins.list[StoredDocument]:
        """The conversation's documents in the order in which they were received."""
        return self._described(documents.c.conversation_id == conversation_id)

    def of_application(self, reference: str) -> builtins.list[StoredDocument]:
        """The documents that were submitted with the application ``reference``."""
        return self._described(documents.c.reference == reference)

    def _described(self, condition: Any) -> builtins.list[StoredDocument]:
        query = select(documents).where(condition)
        with self._database.reading() as unit:
            rows = unit.execute(query.order_by(documents.c.received_at, documents.c.id)).all()
        return [self._stored(row) for row in rows]

    def delete(self, conversation_id: str) -> None:
        """Erase the conversation's documents for good; may be repeated after a failure.

        Documents of a submitted application stay with it until ``delete_submitted``.
        """
        self._erase(conversation_id, documents.c.reference.is_(None))

    def delete_submitted(self, conversation_id: str, reference: str) -> None:
        """Erase the documents of a submitted application for good; may be repeated."""
        self._erase(conversation_id, documents.c.reference == reference)

    def _erase(self, conversation_id: str, condition: Any) -> None:
        of_conversation = documents.c.conversation_id == conversation_id
        kept_rows = select(documents.c.id).where(of_conversation, not_(condition))
        with self._database.reading() as unit:
            kept = {row.id for row in unit.execute(kept_rows)}
        folder = self._conversation_folder(conversation_id)
        if folder.exists():
            for path in folder.iterdir():
                if path.name not in kept:
                    path.unlink(missing_ok=True)
            if not kept:
                folder.rmdir()
        with self._database.transaction() as unit:
            unit.execute(delete(documents).where(of_conversation, condition))

    def _describe(self, conversation_id: str, stored: StoredDocument) -> None:
        with self._database.transaction(durable=True) as unit:
            unit.execute(
                insert(documents).values(
                    id=stored.id,
                    conversation_id=conversation_id,
                    kind=stored.kind,
                    media_type=stored.media_type,
                    size=stored.size,
                    sha256=stored.sha256,
                    received_at=to_column(stored.received_at),
                    payload=self._database.vault.seal_json({"name": stored.name}),
                )
            )

    def _stored(self, row: Any) -> StoredDocument:
        return StoredDocument(
            id=row.id,
            kind=row.kind,
            name=self._database.vault.open_json(row.payload)["name"],
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            received_at=from_column(row.received_at),
        )

    def _conversation_folder(self, conversation_id: str) -> Path:
        # One folder per conversation, so that erasing it also takes along a file that a crash
        # left without its row; hashed, because a conversation's name may hold any character.
        return self._folder / sha256(conversation_id.encode()).hexdigest()[:32]

    def _place(self, conversation_id: str, document_id: str) -> Path:
        return self._conversation_folder(conversation_id) / document_id


def assign_documents(
    unit: Transaction, conversation_id: str, document_ids: Sequence[str], reference: str
) -> None:
    """From now on these documents belong to the application ``reference``."""
    if document_ids:
        unit.execute(
            update(documents)
            .where(documents.c.conversation_id == conversation_id)
            .where(documents.c.id.in_(document_ids))
            .values(reference=reference)
        )


def display_name(name: str) -> str:
    """``name`` without folders and control characters, short enough to show."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(
        character for character in last if unicodedata.category(character)[0] != "C"
    ).strip(" .")
    if len(shown) > LONGEST_NAME:
        stem, dot, extension = shown.rpartition(".")
        if dot and len(extension) <= 8:
            shown = f"{stem[: LONGEST_NAME - len(extension) - 2]}….{extension}"
        else:
            shown = f"{shown[: LONGEST_NAME - 1]}…"
    return shown or "Dokument"
