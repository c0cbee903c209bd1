"""Short forms that only count in a question for a price: "und mit 350?", "bei 500", "fallend"."""

from __future__ import annotations

from collections.abc import Iterator

from bot.application.facts.figures import QUANTITY, ROUGHLY
from bot.application.facts.message import Excerpt, Message
from bot.application.facts.patterns import german

_FIGURES = frozenset({"350", "1000", "800", "600", "400", "300"})
"""Amounts of the deductibles: with nothing but "für" or "mit" they could be either."""

_PEOPLE = german(
    rf"{ROUGHLY}(?P<number>{QUANTITY})\s*(?:leuten?|personen|mann|köpfen?|mitglied|mg)\b"
)
_AFTER_PREPOSITION = german(
    r"\b(?:bei|für|mit|auf|wären|sind|hätten|haben|waren|wäre)\s+(?:wir\s+|es\s+|uns\s+|jetzt\s+"
    r"|nur\s+|dann\s+)?"
    rf"{ROUGHLY}(?P<number>{QUANTITY})"
    r"(?!\s*(?:€|euro|eur\b|%|prozent|jahr|monat|tag|woche|uhr|fest|fix|fallend|sb\b|selbst|flex"
    r"|angest|mitarb|beschäft"
    r"|famil|kind|person|/|auf\s+\d|bis\s+\d))"
)
_BEFORE_VERB = german(rf"(?P<number>{QUANTITY})\s+(?:wären|sind|hätten|haben|waren)\b")
_FAMILY_BEFORE = german(r"\bfamilie\s*(?:mit|von|zu|,)?\s*$")
_SHORT = {
    "350 € fest": german(r"\bfest(?:e[rnms]?)?\b(?!\s+(?:angestellt|anstell))|\bfixe?\b"),
    "fallend 1000/300": german(r"\bfallende?[rnms]?\b"),
}
_A_FEAST = german(r"\b(?:ein\w*|unser\w*|das|für|beim|am|jedes)\s+$")
_ONLY_FIXED = german(r"(?<![\d.,/])\b350\b(?![\d/]|[.,]\d|\s*(?:mit|leut|person|angest))")
_COULD_BE_MEMBERS = german(r"\b(?:für|bei|sind|wären|hätten|haben)\s+(?:wir\s+)?$")


def find_members(message: Message) -> Iterator[Excerpt]:
    """Numbers that in a question for a price can only be members."""
    lower = message.lower
    for match in message.finditer(_PEOPLE):
        before = lower[max(0, match.start() - 16) : match.start()]
        if not _FAMILY_BEFORE.search(before):
            yield Excerpt("member_count", match.start(), match.end(), match["number"])
    for pattern in (_AFTER_PREPOSITION, _BEFORE_VERB):
        for match in message.finditer(pattern):
            number = match["number"].replace(".", "").replace(" ", "")
            before = lower[max(0, match.start() - 12) : match.start()]
            if number not in _FIGURES and not _FAMILY_BEFORE.search(before):
                yield Excerpt("member_count", match.start(), match.end(), match["number"])


def find_deductible(message: Message) -> Iterator[Excerpt]:
    """ "fest", "fallend" or the one figure that only one deductible has."""
    for answer, pattern in _SHORT.items():
        for match in message.finditer(pattern):
            if not _A_FEAST.search(message.lower[max(0, match.start() - 12) : match.start()]):
                yield Excerpt("deductible", match.start(), match.end(), answer)
    for match in message.finditer(_ONLY_FIXED):
        if not _COULD_BE_MEMBERS.search(message.lower[max(0, match.start() - 16) : match.start()]):
            yield Excerpt("deductible", match.start(), match.end(), "350 € fest")
