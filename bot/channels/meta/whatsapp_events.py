"""Webhooks of WhatsApp's Cloud API (object ``whatsapp_business_account``) as events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.channels.meta.events import Event, File, fingerprint, inner, moment, objects, words

OBJECT = "whatsapp_business_account"
_OTHERS = {
    "audio": "voice",
    "video": "video",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contact",
    "edit": "edited",
}
_SILENT = {"reaction", "system", "revoke", "ephemeral"}
# The link into WhatsApp fills in a sentence that ends in a token.
_TOKEN = re.compile(r"\b(eyJ[\w-]+\.[\w-]+\.[\w-]+)\s*$")


def read(payload: dict[str, Any], phone: str) -> Iterator[Event]:
    """Every event of a batch, in its order; those of another number are only noted."""
    for entry in objects(payload.get("entry")):
        for change in objects(entry.get("changes")):
            value = inner(change, "value")
            ours = str(inner(value, "metadata").get("phone_number_id")) == phone
            if change.get("field") != "messages" or not ours:
                yield _noted(change, "other field or number")
                continue
            for message in objects(value.get("messages")):
                yield _message(message)
            for status in objects(value.get("statuses")):
                yield _status(status)
            for problem in objects(value.get("errors")):
                yield _noted(problem, "error")


def _message(message: dict[str, Any]) -> Event:
    kind = words(message.get("type"))
    content = inner(message, kind)
    if kind == "text":
        typed = words(content.get("body"))
        token = _TOKEN.search(typed)
        if token:
            return _of(message, kind="begin", token=token.group(1))
        return _of(message, kind="text", text=typed)
    if kind == "interactive":
        return _interactive(message, content)
    if kind == "button":
        return _of(message, kind="text", text=words(content.get("text")))
    if kind in ("image", "document") and content.get("id"):
        file = File(str(content["id"]), words(content.get("filename")))
        return _of(message, kind="files", files=(file,), text=words(content.get("caption")))
    if kind in _SILENT or message.get("is_deleted"):
        return _noted(message, kind)
    return _of(message, kind="other", detail=_OTHERS.get(kind, "unknown"))


def _interactive(message: dict[str, Any], content: dict[str, Any]) -> Event:
    for name in ("button_reply", "list_reply"):
        reply = inner(content, name)
        if words(reply.get("id")):
            title = words(reply.get("title"))
            return _of(message, kind="choice", choice=reply["id"], text=title)
    return _of(message, kind="other", detail="unknown")


def _status(status: dict[str, Any]) -> Event:
    identity = f"{status.get('id')}:{status.get('status')}"
    if status.get("status") != "failed" or not words(status.get("id")):
        return Event(identity, "", moment(status.get("timestamp"), per_second=1))
    code = next((str(each.get("code")) for each in objects(status.get("errors"))), "?")
    return Event(
        identity,
        "",
        moment(status.get("timestamp"), per_second=1),
        kind="undelivered",
        choice=status["id"],
        detail=code[:20],
    )


def _of(message: dict[str, Any], **values: Any) -> Event:
    address = words(message.get("from"))
    if not address:
        return _noted(message, "from nobody")
    identity = words(message.get("id")) or fingerprint(message)
    return Event(identity, address, moment(message.get("timestamp"), per_second=1), **values)


def _noted(event: dict[str, Any], detail: str) -> Event:
    identity = words(event.get("id")) or fingerprint(event)
    return Event(
        f"noted:{identity}", "", moment(event.get("timestamp"), per_second=1), detail=detail
    )
