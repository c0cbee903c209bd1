"""Who writes through a messenger, and which conversation is theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.storage.database import Database, Transaction
from bot.storage.tables import channel_people, drafts, outbound_messages
from bot.storage.times import from_column, to_column


@dataclass(frozen=True)
class Person:
    """Somebody in a messenger.

    Attributes:
        person: a keyed hash of the messenger's name for them.
        address: the messenger's name for them: a page-scoped identifier or a phone number.
        last_message_at: when they last wrote, by the messenger's clock.
        reminded_of: the application of which they were reminded.
        memory: what the channel remembers between messages (JSON).
    """

    person: str
    conversation_id: str
    address: str = field(repr=False)
    last_message_at: datetime
    reminded_of: str | None = None
    memory: dict[str, Any] = field(default_factory=dict, repr=False)


def forget_people_of(unit: Transaction, conversation_id: str) -> None:
    """Remove whoever has this conversation, with what is still to be sent to them."""
    theirs = select(channel_people.c.person).where(
        channel_people.c.conversation_id == conversation_id
    )
    unit.execute(delete(outbound_messages).where(outbound_messages.c.person.in_(theirs)))
    unit.execute(delete(channel_people).where(channel_people.c.conversation_id == conversation_id))


class People:
    """The people of one channel; addresses and memory are encrypted."""

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel

    def load(self, person: str) -> Person | None:
        """
        Raises:
            DatabaseUnavailable: the database cannot be read.
        """
        query = select(channel_people).where(channel_people.c.person == person)
        with self._database.reading() as unit:
            row = unit.execute(query).first()
        return None if row is None else self._person(row)

    def save(self, unit: Transaction, person: Person) -> None:
        """Store what is known of them."""
        values = {
            "channel": self._channel,
            "conversation_id": person.conversation_id,
            "last_message_at": to_column(person.last_message_at),
            "reminded_of": person.reminded_of,
            "payload": self._database.vault.seal_json(
                {"address": person.address, "memory": person.memory}
            ),
        }
        same = channel_people.c.person == person.person
        if unit.execute(update(channel_people).where(same).values(values)).rowcount == 0:
            unit.execute(insert(channel_people), {"person": person.person, **values})

    def silent_between(self, earliest: datetime, latest: datetime) -> list[Person]:
        """Whose last message was sent in that time."""
        query = (
            select(channel_people)
            .where(channel_people.c.channel == self._channel)
            .where(channel_people.c.last_message_at > to_column(earliest))
            .where(channel_people.c.last_message_at <= to_column(latest))
            .order_by(channel_people.c.last_message_at)
        )
        with self._database.reading() as unit:
            return [self._person(row) for row in unit.execute(query).all()]

    def forget(self, unit: Transaction, person: str) -> None:
        """Remove what is known of them."""
        unit.execute(delete(channel_people).where(channel_people.c.person == person))

    def forget_erased(self) -> None:
        """Remove everybody whose conversation was erased."""
        kept = select(drafts.c.conversation_id)
        with self._database.transaction() as unit:
            unit.execute(
                delete(channel_people)
                .where(channel_people.c.channel == self._channel)
                .where(channel_people.c.conversation_id.not_in(kept))
            )

    def _person(self, row: Any) -> Person:
        content = self._database.vault.open_json(row.payload)
        return Person(
            person=row.person,
            conversation_id=row.conversation_id,
            address=content["address"],
            last_message_at=from_column(row.last_message_at),
            reminded_of=row.reminded_of,
            memory=content["memory"],
        )
