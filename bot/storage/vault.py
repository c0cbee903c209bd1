"""Encryption at rest with keys that can be rotated."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_JSON = json.JSONEncoder(ensure_ascii=False)


class UnreadablePayload(Exception):
    """Stored data that none of the configured keys opens, or that was altered."""


class Vault:
    """Seals and opens stored data; the first key seals, every key opens.

    ``fingerprint`` tells vaults with other keys apart.

    Raises:
        ValueError: no key was given, or one is not a Fernet key (32 bytes, URL-safe base64).
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("BOT_DATA_KEYS holds no key")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise ValueError("BOT_DATA_KEYS: every key is 32 bytes in URL-safe base64") from None
        self.fingerprint = sha256("\0".join(keys).encode()).digest()

    def seal(self, content: bytes) -> bytes:
        return self._fernet.encrypt(content)

    def open(self, sealed: bytes) -> bytes:
        """
        Raises:
            UnreadablePayload: the key is missing or the data was altered.
        """
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise UnreadablePayload("no configured key opens this") from None

    def seal_json(self, value: Any) -> bytes:
        return self.seal(_JSON.encode(value).encode())

    def open_json(self, sealed: bytes) -> Any:
        return json.loads(self.open(sealed))

    def reseal(self, sealed: bytes) -> bytes:
        """The same content under the first key, to retire an older one."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            raise UnreadablePayload("no configured key opens this") from None
