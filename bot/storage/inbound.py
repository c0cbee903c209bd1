"""Events that a messenger delivered: each kept once, until it was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage.database import Database, Transaction
from bot.storage.tables import inbound_events
from bot.storage.times import from_column, to_column

State = Literal["waiting", "done", "failed", "noted"]


@dataclass(frozen=True)
class InboundEvent:
    """An event of ``person``; ``event_id`` is the same however often it is delivered.

    ``content`` is ``None`` for what only has to be noted, such as a receipt: nothing answers it.
    """

    event_id: str
    person: str
    sent_at: datetime
    content: Mapping[str, Any] | None = field(default=None, repr=False)
    id: int = 0


class InboundEvents:
    """The events of one channel, encrypted until they were answered and then without content."""

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel
        self._waiting = (
            inbound_events.c.channel == channel,
            inbound_events.c.state == "waiting",
        )

    def receive(self, events: Sequence[InboundEvent], at: datetime) -> set[str]:
        """Keep the events that are new, all or none; returns the people they wait for.

        Raises:
            DatabaseUnavailable: nothing was kept.
        """
        people = set()
        with self._database.transaction(durable=True) as unit:
            for event in events:
                if self._keep(unit, event, at) and event.content is not None:
                    people.add(event.person)
        return people

    def people_waiting(self) -> list[str]:
        """Who sent something that was not answered yet."""
        query = select(inbound_events.c.person).where(*self._waiting).distinct()
        with self._database.reading() as unit:
            return [row.person for row in unit.execute(query)]

    def waiting(self, person: str) -> list[InboundEvent]:
        """What was not answered yet, in the order in which it was sent."""
        query = (
            select(inbound_events)
            .where(*self._waiting, inbound_events.c.person == person)
            .order_by(inbound_events.c.sent_at, inbound_events.c.id)
        )
        with self._database.reading() as unit:
            rows = unit.execute(query).all()
        return [
            InboundEvent(
                event_id=row.event_id,
                person=row.person,
                sent_at=from_column(row.sent_at),
                content=self._database.vault.open_json(row.payload),
                id=row.id,
            )
            for row in rows
        ]

    def finish(self, unit: Transaction, events: Sequence[InboundEvent], state: State) -> None:
        """The events were answered, or given up; what they said is removed."""
        unit.execute(
            update(inbound_events)
            .where(inbound_events.c.id.in_([event.id for event in events]))
            .values(state=state, payload=None)
        )

    def forget_before(self, moment: datetime) -> None:
        """Remove the traces of events that nobody delivers again any more."""
        with self._database.transaction() as unit:
            unit.execute(
                delete(inbound_events)
                .where(inbound_events.c.channel == self._channel)
                .where(inbound_events.c.state != "waiting")
                .where(inbound_events.c.received_at < to_column(moment))
            )

    def _keep(self, unit: Transaction, event: InboundEvent, at: datetime) -> bool:
        content = event.content
        row = {
            "channel": self._channel,
            "event_id": event.event_id,
            "person": event.person,
            "sent_at": to_column(event.sent_at),
            "received_at": to_column(at),
            "state": "noted" if content is None else "waiting",
            "payload": None if content is None else self._database.vault.seal_json(dict(content)),
        }
        try:
            with unit.savepoint():
                unit.execute(insert(inbound_events), row)
        except IntegrityError:
            return False
        return True
