"""Deliveries that are due, under way, done or given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import insert, or_, select, update

from bot.storage.database import Database, Transaction
from bot.storage.tables import deliveries
from bot.storage.times import from_column, to_column

State = Literal["pending", "delivered", "dead"]


@dataclass(frozen=True)
class Delivery:
    """One application on its way to one destination.

    ``idempotency_key`` is the same at every attempt. ``last_error`` names a kind of error and
    nothing that was submitted. A ``dead`` delivery is not tried again by itself.
    """

    id: int
    reference: str
    destination: str
    idempotency_key: str
    state: State
    attempts: int
    next_attempt_at: datetime
    delivered_at: datetime | None
    last_error: str | None


class Outbox:
    """Keeps the deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(
        self, unit: Transaction, reference: str, destinations: Sequence[str], now: datetime
    ) -> None:
        """Add a delivery to each of ``destinations``, due at once."""
        for destination in destinations:
            unit.execute(
                insert(deliveries),
                {
                    "reference": reference,
                    "destination": destination,
                    "idempotency_key": f"{reference}:{destination}",
                    "state": "pending",
                    "attempts": 0,
                    "next_attempt_at": to_column(now),
                },
            )

    def due(self, now: datetime, longest_wait: timedelta) -> list[Delivery]:
        """The deliveries to try now, the longest waiting first.

        Args:
            longest_wait: what is set for later than that was set when the clock was wrong.
        """
        at = deliveries.c.next_attempt_at
        is_due = or_(at <= to_column(now), at > to_column(now + longest_wait))
        return self._read(deliveries.c.state == "pending", is_due)

    def of(self, reference: str) -> list[Delivery]:
        """The deliveries of an application."""
        return self._read(deliveries.c.reference == reference)

    def all(self) -> list[Delivery]:
        """Every delivery."""
        return self._read()

    def claim(self, delivery: Delivery, now: datetime, again_at: datetime) -> bool:
        """Count one more attempt before it is made; ``False`` if somebody else was faster.

        The next attempt is set here already: should this process end in the middle, the delivery
        is tried again then.
        """
        return self._change(
            delivery,
            attempts=delivery.attempts + 1,
            next_attempt_at=to_column(again_at),
            started_at=to_column(now),
        )

    def delivered(self, delivery: Delivery, at: datetime) -> None:
        self._finish(delivery, state="delivered", delivered_at=to_column(at), last_error=None)

    def failed(self, delivery: Delivery, error: str, again_at: datetime) -> None:
        """Note why an attempt failed and when the next one is due."""
        self._finish(delivery, last_error=error, next_attempt_at=to_column(again_at))

    def given_up(self, delivery: Delivery, error: str) -> None:
        """Note why the delivery is not tried again by itself."""
        self._finish(delivery, state="dead", last_error=error)

    def revive(self, reference: str, now: datetime) -> int:
        """Deliver an application once more to all its destinations; returns how many there are."""
        with self._database.transaction() as unit:
            changed = unit.execute(
                update(deliveries)
                .where(deliveries.c.reference == reference)
                .values(
                    state="pending",
                    attempts=0,
                    next_attempt_at=to_column(now),
                    started_at=None,
                    last_error=None,
                )
            )
            return int(changed.rowcount)

    def resume(self, now: datetime) -> None:
        """Make due at once what was under way when the process ended."""
        with self._database.transaction() as unit:
            unit.execute(
                update(deliveries)
                .where(deliveries.c.state == "pending", deliveries.c.started_at.is_not(None))
                .values(next_attempt_at=to_column(now), started_at=None)
            )

    def _change(self, delivery: Delivery, **values: Any) -> bool:
        with self._database.transaction(durable=True) as unit:
            changed = unit.execute(
                update(deliveries)
                .where(deliveries.c.id == delivery.id)
                .where(deliveries.c.state == "pending")
                .where(deliveries.c.attempts == delivery.attempts)
                .values(values)
            )
            return bool(changed.rowcount == 1)

    def _finish(self, delivery: Delivery, **values: Any) -> None:
        # The attempt was counted when it was claimed.
        with self._database.transaction(durable=True) as unit:
            unit.execute(
                update(deliveries)
                .where(deliveries.c.id == delivery.id)
                .where(deliveries.c.state == "pending")
                .where(deliveries.c.attempts == delivery.attempts + 1)
                .values(started_at=None, **values)
            )

    def _read(self, *conditions: Any) -> list[Delivery]:
        query = select(deliveries).where(*conditions)
        with self._database.reading() as unit:
            found = unit.execute(query.order_by(deliveries.c.next_attempt_at, deliveries.c.id))
            return [_delivery(row) for row in found]


def _delivery(row: Any) -> Delivery:
    return Delivery(
        id=row.id,
        reference=row.reference,
        destination=row.destination,
        idempotency_key=row.idempotency_key,
        state=row.state,
        attempts=row.attempts,
        next_attempt_at=from_column(row.next_attempt_at),
        delivered_at=from_column(row.delivered_at) if row.delivered_at else None,
        last_error=row.last_error,
    )
