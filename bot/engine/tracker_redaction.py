"""What of a conversation is stored with Rasa's state: its course, not its words.

The answers themselves are in the encrypted draft, the shown messages in the message log.
"""

from __future__ import annotations

from typing import Any

# Holds what a channel passes with the first message: the broker, prefilled answers.
SESSION_METADATA_SLOT = "session_started_metadata"

_KEPT_METADATA = ("message_id", "model_id", "assistant_id", "utter_action", "is_external")


def redacted(event: dict[str, Any]) -> dict[str, Any]:
    """The event (as Rasa's ``as_dict`` gives it) without what was typed, tapped or said."""
    kept = dict(event)
    if "metadata" in kept:
        kept["metadata"] = _named(kept["metadata"])
    kind = event["event"]
    if kind == "user":
        kept["text"] = ""
        kept["parse_data"] = _recognised(event.get("parse_data") or {})
    elif kind == "bot":
        kept["text"] = None
        kept["data"] = {}
    elif kind == "entities":
        kept["entities"] = []
    elif kind == "slot" and event["name"] == SESSION_METADATA_SLOT:
        kept["value"] = None
    return kept


def _recognised(parse_data: dict[str, Any]) -> dict[str, Any]:
    intent = parse_data.get("intent") or {}
    return {
        "intent": {key: intent.get(key) for key in ("name", "confidence")},
        "entities": [],
        "text": "",
        "message_id": parse_data.get("message_id"),
        "metadata": {},
    }


def _named(metadata: Any) -> dict[str, Any]:
    return {key: metadata[key] for key in _KEPT_METADATA if key in (metadata or {})}
