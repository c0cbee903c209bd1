"""What statutes say about their club: name, seat and register number (§ 57 BGB)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTES = "„“”\"»«‚‘'"
_NAME = re.compile(
    r"(?:Der\s+Verein\s+(?:führt\s+den\s+Namen|trägt\s+den\s+Namen|heißt)|"
    r"Der\s+Name\s+des\s+Vereins\s+(?:lautet|ist))\s*:?\s*"
    rf"(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]{{3,120}})[{_QUOTES}]|(?P<plain>[^;,]{{3,120}}?)(?=\s+e\.\s?V\.|\s+und\s|[.;,]))"
    r"(?P<suffix>\s*e\.\s?V\.)?",
)
_SEAT = re.compile(
    r"(?:hat\s+(?:seinen|den)\s+Sitz\s+in|Sitz\s+des\s+Vereins\s+ist|mit\s+(?:dem\s+)?Sitz\s+in)\s+"
    r"(?P<seat>[A-ZÄÖÜ][\w-]+(?:[ /](?:am|an|der|im|in|ob|bei|den|vor|[A-ZÄÖÜ][\w-]+)){0,4})"
)
_REGISTER = re.compile(r"\bVR\s*(?:-?Nr\.?\s*)?:?\s*(?P<number>\d{1,6})\b")


@dataclass(frozen=True)
class StatutesFacts:
    """What was found; ``None`` where nothing was."""

    club_name: str | None = None
    seat: str | None = None
    register_number: str | None = None


def statutes_facts(text: str) -> StatutesFacts:
    """What the text of statutes says; only their usual wording counts as certain enough."""
    words = re.sub(r"\s+", " ", text.replace("\u00ad", ""))
    seat = _SEAT.search(words)
    register = _REGISTER.search(words)
    return StatutesFacts(
        club_name=_name(words),
        seat=seat["seat"] if seat else None,
        register_number=f"VR {register['number']}" if register else None,
    )


def _name(words: str) -> str | None:
    found = _NAME.search(words)
    if found is None:
        return None
    name = (found["quoted"] or found["plain"]).strip(f" {_QUOTES}")
    name = re.split(r"\s+(?:und|mit)\s+(?:hat|ist|soll|wird|Sitz|dem)\b", name)[0].strip()
    if found["suffix"] and not re.search(r"e\.\s?V\.?$", name):
        name += " e.V."
    return name


def same_name(typed: str, read: str) -> bool:
    """Whether two names of a club differ in spelling only."""
    return _folded(typed) == _folded(read)


def same_place(typed: str, read: str) -> bool:
    """Whether two places are the same, one perhaps with an addition such as "am Main"."""
    one, other = _folded(typed), _folded(read)
    return one.startswith(other) or other.startswith(one)


def _folded(name: str) -> str:
    plain = re.sub(r"\b(?:e\.?\s?v\.?|eingetragener verein)(?=\W|$)", "", name.lower())
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(umlaut, letters)
    return re.sub(r"[\W_]+", "", plain)
