"""Answers as treasurers and brokers type them, by the question they answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands.understand import SEVERAL_FIELDS, understand

TODAY = date(2026, 11, 20)
TABLES = [
    yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    for name in ("language_answers.yml", "language_pitfalls.yml")
]


def cases() -> Iterator[Any]:
    for field, by_status in (pair for table in TABLES for pair in table.items()):
        for group in by_status.get("ok", ()):
            for text in group["texts"]:
                yield pytest.param(field, text, "ok", group["value"], id=f"{field}: {text}")
        for status in ("ask_back", "reject"):
            for text in by_status.get(status, ()):
                yield pytest.param(field, text, status, None, id=f"{field}: {text}")


def plain(field: str, value: Any) -> Any:
    if field in SEVERAL_FIELDS or not isinstance(value, dict):
        return value
    return value.get(field, value)


@pytest.mark.parametrize(("field", "text", "status", "value"), cases())
def test_answer_is_read_as_a_person_would(field: str, text: str, status: str, value: Any) -> None:
    reading = understand(field, text, TODAY)
    assert (reading.status, plain(field, reading.value)) == (status, value)
    if status != "ok":
        assert len(reading.message) > 10
        assert "{" not in reading.message
