"""The connection to SQLite or PostgreSQL, and the unit of work."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

from sqlalchemy import column, create_engine, event, select, table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from bot.settings import DataFormat
from bot.storage.frequent import Frequent
from bot.storage.vault import Vault

MIGRATIONS = Path(__file__).parent / "migrations"
SQLITE_WAIT_MILLISECONDS = 10_000
# SQLite itself would wait in steps of 1 to 100 ms for writers that take a fraction of that.
_FIRST_PAUSE_SECONDS = 0.00005
_LONGEST_PAUSE_SECONDS = 0.02
POSTGRES_LOCK_MILLISECONDS = 10_000
POSTGRES_CONNECT_SECONDS = 10


class DatabaseUnavailable(Exception):
    """The database is locked, full or away; nothing of the unit of work was stored."""


class Transaction:
    """A unit of work: everything executed in it is stored together or not at all."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._after_commit: list[Callable[[], None]] = []

    def execute(self, statement: Any, *parameters: Any) -> Any:
        if isinstance(statement, Frequent):
            return statement.run(self._connection, *parameters)
        return self._connection.execute(statement, *parameters)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What fails inside is undone without losing the rest."""
        with self._connection.begin_nested():
            yield

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run ``action`` once everything is stored, and never if it is not.

        Objects in memory are brought up to date this way, so that they never run ahead of what
        is stored.
        """
        self._after_commit.append(action)

    def committed(self) -> None:
        for action in self._after_commit:
            action()


class Database:
    """The database under ``url``, with payloads encrypted under ``keys``.

    Args:
        url: an SQLAlchemy URL, ``sqlite:///…`` or ``postgresql://…``.
        keys: Fernet keys; the first encrypts, all decrypt.
        seals_as: the format of what is encrypted from now on.
    """

    def __init__(self, url: str, keys: Sequence[str], seals_as: DataFormat = "aes-gcm") -> None:
        self.vault = Vault(keys, seals_as)
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._engine = _sqlite_engine(url) if self.is_sqlite else _server_engine(url)
        _OPEN.add(self)

    def transaction(self, *, durable: bool = False) -> AbstractContextManager[Transaction]:
        """A unit of work that writes.

        Args:
            durable: on SQLite, survive a power failure right after the commit and not only the
                end of the process. PostgreSQL always does.

        Raises:
            DatabaseUnavailable: it could not be begun, run or stored.
        """
        return self._unit("durable" if durable else "write")

    def reading(self) -> AbstractContextManager[Transaction]:
        """A look at what is stored that never waits for a writer.

        Raises:
            DatabaseUnavailable: it could not be begun or run.
        """
        return self._unit("read")

    def upgrade(self) -> None:
        """Create the tables or bring them up to date; safe when several processes start.

        Raises:
            DatabaseUnavailable: they could not be brought up to date.
        """
        if self._is_up_to_date():
            return
        # Alembic takes a noticeable part of a second to import and only this needs it.
        from bot.storage.migrations import upgrade

        with self._connected("durable") as connection:
            upgrade(connection, MIGRATIONS)

    def _is_up_to_date(self) -> bool:
        # A step is called by the number with which its file begins.
        newest = max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
        version = select(table("alembic_version", column("version_num")))
        try:
            with self.reading() as unit:
                taken = unit.execute(version).scalars().all()
        except ProgrammingError:
            return False
        except DatabaseUnavailable:
            if self.is_sqlite:
                # It says the same where there is no such table.
                return False
            raise
        return len(taken) == 1 and newest.startswith(f"{taken[0]}_")

    def write_back(self) -> None:
        """After erasing: leave no copy in SQLite's write-ahead log. PostgreSQL needs no help.

        Raises:
            DatabaseUnavailable: what was erased is erased, a sealed copy may stay for a while.
        """
        if not self.is_sqlite:
            return
        try:
            with self._engine.connect() as connection:
                _set(connection, "busy_timeout", SQLITE_WAIT_MILLISECONDS)
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise DatabaseUnavailable(type(error).__name__) from None

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _unit(self, purpose: str) -> Iterator[Transaction]:
        with self._connected(purpose) as connection:
            unit = Transaction(connection)
            yield unit
        unit.committed()

    @contextmanager
    def _connected(self, purpose: str) -> Iterator[Any]:
        try:
            with self._engine.connect() as connection, connection.begin():
                if self.is_sqlite:
                    _begin_sqlite(connection, purpose)
                yield connection
        except (OperationalError, InterfaceError, PoolTimeout, sqlite3.OperationalError) as error:
            raise DatabaseUnavailable(type(error).__name__) from None
        except DBAPIError as error:
            raise _without_values(error) from None


def _without_values(error: Any) -> Any:
    """The same error without the row that PostgreSQL quotes in its text."""
    found = getattr(error.orig, "diag", None)
    if found is None:
        return error
    place = f"{found.table_name} {found.constraint_name or found.column_name}"
    original = type(error.orig)
    return type(error)(None, None, original(f"{original.__name__}: {place}"))


def _server_engine(url: str) -> Any:
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": POSTGRES_CONNECT_SECONDS,
            "options": f"-c lock_timeout={POSTGRES_LOCK_MILLISECONDS}",
        },
        hide_parameters=True,
    )


def _sqlite_engine(url: str) -> Any:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        connect_args={"check_same_thread": False, "timeout": SQLITE_WAIT_MILLISECONDS / 1000},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver would begin transactions on its own, too late for a consistent view.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")


def _begin_sqlite(connection: Any, purpose: str) -> None:
    # Straight to the driver: by way of SQLAlchemy, beginning costs more than reading a row. As a
    # listener to "begin", it would have SQLAlchemy look for listeners at every statement.
    driver = connection.connection.dbapi_connection
    if purpose == "read":
        _set(connection, "busy_timeout", SQLITE_WAIT_MILLISECONDS)
        driver.execute("BEGIN")
        return
    _set(connection, "synchronous", "FULL" if purpose == "durable" else "NORMAL")
    _set(connection, "busy_timeout", 0)
    _wait_to_write(driver)


def _set(connection: Any, pragma: str, value: object) -> None:
    if connection.info.get(pragma) != value:
        connection.connection.dbapi_connection.execute(f"PRAGMA {pragma}={value}")
        connection.info[pragma] = value


def _wait_to_write(driver: Any) -> None:
    pause, give_up = _FIRST_PAUSE_SECONDS, time.monotonic() + SQLITE_WAIT_MILLISECONDS / 1000
    while True:
        try:
            # A writer that begins as a reader cannot wait for another writer.
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= give_up:
                raise
        else:
            return
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


_OPEN: WeakSet[Database] = WeakSet()


def _close_before_forking() -> None:
    # Two processes must never speak over the same connection.
    for database in list(_OPEN):
        database.close()


os.register_at_fork(before=_close_before_forking)
