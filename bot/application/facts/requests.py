"""What a message asks the insurer for, and the number it is a member under."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.application.facts.searched_text import Excerpt, SearchedText, any_word, regex

_WISH = (
    r"(?:möchten?|wollen|will|hätten?|bitten?|brauchen?|bräuchten?|benötigen?|wünschen?|erbitten?"
    r"|suchen?|würden?|können|könnten|erstellen|machen|schicken|senden)"
)
_QUOTE = regex(
    rf"\b{_WISH}\b[^\n.?!,;]{{0,60}}?\b(?:ein|um|unverbindliches"
    r"|kostenloses)\s+(?:\w+es\s+)?angebot\b"
    r"|\b(?:bitte|anfrage|wunsch|antragsart)\s*:?\s*(?:um\s+)?(?:ein\s+)?(?:\w+es\s+)?angebot\b"
    r"|(?:^|\n|[,:.]\s)\s*angebot\s+(?:bitte|für)\b|^\s*angebot(?:sanfrage)?\s*[:;,–-]|\bangebotsanfrage\b|\bangebot\s+(?:gewünscht"
    r"|erbeten|bitte)\b"
    r"|\bein\s+(?:unverbindliches\s+|kostenloses\s+)?angebot\s+(?:für|bitte|erstellen|haben)\b"
)
_APPLICATION = regex(
    rf"\b{_WISH}\b[^\n.?!,;]{{0,60}}?\b(?:einen\s+)?(?:antrag\s+(?:stellen|ausfüllen|abgeben"
    r"|einreichen)|beantragen)\b"
    r"|\b(?:stellen?|beantragen?)\s+(?:wir|ich|hiermit)\b[^\n.?!,;]{0,30}\b(?:antrag"
    r"|mitgliedschaft|jurverein|rechtsschutz)"
    r"|\bantragsart\s*:?\s*(?:neu)?antrag\b|\bhiermit\s+(?:beantragen?|stellen?)\b"
    r"|\bbeantragen?\s+(?:wir|ich)\b|\bdeckungsauftrag\b|\bneuer\s+antrag\b|\bneuantrag\b"
    r"|\bantrag\s+stellen\b|(?:^|\n|[,:.]\s)\s*antrag\s+(?:für|auf)\b|^\s*(?:neu)?antrag\s*[:;,–-]"
)
_CHANGE = regex(r"\bänderungsantrag\b|\bantragsart\s*:?\s*änderung\b")
_NUMBER = regex(
    r"\b(?:ks-)?(?:mitglieds?\s?-?\s?(?:nr\b\.?|nummer)"
    r"|vers(?:icherungs)?\.?\s?-?\s?(?:schein)?\s?-?\s?(?:nr\b\.?|nummer))"
    r"(?:\s*/\s*vers\.?-?\s?nr\.?)?\s*(?::|=|lautet"
    r"|ist(?:\s+die)?)?\s*(?P<number>(?=[\w./-]{0,14}\d)[a-z\d][a-z\d./-]{2,24})"
)
_OTHER_INSURANCE = any_word("requests.other_insurance")


def find_request_type(message: SearchedText) -> Iterator[Excerpt]:
    """Whether an offer, an application or a change is wanted, if it is said in so many words."""
    lower = message.lower
    if "angebot" in lower:
        yield from _wishes(message, _QUOTE, "Angebot")
    if "antrag" in lower or "auftrag" in lower:
        yield from _wishes(message, _APPLICATION, "Antrag")
        yield from _wishes(message, _CHANGE, "Änderungsantrag")


def _wishes(message: SearchedText, pattern: re.Pattern[str], answer: str) -> Iterator[Excerpt]:
    for match in message.finditer(pattern):
        yield Excerpt("request_type", match.start(), match.end(), answer)


def find_membership_number(message: SearchedText) -> Iterator[Excerpt]:
    """Membership numbers with their label, but for those of other insurers."""
    if not message.has_digit or not ("nr" in message.lower or "nummer" in message.lower):
        return
    for match in message.finditer(_NUMBER):
        start, end = match.span()
        first, last, _ = message.sentence(start)
        if not _OTHER_INSURANCE.search(message.lower[max(first, start - 90) : last][:200]):
            number = message.text[match.start("number") : match.end("number")].rstrip("./-")
            yield Excerpt("membership_number", start, end, number)
