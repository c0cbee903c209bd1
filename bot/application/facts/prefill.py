"""Facts that the embedding portal hands over with the session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.application.facts.finding import Fact, read_answer
from bot.application.questions import QUESTIONS, Question

_LONGEST_VALUE = 200


def read_prefill(prefill: Mapping[str, Any], today: date) -> list[Fact]:
    """The handed-over values that their questions accept, in the order of the form.

    A value may be canonical or as a person would type it; all others are left out, and so is what
    no portal may answer.
    """
    answers: dict[str, Any] = {}
    facts: list[Fact] = []
    for asked in QUESTIONS:
        given = _given(asked, prefill) if asked.prefillable else ""
        values = read_answer(asked.key, given, today, answers) if given else None
        if values is None or not set(values).isdisjoint(answers):
            continue
        answers.update(values)
        facts.append(Fact(asked.key, values, given))
    return facts


def _given(asked: Question, prefill: Mapping[str, Any]) -> str:
    """What the portal gave for a question, as an answer to it; "" if nothing usable."""
    parts = [_text(prefill.get(name)) for name in asked.fields]
    return asked.kind.typed(parts) if all(parts) else _text(prefill.get(asked.key))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**12 else ""
    if isinstance(value, str) and len(value) <= _LONGEST_VALUE:
        return value.strip()
    return ""
