"""What the assistant says about a topic, with the figures that an operator may set."""

from __future__ import annotations

from bot.settings import settings
from bot.texts import has, text


def short(topic: str) -> str:
    """The topic in a few sentences."""
    return _words(topic, "short")


def more(topic: str) -> str | None:
    """The rest about it; ``None`` if there is none."""
    return _words(topic, "more") if has(f"topics.{topic}.more") else None


def _words(topic: str, part: str) -> str:
    figures = _retention_times() if topic == "privacy_of_this_chat" else {}
    return text(f"topics.{topic}.{part}", **figures)


def _retention_times() -> dict[str, int]:
    chosen = settings()
    return {
        "draft_days": chosen.retention_draft_days,
        "cancelled_days": chosen.retention_cancelled_days,
        "submitted_years": chosen.retention_submitted_years,
    }
