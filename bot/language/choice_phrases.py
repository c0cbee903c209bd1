"""What people type for the choices of a question, as it stands in ``bot/texts/choices.yml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.language.numbers import value_of_words
from bot.language.spelling import Vocabulary
from bot.language.wording import folded
from bot.texts import entry
from bot.texts import text as german

_TOKEN = re.compile(
    r"\d+ ?/ ?\d+(?![\d.])|\d{1,3}(?:\.\d{3})+(?!\d)|1 000\b|\d+ ?x\b|\d+|[^\W\d_]+|,"
)
Run = tuple[str, ...]
"""A phrase as its tokens."""


@dataclass(frozen=True)
class Known:
    """The phrases of a question with the codes that each stands for.

    Those in ``alone`` only count as the whole answer; ``vocabulary`` holds the single words of the
    others.
    """

    codes: dict[Run, frozenset[str]]
    alone: frozenset[Run]
    longest: int
    vocabulary: Vocabulary

    def mistyped(self, token: str) -> frozenset[str]:
        """The codes of the words that this one may be meant as."""
        near = self.vocabulary.closest(token) if token.isalpha() else ()
        return frozenset().union(*(self.codes[(each,)] for each in near))


def title(field: str, code: str) -> str:
    """What people read for a code, as on the printed form."""
    return german(f"choices.{field}.{code}.title")


@cache
def known_phrases(field: str, codes: tuple[str, ...]) -> Known:
    """What is recognised for these codes; a phrase that stands under two is ambiguous."""
    meant: dict[Run, set[str]] = {}
    alone: set[Run] = set()
    for code in codes:
        given = entry(f"choices.{field}.{code}")
        inside = (given["title"], code, *given.get("synonyms", ()))
        whole = tuple(given.get("alone", ()))
        for place, each in enumerate(inside + whole):
            run = tuple(tokens_of(str(each)))
            if run and run not in meant and place >= len(inside):
                alone.add(run)
            if run:
                meant.setdefault(run, set()).add(code)
    single = (run[0] for run in meant if len(run) == 1 and run not in alone)
    return Known(
        codes={run: frozenset(each) for run, each in meant.items()},
        alone=frozenset(alone),
        longest=max(map(len, meant)),
        vocabulary=Vocabulary(each for each in single if each.isalpha()),
    )


def tokens_of(text: str) -> list[str]:
    """The words, numbers and commas of the text as they compare with phrases."""
    line = re.sub(r"(?<=[a-z])[-.](?=[a-z])", " ", folded(text).replace("_", " "))
    return [_plain(token) for token in _TOKEN.findall(line)]


def _plain(token: str) -> str:
    """A number as its digits, in words or not; ordinals and "eins" stay, they count the list."""
    if token[:1].isdigit():
        return re.sub(r"[ .]", "", token)
    value = value_of_words(token) if len(token) > 6 else None
    return str(value) if value is not None and value >= 100 else token
