"""What was asked, shown and answered: rows that are only ever added."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from bot.application.draft import Evidence
from bot.storage.database import Transaction
from bot.storage.tables import applications, evidence
from bot.storage.times import from_column, to_column
from bot.storage.vault import Vault

_INSERT = insert(evidence)


def append_evidence(
    unit: Transaction, vault: Vault, conversation_id: str, entries: Sequence[Evidence]
) -> None:
    """Add ``entries`` in their order."""
    rows = [
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
    if rows:
        unit.execute(_INSERT, rows)


def read_evidence(unit: Transaction, vault: Vault, conversation_id: str) -> list[Evidence]:
    """Everything about a conversation, in the order in which it was added."""
    query = (
        select(evidence)
        .where(evidence.c.conversation_id == conversation_id)
        .order_by(evidence.c.id)
    )
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
        for row in unit.execute(query)
    ]


def delete_evidence(unit: Transaction, conversation_id: str) -> None:
    """Erase the evidence, unless an application was submitted from this conversation."""
    submitted = select(applications.c.reference).where(
        applications.c.conversation_id == conversation_id
    )
    if unit.execute(submitted).first() is None:
        unit.execute(delete(evidence).where(evidence.c.conversation_id == conversation_id))
