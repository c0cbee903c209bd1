"""Encryption at rest with keys that can be rotated."""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.settings import DataFormat

_JSON = json.JSONEncoder(ensure_ascii=False)
# The first byte of what is sealed by AES-GCM; a Fernet token begins with a letter.
_AES_GCM = b"\x01"
_SALT_BYTES = 16
_NONCE_BYTES = 12
_NONCE_AT = len(_AES_GCM) + _SALT_BYTES
_SEALED_AT = _NONCE_AT + _NONCE_BYTES


class UnreadablePayload(Exception):
    """Stored data that none of the configured keys opens, or that was altered."""


class Vault:
    """Seals and opens stored data; the first key seals, every key opens either format.

    ``aes-gcm`` is AES-256-GCM under a key derived from the configured one (HKDF, RFC 5869): a
    byte for the format, salt, nonce, ciphertext. A tenth of Fernet's time, three quarters of its
    size.

    Args:
        keys: Fernet keys, 32 bytes as URL-safe base64.
        seals_as: the format of what is sealed from now on.

    Raises:
        ValueError: no key was given, or one is not a Fernet key.
    """

    def __init__(self, keys: Sequence[str], seals_as: DataFormat = "aes-gcm") -> None:
        if not keys:
            raise ValueError("BOT_DATA_KEYS holds no key")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise ValueError("BOT_DATA_KEYS: every key is 32 bytes in URL-safe base64") from None
        self._keys = [urlsafe_b64decode(key) for key in keys]
        # One for each start: no key seals so much that two random nonces are likely to be equal.
        self._salt = os.urandom(_SALT_BYTES)
        self._seals_as = seals_as

    def seal(self, content: bytes) -> bytes:
        if self._seals_as == "fernet":
            return self._fernet.encrypt(content)
        nonce = os.urandom(_NONCE_BYTES)
        sealed = _cipher(self._keys[0], self._salt).encrypt(nonce, content, _AES_GCM)
        return b"".join((_AES_GCM, self._salt, nonce, sealed))

    def open(self, sealed: bytes) -> bytes:
        """
        Raises:
            UnreadablePayload: the key is missing or the data was altered.
        """
        if sealed[:1] == _AES_GCM:
            return self._opened(sealed)
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise UnreadablePayload("no configured key opens this") from None

    def _opened(self, sealed: bytes) -> bytes:
        salt, nonce = sealed[len(_AES_GCM) : _NONCE_AT], sealed[_NONCE_AT:_SEALED_AT]
        for key in self._keys:
            try:
                return _cipher(key, salt).decrypt(nonce, sealed[_SEALED_AT:], _AES_GCM)
            except (InvalidTag, ValueError):
                # Another key's, altered, or cut off before its nonce ended.
                continue
        raise UnreadablePayload("no configured key opens this")

    def seal_json(self, value: Any) -> bytes:
        return self.seal(_JSON.encode(value).encode())

    def open_json(self, sealed: bytes) -> Any:
        return json.loads(self.open(sealed))

    def reseal(self, sealed: bytes) -> bytes:
        """The same content under the first key, to retire an older one.

        Raises:
            UnreadablePayload: no configured key opens it.
        """
        return self.seal(self.open(sealed))


@lru_cache(maxsize=256)
def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"bot.storage.vault").derive(key))
