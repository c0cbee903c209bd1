"""Facts that the embedding portal hands over with the session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.application.facts.finding import Fact, read_answer
from bot.application.questions import question

_PREFILLABLE = (
    "request_type",
    "membership_number",
    "club_name",
    "club_type",
    "member_count",
    "employee_count",
    "address",
    "representative_salutation",
    "representative_name",
    "mobile_phone",
    "email",
    "landline_phone",
    "club_benefits_person",
    "product",
    "deductible",
    "family_membership",
    "family_member_count",
    "start_date",
    "main_due_date",
    "payment_frequency",
    "document_delivery",
)
"""Everything else is asked: disclosures, consents, bank details and declarations."""
_LONGEST_VALUE = 200
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")


def read_prefill(prefill: Mapping[str, Any], today: date) -> list[Fact]:
    """The handed-over values that their questions accept, in the order of the form.

    A value may be canonical or as a person would type it; all others are left out.
    """
    answers: dict[str, Any] = {}
    facts: list[Fact] = []
    for key in _PREFILLABLE:
        given = _given(key, prefill)
        values = read_answer(key, given, today, answers) if given else None
        if values is None or not set(values).isdisjoint(answers):
            continue
        answers.update(values)
        facts.append(Fact(key, values, given))
    return facts


def _given(key: str, prefill: Mapping[str, Any]) -> str:
    """What the portal gave for a question, as an answer to it; "" if nothing usable."""
    if key == "address":
        street, code, city = (_text(prefill.get(name)) for name in question(key).fields)
        return f"{street}, {code} {city}" if street and code and city else _text(prefill.get(key))
    if key == "representative_name":
        last, first = (_text(prefill.get(name)) for name in question(key).fields)
        return f"{first} {last}" if first and last else _text(prefill.get(key))
    if key == "main_due_date" and (canonical := _MONTH_DAY.fullmatch(_text(prefill.get(key)))):
        return f"{canonical[2]}.{canonical[1]}."
    return _text(prefill.get(key))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**12 else ""
    if isinstance(value, str) and len(value) <= _LONGEST_VALUE:
        return value.strip()
    return ""
