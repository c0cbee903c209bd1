"""What came of reading an answer: a value, a refusal, or a question back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.texts import text

Status = Literal["ok", "reject", "ask_back"]


@dataclass(frozen=True)
class Option:
    """One of the readings that an ambiguous answer allows; ``value`` as in ``Reading``."""

    title: str
    value: Any


@dataclass(frozen=True)
class Reading:
    """How an answer was understood.

    ``ok``: ``value`` is canonical and JSON-able; ``message`` echoes it where it could be mistaken.
    ``reject``: ``message`` says in German what was understood, what is wrong and what would do.
    ``ask_back``: the answer is ambiguous; ``message`` asks, ``options`` are the possible readings.
    """

    status: Status
    value: Any = None
    message: str = ""
    options: tuple[Option, ...] = field(default=())

    @property
    def is_ok(self) -> bool:
        return self.status == "ok"


def ok(value: Any, key: str = "", /, **said: object) -> Reading:
    """A value; the text under ``key`` echoes what was understood.

    Keys are those of ``bot/texts/reading.yml``; ``said`` fills their texts in, here and below.
    """
    return Reading("ok", value, text(f"reading.{key}", **said) if key else "")


def reject(key: str, /, **said: object) -> Reading:
    """A refusal that says why and what would do."""
    return Reading("reject", None, text(f"reading.{key}", **said))


def ask_back(key: str, /, *options: Option, **said: object) -> Reading:
    """A question back, with the readings that the answer allows."""
    return Reading("ask_back", None, text(f"reading.{key}", **said), options)
