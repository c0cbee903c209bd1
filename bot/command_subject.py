"""Whom a command is about: a conversation, or what was submitted from it."""

from __future__ import annotations

from bot.handoff.references import read_reference
from bot.storage import Database
from bot.storage.applications import ApplicationStore


def conversation_of(subject: str, database: Database) -> str:
    """The conversation itself, or the one from which a reference was submitted.

    Raises:
        UnknownApplication: nothing was submitted under this reference.
    """
    reference = read_reference(subject)
    if reference is None:
        return subject
    return ApplicationStore(database).row(reference).conversation_id
