"""What a person or Meta itself tells us, the same for both channels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from bot import clock

Kind = Literal["text", "choice", "files", "begin", "other", "undelivered"]
# Far enough for every time that Meta states, near enough for every database.
LATEST_SECOND = 4_102_444_800


@dataclass(frozen=True)
class File:
    """A file that came with a message: its address or, in WhatsApp, its identifier."""

    source: str = field(repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True)
class Event:
    """One event.

    Attributes:
        id: the messenger's identifier, or a hash of the event if it has none.
        address: the messenger's name for the person; empty for what is about nobody.
        kind: ``None`` for what is only noted: echoes, receipts and what we do not know.
        detail: of a message that we cannot take, what it is (``voice``, ``sticker`` …); of an
            undelivered one, Meta's identifier and code.
        token: what a link into the messenger carried.
    """

    id: str
    address: str = field(repr=False)
    sent_at: datetime
    kind: Kind | None = None
    text: str = field(default="", repr=False)
    choice: str = field(default="", repr=False)
    files: tuple[File, ...] = ()
    detail: str = ""
    token: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        """A name for what this event leads to, short enough for every column."""
        return hashlib.sha256(self.id.encode("utf-8", "surrogatepass")).hexdigest()[:40]

    def content(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "id": self.id,
            "address": self.address,
            "kind": self.kind,
            "text": self.text,
            "choice": self.choice,
            "files": [{"source": each.source, "name": each.name} for each in self.files],
            "detail": self.detail,
            "token": self.token,
        }

    @classmethod
    def stored(cls, content: Mapping[str, Any], sent_at: datetime) -> Event:
        """The event that was stored as ``content``."""
        files = tuple(File(**each) for each in content["files"])
        return cls(**{**content, "files": files, "sent_at": sent_at})


def fingerprint(event: Any) -> str:
    """An identifier for an event that Meta gives none."""
    canonical = json.dumps(event, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def moment(given: Any, *, per_second: int) -> datetime:
    """A time that Meta states as a number; now if it is none."""
    try:
        second = int(given) / per_second
    except (TypeError, ValueError, OverflowError):
        return clock.now()
    if not 0 < second < LATEST_SECOND:
        return clock.now()
    return datetime.fromtimestamp(second, UTC).astimezone(clock.BERLIN)


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The JSON objects in a list, if it is one."""
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def inner(value: Any, *path: str) -> dict[str, Any]:
    """The JSON object at ``path``, or an empty one."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def words(value: Any) -> str:
    """``value`` if it is a text."""
    return value if isinstance(value, str) else ""
