"""Sealing everything stored anew under the first key, so that an older one can be retired."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, and_, select, update

from bot.storage.database import Database
from bot.storage.durable_files import write_atomically
from bot.storage.vault import Vault

ROWS_AT_ONCE = 200


def reseal_table(database: Database, table: Any) -> int:
    """Seal every payload of ``table`` anew; returns how many there were.

    A row that is changed meanwhile is left: it was sealed under the first key then.

    Raises:
        UnreadablePayload: no configured key opens one; those before it are done.
    """
    sealed = [column for column in table.c if isinstance(column.type, LargeBinary)]
    keys = list(table.primary_key.columns)
    if not sealed:
        return 0
    with database.reading() as unit:
        rows = unit.execute(select(*keys)).mappings().all()
    done = 0
    for start in range(0, len(rows), ROWS_AT_ONCE):
        with database.transaction() as unit:
            for row in rows[start : start + ROWS_AT_ONCE]:
                same = and_(*(key == row[key.name] for key in keys))
                for column in sealed:
                    done += _reseal(unit, database.vault, table, column, same)
    return done


def _reseal(unit: Any, vault: Vault, table: Any, column: Any, same: Any) -> int:
    content = unit.execute(select(column).where(same)).scalar()
    if content is None:
        return 0
    anew = vault.reseal(bytes(content))
    changed = unit.execute(update(table).where(same, column == content).values({column.name: anew}))
    return int(changed.rowcount)


def reseal_files(folder: Path, vault: Vault) -> int:
    """Seal every document below ``folder`` anew; returns how many there were.

    Raises:
        UnreadablePayload: no configured key opens one; those before it are done.
        OSError: a document could not be written; the old one is still there.
    """
    done = 0
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.startswith("."):
            continue
        try:
            write_atomically(path, vault.reseal(path.read_bytes()))
        except FileNotFoundError:
            # Erased meanwhile, with its folder.
            continue
        done += 1
    return done
