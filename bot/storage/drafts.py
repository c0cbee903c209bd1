"""Applications while they are being filled in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot import clock
from bot.application.draft import Draft
from bot.storage.database import Database, Transaction
from bot.storage.draft_texts import checked, text_of
from bot.storage.evidence import append_evidence, delete_evidence, sealed_evidence
from bot.storage.frequent import Frequent
from bot.storage.tables import drafts
from bot.storage.times import to_column

_LOAD = Frequent(
    select(drafts.c.payload, drafts.c.version).where(
        drafts.c.conversation_id == bindparam("conversation")
    )
)
_INSERT = Frequent(insert(drafts))
_REPLACE = Frequent(
    update(drafts)
    .where(drafts.c.conversation_id == bindparam("conversation"))
    .where(drafts.c.version == bindparam("replaces"))
)


class StaleDraft(Exception):
    """The draft was stored or erased by somebody else since it was loaded."""


@dataclass(frozen=True)
class SealedDraft:
    """A draft, and how it will be stored, sealed before a transaction begins.

    Other writers wait for the end of a transaction, and need not wait for this.
    """

    draft: Draft = field(repr=False)
    version: int
    at: datetime
    payload: bytes
    evidence: list[dict[str, Any]] = field(repr=False)


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
        draft = checked(self._database.vault.open(row.payload))
        draft.version = row.version
        return draft

    def conversation_ids(self) -> list[str]:
        """Every conversation that has a draft."""
        with self._database.reading() as unit:
            return list(unit.execute(select(drafts.c.conversation_id)).scalars())

    def save(self, draft: Draft, within: Transaction | None = None) -> None:
        """Store ``draft`` and append its ``new_evidence``, in one transaction.

        Afterwards ``draft`` carries its new ``version`` and ``updated_at`` and no new evidence;
        with ``within``, that happens when that unit of work is stored.

        Raises:
            StaleDraft: it was stored or erased by somebody else since it was loaded.
            DatabaseUnavailable: nothing was stored.
        """
        new = self.sealed(draft)
        with _unit(self._database, within) as unit:
            self.store(new, unit)

    def sealed(self, draft: Draft) -> SealedDraft:
        """The draft for ``store``, as it will be then."""
        version, at, vault = draft.version + 1, clock.now(), self._database.vault
        text = text_of(draft, version, at)
        evidence = sealed_evidence(vault, draft.conversation_id, draft.new_evidence)
        return SealedDraft(draft, version, at, vault.seal(text), evidence)

    def store(self, new: SealedDraft, unit: Transaction) -> None:
        """What ``save`` does, once it is sealed.

        Raises:
            StaleDraft: it was stored or erased by somebody else since it was loaded.
        """
        draft, evidence = new.draft, new.evidence
        self._write(unit, draft, _columns(new))
        append_evidence(unit, evidence)
        unit.after_commit(lambda: _bring_up_to_date(draft, new.version, new.at, len(evidence)))

    def delete(self, conversation_id: str) -> None:
        """Erase the draft and its evidence.

        Evidence of a submitted application is kept with that application.
        """
        with self._database.transaction() as unit:
            unit.execute(delete(drafts).where(drafts.c.conversation_id == conversation_id))
            delete_evidence(unit, conversation_id)

    def _write(self, unit: Transaction, draft: Draft, values: dict[str, Any]) -> None:
        if draft.version == 0:
            try:
                with unit.savepoint():
                    unit.execute(_INSERT, values)
            except IntegrityError:
                raise StaleDraft(draft.conversation_id) from None
            return
        named = {"conversation": draft.conversation_id, "replaces": draft.version}
        if unit.execute(_REPLACE, {**values, **named}).rowcount != 1:
            raise StaleDraft(draft.conversation_id)


def _columns(new: SealedDraft) -> dict[str, Any]:
    draft = new.draft
    return {
        "conversation_id": draft.conversation_id,
        "status": draft.status,
        "channel": draft.channel,
        "open_question": draft.open_question,
        "broker_number": draft.broker.broker_number if draft.broker else None,
        "reference": draft.reference,
        "version": new.version,
        "created_at": to_column(draft.created_at),
        "updated_at": to_column(new.at),
        "payload": new.payload,
    }


def _bring_up_to_date(draft: Draft, version: int, at: datetime, appended: int) -> None:
    draft.version = version
    draft.updated_at = at
    del draft.new_evidence[:appended]


@contextmanager
def _unit(database: Database, within: Transaction | None) -> Iterator[Transaction]:
    if within is not None:
        yield within
        return
    with database.transaction() as unit:
        yield unit
