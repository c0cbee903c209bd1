"""The statements of every turn, built and compiled once.

On SQLite the driver runs them: by way of SQLAlchemy, running one takes five times as long.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

from sqlalchemy import DateTime
from sqlalchemy.exc import IntegrityError

Row = Mapping[str, Any]
Parameters = Union[Row, Sequence[Row]]


class Frequent:
    """A statement that ``Transaction.execute`` takes like any other.

    Its parameters are all named and always the same ones. Its rows are what the driver gives:
    numbers, texts and bytes, but no times.
    """

    def __init__(self, statement: Any) -> None:
        columns = list(getattr(statement, "selected_columns", ()))
        if any(isinstance(column.type, DateTime) for column in columns):
            raise TypeError("a frequent statement cannot give times")
        self._statement = statement
        self._row_type = namedtuple("row", [column.key for column in columns])  # type: ignore[misc]
        self._compiled: _Compiled | None = None

    def run(self, connection: Any, parameters: Parameters) -> Any:
        """The result of the statement on a connection of SQLAlchemy.

        Raises:
            IntegrityError: as SQLAlchemy raises it.
            sqlite3.Error: anything else that the driver raises.
        """
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, parameters)
        compiled = self._compiled
        if compiled is None:
            compiled = self._compiled = _Compiled.of(self._statement, connection, parameters)
        driver = connection.connection.dbapi_connection
        try:
            cursor = compiled.run(driver, parameters)
            rows = [self._row_type(*row) for row in cursor]
        except sqlite3.IntegrityError as error:
            raise IntegrityError(None, None, error) from None
        return Result(rows, cursor.rowcount)


@dataclass(frozen=True)
class Result:
    """What a statement found, or how many rows it changed."""

    rows: list[Any]
    rowcount: int

    def first(self) -> Any:
        """The first row, or ``None``."""
        return self.rows[0] if self.rows else None

    def all(self) -> list[Any]:
        """Every row."""
        return self.rows


@dataclass(frozen=True)
class _Compiled:
    """A statement for the driver; ``order`` names its parameters and how each is converted."""

    sql: str
    order: list[tuple[str, Callable[[Any], Any] | None]]

    @classmethod
    def of(cls, statement: Any, connection: Any, parameters: Parameters) -> _Compiled:
        dialect = connection.dialect
        names = parameters if isinstance(parameters, Mapping) else parameters[0]
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        order = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ]
        return cls(str(compiled), order)

    def run(self, driver: sqlite3.Connection, parameters: Parameters) -> sqlite3.Cursor:
        if isinstance(parameters, Mapping):
            return driver.execute(self.sql, self._values(parameters))
        return driver.executemany(self.sql, [self._values(row) for row in parameters])

    def _values(self, row: Row) -> list[Any]:
        return [row[name] if to is None else to(row[name]) for name, to in self.order]
