"""Webhooks as Meta's documentation shows them, and people who cause them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any

from graph_stand_in import APP_SECRET, PAGE, PHONE

from bot import clock

_NUMBERS = count(1)


def signed(payload: Any) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a webhook."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    digest = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return body, {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}


class MessengerPerson:
    """Somebody in Messenger; each method makes an event."""

    channel = "messenger"

    def __init__(self, address: str = "7000000000000001") -> None:
        self.address = address

    @staticmethod
    def batch(events: Iterable[dict[str, Any]]) -> dict[str, Any]:
        entry = {"id": PAGE, "time": 1, "messaging": list(events)}
        return {"object": "page", "entry": [entry]}

    def event(self, at: datetime | None = None, **content: Any) -> dict[str, Any]:
        moment = at or clock.now()
        return {
            "sender": {"id": self.address},
            "recipient": {"id": PAGE},
            "timestamp": int(moment.timestamp() * 1000),
            **content,
        }

    def message(self, at: datetime | None = None, **content: Any) -> dict[str, Any]:
        message = {"mid": f"m_{next(_NUMBERS)}", **content}
        return self.event(at, message=message)

    def says(self, words: str, at: datetime | None = None) -> dict[str, Any]:
        return self.message(at, text=words)

    def taps(self, title: str, payload: str, at: datetime | None = None) -> dict[str, Any]:
        return self.message(at, text=title, quick_reply={"payload": payload})

    def sends(
        self,
        *files: tuple[str, str],
        words: str = "",
        kind: str = "image",
        at: datetime | None = None,
    ) -> Any:
        """Files as ``GraphStandIn.offer`` returns them."""
        attachments = [{"type": kind, "payload": {"url": address}} for address, _ in files]
        text = {"text": words} if words else {}
        return self.message(at, attachments=attachments, **text)

    def voice(self, at: datetime | None = None) -> dict[str, Any]:
        audio = {"type": "audio", "payload": {"url": "https://cdn.fbsbx.com/voice"}}
        return self.message(at, attachments=[audio])

    def reacts(self, at: datetime | None = None) -> dict[str, Any]:
        return self.event(at, reaction={"action": "react", "emoji": "❤", "mid": "m_1"})

    def starts(self, ref: str = "") -> dict[str, Any]:
        postback = {"mid": f"m_{next(_NUMBERS)}", "title": "Los geht’s", "payload": "GET_STARTED"}
        if ref:
            postback["referral"] = {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}
        return self.event(None, postback=postback)


class WhatsAppPerson:
    """Somebody in WhatsApp; each method makes an event."""

    channel = "whatsapp"

    def __init__(self, address: str = "491712345678") -> None:
        self.address = address

    @staticmethod
    def batch(events: Iterable[dict[str, Any]]) -> dict[str, Any]:
        metadata = {"display_phone_number": "4989123456", "phone_number_id": PHONE}
        value = {"messaging_product": "whatsapp", "metadata": metadata, "messages": list(events)}
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": "900", "changes": [{"field": "messages", "value": value}]}],
        }

    def message(self, kind: str, content: Any, at: datetime | None = None) -> dict[str, Any]:
        return {
            "from": self.address,
            "id": f"wamid.{next(_NUMBERS)}",
            "timestamp": str(int((at or clock.now()).timestamp())),
            "type": kind,
            kind: content,
        }

    def says(self, words: str, at: datetime | None = None) -> dict[str, Any]:
        return self.message("text", {"body": words}, at)

    def taps(self, title: str, payload: str, at: datetime | None = None) -> dict[str, Any]:
        reply = {"id": payload, "title": title}
        return self.message("interactive", {"type": "button_reply", "button_reply": reply}, at)

    def sends(
        self,
        *files: tuple[str, str],
        words: str = "",
        kind: str = "image",
        at: datetime | None = None,
    ) -> Any:
        (_, identity), *_ = files
        caption = {"caption": words} if words else {}
        media = {"id": identity, "mime_type": "image/jpeg", "sha256": "x", **caption}
        return self.message("document" if kind == "file" else kind, media, at)

    def voice(self, at: datetime | None = None) -> dict[str, Any]:
        return self.message("audio", {"id": "1", "voice": True}, at)

    def reacts(self, at: datetime | None = None) -> dict[str, Any]:
        return self.message("reaction", {"message_id": "wamid.1", "emoji": "❤"}, at)
