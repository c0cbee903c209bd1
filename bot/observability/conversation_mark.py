"""How a conversation is named in logs, traces and events: by a hash that leads nobody back."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256

MARK_LENGTH = 16

_current: ContextVar[str] = ContextVar("conversation_mark", default="")


def conversation_mark(conversation_id: str, secret: str) -> str:
    """The conversation's name outside; the same in every process that has the same ``secret``."""
    digest = hmac.new(secret.encode(), f"mark:{conversation_id}".encode(), sha256)
    return digest.hexdigest()[:MARK_LENGTH]


def current_mark() -> str:
    """The conversation that is being worked for; empty if it is none."""
    return _current.get()


@contextmanager
def working_for(mark: str) -> Iterator[None]:
    """Everything logged and traced inside belongs to this conversation."""
    token = _current.set(mark)
    try:
        yield
    finally:
        _current.reset(token)
