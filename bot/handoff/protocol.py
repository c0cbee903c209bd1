"""The questions and answers as people read them: what was asked, shown, answered and changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot import legal
from bot.application.display import display, label
from bot.application.questions import UnknownField, question
from bot.texts import MissingText, has, text


def protocol(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """The protocol of an application as JSON, with every legal text in full."""
    return {
        "reference": envelope["reference"],
        "submitted_at": envelope["submitted_at"],
        "seal": envelope["seal"],
        "entries": list(protocol_entries(envelope)),
        "wordings": envelope["wordings"],
    }


def protocol_entries(envelope: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The evidence in its order.

    ``title`` names the question or text, ``wording`` quotes the insurer's where it has one,
    ``answer`` is what was answered; all in German.
    """
    wordings = {each["sha256"]: each for each in envelope["wordings"]}
    for entry in envelope["evidence"]:
        wording = wordings.get(entry["wording_hash"])
        yield {
            **entry,
            "event": text(f"handoff.events.{entry['kind']}"),
            "title": _title(entry, wording),
            "wording": wording["text"] if wording else None,
            "answer": answer(entry),
        }


def entries_by_question(envelope: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """The protocol's entries, each question together with the answers that followed at once."""
    grouped: list[list[dict[str, Any]]] = []
    for entry in protocol_entries(envelope):
        asked = grouped[-1][0] if grouped else None
        if asked and asked["kind"] == "asked" and _answers(entry, asked["item"]):
            grouped[-1].append(entry)
        else:
            grouped.append([entry])
    return grouped


def _answers(entry: Mapping[str, Any], question_key: str) -> bool:
    if entry["kind"] not in ("answered", "corrected"):
        return False
    try:
        asked = question(question_key)
    except UnknownField:
        return False
    return entry["item"] in (*asked.fields, *asked.also_fills)


def answer(entry: Mapping[str, Any]) -> str | None:
    """What was answered, as people read it; ``None`` if the entry is no answer."""
    if entry["kind"] not in ("answered", "corrected"):
        return None
    value = entry["value"]
    if value is None and has(f"handoff.nothing.{entry['item']}"):
        return text(f"handoff.nothing.{entry['item']}")
    if isinstance(value, bool):
        return text("handoff.yes" if value else "handoff.no")
    try:
        return display(entry["item"], value, mask=False)
    except (KeyError, TypeError, ValueError):
        # An answer of a kind that is not shown anywhere else still has to be readable here.
        return json.dumps(value, ensure_ascii=False)


def title_of(item: str) -> str:
    """What a field, question, contract document or step is called in German."""
    if has(f"handoff.items.{item}"):
        return text(f"handoff.items.{item}")
    for each in legal.documents_before_signature():
        if each.id == item:
            return each.title
    try:
        return label(item)
    except (MissingText, UnknownField):
        return item


def _title(entry: Mapping[str, Any], wording: Mapping[str, Any] | None) -> str:
    if entry["kind"] == "shown" and wording is not None:
        return str(wording["title"])
    return title_of(entry["item"])
