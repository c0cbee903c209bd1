"""An application as one message, for destinations that take no folder."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from typing import Any

from bot.handoff.parcel import Parcel

MEDIA_TYPE = "application/json"


def as_message(parcel: Parcel) -> bytes:
    """The parcel as JSON in UTF-8, byte for byte the same at every attempt.

    ``{"reference", "idempotency_key", "files": [{"name", "size", "sha256", "content"}]}``: the
    files of the hand-off with their size in bytes and their content in base64.
    """
    message = {
        "reference": parcel.reference,
        "idempotency_key": parcel.idempotency_key,
        "files": [_file(name, content) for name, content in parcel.files.items()],
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _file(name: str, content: bytes) -> dict[str, Any]:
    return {
        "name": name,
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
        "content": b64encode(content).decode(),
    }
