"""Reading an answer takes no time that anybody would notice, whatever it is made of."""

from __future__ import annotations

import time
from datetime import date

import pytest

from bot.application.kinds import Kind, ReadingContext
from bot.application.questions import QUESTIONS
from bot.language.wording import remembered

TODAY = date(2026, 11, 20)
KINDS = {type(each.kind).__name__: each for each in QUESTIONS}
LONG = {
    piece: (piece + " ") * (600 // (len(piece) + 1))
    for piece in (
        "ja",
        "wir haben gestern lange darüber gesprochen",
        "neinn vieleicht natürlichh einverstandn",
        "12",
        "zwei hundert drei",
        "1.1.2027 oder",
        "Anna Müller",
        "0171",
        "a@b.de",
    )
} | {"a": "a" * 600}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("piece", LONG)
def test_long_answer_is_read_at_once(name: str, piece: str) -> None:
    """A few milliseconds in practice; the bound leaves room for a busy machine."""
    asked = KINDS[name]
    kind: Kind = asked.kind
    context = ReadingContext(field=asked.key, today=TODAY)
    kind.read(LONG[piece], context)
    begin = time.process_time()
    for end in (600, 599, 598):
        kind.read(LONG[piece][:end], context)
    assert (time.process_time() - begin) / 3 < 0.03


def test_only_the_last_few_short_texts_are_remembered() -> None:
    worked_on: list[str] = []

    @remembered
    def length(text: str) -> int:
        worked_on.append(text)
        return len(text)

    length("once")
    length("once")
    for number in range(64):
        length(f"text {number}")
    length("once")
    length("x" * 1000)
    length("x" * 1000)
    assert worked_on.count("once") == 2
    assert worked_on.count("x" * 1000) == 2
