"""The stores that a channel reads and writes, opened once per process."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings import Settings
from bot.storage import Database, DocumentStore, DraftStore, MessageLog


@dataclass(frozen=True)
class Stores:
    """One database, and what is kept in it."""

    database: Database
    drafts: DraftStore
    messages: MessageLog
    documents: DocumentStore

    @classmethod
    def open(cls, settings: Settings) -> Stores:
        """The stores that the settings name, with their tables up to date.

        Raises:
            DatabaseUnavailable: the database cannot be reached.
        """
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        url = settings.database_url or f"sqlite:///{settings.data_dir / 'bot.sqlite3'}"
        database = Database(url, settings.data_keys)
        database.upgrade()
        return cls.of(database, settings)

    @classmethod
    def of(cls, database: Database, settings: Settings) -> Stores:
        """The stores in ``database``, with documents below the data directory."""
        return cls(
            database=database,
            drafts=DraftStore(database),
            messages=MessageLog(database),
            documents=DocumentStore(database, settings.data_dir / "documents"),
        )
