"""Applications while they are being filled in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from pydantic.json import pydantic_encoder
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot import clock
from bot.application.draft import Draft
from bot.storage.database import Database, Transaction
from bot.storage.evidence import append_evidence, delete_evidence
from bot.storage.tables import drafts
from bot.storage.times import to_column

# Statements of every turn are built once: building one costs more than running it.
_LOAD = select(drafts.c.payload, drafts.c.version).where(
    drafts.c.conversation_id == bindparam("conversation")
)
_VERSION = select(drafts.c.version).where(drafts.c.conversation_id == bindparam("conversation"))
_INSERT = insert(drafts)
_REPLACE = (
    update(drafts)
    .where(drafts.c.conversation_id == bindparam("conversation"))
    .where(drafts.c.version == bindparam("replaces"))
)


class StaleDraft(Exception):
    """The draft was stored or erased by somebody else since it was loaded."""


class DraftStore:
    """Keeps drafts, one per conversation, together with the evidence of each turn."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, conversation_id: str, within: Transaction | None = None) -> Draft | None:
        """
        Args:
            within: a unit of work that is under way, to look at what it sees.

        Raises:
            DatabaseUnavailable: the database cannot be read.
            UnreadablePayload: no configured key opens the draft.
        """
        with nullcontext(within) if within else self._database.reading() as unit:
            row = unit.execute(_LOAD, {"conversation": conversation_id}).first()
        if row is None:
            return None
        draft = Draft.parse_raw(self._database.vault.open(row.payload))
        draft.version = row.version
        return draft

    def is_current(self, draft: Draft, within: Transaction) -> bool:
        """Whether this is the stored version: neither replaced nor erased since."""
        row = within.execute(_VERSION, {"conversation": draft.conversation_id}).first()
        return row is not None and row.version == draft.version

    def save(self, draft: Draft, within: Transaction | None = None) -> None:
        """Store ``draft`` and append its ``new_evidence``, in one transaction.

        Afterwards ``draft`` carries its new ``version`` and ``updated_at`` and no new evidence;
        with ``within``, that happens when that unit of work is stored.

        Raises:
            StaleDraft: it was stored or erased by somebody else since it was loaded.
            DatabaseUnavailable: nothing was stored.
        """
        with _unit(self._database, within) as unit:
            stored = draft.copy(update={"version": draft.version + 1, "updated_at": clock.now()})
            self._write(unit, stored, draft.version)
            appended = list(draft.new_evidence)
            append_evidence(unit, self._database.vault, draft.conversation_id, appended)
            unit.after_commit(lambda: _bring_up_to_date(draft, stored, len(appended)))

    def delete(self, conversation_id: str) -> None:
        """Erase the draft and its evidence.

        Evidence of a submitted application is kept with that application.
        """
        with self._database.transaction() as unit:
            unit.execute(delete(drafts).where(drafts.c.conversation_id == conversation_id))
            delete_evidence(unit, conversation_id)

    def _write(self, unit: Transaction, stored: Draft, replaces: int) -> None:
        values = self._columns(stored)
        if replaces == 0:
            try:
                with unit.savepoint():
                    unit.execute(_INSERT, values)
            except IntegrityError:
                raise StaleDraft(stored.conversation_id) from None
            return
        named = {"conversation": stored.conversation_id, "replaces": replaces}
        if unit.execute(_REPLACE, {**values, **named}).rowcount != 1:
            raise StaleDraft(stored.conversation_id)

    def _columns(self, stored: Draft) -> dict[str, Any]:
        return {
            "conversation_id": stored.conversation_id,
            "status": stored.status,
            "channel": stored.channel,
            "open_question": stored.open_question,
            "broker_number": stored.broker.broker_number if stored.broker else None,
            "reference": stored.reference,
            "version": stored.version,
            "created_at": to_column(stored.created_at),
            "updated_at": to_column(stored.updated_at),
            "payload": self._database.vault.seal(_content(stored)),
        }


def _content(draft: Draft) -> bytes:
    # What `draft.json(exclude={"new_evidence"})` gives, without copying all of it first.
    content = {name: value for name, value in vars(draft).items() if name != "new_evidence"}
    return json.dumps(content, default=pydantic_encoder, ensure_ascii=False).encode()


def _bring_up_to_date(draft: Draft, stored: Draft, appended: int) -> None:
    draft.version = stored.version
    draft.updated_at = stored.updated_at
    del draft.new_evidence[:appended]


@contextmanager
def _unit(database: Database, within: Transaction | None) -> Iterator[Transaction]:
    if within is not None:
        yield within
        return
    with database.transaction() as unit:
        yield unit
