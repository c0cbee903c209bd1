"""Times in the database: UTC without offset, so that they sort alike everywhere."""

from __future__ import annotations

from datetime import datetime, timezone

from bot.clock import BERLIN


def to_column(at: datetime) -> datetime:
    return at.astimezone(timezone.utc).replace(tzinfo=None)


def from_column(stored: datetime) -> datetime:
    return stored.replace(tzinfo=timezone.utc).astimezone(BERLIN)
