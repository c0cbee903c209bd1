"""What is kept: drafts, shown messages, documents, applications and their deliveries.

SQLite by default, PostgreSQL from the same code; payloads and documents are encrypted at rest.
"""

from __future__ import annotations

from bot.storage.database import Database, DatabaseUnavailable, Transaction
from bot.storage.documents import DocumentStore, StoredDocument, UnknownDocument
from bot.storage.drafts import DraftStore, StaleDraft
from bot.storage.messages import MessageLog
from bot.storage.vault import UnreadablePayload, Vault

__all__ = [
    "Database",
    "DatabaseUnavailable",
    "DocumentStore",
    "DraftStore",
    "MessageLog",
    "StaleDraft",
    "StoredDocument",
    "Transaction",
    "UnknownDocument",
    "UnreadablePayload",
    "Vault",
]
