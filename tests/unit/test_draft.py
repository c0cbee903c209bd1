"""What a draft's plain fields take."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from bot import clock
from bot.application.draft import Draft, Pending


def draft(**fields: Any) -> Draft:
    return Draft(conversation_id="c", created_at=clock.now(), updated_at=clock.now(), **fields)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("answers", {1: "x"}),
        ("answers", ["x"]),
        ("answers", None),
        ("what_if", "x"),
        ("order", ["iban", None]),
        ("order", {"iban": "x"}),
        ("shown", "iban"),
        ("errors", [["x"]]),
        ("asked_as", {"iban": None}),
        ("asked_as", {None: "x"}),
    ],
)
def test_what_has_another_form_is_refused(field: str, wrong: Any) -> None:
    with pytest.raises(ValidationError):
        draft(**{field: wrong})


def test_what_has_the_form_is_taken_and_belongs_to_the_draft() -> None:
    given: dict[str, Any] = {
        "answers": {"iban": None, "address": {"street": "x"}},
        "what_if": {"deductible": 1},
        "order": ["iban"],
        "shown": [],
        "asked_as": {"iban": "a1"},
    }
    made = draft(**given)
    assert {name: getattr(made, name) for name in given} == given
    for name, value in given.items():
        assert getattr(made, name) is not value
    assert draft(order=("iban",)).order == ["iban"]
    assert draft(what_if=None).what_if is None
    values = {"iban": "x"}
    assert Pending(kind="facts", values=values).values is not values
