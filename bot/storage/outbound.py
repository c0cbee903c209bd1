"""Messages on their way to a messenger, in order for each person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.storage.database import Database, Transaction
from bot.storage.tables import outbound_messages
from bot.storage.times import to_column


@dataclass(frozen=True)
class OutboundMessage:
    """A message to ``person``; ``attempts`` is how often it was tried to send."""

    id: int
    person: str
    attempts: int
    content: Mapping[str, Any] = field(repr=False)


class OutboundMessages:
    """The outgoing messages of one channel; what was sent loses its content."""

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel
        self._waiting = (
            outbound_messages.c.channel == channel,
            outbound_messages.c.state == "waiting",
        )

    def enqueue(
        self,
        unit: Transaction,
        person: str,
        key: str,
        contents: Sequence[Mapping[str, Any]],
        at: datetime,
    ) -> bool:
        """Add messages at the end; ``False`` if that was done before under this ``key``."""
        known = select(outbound_messages.c.id).where(outbound_messages.c.key == f"{key}:0")
        if not contents or unit.execute(known).first() is not None:
            return False
        rows = [
            {
                "channel": self._channel,
                "person": person,
                "key": f"{key}:{number}",
                "state": "waiting",
                "attempts": 0,
                "created_at": to_column(at),
                "payload": self._database.vault.seal_json(dict(content)),
            }
            for number, content in enumerate(contents)
        ]
        unit.execute(insert(outbound_messages), rows)
        return True

    def people_waiting(self) -> list[str]:
        """Who still has to get something."""
        query = select(outbound_messages.c.person).where(*self._waiting).distinct()
        with self._database.reading() as unit:
            return [row.person for row in unit.execute(query)]

    def next(self, person: str) -> OutboundMessage | None:
        """What this person gets next."""
        query = (
            select(outbound_messages)
            .where(*self._waiting, outbound_messages.c.person == person)
            .order_by(outbound_messages.c.id)
            .limit(1)
        )
        with self._database.reading() as unit:
            row = unit.execute(query).first()
        if row is None:
            return None
        content = self._database.vault.open_json(row.payload)
        return OutboundMessage(row.id, row.person, row.attempts, content)

    def attempt(self, message: OutboundMessage) -> None:
        """Count one more attempt, before it is made."""
        self._set(message, attempts=message.attempts + 1)

    def failed(self, message: OutboundMessage, error: str) -> None:
        """Note what kind of error it was; the message stays the next one."""
        self._set(message, last_error=error)

    def sent(self, message: OutboundMessage, provider_id: str | None, at: datetime) -> None:
        """It arrived at the messenger, which calls it ``provider_id``."""
        self._set(
            message,
            state="sent",
            sent_at=to_column(at),
            provider_id=provider_id,
            payload=None,
            last_error=None,
        )

    def given_up(self, message: OutboundMessage, error: str) -> None:
        """It is not tried again; the messages after it are."""
        self._set(message, state="given_up", payload=None, last_error=error)

    def not_delivered(self, provider_id: str, error: str) -> bool:
        """The messenger took the message and could not deliver it; ``False`` if it is not ours."""
        with self._database.transaction() as unit:
            changed = unit.execute(
                update(outbound_messages)
                .where(outbound_messages.c.channel == self._channel)
                .where(outbound_messages.c.provider_id == provider_id)
                .values(state="given_up", last_error=error)
            )
            return bool(changed.rowcount)

    def states(self) -> list[tuple[str, int, str | None]]:
        """State, attempts and last error of every message, in order."""
        table = outbound_messages.c
        query = select(table.state, table.attempts, table.last_error)
        with self._database.reading() as unit:
            rows = unit.execute(query.where(table.channel == self._channel).order_by(table.id))
            return [(row.state, row.attempts, row.last_error) for row in rows]

    def forget_before(self, moment: datetime) -> None:
        """Remove what was sent or given up long ago."""
        with self._database.transaction() as unit:
            unit.execute(
                delete(outbound_messages)
                .where(outbound_messages.c.channel == self._channel)
                .where(outbound_messages.c.state != "waiting")
                .where(outbound_messages.c.created_at < to_column(moment))
            )

    def _set(self, message: OutboundMessage, **values: Any) -> None:
        with self._database.transaction(durable=True) as unit:
            unit.execute(
                update(outbound_messages)
                .where(outbound_messages.c.id == message.id)
                .where(outbound_messages.c.state == "waiting")
                .values(values)
            )
