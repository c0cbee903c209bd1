"""What this process stored last of each conversation, so that its next turn need not open it."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Content = TypeVar("Content")

CONVERSATIONS = 256


class RecentlyStored(Generic[Content]):
    """The content of sealed payloads, the latest of each conversation; safe among threads.

    It is given out for the very bytes it was stored as only. No two payloads are sealed to the
    same bytes, so whatever anybody else stores, seals anew or erases is never mistaken for it.

    Args:
        conversations: how many are remembered; the one that was left the longest goes first.
    """

    def __init__(self, conversations: int = CONVERSATIONS) -> None:
        self._conversations = conversations
        self._latest: OrderedDict[str, tuple[bytes, Content]] = OrderedDict()
        self._lock = Lock()

    def note(self, conversation_id: str, sealed: bytes, content: Content) -> None:
        """Remember what was stored as ``sealed``; nobody may change ``content`` any more."""
        with self._lock:
            self._latest[conversation_id] = (sealed, content)
            self._latest.move_to_end(conversation_id)
            if len(self._latest) > self._conversations:
                self._latest.popitem(last=False)

    def content(self, conversation_id: str, sealed: bytes) -> Content | None:
        """What was stored as ``sealed``, if it is remembered."""
        with self._lock:
            found = self._latest.get(conversation_id)
            if found is None or found[0] != sealed:
                return None
            self._latest.move_to_end(conversation_id)
            return found[1]

    def forget(self, conversation_id: str) -> None:
        """Remember nothing of the conversation."""
        with self._lock:
            self._latest.pop(conversation_id, None)
