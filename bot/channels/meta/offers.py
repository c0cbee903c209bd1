"""The choices that a person was offered last, and which of them a typed answer names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.texts import entry

_NOT_A_WORD = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Offer:
    """A choice; ``number`` is its place in a list that was written out, else ``None``."""

    title: str
    payload: str
    number: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"title": self.title, "payload": self.payload, "number": self.number}


def offers_in(memory: Mapping[str, Any]) -> list[Offer]:
    """The offers that a channel remembers."""
    return [Offer(**each) for each in memory.get("offers") or ()]


def chosen(typed: str, offers: Iterable[Offer]) -> str | None:
    """The payload of the offer whose title or number was typed; ``None`` if it was neither.

    Numbers only count where the choices were numbered: elsewhere they are answers themselves.
    """
    offers = list(offers)
    plain = plain_words(typed)
    titled = {each.payload for each in offers if plain and plain_words(each.title) == plain}
    if len(titled) == 1:
        return titled.pop()
    number = _number(plain)
    return next((each.payload for each in offers if number and each.number == number), None)


def plain_words(words: str) -> str:
    """The words in small letters, without signs."""
    return _NOT_A_WORD.sub(" ", words.casefold()).strip()


def _number(plain: str) -> int | None:
    rest = plain
    for word in entry("meta.number_prefixes"):
        rest = rest.removeprefix(f"{word} ")
    if re.fullmatch(r"[0-9]{1,2}", rest):
        return int(rest)
    for number, names in enumerate(entry("meta.numbers"), start=1):
        if rest in names.split():
            return number
    return None
