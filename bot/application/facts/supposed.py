"""Short forms that only count in a question for a price: "und mit 350?", "bei 500", "fallend"."""

from __future__ import annotations

from collections.abc import Iterator

from bot.application.facts.figures import QUANTITY, ROUGHLY
from bot.application.facts.searched_text import Excerpt, SearchedText, regex

_FIGURES = frozenset({"350", "1000", "800", "600", "400", "300"})
"""Amounts of the deductibles: with nothing but "für" or "mit" they could be either."""
_LARGEST_FAMILY = 12
_YEARS = range(2020, 2040)

_PEOPLE = regex(
    rf"{ROUGHLY}(?P<number>{QUANTITY})\s*(?P<unit>leuten?|personen|mann|köpfen?|mitglied|mg)\b"
    r"(?!\s+(?:mehr|weniger|dazu|zusätzlich))"
)
_AFTER_PREPOSITION = regex(
    r"\b(?P<word>bei|für|mit|auf|wären|sind|hätten|haben|waren|wäre)\s+"
    rf"(?:wir\s+|es\s+|uns\s+|jetzt\s+|nur\s+|dann\s+)?{ROUGHLY}(?P<number>{QUANTITY})"
    r"(?!\s*(?:€|euro|eur\b|%|prozent|jahr|monat|tag|woche|uhr|fest|fix|fallend|sb\b|selbst|flex"
    r"|er\b|angest|mitarb|beschäft|famil|kind|person|leut|/|mehr|weniger|auf\s+\d|bis\s+\d))"
)
_BEFORE_VERB = regex(rf"(?P<number>{QUANTITY})\s+(?:wären|sind|hätten|haben|waren)\b")
_UNSURE_WORDS = frozenset({"bei", "für", "fuer", "mit", "auf"})
_FAMILY_BEFORE = regex(r"\bfamilie\s*(?:mit|von|zu|,|\()?\s*$")
_SHORT = {
    "350 € fest": regex(r"\bfest(?:e[rnms]?)?\b(?!\s+(?:angestellt|anstell))|\bfixe?\b"),
    "fallend 1000/300": regex(r"\bfallende?[rnms]?\b"),
}
_A_FEAST = regex(r"\b(?:ein\w*|unser\w*|das|fürs?|beim|am|jedes)\s+$")
_ONLY_FIXED = regex(
    r"(?<![\d.,/])\b350(?:er)?\b"
    r"(?![\d/]|[.,]\d|\.?\s*(?:mit|leut|person|angest|tag|wären|sind|hätten|haben))"
)
_COULD_BE_MEMBERS = regex(r"\b(?:für|bei|sind|wären|hätten|haben)\s+(?:wir\s+)?$")
_PERIODS = {
    "jährlich": regex(r"\b(?:im|pro)\s+jahr\b|\bjahres(?:beitrag|prämie|preis)\b"),
    "halbjährlich": regex(r"\b(?:im|pro)\s+halbjahr\b"),
    "vierteljährlich": regex(r"\b(?:im|pro)\s+(?:quartal|vierteljahr)\b"),
    "monatlich": regex(r"\b(?:im|pro)\s+monat\b|\bmonats(?:beitrag|rate|preis)\b"),
}
_FAMILY = regex(r"\bfamilienmitgliedschaft\b")


def find_members(message: SearchedText) -> Iterator[Excerpt]:
    """Numbers that in a question for a price can only be members."""
    for match in message.finditer(_PEOPLE):
        few = not match["number"].isdigit() or int(match["number"]) <= _LARGEST_FAMILY
        if not (_of_family(message, match.start()) or (few and match["unit"] == "personen")):
            yield Excerpt("member_count", match.start(), match.end(), match["number"])
    for match in message.finditer(_AFTER_PREPOSITION):
        unsure = match["word"] in _UNSURE_WORDS and _may_be_something_else(match["number"])
        if not (unsure or _of_family(message, match.start())):
            yield Excerpt("member_count", match.start(), match.end(), match["number"])
    for match in message.finditer(_BEFORE_VERB):
        if not _of_family(message, match.start()):
            yield Excerpt("member_count", match.start(), match.end(), match["number"])


def _of_family(message: SearchedText, position: int) -> bool:
    return bool(_FAMILY_BEFORE.search(message.lower[max(0, position - 16) : position]))


def _may_be_something_else(number: str) -> bool:
    """Whether the bare number may as well be a deductible or a year."""
    digits = number.replace(".", "").replace(" ", "")
    return digits in _FIGURES or (number.isdigit() and int(number) in _YEARS)


def find_deductible(message: SearchedText) -> Iterator[Excerpt]:
    """The words "fest" and "fallend", and the one figure that only one deductible has."""
    for answer, pattern in _SHORT.items():
        for match in message.finditer(pattern):
            if not _A_FEAST.search(message.lower[max(0, match.start() - 12) : match.start()]):
                yield Excerpt("deductible", match.start(), match.end(), answer)
    for match in message.finditer(_ONLY_FIXED):
        if not _COULD_BE_MEMBERS.search(message.lower[max(0, match.start() - 16) : match.start()]):
            yield Excerpt("deductible", match.start(), match.end(), "350 € fest")


def find_frequency(message: SearchedText) -> Iterator[Excerpt]:
    """The period for which a price is asked."""
    for answer, pattern in _PERIODS.items():
        for match in message.finditer(pattern):
            yield Excerpt("payment_frequency", match.start(), match.end(), answer)


def find_family(message: SearchedText) -> Iterator[Excerpt]:
    """The membership of the family, when its price is asked."""
    for match in message.finditer(_FAMILY):
        yield Excerpt("family_membership", match.start(), match.end(), "ja")
