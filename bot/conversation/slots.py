"""What Rasa sees of a draft: the accepted answers by their contract names, and what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.application.draft import Draft
from bot.application.questions import application_fields
from bot.application.values import masked_iban

_HIDDEN = "•••"


def changed_slots(draft: Draft, slots: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The slots whose value differs from the draft, with their new value."""
    for name, value in slot_values(draft).items():
        if slots.get(name) != value:
            yield name, value


def slot_values(draft: Draft) -> dict[str, Any]:
    """All slots; what is encrypted at rest appears masked."""
    answers = draft.answers
    values = {name: answers.get(name) for name in application_fields()}
    iban = answers.get("iban")
    if iban:
        values["iban"] = masked_iban(iban)
    if values.get("criminal_proceedings_details"):
        values["criminal_proceedings_details"] = _HIDDEN
    broker = draft.broker.dict() if draft.broker else {}
    return {
        **values,
        "broker_number": broker.get("broker_number"),
        "broker_name": broker.get("broker_name"),
        "open_question": draft.open_question if draft.status == "open" else None,
        "pending": draft.pending.kind if draft.pending else None,
        "draft_status": draft.status,
        "reference": draft.reference,
    }
