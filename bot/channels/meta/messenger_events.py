"""Webhooks of the Messenger Platform (object ``page``) as events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.channels.meta.events import Event, File, fingerprint, inner, moment, objects, words

OBJECT = "page"
GET_STARTED = "GET_STARTED"
_FILES = {"image", "file"}
_OTHERS = {"audio": "voice", "video": "video", "location": "location"}


def read(payload: dict[str, Any], page: str) -> Iterator[Event]:
    """Every event of a batch, in its order; those of another page are only noted."""
    for entry in objects(payload.get("entry")):
        ours = str(entry.get("id")) == page
        for event in objects(entry.get("messaging")):
            read_one = _event(event)
            yield read_one if ours else _noted(event, "other page")
        # Another app is in charge of these conversations.
        for event in objects(entry.get("standby")):
            yield _noted(event, "standby")
        if "messaging" not in entry and "standby" not in entry:
            yield _noted(entry, "unknown")


def _event(event: dict[str, Any]) -> Event:
    if isinstance(event.get("message"), dict):
        return _message(event, event["message"])
    if isinstance(event.get("postback"), dict):
        return _postback(event, event["postback"])
    if isinstance(event.get("message_edit"), dict):
        return _of(event, f"edit:{fingerprint(event)}", kind="other", detail="edited")
    if isinstance(event.get("referral"), dict):
        token = words(event["referral"].get("ref"))
        return _of(event, fingerprint(event), kind="begin", token=token)
    return _noted(event, "receipt or unknown")


def _message(event: dict[str, Any], message: dict[str, Any]) -> Event:
    identity = words(message.get("mid")) or fingerprint(event)
    if message.get("is_echo"):
        return _noted(event, "echo", f"echo:{identity}")
    if message.get("is_deleted"):
        return _noted(event, "deleted", f"deleted:{identity}")
    typed = words(message.get("text"))
    payload = words(inner(message, "quick_reply").get("payload"))
    if payload:
        return _of(event, identity, kind="choice", choice=payload, text=typed)
    attachments = list(objects(message.get("attachments")))
    files = tuple(file for each in attachments for file in _file(each))
    if files:
        others = [each for each in attachments if not list(_file(each))]
        detail = _detail(others[0]) if others else ""
        return _of(event, identity, kind="files", files=files, text=typed, detail=detail)
    if attachments and not typed:
        return _of(event, identity, kind="other", detail=_detail(attachments[0]))
    return _of(event, identity, kind="text", text=typed)


def _file(attachment: dict[str, Any]) -> Iterator[File]:
    payload = inner(attachment, "payload")
    address = words(payload.get("url"))
    if attachment.get("type") in _FILES and address and "sticker_id" not in payload:
        yield File(address, words(attachment.get("name")) or words(payload.get("title")))


def _detail(attachment: dict[str, Any]) -> str:
    if "sticker_id" in inner(attachment, "payload"):
        return "sticker"
    return _OTHERS.get(words(attachment.get("type")), "unknown")


def _postback(event: dict[str, Any], postback: dict[str, Any]) -> Event:
    identity = words(postback.get("mid")) or fingerprint(event)
    payload = words(postback.get("payload"))
    token = words(inner(postback, "referral").get("ref"))
    if not payload or payload == GET_STARTED:
        return _of(event, identity, kind="begin", token=token)
    return _of(event, identity, kind="choice", choice=payload, text=words(postback.get("title")))


def _of(event: dict[str, Any], identity: str, **values: Any) -> Event:
    address = str(inner(event, "sender").get("id") or "")
    if not address:
        return _noted(event, "from nobody")
    return Event(identity, address, _sent_at(event), **values)


def _noted(event: dict[str, Any], detail: str, identity: str | None = None) -> Event:
    return Event(identity or fingerprint(event), "", _sent_at(event), detail=detail)


def _sent_at(event: dict[str, Any]) -> datetime:
    return moment(event.get("timestamp") or event.get("time"), per_second=1000)
