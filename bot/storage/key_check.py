"""Whether the present keys open what is stored, asked before anything is written."""

from __future__ import annotations

from sqlalchemy import LargeBinary, insert, select
from sqlalchemy.exc import IntegrityError

from bot.storage.database import Database, Transaction
from bot.storage.tables import METADATA, key_check

_ROW = 1
_CONTENT = b"club-application"


def check_keys(database: Database) -> None:
    """Try the keys on the check value; where there is none yet, on what is stored, and store one.

    Raises:
        UnreadablePayload: no configured key opens what is stored; nothing was written.
        DatabaseUnavailable: the database cannot be read or written.
    """
    with database.reading() as unit:
        checked = unit.execute(select(key_check.c.payload)).scalar()
        sealed = [checked] if checked is not None else _samples(unit)
    for each in sealed:
        database.vault.open(bytes(each))
    if checked is None:
        row = {"id": _ROW, "payload": database.vault.seal(_CONTENT)}
        try:
            with database.transaction() as unit:
                unit.execute(insert(key_check), row)
        except IntegrityError:
            # Another process started at the same time.
            check_keys(database)


def _samples(unit: Transaction) -> list[bytes]:
    """One sealed value of each table that has any."""
    found = []
    for table in METADATA.sorted_tables:
        for column in table.c:
            if isinstance(column.type, LargeBinary):
                query = select(column).where(column.is_not(None)).limit(1)
                found += unit.execute(query).scalars().all()
    return found
