"""The hash that binds everything an application consists of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Literal

ALGORITHM: Literal["sha256"] = "sha256"


def seal_value(envelope: Mapping[str, Any]) -> str:
    """SHA-256 of the envelope without its ``seal``.

    Hashed is the JSON in UTF-8 with sorted keys and without blanks, which anybody can compute from
    ``application.json``.
    """
    content = {key: value for key, value in envelope.items() if key != "seal"}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def is_sealed(envelope: Mapping[str, Any]) -> bool:
    """Whether the envelope is as it was when it was sealed."""
    seal = envelope.get("seal") or {}
    return seal.get("algorithm") == ALGORITHM and seal.get("value") == seal_value(envelope)
