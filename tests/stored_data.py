"""Everything that lies stored, as bytes to search through."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from bot.storage import Database
from bot.storage.tables import METADATA


def everything_stored(database: Database, folder: Path) -> bytes:
    """Every value of every table and every file below ``folder``."""
    found = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    with database.reading() as unit:
        for table in METADATA.sorted_tables:
            for row in unit.execute(select(table)):
                found += [v if isinstance(v, bytes) else str(v).encode() for v in row]
    return b"\n".join(found)
