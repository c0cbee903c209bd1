"""Handing over by HTTPS: a signed request that the receiver has to confirm."""

from __future__ import annotations

import hmac
import json
import time
from hashlib import sha256

import httpx

from bot import clock
from bot.handoff.parcel import MEDIA_TYPE, NotTaken, Parcel, Refused, as_message

TIMESTAMP_HEADER = "X-Handoff-Timestamp"
SIGNATURE_HEADER = "X-Handoff-Signature"
IDEMPOTENCY_HEADER = "Idempotency-Key"
LONGEST_CONFIRMATION = 16 * 1024


class WebhookDestination:
    """Posts each application to ``url``, signed with the shared ``secret``.

    It counts as taken when the answer is 2xx and its JSON names the idempotency key: a page that
    a proxy or a server under repair puts in between answers 200 as well. Redirects are not
    followed, for nobody vouches for where they lead.

    Args:
        seconds: the longest wait for the connection and for each step of the exchange; the whole
            answer has to be there after twice as long.
    """

    name = "webhook"

    def __init__(self, url: str, secret: str, *, seconds: float = 30.0) -> None:
        self._url = url
        self._secret = secret
        self._seconds = seconds

    def deliver(self, parcel: Parcel) -> None:
        """
        Raises:
            Refused: the receiver says that it is gone for good (410).
            NotTaken: any other answer than a confirmation.
            httpx.TransportError: no answer, or not all of it.
        """
        body = as_message(parcel)
        timestamp = str(int(clock.now().timestamp()))
        headers = {
            "Content-Type": MEDIA_TYPE,
            IDEMPOTENCY_HEADER: parcel.idempotency_key,
            TIMESTAMP_HEADER: timestamp,
            SIGNATURE_HEADER: signature(self._secret, timestamp, body),
        }
        with (
            httpx.Client(timeout=self._seconds, follow_redirects=False) as client,
            client.stream("POST", self._url, content=body, headers=headers) as response,
        ):
            _require_success(response.status_code)
            confirmation = self._confirmation(response)
        if not _confirms(confirmation, parcel.idempotency_key):
            raise NotTaken(f"HTTP {response.status_code} without confirmation")

    def _confirmation(self, response: httpx.Response) -> bytes:
        # A receiver that sends a byte now and then would never run into a time limit per step.
        give_up = time.monotonic() + 2 * self._seconds
        received = b""
        for part in response.iter_bytes():
            received += part
            if len(received) > LONGEST_CONFIRMATION:
                raise NotTaken("answer too long")
            if time.monotonic() > give_up:
                raise NotTaken("answer too slow")
        return received


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``v1=`` and the HMAC-SHA256 in hex over the timestamp, a full stop and the body."""
    signed = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, sha256).hexdigest()


def _require_success(status: int) -> None:
    if status == httpx.codes.GONE:
        raise Refused(f"HTTP {status}")
    if not httpx.codes.is_success(status):
        raise NotTaken(f"HTTP {status}")


def _confirms(confirmation: bytes, idempotency_key: str) -> bool:
    try:
        found = json.loads(confirmation)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("idempotency_key") == idempotency_key
