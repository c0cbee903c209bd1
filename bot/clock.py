"""The one clock: German local time, which tests and demonstrations may freeze."""

from __future__ import annotations

import os
import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
_STARTED = time.monotonic()


class ClockSettingError(ValueError):
    """``BOT_NOW`` is not an ISO time, optionally followed by ``+``."""


def now() -> datetime:
    """The current time in Berlin.

    ``BOT_NOW`` (an ISO time) freezes it; a trailing ``+`` lets it move on from there.

    Raises:
        ClockSettingError: ``BOT_NOW`` cannot be read.
    """
    setting = os.environ.get("BOT_NOW", "").strip()
    if not setting:
        return datetime.now(BERLIN)
    moving = setting.endswith("+")
    try:
        start = datetime.fromisoformat(setting.rstrip("+").strip())
    except ValueError as error:
        raise ClockSettingError(
            f"BOT_NOW is not an ISO time such as 2026-11-20T18:00: {setting!r}"
        ) from error
    start = start.replace(tzinfo=BERLIN) if start.tzinfo is None else start.astimezone(BERLIN)
    if not moving:
        return start
    elapsed = time.monotonic() - _STARTED
    return datetime.fromtimestamp(start.timestamp() + elapsed, BERLIN)


def today() -> date:
    """The current day in Berlin, on which receipt and earliest start depend."""
    return now().date()
