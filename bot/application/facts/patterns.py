"""Patterns and words for German text, however its umlauts were typed."""

from __future__ import annotations

import re

from bot.language.wording import folded

_SPELLINGS = {"ä": "(?:ä|ae)", "ö": "(?:ö|oe)", "ü": "(?:ü|ue)", "ß": "(?:ß|ss)"}


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for text in small letters that matches umlauts and what stands for them.

    Umlauts must not stand in character classes.
    """
    return re.compile("".join(_SPELLINGS.get(each, each) for each in pattern))


def folded_words(*lines: str) -> frozenset[str]:
    """The words of these lines, to be looked up with ``folded``."""
    return frozenset(word for line in lines for word in folded(line).split())
