"""What this process stored last of each conversation, so that its next turn need not open it."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

Content = TypeVar("Content")

CONVERSATIONS = 256
SECONDS = 3600.0


@dataclass
class _Entry[Content]:
    sealed: bytes
    content: Content
    used_at: float


class RecentlyStored[Content]:
    """The content of sealed payloads, the latest of each conversation; safe among threads.

    It is given out for the very bytes it was stored as only. No two payloads are sealed to the
    same bytes, so whatever anybody else stores, seals anew or erases is never mistaken for it.

    Args:
        conversations: how many are remembered; the one that was left the longest goes first.
        seconds: how long one that nobody goes on with is remembered; it goes with the next turn
            of anybody.
    """

    def __init__(self, conversations: int = CONVERSATIONS, seconds: float = SECONDS) -> None:
        self._conversations = conversations
        self._seconds = seconds
        # The one that was left the longest comes first.
        self._entries: OrderedDict[str, _Entry[Content]] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, conversation_id: str) -> bool:
        return conversation_id in self._entries

    def note(self, conversation_id: str, sealed: bytes, content: Content) -> None:
        """Remember what was stored as ``sealed``; nobody may change ``content`` any more."""
        now = time.monotonic()
        with self._lock:
            self._entries[conversation_id] = _Entry(sealed, content, now)
            self._entries.move_to_end(conversation_id)
            while len(self._entries) > self._conversations or self._first_is_older(
                now - self._seconds
            ):
                self._entries.popitem(last=False)

    def content(self, conversation_id: str, sealed: bytes) -> Content | None:
        """What was stored as ``sealed``, if it is remembered."""
        with self._lock:
            entry = self._entries.get(conversation_id)
            if entry is None or entry.sealed != sealed:
                return None
            entry.used_at = time.monotonic()
            self._entries.move_to_end(conversation_id)
            return entry.content

    def latest(self, conversation_id: str) -> Content | None:
        """What was stored last, for whoever knows that nobody else has stored anything since."""
        with self._lock:
            entry = self._entries.get(conversation_id)
            return None if entry is None else entry.content

    def forget(self, conversation_id: str) -> None:
        """Remember nothing of the conversation."""
        with self._lock:
            self._entries.pop(conversation_id, None)

    def _first_is_older(self, moment: float) -> bool:
        return next(iter(self._entries.values())).used_at < moment
