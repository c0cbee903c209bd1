"""Times in the database: UTC without offset, so that they sort alike everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.clock import BERLIN


def to_column(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def from_column(stored: datetime) -> datetime:
    return stored.replace(tzinfo=UTC).astimezone(BERLIN)
