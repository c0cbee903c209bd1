"""Everything that is kept, opened once per process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.documents import DocumentStore
from bot.storage.drafts import DraftStore
from bot.storage.messages import MessageLog

DOCUMENTS_FOLDER = "documents"


@dataclass(frozen=True)
class Stores:
    """One database, and what is kept in it and beside it."""

    database: Database
    drafts: DraftStore
    messages: MessageLog
    documents: DocumentStore
    documents_folder: Path

    @classmethod
    def open(cls, settings: Settings) -> Stores:
        """The stores that the settings name, with their tables up to date.

        Raises:
            DatabaseUnavailable: the database cannot be reached.
        """
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        database = Database(settings.database_address, settings.data_keys, settings.data_format)
        database.upgrade()
        return cls.of(database, settings)

    @classmethod
    def of(cls, database: Database, settings: Settings) -> Stores:
        """The stores in ``database``, with documents below the data directory."""
        folder = settings.data_dir / DOCUMENTS_FOLDER
        return cls(
            database=database,
            drafts=DraftStore(database),
            messages=MessageLog(database),
            documents=DocumentStore(database, folder),
            documents_folder=folder,
        )
