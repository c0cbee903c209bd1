"""The messages that a channel showed, so that it can show them again after a reload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, delete, insert, select

from bot.storage.database import Database, Transaction
from bot.storage.frequent import Frequent
from bot.storage.tables import messages
from bot.storage.times import from_column, to_column

Sender = Literal["user", "bot"]
# Far enough for every choice that is still on the screen.
MESSAGES_LOOKED_BACK = 20

_INSERT = Frequent(insert(messages))
_OF_TURN = Frequent(
    select(messages.c.sender, messages.c.payload)
    .where(messages.c.conversation_id == bindparam("conversation"))
    .where(messages.c.client_id == bindparam("client"))
    .order_by(messages.c.id)
)
_LATEST = (
    select(messages.c.sender, messages.c.payload)
    .where(messages.c.conversation_id == bindparam("conversation"))
    .order_by(messages.c.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class SealedTurn:
    """The rows of a message and of what was replied, sealed before a transaction begins."""

    conversation_id: str
    client_id: str
    rows: Sequence[dict[str, Any]]


class MessageLog:
    """The messages of each conversation, encrypted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sealed_turn(
        self,
        conversation_id: str,
        client_id: str,
        message: Mapping[str, Any] | None,
        replies: Sequence[Mapping[str, Any]],
        at: datetime,
    ) -> SealedTurn:
        """A whole turn for ``append_turn``.

        Args:
            client_id: what the client called the message.
            message: what was said; ``None`` if it is not to be shown.
        """
        said = [self._row(conversation_id, client_id, "user", message, at)] if message else []
        answered = [self._row(conversation_id, client_id, "bot", reply, at) for reply in replies]
        return SealedTurn(conversation_id, client_id, [*said, *answered])

    def append_turn(self, turn: SealedTurn, within: Transaction | None = None) -> None:
        """Add a whole turn at once; a turn that is already there is left as it is.

        Args:
            within: a unit of work that is under way, to be stored together with it.
        """
        with nullcontext(within) if within else self._database.transaction() as unit:
            if turn.rows and not _of_turn(unit, turn.conversation_id, turn.client_id):
                unit.execute(_INSERT, turn.rows)

    def messages(self, conversation_id: str) -> list[dict[str, Any]]:
        """Every message, oldest first, as ``{sender, client_id, at, body}``; ``at`` as ISO time."""
        query = (
            select(messages)
            .where(messages.c.conversation_id == conversation_id)
            .order_by(messages.c.id)
        )
        with self._database.reading() as unit:
            rows = unit.execute(query).all()
        return [
            {
                "sender": row.sender,
                "client_id": row.client_id,
                "at": from_column(row.at).isoformat(),
                "body": self._database.vault.open_json(row.payload),
            }
            for row in rows
        ]

    def latest_replies(
        self, conversation_id: str, most: int = MESSAGES_LOOKED_BACK
    ) -> Iterator[dict[str, Any]]:
        """What was said to the person, latest first, each opened when its turn comes.

        Args:
            most: among so many of the latest messages.
        """
        with self._database.reading() as unit:
            named = {"conversation": conversation_id, "most": most}
            rows = unit.execute(_LATEST, named).all()
        return (self._database.vault.open_json(row.payload) for row in rows if row.sender == "bot")

    def answered(
        self, conversation_id: str, client_id: str, within: Transaction | None = None
    ) -> list[dict[str, Any]] | None:
        """The stored replies to this message; ``None`` if it has not been answered."""
        with nullcontext(within) if within else self._database.reading() as unit:
            rows = _of_turn(unit, conversation_id, client_id)
        replies = [row.payload for row in rows if row.sender == "bot"]
        return [self._database.vault.open_json(reply) for reply in replies] or None

    def delete(self, conversation_id: str) -> None:
        with self._database.transaction() as unit:
            unit.execute(delete(messages).where(messages.c.conversation_id == conversation_id))

    def _row(
        self,
        conversation_id: str,
        client_id: str,
        sender: Sender,
        body: Mapping[str, Any],
        at: datetime,
    ) -> dict[str, Any]:
        return {
            "conversation_id": conversation_id,
            "client_id": client_id,
            "sender": sender,
            "at": to_column(at),
            "payload": self._database.vault.seal_json(dict(body)),
        }


def _of_turn(unit: Transaction, conversation_id: str, client_id: str) -> Sequence[Any]:
    named = {"conversation": conversation_id, "client": client_id}
    rows: Sequence[Any] = unit.execute(_OF_TURN, named).all()
    return rows
