"""What was begun through a broker's portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.storage.database import Database
from bot.storage.tables import applications, drafts
from bot.storage.times import from_column


@dataclass(frozen=True)
class BrokerCase:
    """An application, change or quote; there is no reference before it is submitted."""

    status: str
    reference: str | None
    request_type: str | None
    created_at: datetime


def broker_cases(database: Database, broker_number: str, most: int) -> list[BrokerCase]:
    """What came through this broker's portal and no other's, the latest first.

    What a person had erased is not shown any more.
    """
    submitted = (
        select(applications)
        .where(applications.c.broker_number == broker_number)
        .where(applications.c.erasure_requested_at.is_(None))
        .order_by(applications.c.submitted_at.desc())
        .limit(most)
    )
    begun = (
        select(drafts)
        .where(drafts.c.broker_number == broker_number)
        .where(drafts.c.status.in_(("open", "ended")))
        # A page that was merely opened has been greeted, and that is all.
        .where(drafts.c.version > 1)
        .order_by(drafts.c.created_at.desc())
        .limit(most)
    )
    with database.reading() as unit:
        cases = [
            BrokerCase("submitted", row.reference, row.request_type, from_column(row.submitted_at))
            for row in unit.execute(submitted)
        ]
        cases += [
            BrokerCase(row.status, None, None, from_column(row.created_at))
            for row in unit.execute(begun)
        ]
    return sorted(cases, key=lambda case: case.created_at, reverse=True)[:most]


def is_brokers_own(database: Database, broker_number: str, reference: str) -> bool:
    """Whether this application is among the submitted ones that the broker may see."""
    query = (
        select(applications.c.reference)
        .where(applications.c.reference == reference)
        .where(applications.c.broker_number == broker_number)
        .where(applications.c.erasure_requested_at.is_(None))
    )
    with database.reading() as unit:
        return unit.execute(query).first() is not None
