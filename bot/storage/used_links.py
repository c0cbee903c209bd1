"""Links that work once: those that were used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from bot.storage.database import Database
from bot.storage.tables import used_links
from bot.storage.times import to_column


class UsedLinks:
    """Remembers each used link until it would have expired anyway."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def use(self, link_id: str, expires_at: datetime, now: datetime) -> bool:
        """Use the link up; ``False`` if somebody did before.

        Raises:
            DatabaseUnavailable: it was not used up.
        """
        with self._database.transaction(durable=True) as unit:
            unit.execute(delete(used_links).where(used_links.c.expires_at < to_column(now)))
            row = {"id": link_id, "expires_at": to_column(expires_at)}
            try:
                with unit.savepoint():
                    unit.execute(insert(used_links), row)
            except IntegrityError:
                return False
        return True
