"""Work that one server does at a time, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from sqlalchemy import text

from bot.storage.database import Database


@contextmanager
def on_duty(database: Database, name: str) -> Iterator[bool]:
    """Whether this process has the duty ``name`` while inside; another may have it.

    PostgreSQL takes the duty back when the connection ends, however it does. With SQLite there is
    no other server, and of this one's processes only the first asks.

    Raises:
        DatabaseUnavailable: nobody can tell now.
    """
    if database.is_sqlite:
        yield True
        return
    with database.reading() as unit:
        taken = unit.execute(text("SELECT pg_try_advisory_xact_lock(:n)"), {"n": _number(name)})
        yield bool(taken.scalar())


def _number(name: str) -> int:
    return int.from_bytes(sha256(f"duty:{name}".encode()).digest()[:8], "big", signed=True)
