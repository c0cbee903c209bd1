"""The messages of a conversation as a channel shows them, also after a reload."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bot.channels.typed_text import without_ibans
from bot.texts import text

Body = dict[str, Any]


def typed_body(typed: str) -> Body:
    """A typed message, as its author sees it again."""
    return {"text": without_ibans(typed)}


def tapped_body(payload: str, latest: Iterable[Body]) -> Body:
    """A tapped choice, with the words that were on it in one of the ``latest`` replies.

    Args:
        latest: the last one first.
    """
    for message in latest:
        for part in _parts(message):
            if payload in (part.get("payload"), part.get("choice")) and part.get("title"):
                return {"text": part["title"], "choice": payload}
            if part.get("change") == payload and part.get("label"):
                changed = text("channels.shown.change", label=part["label"])
                return {"text": changed, "choice": payload}
    return {"text": text("channels.shown.choice"), "choice": payload}


def document_body(document: Body) -> Body:
    """An uploaded document."""
    return {
        "text": text("channels.shown.document", name=document["name"]),
        "document": document,
    }


def shown(entries: Iterable[Body]) -> list[Body]:
    """Stored messages as the API gives them: with ``id``, ``sender`` and ``at``."""
    messages = []
    replies: Counter[str] = Counter()
    for entry in entries:
        identity = entry["client_id"] or ""
        if entry["sender"] == "bot":
            replies[identity] += 1
            identity = reply_id(identity, replies[identity])
        messages.append(
            {"id": identity, "sender": entry["sender"], "at": entry["at"], **entry["body"]}
        )
    return messages


def shown_replies(message_id: str, at: str, replies: Iterable[Body]) -> list[Body]:
    """The replies to one message, with the identifiers that ``shown`` will give them again."""
    return [
        {"id": reply_id(message_id, number), "sender": "bot", "at": at, **reply}
        for number, reply in enumerate(replies, start=1)
    ]


def reply_id(message_id: str, number: int) -> str:
    """The name of the ``number``-th reply to a message."""
    return f"{message_id}:{number}"


def asked_again(words: str, latest: Iterable[Body]) -> Body:
    """The open question again, with ``words`` as what was wrong with the last answer.

    Args:
        latest: the latest replies, the last one first.
    """
    for message in latest:
        question = message.get("question")
        if question or message.get("choices"):
            asked = message.get("text", "").removeprefix((question or {}).get("error") or "")
            reply = {**message, "text": f"{words}\n\n{asked.strip()}"}
            return reply | {"question": {**question, "error": words}} if question else reply
    return {"text": words}


def _parts(value: Any) -> Iterator[Body]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner)
