"""How far conversations got before, to go on from a copy instead of typing all of it again.

A milestone is passed while ``journeys.walk`` waits for an answer. Whoever said the same, word for
word and at the same time, goes on from there: with the draft, its evidence and its messages stored
once more under their own conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, insert, select

from bot import clock
from bot.application.draft import Draft
from bot.storage import Database, DraftStore, Transaction
from bot.storage.tables import evidence, messages

# What is stored beside the draft of a conversation.
BESIDE = (evidence, messages)


@dataclass(frozen=True)
class Said:
    """What a person did, in which words, and when."""

    kind: str
    words: str
    at: datetime = field(default_factory=clock.now)


# Everything that a person did since the conversation began.
Course = tuple[Said, ...]


@dataclass(frozen=True)
class StoredConversation:
    """What is stored of an open application, to be stored again for another conversation."""

    draft: Draft = field(repr=False)
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(repr=False)

    @classmethod
    def of(cls, database: Database, conversation_id: str) -> StoredConversation | None:
        """What is stored now; none where no draft is open."""
        draft = DraftStore(database).load(conversation_id)
        if draft is None or draft.status != "open":
            return None
        with database.reading() as unit:
            rows = {table.name: _rows(unit, table, conversation_id) for table in BESIDE}
        return cls(draft, rows)

    def put(self, database: Database, conversation_id: str) -> None:
        """Store it for this conversation, in place of what it had so far."""
        drafts = DraftStore(database)
        present = drafts.load(conversation_id)
        draft = deepcopy(self.draft)
        draft.conversation_id = conversation_id
        draft.application_id = uuid4().hex
        draft.version = present.version if present else 0
        with database.transaction() as unit:
            for table in BESIDE:
                unit.execute(delete(table).where(table.c.conversation_id == conversation_id))
                own = [{**row, "conversation_id": conversation_id} for row in self.rows[table.name]]
                if own:
                    unit.execute(insert(table), own)
            drafts.save(draft, unit)


def _rows(unit: Transaction, table: Any, conversation_id: str) -> list[dict[str, Any]]:
    of_this = table.c.conversation_id == conversation_id
    found = unit.execute(select(table).where(of_this).order_by(table.c.id)).mappings().all()
    return [{name: value for name, value in row.items() if name != "id"} for row in found]


@dataclass(frozen=True)
class Milestone:
    """A question that waits for its answer.

    Attributes:
        asked: the key of the question.
        stored: what is stored of the conversation.
        view: what the person has before them, as their side of the conversation keeps it.
    """

    asked: str
    stored: StoredConversation
    view: tuple[Any, ...] = field(repr=False)


class Milestones:
    """The milestones that conversations with one assistant passed, by their course."""

    def __init__(self) -> None:
        self._passed: dict[Course, Milestone] = {}

    def at(self, course: Course) -> Milestone | None:
        """Where a conversation of this course stands, if somebody was there."""
        return self._passed.get(course)

    def note(self, course: Course, milestone: Milestone) -> None:
        """Somebody is there."""
        self._passed[course] = milestone
