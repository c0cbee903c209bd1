"""How answers are shown to people, in German."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import phonenumbers
from babel.dates import format_date
from babel.numbers import format_decimal

from bot.application.questions import question_for
from bot.texts import entry, has, text

_DATES = {"start_date", "period_start", "period_end", "end_date"}
_PHONES = {"mobile_phone", "landline_phone"}


@cache
def label(name: str) -> str:
    """The German label of a field, question or section-like key."""
    key = question_for(name).key if name not in _own_labels() else name
    for found in (
        f"questions.{key}.labels.{name}",
        f"questions.{name}.label",
        f"questions.fields.labels.{name}",
    ):
        if has(found):
            return text(found)
    return text(f"questions.{key}.label")


def _own_labels() -> Mapping[str, str]:
    labels: Mapping[str, str] = entry("questions.fields.labels")
    return labels


def long_date(value: str) -> str:
    """An ISO date in full, such as "Freitag, 1. Januar 2027"."""
    return format_date(date.fromisoformat(value), "full", locale="de")


def masked_iban(value: str) -> str:
    """An IBAN of which only the country and the last four characters are seen."""
    return f"{value[:2]}•• •••• {value[-4:]}"


def display(name: str, value: Any, *, mask: bool = True) -> str:
    """A canonical value as people read it; ``mask`` hides most of an IBAN."""
    if value is None:
        key = f"conversation.nothing.{name}"
        return text(key if has(key) else "conversation.nothing.default")
    if isinstance(value, bool):
        return text("conversation.yes" if value else "conversation.no")
    if isinstance(value, int):
        return format_decimal(value, locale="de")
    if isinstance(value, Mapping):
        return _document(value)
    if isinstance(value, list):
        return _several(name, value)
    return _words(name, str(value), mask)


def _words(name: str, value: str, mask: bool) -> str:
    if name == "iban":
        return masked_iban(value) if mask else _grouped(value)
    if name in _DATES:
        return long_date(value)
    if name == "main_due_date":
        return format_date(date.fromisoformat(f"2024-{value}"), "d. MMMM", locale="de")
    if name in _PHONES:
        return phonenumbers.format_number(
            phonenumbers.parse(value), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    if has(f"choices.{name}.{value}.title"):
        return text(f"choices.{name}.{value}.title")
    return value


def _grouped(value: str) -> str:
    return " ".join(value[start : start + 4] for start in range(0, len(value), 4))


def _document(value: Mapping[str, Any]) -> str:
    count = len(value.get("documents") or ())
    delivery = value["delivery"]
    if delivery == "uploaded":
        key = "one" if count == 1 else "several"
        return text(f"conversation.documents.{key}", count=count)
    return text(f"conversation.documents.{delivery}")


def _several(name: str, values: Sequence[Any]) -> str:
    if name == "prior_insurances":
        return "\n".join(prior_insurance(each) for each in values)
    if name == "change_topics":
        return ", ".join(text(f"choices.change_topics.{each}.title") for each in values)
    return ", ".join(str(each) for each in values)


def prior_insurance(entry_: Mapping[str, Any]) -> str:
    """One prior insurance on one line."""
    start, end = short_date(entry_["start_date"]), entry_["end_date"]
    period = {"start": start, "end": short_date(end) if end else ""}
    return text(
        "conversation.prior_insurance",
        insurer=entry_["insurer"],
        policy_number=entry_["policy_number"] or text("conversation.nothing.policy_number"),
        scope=entry_["scope"],
        period=text(f"conversation.period.{'ended' if end else 'running'}", **period),
    )


def short_date(value: str) -> str:
    """An ISO date as 01.01.2027."""
    return format_date(date.fromisoformat(value), "dd.MM.yyyy", locale="de")


def titles(name: str) -> dict[str, str]:
    """The titles of a choice's codes."""
    return {code: each["title"] for code, each in entry(f"choices.{name}").items()}
