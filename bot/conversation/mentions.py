"""Which answers a text names: "die Mitgliederzahl", "unsere IBAN", also mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bot.application.questions import Question, question_for
from bot.language.spelling import Vocabulary, distance
from bot.language.wording import folded_in_place
from bot.texts import entry


def mentioned(words: str) -> Iterator[Question]:
    """The questions whose answers a text names, the longest name first."""
    folded = _mended(_ADDRESS.sub(" ", folded_in_place(words)))
    seen: set[str] = set()
    for (name, key), pattern in zip(names(), _patterns()):
        if key in seen or name not in folded:
            continue
        match = pattern.search(folded)
        if match:
            seen.add(key)
            folded = folded[: match.start()] + " " + folded[match.end() :]
            yield question_for(key)


_ADDRESS = re.compile(r"\S+@\S+")


@cache
def names() -> tuple[tuple[str, str], ...]:
    """The names of answers with their question's key, the longest first."""
    pairs = [
        (folded_in_place(name), key)
        for key, texts in entry("questions").items()
        for name in texts.get("names", ())
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?<!\w){re.escape(name)}") for name, _ in names())


_LONG, _VERY_LONG = 7, 10
"""Letters of a word in which one error, or two, leave no doubt: a "vermieter" is no "vertreter"."""


@cache
def _long_names() -> tuple[tuple[str, ...], Vocabulary]:
    found = tuple(name for name, _ in names() if name.isalpha() and len(name) >= _LONG)
    return found, Vocabulary(found)


def _mended(folded: str) -> str:
    """With mistyped names put right: "mitgleiderzahl" becomes "mitgliederzahl"."""
    return _LONG_WORD.sub(lambda found: _right(found.group()), folded)


_LONG_WORD = re.compile(r"[a-z]{7,}")


def _right(word: str) -> str:
    known, vocabulary = _long_names()
    if word.startswith(known):
        return word
    near = list(vocabulary.closest(word))
    if len(near) != 1 or (len(word) < _VERY_LONG and distance(word, near[0]) > 1):
        return word
    return near[0]
