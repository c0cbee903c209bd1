"""Submitted applications and what was made of them; rows are added and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage.database import Database, Transaction
from bot.storage.tables import applications, documents, renditions
from bot.storage.times import from_column, to_column


class UnknownApplication(KeyError):
    """There is no application with this reference."""


class AlteredRendition(Exception):
    """A stored rendition is not what was stored."""


@dataclass(frozen=True)
class ApplicationRow:
    """What is known of an application without opening it.

    ``seal`` is the hash that binds its content.
    """

    reference: str
    conversation_id: str
    request_type: str
    channel: str
    broker_number: str | None
    submitted_at: datetime
    seal: str
    erasure_requested_at: datetime | None


class ApplicationStore:
    """Keeps submitted applications, encrypted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert(
        self,
        unit: Transaction,
        conversation_id: str,
        draft_version: int,
        envelope: Mapping[str, Any],
    ) -> None:
        """Add an application.

        Args:
            draft_version: the version of the draft that was submitted. After a conversation was
                erased and begun anew its draft may have a version once more; then it is noted as
                the one after the latest.

        Raises:
            IntegrityError: the reference is taken.
        """
        latest = select(func.max(applications.c.draft_version)).where(
            applications.c.conversation_id == conversation_id
        )
        draft_version = max(draft_version, (unit.execute(latest).scalar() or 0) + 1)
        unit.execute(
            insert(applications),
            {
                "reference": envelope["reference"],
                "conversation_id": conversation_id,
                "draft_version": draft_version,
                "request_type": envelope["request_type"],
                "channel": envelope["channel"],
                "broker_number": envelope["application"]["broker_number"],
                "submitted_at": to_column(datetime.fromisoformat(envelope["submitted_at"])),
                "seal": envelope["seal"]["value"],
                "payload": self._database.vault.seal_json(dict(envelope)),
            },
        )

    def row(self, reference: str) -> ApplicationRow:
        """
        Raises:
            UnknownApplication: there is none.
        """
        rows = self.rows(applications.c.reference == reference)
        if not rows:
            raise UnknownApplication(reference)
        return rows[0]

    def of_conversation(self, conversation_id: str) -> list[ApplicationRow]:
        """The applications submitted from a conversation, oldest first."""
        return self.rows(applications.c.conversation_id == conversation_id)

    def to_be_erased(self) -> list[ApplicationRow]:
        """The applications for whose erasure somebody asked and whose documents are still here."""
        has_documents = exists().where(documents.c.reference == applications.c.reference)
        return self.rows(applications.c.erasure_requested_at.is_not(None), has_documents)

    def rows(self, *conditions: Any) -> list[ApplicationRow]:
        """The applications that meet ``conditions``, oldest first."""
        query = (
            select(*[column for column in applications.c if column.name != "payload"])
            .where(*conditions)
            .order_by(applications.c.submitted_at, applications.c.reference)
        )
        with self._database.reading() as unit:
            return [_row(found) for found in unit.execute(query)]

    def envelope(self, reference: str) -> dict[str, Any]:
        """What was submitted.

        Raises:
            UnknownApplication: there is none.
            UnreadablePayload: no configured key opens it, or it was altered.
        """
        query = select(applications.c.payload).where(applications.c.reference == reference)
        with self._database.reading() as unit:
            found = unit.execute(query).first()
        if found is None:
            raise UnknownApplication(reference)
        opened: dict[str, Any] = self._database.vault.open_json(found.payload)
        return opened

    def request_erasure(self, reference: str, at: datetime) -> None:
        """Note that what is not needed any more is to go once it was delivered."""
        with self._database.transaction() as unit:
            unit.execute(
                update(applications)
                .where(applications.c.reference == reference)
                .where(applications.c.erasure_requested_at.is_(None))
                .values(erasure_requested_at=to_column(at))
            )

    def keep_rendition(self, reference: str, name: str, content: bytes) -> bytes:
        """Store what was made of an application, unless it was made before.

        Returns:
            what is stored: of two that are made at once, the first one counts for everybody.
        """
        row = {
            "reference": reference,
            "name": name,
            "sha256": sha256(content).hexdigest(),
            "payload": self._database.vault.seal(content),
        }
        try:
            with self._database.transaction(durable=True) as unit:
                unit.execute(insert(renditions), row)
        except IntegrityError:
            return self.rendition(reference, name) or content
        return content

    def rendition(self, reference: str, name: str) -> bytes | None:
        """What was made of an application; ``None`` if it was not made yet.

        Raises:
            AlteredRendition: it is not what was stored.
            UnreadablePayload: no configured key opens it, or it was altered.
        """
        query = (
            select(renditions.c.payload, renditions.c.sha256)
            .where(renditions.c.reference == reference)
            .where(renditions.c.name == name)
        )
        with self._database.reading() as unit:
            found = unit.execute(query).first()
        if found is None:
            return None
        content = self._database.vault.open(found.payload)
        if sha256(content).hexdigest() != found.sha256:
            raise AlteredRendition(reference)
        return content


def _row(found: Any) -> ApplicationRow:
    requested = found.erasure_requested_at
    return ApplicationRow(
        reference=found.reference,
        conversation_id=found.conversation_id,
        request_type=found.request_type,
        channel=found.channel,
        broker_number=found.broker_number,
        submitted_at=from_column(found.submitted_at),
        seal=found.seal,
        erasure_requested_at=from_column(requested) if requested else None,
    )
