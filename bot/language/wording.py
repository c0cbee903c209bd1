"""Typed text made comparable: what is on the page, and what counts for recognising a word."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LONGEST_ANSWER = 600
"""Longer texts are no answer to a question that asks for a single thing."""

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
_FILLERS = frozenset(
    [
        "aehm",
        "aeh",
        "ah",
        "eh",
        "hm",
        "hmm",
        "mhm",
        "ach",
        "also",
        "bitte",
        "danke",
        "halt",
        "eben",
        "mal",
        "naja",
        "tja",
        "sehr",
        "herzlichen",
    ]
)


def tidy(text: str) -> str:
    """The text as a person would want it kept: no control characters, no stray blanks.

    Line breaks stay; lines are trimmed, and runs of blanks become one.
    """
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    visible = "".join(
        _visible(character) for character in composed if character not in "\u200b\u200c\ufeff\u2060"
    )
    lines = [" ".join(line.split()) for line in visible.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _visible(character: str) -> str:
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    return "" if category in ("Cs", "Co", "Cn") else character


def flat(text: str) -> str:
    """The tidy text on one line, with plain dashes and quotation marks."""
    return " ".join(tidy(text).translate(_LOOKALIKES).split())


def unquoted(text: str) -> str:
    """The text without quotation marks around the whole of it."""
    stripped = text.strip()
    while len(stripped) >= 2 and stripped[0] in "\"'" and stripped[-1] == stripped[0]:
        stripped = stripped[1:-1].strip()
    return stripped


def folded(text: str) -> str:
    """A key for comparing: small letters, no umlauts, however they were typed.

    ``ä``, ``ae`` and ``a`` become the same, so a keyboard without umlauts makes no difference;
    "neuen" does not become "neun".
    """
    compatible = unicodedata.normalize("NFKC", flat(text)).translate(_LOOKALIKES).casefold()
    decomposed = unicodedata.normalize("NFD", _SKIN_TONES.sub("", compatible))
    bare = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))
    return re.sub("([ao])e|(?<![aeq])(u)e", r"\1\2", bare.replace("ß", "ss"))


def words(text: str) -> list[str]:
    """The folded words and numbers of the text, without punctuation."""
    return re.findall(r"[^\W_]+", folded(text))


def lexicon(*entries: str) -> frozenset[str]:
    """Phrases as they compare with ``phrase``; an entry may hold several, separated by ``|``."""
    return frozenset(" ".join(words(part)) for entry in entries for part in entry.split("|"))


def phrases(key: str) -> frozenset[str]:
    """The phrases under ``module.name`` in ``phrases.yml``, as they compare with ``phrase``."""
    module, name = key.split(".")
    return lexicon(*map(str, _phrase_file()[module][name]))


def phrases_by_field(key: str) -> dict[str, frozenset[str]]:
    """The same for a group that is parted by field."""
    module, name = key.split(".")
    return {field: lexicon(*map(str, each)) for field, each in _phrase_file()[module][name].items()}


@cache
def _phrase_file() -> Any:
    path = Path(__file__).with_name("phrases.yml")
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


FILLERS = lexicon(*_FILLERS)


def phrase(text: str) -> str:
    """The words of the text without the ones that only make it polite or fill a pause."""
    found = words(text)
    return " ".join([word for word in found if word not in FILLERS] or found)


def shown(text: str, length: int = 60) -> str:
    """What was typed, short enough to be quoted in a message."""
    line = flat(text)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def capitalised(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
