"""What was asked, shown and answered: rows that are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, delete, insert, select, update

from bot.application.draft import Evidence
from bot.storage.database import Transaction
from bot.storage.frequent import Frequent
from bot.storage.tables import evidence
from bot.storage.times import from_column, to_column
from bot.storage.vault import Vault

_INSERT = Frequent(insert(evidence))


def sealed_evidence(
    vault: Vault, conversation_id: str, entries: Sequence[Evidence]
) -> list[dict[str, Any]]:
    """The rows of ``entries``, in their order."""
    return [
        {
            "conversation_id": conversation_id,
            "at": to_column(entry.at),
            "channel": entry.channel,
            "kind": entry.kind,
            "item": entry.item,
            "version": entry.version,
            "wording_hash": entry.wording_hash,
            "payload": vault.seal_json(entry.value),
        }
        for entry in entries
    ]


def append_evidence(unit: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Add what ``sealed_evidence`` gave."""
    if rows:
        unit.execute(_INSERT, rows)


def open_evidence(unit: Transaction, vault: Vault, conversation_id: str) -> list[Evidence]:
    """What belongs to no submitted application yet, in the order in which it was added."""
    return _read(unit, vault, _open(conversation_id))


def evidence_of(unit: Transaction, vault: Vault, reference: str) -> list[Evidence]:
    """What belongs to a submitted application, in the order in which it was added."""
    return _read(unit, vault, evidence.c.reference == reference)


def assign_evidence(unit: Transaction, conversation_id: str, reference: str) -> None:
    """From now on the open evidence belongs to the application ``reference``."""
    unit.execute(update(evidence).where(_open(conversation_id)).values(reference=reference))


def delete_evidence(unit: Transaction, conversation_id: str) -> None:
    """Erase what belongs to no submitted application."""
    unit.execute(delete(evidence).where(_open(conversation_id)))


def _open(conversation_id: str) -> Any:
    return and_(evidence.c.conversation_id == conversation_id, evidence.c.reference.is_(None))


def _read(unit: Transaction, vault: Vault, condition: Any) -> list[Evidence]:
    return [
        Evidence(
            at=from_column(row.at),
            channel=row.channel,
            kind=row.kind,
            item=row.item,
            version=row.version,
            wording_hash=row.wording_hash,
            value=vault.open_json(row.payload),
        )
        for row in unit.execute(select(evidence).where(condition).order_by(evidence.c.id))
    ]
