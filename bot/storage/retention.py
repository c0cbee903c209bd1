"""Finding what has been kept long enough, and erasing a submitted application for good."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, select

from bot.storage.database import Database
from bot.storage.tables import applications, deliveries, documents, drafts, evidence, renditions
from bot.storage.times import to_column


def conversations_untouched_since(
    database: Database, moment: datetime, statuses: Collection[str]
) -> list[str]:
    """The conversations whose draft is in one of ``statuses`` and unchanged since ``moment``."""
    query = (
        select(drafts.c.conversation_id)
        .where(drafts.c.updated_at < to_column(moment))
        .where(drafts.c.status.in_(statuses))
        .order_by(drafts.c.updated_at)
    )
    with database.reading() as unit:
        return [row.conversation_id for row in unit.execute(query)]


def applications_submitted_before(database: Database, moment: datetime) -> list[tuple[str, str]]:
    """Reference and conversation of the delivered applications submitted before ``moment``.

    What is not delivered everywhere is kept however old it is.
    """
    undelivered = exists().where(
        deliveries.c.reference == applications.c.reference, deliveries.c.state != "delivered"
    )
    query = (
        select(applications.c.reference, applications.c.conversation_id)
        .where(applications.c.submitted_at < to_column(moment))
        .where(~undelivered)
        .order_by(applications.c.submitted_at)
    )
    with database.reading() as unit:
        return [(row.reference, row.conversation_id) for row in unit.execute(query)]


def delete_application(database: Database, reference: str) -> None:
    """Erase an application with its evidence, PDF and deliveries; its documents go before it."""
    with database.transaction() as unit:
        for table in (renditions, deliveries, evidence, documents, applications):
            unit.execute(delete(table).where(table.c.reference == reference))
    database.write_back()
