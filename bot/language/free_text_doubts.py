"""Texts that could be kept as typed but say more, or something else, than what was asked for."""

from __future__ import annotations

import re

from bot.language.names import is_first_name, parse_name
from bot.language.off_topic import names_an_organisation
from bot.language.wording import phrases_by_field, words

_WORDS = phrases_by_field("free_text_doubts.words")
_UNLESS_ORGANISATION = phrases_by_field("free_text_doubts.unless_organisation")
_PATTERNS = {
    "club_name": re.compile(
        r",\s*[Nn]ein\s|\b\d{5}\b|^(?:[Jj]a|[Nn]ein)\b(?:,| (?:der|die|das|wir)\b)"
        r"|^(?:ein|eine|unser|mein) "
    ),
    # A kind has neither a number nor a legal form: an address or the club's name has.
    "club_type": re.compile(r"\d|\be\.?\s?V\b"),
    "signed_place": re.compile(r"(?<!der )(?<!\()\boder\b"),
    "insurer": re.compile(r",|\b(?:19|20)\d\d\b"),
}


def is_doubtful(kept: str, field: str) -> bool:
    """Whether the text should be confirmed before it is kept as the answer."""
    found = set(words(kept))
    if found & _WORDS.get(field, frozenset()):
        return True
    pattern = _PATTERNS.get(field)
    if pattern is not None and pattern.search(kept):
        return True
    if field == "signed_place":
        return _is_person(kept)
    if names_an_organisation(kept) and len(found) > 1:
        return False
    if found & _UNLESS_ORGANISATION.get(field, frozenset()):
        return True
    return field == "club_name" and _is_no_name(kept)


def _is_no_name(kept: str) -> bool:
    """Whether a single word is too short for a club's name, or typed like any other word."""
    return len(kept.split()) == 1 and (len(kept.strip(".")) < 3 or kept.islower())


def _is_person(kept: str) -> bool:
    tokens = kept.split()
    return len(tokens) == 2 and is_first_name(tokens[0]) and parse_name(kept) is not None
