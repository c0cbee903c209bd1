"""How answers are named and shown to people, in German."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from babel.numbers import format_decimal

from bot.application.questions import UnknownField, kind_of, question_for
from bot.application.values import short_date
from bot.texts import entry, has, text


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


def display(name: str, value: Any, *, mask: bool = True) -> str:
    """A canonical value as people read it; ``mask`` hides most of an IBAN.

    Raises:
        UnknownField: no question fills this field, and the value is neither text nor number.
    """
    if value is None:
        key = f"conversation.nothing.{name}"
        return text(key if has(key) else "conversation.nothing.default")
    if name == "prior_insurances":
        return "\n".join(prior_insurance(each) for each in value)
    try:
        kind = kind_of(name)
    except UnknownField:
        # What is derived, or comes from a portal, answers no question.
        if isinstance(value, (int, str)):
            return value if isinstance(value, str) else str(format_decimal(value, locale="de"))
        raise
    return kind.masked(name, value) if mask else kind.show(name, value)


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


def titles(name: str) -> dict[str, str]:
    """The titles of a choice's codes."""
    return {code: each["title"] for code, each in entry(f"choices.{name}").items()}
