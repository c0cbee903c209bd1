"""Typed text made comparable: what is on the page, and what counts for recognising a word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Set
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any

import yaml

LONGEST_ANSWER = 600
"""Longer texts are no answer to a question that asks for a single thing."""
_LAST_FEW = 16
"""Texts whose results are remembered: what a person typed is soon pushed out by what comes next."""

_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("„“”«»‟❝❞", '"'),
        **dict.fromkeys("‚‘’‛`´", "'"),
        "⁄": "/",
        "∕": "/",
    }
)
_SKIN_TONES = re.compile("[\U0001f3fb-\U0001f3ff]")
_WITHOUT_UMLAUTS = str.maketrans("äöüß", "aous")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_E_OF_UMLAUT = re.compile("([ao])e|(?<![aeq])(u)e")
_WORD = re.compile(r"[^\W_]+")
_AS_WRITTEN = {"nich": "nicht"}
"""Words that are often typed as they are spoken."""


def remembered[Result](function: Callable[[str], Result]) -> Callable[[str], Result]:
    """A pure function of a text that keeps its results for the last few short texts."""
    recall = lru_cache(maxsize=_LAST_FEW)(function)

    @wraps(function)
    def of_text(text: str) -> Result:
        return recall(text) if len(text) <= LONGEST_ANSWER else function(text)

    return of_text


@remembered
def tidy(text: str) -> str:
    """The text as a person would want it kept: no control characters, no stray blanks.

    Line breaks stay; lines are trimmed, and runs of blanks become one.
    """
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    lines = [" ".join(_visible(line).split()) for line in composed.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _visible(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(map(_visible_character, line))


def _visible_character(character: str) -> str:
    if character in "\u200b\u200c\ufeff\u2060":
        return ""
    category = unicodedata.category(character)
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    return "" if category in ("Cs", "Co", "Cn") else character


@remembered
def flat(text: str) -> str:
    """The tidy text on one line, with plain dashes and quotation marks."""
    return " ".join(tidy(text).translate(_LOOKALIKES).split())


def unquoted(text: str) -> str:
    """The text without quotation marks around the whole of it."""
    stripped = text.strip()
    while len(stripped) >= 2 and stripped[0] in "\"'" and stripped[-1] == stripped[0]:
        stripped = stripped[1:-1].strip()
    return stripped


@remembered
def folded(text: str) -> str:
    """A key for comparing: small letters, no umlauts, however they were typed.

    ``ä``, ``ae`` and ``a`` become the same, so a keyboard without umlauts makes no difference;
    "neuen" does not become "neun".
    """
    return _E_OF_UMLAUT.sub(r"\1\2", _bare(flat(text)))


def small_letters(text: str) -> str:
    """The text in small letters, each where it was, so that what matches can be cut out of it."""
    small = text.lower()
    if len(small) == len(text) and "Σ" not in text:
        return small
    # One by one, where a letter becomes two, or another one at the end of a word.
    return "".join(small if len(small := each.lower()) == 1 else each for each in text)


def folded_in_place(text: str) -> str:
    """Small letters without umlauts, each where it was: "Straße" becomes "strase"."""
    return small_letters(text).translate(_WITHOUT_UMLAUTS)


def _bare(line: str) -> str:
    """The line in small letters without accents; ``ß`` becomes ``ss``."""
    if line.isascii():
        return line.lower()
    compatible = unicodedata.normalize("NFKC", line).translate(_LOOKALIKES).casefold()
    decomposed = unicodedata.normalize("NFD", _SKIN_TONES.sub("", compatible))
    return _BEYOND_ASCII.sub(_without_marks, decomposed).replace("ß", "ss")


def _without_marks(run: re.Match[str]) -> str:
    return "".join(c for c in run.group() if unicodedata.category(c) not in ("Mn", "Cf"))


def words(text: str) -> list[str]:
    """The folded words and numbers of the text, without punctuation."""
    return list(_words(text))


@remembered
def _words(text: str) -> tuple[str, ...]:
    return tuple(_AS_WRITTEN.get(word, word) for word in _WORD.findall(folded(text)))


def lexicon(*entries: str) -> frozenset[str]:
    """Phrases as they compare with ``phrase``; an entry may hold several, separated by ``|``."""
    return frozenset(" ".join(words(part)) for entry in entries for part in entry.split("|"))


def phrases(key: str) -> frozenset[str]:
    """The phrases under ``module.name`` in ``phrases.yml``, as they compare with ``phrase``."""
    return lexicon(*listed(key))


def phrases_by_field(key: str) -> dict[str, frozenset[str]]:
    """The same for a group that is parted by field."""
    groups = _entry("phrases", key).items()
    return {field: lexicon(*map(str, each)) for field, each in groups}


def listed(key: str) -> tuple[str, ...]:
    """What stands under ``module.name`` in ``phrases.yml``, as it stands there."""
    return tuple(map(str, _entry("phrases", key)))


def forms(key: str) -> dict[str, str]:
    """The same for forms under what each stands for: by the form."""
    meanings = _entry("phrases", key).items()
    return {str(form): str(meant) for meant, each in meanings for form in each}


def pattern(key: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern under ``module.name`` in ``patterns.yml``."""
    return _compiled(_entry("patterns", key), flags)


def patterns_by_field(key: str) -> dict[str, re.Pattern[str]]:
    """The same for a group that is parted by field."""
    return {field: _compiled(each) for field, each in _entry("patterns", key).items()}


def _compiled(alternatives: Iterable[str | list[str]], flags: int = 0) -> re.Pattern[str]:
    return re.compile("|".join(map(_alternative, alternatives)), flags)


def _alternative(given: str | list[str]) -> str:
    if isinstance(given, str):
        return "".join(given.splitlines())
    return rf"\b(?:{'|'.join(given)})\b"


def spaced(known: Iterable[str]) -> tuple[str, ...]:
    """Phrases with blanks around them, to be looked for as whole words in a line like that."""
    return tuple(f" {each} " for each in known)


def _entry(file: str, key: str) -> Any:
    module, name = key.split(".")
    return _data(file)[module][name]


@cache
def _data(file: str) -> Any:
    path = Path(__file__).with_name(f"{file}.yml")
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


FILLERS = phrases("wording.fillers")


@remembered
def phrase(text: str) -> str:
    """The words of the text without the ones that only make it polite or fill a pause."""
    found = _words(text)
    return " ".join([word for word in found if word not in FILLERS] or found)


def is_one_of(text: str, known: Set[str]) -> bool:
    """Whether the whole text is one of the phrases, with or without its polite words."""
    return phrase(text) in known or " ".join(_words(text)) in known


def shown(text: str, length: int = 60) -> str:
    """What was typed, short enough to be quoted in a message."""
    line = flat(text)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def capitalised(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def is_latin(text: str) -> bool:
    """Whether there is any Latin letter in it, as in every name that a German register takes."""
    return any(unicodedata.name(each, "").startswith("LATIN ") for each in text if each.isalpha())
