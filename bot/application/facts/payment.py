"""How often is paid, and how documents are to be sent, as a message states it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.application.facts.searched_text import Excerpt, SearchedText, any_word, regex

_FREQUENCIES = {
    "jährlich": regex(
        r"(?<![\w/½¼-])(?<!halb )(?<!viertel )(?<!1/2 )(?<!1/4 )(?<!½ )(?<!¼ )jährl(?:ich"
        r"(?:e[rnms]?)?\b|\.|\b)|\bjahresweise\b|\bjahreszahlung\b"
    ),
    "halbjährlich": regex(
        r"(?:\bhalb|\b1/2|½)\s?-?jährl(?:ich(?:e[rnms]?)?\b|\.|\b)|\bhalbjahresweise\b"
    ),
    "vierteljährlich": regex(
        r"(?:\bviertel|\b1/4|¼)\s?-?jährl(?:ich(?:e[rnms]?)?\b|\.|\b)|\bquartalsweise\b"
        r"|\bquartalsmäßig\b"
    ),
    "monatlich": regex(
        r"(?<![\w-])(?<!\d )monatl(?:ich(?:e[rnms]?)?\b|\.|\b)|\bmtl\b|\bmonatsweise\b"
        r"|\bmonatszahlung\b"
    ),
}
_TIMES = regex(
    r"\b(?:(?P<offered>(?:ein|zwei|vier|zwölf|1|2|4|12)\s?(?:mal|x))|\w{1,5}\s?mal|\d{1,2}\s?x)\s+$"
)
_ABOUT_PAYING = any_word("payment.about_paying")
_OTHER_PAYMENTS = any_word("payment.other_payments")
_FILLING = any_word("payment.filling")
_BY_PORTAL = regex(r"\be\s?-?\s?police\b")
_BY_POST = regex(
    r"\b(?:unterlagen|dokumente?|police|vertrag\w*|versand|dokumentenversand|zusendung|zustellung"
    r"|alles|papiere)\b[^\n.;?!]{0,40}?\b(?:per|mit\s+der|auf\s+dem|via|:)\s*(?:brief)?post\w*\b"
    r"|\b(?:per|mit\s+der)\s+(?:brief)?post\s+(?:\w+\s+){0,2}?(?:zusenden|zuschicken|schicken"
    r"|senden|erhalten|bekommen)\b"
)
_ABOUT_DELIVERY = any_word("payment.about_delivery")
_OUR_OWN = regex(r"\b(?:satzung|senden\s+wir|schicken\s+wir|schicke\s+ich|sende\s+ich|reiche\w*)\b")


def find_frequency(message: SearchedText) -> Iterator[Excerpt]:
    """Payment frequencies where nothing but paying can be meant."""
    if not any(
        stem in message.lower for stem in ("hrl", "weise", "zahlung", "atl", "mtl", "quartal")
    ):
        return
    for answer, pattern in _FREQUENCIES.items():
        for match in message.finditer(pattern):
            times = _TIMES.search(message.lower[max(0, match.start() - 16) : match.start()])
            if times and not times["offered"]:
                continue
            start = match.start() - len(times.group()) if times else match.start()
            if message.loose or _is_about_paying(message, start, match.end()):
                frequency = f"{times.group()}jährlich" if times else answer
                yield Excerpt("payment_frequency", start, match.end(), frequency)


def _is_about_paying(message: SearchedText, start: int, end: int) -> bool:
    before, after = message.around(start, end)
    rest = f"{before} {after}"
    if _OTHER_PAYMENTS.search(rest):
        return False
    if _ABOUT_PAYING.search(rest):
        return True
    return not any(each.isalnum() for each in _FILLING.sub("", rest))


def _is_about_delivery(message: SearchedText, start: int, end: int) -> bool:
    before, after = message.around(start, end)
    rest = f"{before} {after}"
    return bool(_ABOUT_DELIVERY.search(rest)) or not any(
        each.isalnum() for each in _FILLING.sub("", rest)
    )


def find_delivery(message: SearchedText) -> Iterator[Excerpt]:
    """How the insurer's documents are to be sent."""
    lower = message.lower
    if "police" in lower:
        for match in message.finditer(_BY_PORTAL):
            if message.loose or _is_about_delivery(message, match.start(), match.end()):
                yield Excerpt("document_delivery", match.start(), match.end(), "ePolice")
    if "post" not in lower:
        return
    for match in message.finditer(_BY_POST):
        before, after = message.around(match.start(), match.end())
        if not _OUR_OWN.search(before + match.group() + after):
            yield Excerpt("document_delivery", match.start(), match.end(), "per Post")
