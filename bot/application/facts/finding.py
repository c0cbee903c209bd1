"""Facts in a message, or handed over by a portal, each read like an answer to its question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from bot.application.facts import (
    clubs,
    contacts,
    cover,
    figures,
    notes,
    payment,
    requests,
    supposed,
)
from bot.application.facts.searched_text import Excerpt, SearchedText
from bot.application.kinds import Choice, ReadingContext, YesNo
from bot.application.questions import QUESTIONS, Question, question
from bot.language.wording import folded

_PLACES = {each.key: place for place, each in enumerate(QUESTIONS)}
_REACHABLE = frozenset({"mobile_phone", "landline_phone", "email"})
_MOST_EXCERPTS = 12
"""Places read for one question; a message that has more repeats itself."""

Finder = Callable[[SearchedText], Iterable[Excerpt]]
_FINDERS: tuple[Finder, ...] = (
    requests.find_request_type,
    requests.find_membership_number,
    clubs.find_name,
    clubs.find_type,
    figures.find_members,
    figures.find_employees,
    contacts.find_address,
    contacts.find_representative,
    contacts.find_phones,
    contacts.find_email,
    cover.find_product,
    cover.find_deductible,
    cover.find_family,
    figures.find_family_members,
    cover.find_start,
    cover.find_due_date,
    payment.find_frequency,
    payment.find_delivery,
    notes.find_notes,
)
_LOOSE_FINDERS: tuple[Finder, ...] = (
    *_FINDERS,
    supposed.find_members,
    supposed.find_deductible,
    supposed.find_frequency,
    supposed.find_family,
)


@dataclass(frozen=True)
class Fact:
    """What a message states: ``question`` is its key, ``values`` are canonical, by field."""

    question: str
    values: dict[str, Any]
    excerpt: str


@dataclass(frozen=True)
class Facts:
    """The facts of a message, in the order of the form, and the questions to which it gives two
    different answers."""

    found: tuple[Fact, ...]
    contradictory: tuple[str, ...]


def find_facts(text: str, today: date, answers: Mapping[str, Any], *, loose: bool = False) -> Facts:
    """What a message states. Nothing is guessed, and no text raises.

    Without ``loose`` only statements count; with it (questions for a price) also what is asked or
    supposed, and the short forms "350", "fest", "bei 500".
    """
    message = SearchedText(text, loose=loose)
    if not message.lower.strip():
        return Facts((), ())
    stated: dict[str, list[Fact]] = {}
    for finder in _LOOSE_FINDERS if loose else _FINDERS:
        for fact in _read(message, finder, today, answers):
            stated.setdefault(fact.question, []).append(fact)
    _imply_family(stated)
    merged = {key: _merged(key, stated[key]) for key in sorted(stated, key=_PLACES.__getitem__)}
    return Facts(
        tuple(fact for fact in merged.values() if fact is not None),
        tuple(key for key, fact in merged.items() if fact is None),
    )


def _read(
    message: SearchedText, finder: Finder, today: date, answers: Mapping[str, Any]
) -> Iterable[Fact]:
    tried: set[tuple[str, str]] = set()
    for excerpt in finder(message):
        attempt = (excerpt.question, excerpt.answer)
        if attempt in tried or not _is_stated(message, excerpt):
            continue
        tried.add(attempt)
        values = _values(excerpt, today, answers)
        if values is not None:
            yield Fact(excerpt.question, dict(values), message.text[excerpt.start : excerpt.end])
        if len(tried) >= _MOST_EXCERPTS:
            return


def _is_stated(message: SearchedText, excerpt: Excerpt) -> bool:
    reachable = excerpt.question in _REACHABLE
    return message.states(excerpt.start, excerpt.end, one_of_several=reachable)


def _values(excerpt: Excerpt, today: date, answers: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """As ``read_answer``; finders give choices in the same few words, which are read once."""
    if isinstance(question(excerpt.question).kind, (Choice, YesNo)):
        return _chosen(excerpt.question, excerpt.answer)
    return read_answer(excerpt.question, excerpt.answer, today, answers)


@lru_cache(maxsize=64)
def _chosen(key: str, answer: str) -> dict[str, Any] | None:
    return read_answer(key, answer, date.min, {})


def read_answer(
    key: str, answer: str, today: date, answers: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The values by field if the question accepts this answer as it is, else ``None``."""
    asked = question(key)
    context = ReadingContext(field=key, today=today, answers=answers)
    reading = asked.kind.read(answer, context)
    if not reading.is_ok or reading.value is None:
        return None
    if isinstance(reading.value, dict):
        return dict(reading.value) or None
    return {asked.fields[0]: reading.value}


def _imply_family(stated: dict[str, list[Fact]]) -> None:
    """A number of family members says that the family is to be members."""
    counted = stated.get("family_member_count", [])
    for fact in counted:
        implied = Fact("family_membership", {"family_membership": True}, fact.excerpt)
        stated.setdefault("family_membership", []).append(implied)


def _merged(key: str, facts: list[Fact]) -> Fact | None:
    """The one statement that the facts amount to; ``None`` if they differ."""
    merged = facts[0]
    for fact in facts[1:]:
        if _says_more(key, fact, merged):
            merged = fact
        elif not _says_more(key, merged, fact):
            return None
    return merged


def _says_more(key: str, one: Fact, other: Fact) -> bool:
    """Whether the first fact includes the second."""
    if key == "club_name":
        return _name_key(other).issubset(_name_key(one))
    return all(
        name in one.values and _comparable(one.values[name]) == _comparable(value)
        for name, value in other.values.items()
    )


def _name_key(fact: Fact) -> frozenset[str]:
    words = re.findall(r"\w+", folded(str(fact.values["club_name"])))
    return frozenset(words)


def _comparable(value: Any) -> Any:
    return re.sub(r"\W|\bstr(?:asse)?\b", "", folded(value)) if isinstance(value, str) else value


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
