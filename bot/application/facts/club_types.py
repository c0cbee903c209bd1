"""What kind of club it is, as far as a message says so and not only the club's name."""

from __future__ import annotations

from collections.abc import Iterator

from bot.application.facts.message import Excerpt, Message
from bot.application.facts.patterns import compiled, folded_words

_STEMS = folded_words("verein lub chor gilde art kapelle wehr zunft orchester")
_WORD = r"(?P<type>\w*(?:verein|club|klub|chor|gilde|orchester|kapelle|zunft|feuerwehr))(?:s|es)?"
KINDS = (
    r"(?:sport|musik|gesang|schützen|kultur|förder|karnevals?|faschings?|heimat|heimatpflege|tennis"
    r"|reit|fußball|turn|kleingarten|schreber|tierschutz|naturschutz|jugendhilfe|angel|theater"
    r"|trachten|schach|segel|ruder|ski|hunde|sozial)"
)
_ADJECTIVES = r"(?:\w+e[rnms]?\s+){0,2}?"
_STATED = (
    compiled(
        r"\b(?:wir\s+sind|bin|ist|sind|als|handelt\s+sich\s+um)\s+(?:ein|eine|einen|ne|n)\s+"
        rf"{_ADJECTIVES}{_WORD}(?!\w)"
    ),
    compiled(
        r"(?:^|[\n,;.(])[ \t]*(?:[-*•]\s*)?"
        r"(?:art(?:\s+des\s+vereins)?|vereins\s?-?\s?(?:art|typ|zweck))[ \t]*[:=][ \t]*"
        r"(?P<type>[^\n,;]{3,60})"
    ),
    compiled(rf"(?:^|[\n,;(])[ \t]*(?P<type>(?:{KINDS})\s?-?verein)[ \t]*(?=[,;)\n]|$)"),
)
_SAYS_NOTHING = frozenset({"verein", "club", "klub"})


def find_type(message: Message) -> Iterator[Excerpt]:
    """Types after "wir sind ein", with their label, or on their own in a list."""
    lower = message.lower
    if not any(stem in lower for stem in _STEMS):
        return
    for pattern in _STATED:
        for match in message.finditer(pattern):
            start, end = match.span("type")
            if lower[start:end] not in _SAYS_NOTHING:
                yield Excerpt("club_type", start, end, message.text[start:end])
