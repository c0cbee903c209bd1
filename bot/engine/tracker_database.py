"""The tables behind Rasa's conversation state; usable without Rasa, for the erasure command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from sqlalchemy import (
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.settings import DataFormat, Settings
from bot.storage import Database, Transaction
from bot.storage.frequent import Frequent
from bot.storage.rotation import reseal_table

_METADATA = MetaData()
MIGRATIONS = Path(__file__).parent / "migrations"
# The tables may lie in the applications' database, which counts its own steps.
_VERSION_TABLE = "tracker_version"

# What Rasa gets to see of a conversation: its present state and its last turns, sealed.
_STATES = Table(
    "tracker_states",
    _METADATA,
    Column("conversation_id", String(255), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("event_count", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
)

# The whole history without what was typed or said, a row for each time the tracker was stored:
# `data` holds those events, sealed, `position` is that of the first. An earlier release stored each
# event in a row of its own, with its `type`.
_EVENTS = Table(
    "tracker_events",
    _METADATA,
    Column("conversation_id", String(255), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("type", String(100), nullable=False),
    Column("at", Float),
    Column("data", LargeBinary, nullable=False),
)

_STATE = Frequent(select(_STATES).where(_STATES.c.conversation_id == bindparam("conversation")))
_INSERT_STATE = Frequent(insert(_STATES))
_REPLACE_STATE = Frequent(
    update(_STATES)
    .where(_STATES.c.conversation_id == bindparam("conversation"))
    .where(_STATES.c.version == bindparam("replaces"))
)
_INSERT_EVENTS = Frequent(insert(_EVENTS))
_SEVERAL = "turn"


class StaleTracker(RuntimeError):
    """Another turn of the conversation was stored meanwhile; this one was not."""


@dataclass(frozen=True)
class StoredState:
    """A conversation's state.

    ``version`` counts how often it was stored, ``event_count`` the events of its history.
    """

    version: int
    event_count: int
    state: bytes


@dataclass(frozen=True)
class TurnHistory:
    """Events to be appended: a JSON list, how many, when the first one was (seconds since 1970)."""

    text: str
    count: int
    at: Optional[float]


class TrackerDatabase:
    """Reads and writes the state and the history of conversations."""

    def __init__(self, url: str, keys: Sequence[str], seals_as: DataFormat = "aes-gcm") -> None:
        self._database = Database(url, keys, seals_as)
        self.vault = self._database.vault
        self._when_erased: list[Callable[[str], None]] = []
        self.upgrade()

    @classmethod
    def from_settings(cls, settings: Settings) -> TrackerDatabase:
        """The database that the settings name."""
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return cls(settings.tracker_address, settings.data_keys, settings.data_format)

    def upgrade(self) -> None:
        """Create the tables or bring them up to date; safe when several processes start."""
        self._database.upgrade(MIGRATIONS, _VERSION_TABLE)

    def state(self, conversation_id: str) -> Optional[StoredState]:
        """The stored state, or none for a conversation that was never stored."""
        with self._database.reading() as transaction:
            row = transaction.execute(_STATE, {"conversation": conversation_id}).first()
        return StoredState(row.version, row.event_count, bytes(row.state)) if row else None

    def history(self, conversation_id: str) -> list[dict[str, Any]]:
        """Every stored event, oldest first."""
        query = (
            select(_EVENTS.c.data)
            .where(_EVENTS.c.conversation_id == conversation_id)
            .order_by(_EVENTS.c.position)
        )
        with self._database.reading() as transaction:
            rows = transaction.execute(query).all()
        stored = [self.vault.open_json(bytes(row.data)) for row in rows]
        return [event for data in stored for event in (data if isinstance(data, list) else [data])]

    def store(
        self,
        conversation_id: str,
        replaced: Optional[StoredState],
        state: bytes,
        events: Optional[TurnHistory],
    ) -> StoredState:
        """Replace what was stored (none: nothing is yet), append the events to the history.

        Raises:
            StaleTracker: the stored version is another; nothing was stored.
            DatabaseUnavailable: nothing was stored.
        """
        version, count = (replaced.version, replaced.event_count) if replaced else (0, 0)
        new = StoredState(version + 1, count + (events.count if events else 0), state)
        # Sealed before the transaction begins: other writers wait for its end.
        row = self._row(conversation_id, count, events) if events else None
        try:
            with self._database.transaction() as transaction:
                _replace(transaction, conversation_id, replaced, new)
                if row:
                    transaction.execute(_INSERT_EVENTS, row)
        except IntegrityError:
            raise StaleTracker(conversation_id) from None
        return new

    def _row(
        self, conversation_id: str, first_position: int, events: TurnHistory
    ) -> dict[str, Any]:
        return {
            "conversation_id": conversation_id,
            "position": first_position,
            "type": _SEVERAL,
            "at": events.at,
            "data": self.vault.seal(events.text.encode()),
        }

    def conversation_ids(self) -> list[str]:
        """Every stored conversation."""
        with self._database.reading() as transaction:
            return list(transaction.execute(select(_STATES.c.conversation_id)).scalars())

    def delete(self, conversation_id: str) -> None:
        """Erase state and history of a conversation."""
        with self._database.transaction() as transaction:
            for table in (_STATES, _EVENTS):
                transaction.execute(delete(table).where(table.c.conversation_id == conversation_id))
        for forget in self._when_erased:
            forget(conversation_id)
        self._database.write_back()

    def when_erased(self, forget: Callable[[str], None]) -> None:
        """Have ``forget`` called with each conversation that is erased through this object."""
        self._when_erased.append(forget)

    def rotate_keys(self) -> int:
        """Seal everything anew under the first key; returns how many payloads there were.

        Raises:
            UnreadablePayload: no configured key opens one; those before it are done.
        """
        return sum(reseal_table(self._database, table) for table in (_STATES, _EVENTS))

    def close(self) -> None:
        """Close the connections."""
        self._database.close()


def _replace(
    transaction: Transaction,
    conversation_id: str,
    replaced: Optional[StoredState],
    new: StoredState,
) -> None:
    values = {"version": new.version, "event_count": new.event_count, "state": new.state}
    if replaced is None:
        transaction.execute(_INSERT_STATE, {"conversation_id": conversation_id, **values})
        return
    named = {"conversation": conversation_id, "replaces": replaced.version}
    changed = transaction.execute(_REPLACE_STATE, {**values, **named})
    if changed.rowcount != 1:
        raise StaleTracker(conversation_id)
