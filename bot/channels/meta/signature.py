"""Who is calling: Meta signs every webhook with the app's secret."""

from __future__ import annotations

import hashlib
import hmac

PREFIX = "sha256="


def is_signed(body: bytes, given: str | None, app_secret: str) -> bool:
    """Whether ``given``, the header ``X-Hub-Signature-256``, fits the raw body.

    It takes as long for a signature that is almost right as for any other.
    """
    expected = PREFIX + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), (given or "").encode("utf-8", "replace"))


def is_same(given: str | None, expected: str) -> bool:
    """Whether a stated token is the expected one, in constant time."""
    return hmac.compare_digest((given or "").encode("utf-8", "replace"), expected.encode())


def proof(access_token: str, app_secret: str) -> str:
    """What shows to Meta that a call with this token comes from the app itself."""
    return hmac.new(app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def person_key(channel: str, address: str, secret: str) -> str:
    """The name under which somebody is kept: not theirs, and only we can derive it."""
    return hmac.new(secret.encode(), f"{channel}:{address}".encode(), hashlib.sha256).hexdigest()
