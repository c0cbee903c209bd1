"""The product, the deductible and whether the family is to be members, as a message states them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.application.facts.message import Excerpt, Message
from bot.application.facts.patterns import compiled

_PRODUCTS = {
    "JURVEREIN": compiled(r"\bjur(?:is)?\s?-?\s?verein\w?\b"),
    "Vereins-Rechtsschutz": compiled(
        r"\bvrs\b|\bvereins?\s?-?\s?rechts?s?chutz\b(?!\s?-?\s?(?:versicherung|beratung|produkt"
        r"|tarif))"
    ),
    "nur Mitgliedschaft": compiled(
        r"\b(?:nur|lediglich|ausschließlich|bloß)\s+(?:die\s+|eine\s+)?(?:ks-)?mitgliedschaft\b"
        r"|\bmitgliedschaft\s+(?:ohne|allein)\b"
    ),
}
_GENERIC_BEFORE = compiled(r"\b(?:eine[nrms]?|ein|den\s+besten|welche\w|ihre\s+art\s+von)\s+$")

_SHARE = r"(?:sb|selbstbeteiligung|selbstbehalt|eigenanteil|eigenbeteiligung)"
_EURO = r"(?:\s?(?:€|eur\b|euro\b))?"
_1000 = r"1\.?\s?000(?:,00|,-)?"
_DEDUCTIBLES = {
    "350 € fest": compiled(
        rf"\bfest\w{{0,2}}\s+(?:{_SHARE}\s+(?:von\s+|mit\s+)?)?350\b{_EURO}"
        rf"|(?<![\d.,/])350{_EURO}\s?,?-?\s*\(?(?:fest\w{{0,2}}\b|fix\b|fixe\b)"
        rf"|\b{_SHARE}\s*(?:[:=]|von|mit|ist|beträgt"
        rf"|in\s+höhe\s+von)?\s*(?:fest\w{{0,2}}\s+)?350\b(?!\s?/)"
        rf"|(?<![\d.,/])350{_EURO}\s*(?:feste\w?\s+)?{_SHARE}\b"
    ),
    "fallend 1000/300": compiled(
        rf"\bfallende?[rnms]?\s+{_SHARE}\b|\bfallend\b"
        rf"|(?<![\d.,/]){_1000}{_EURO}\s?(?:/|auf|bis|-|–|→|->)\s?300\b{_EURO}"
    ),
    "Flex 800/400": compiled(rf"(?<![\d.,/])800{_EURO}\s?(?:/|-|–|zu|und|u\.)\s?400\b{_EURO}"),
    "Flex 600/300": compiled(rf"(?<![\d.,/])600{_EURO}\s?(?:/|-|–|zu|und|u\.)\s?300\b{_EURO}"),
}
_FIGURE = r"(?:1\.?000|800|600|400|300)"
_ONE_FIGURE = compiled(
    rf"\b{_SHARE}\s*(?:[:=]|von|mit|ist"
    rf"|beträgt)?\s*(?:flex\w*\s+)?(?P<share>{_FIGURE})(?![\d.]){_EURO}"
    rf"(?!\s?(?:/|-|–|auf|bis|zu|und)\s?\d)"
    rf"|\bflex\w{{0,4}}\s+(?P<after>{_FIGURE})(?![\d.]|\s?(?:/|-|–|auf|bis|zu|und)\s?\d)"
    rf"|(?<![\d.,/])(?P<before>{_FIGURE})\s+flex\w{{0,4}}\b"
)
_WITH_FAMILY = compiled(
    r"\b(?:mit|inkl\.?|inklusive|samt|einschließlich|und)\s+(?:der\s+|meiner\s+|unserer\s+)?"
    r"(?:ganzen\s+|gesamten\s+)?(?:familie|familienmitgliedschaft|familienangehörigen)\b"
    r"|\bfamilie(?:nmitgliedschaft)?\s*[:=]?\s*(?:ja|gewünscht)\b"
    r"|\bmitgliedschaft\s+(?:auch\s+)?für\s+(?:die|alle|meine)\s+(?:ganze\s+)?(?:familie\w*)\b"
)
_WITHOUT_FAMILY = compiled(
    r"\b(?:ohne|keine)\s+(?:die\s+)?(?:familie|familienmitgliedschaft|familienmitglieder"
    r"|familienangehörigen?)\b"
    r"|\bfamilie(?:nmitgliedschaft)?\s*[:=]?\s*(?:nein|nicht\s+(?:gewünscht|nötig))\b"
)
_PRIVATE = compiled(r"\b(?:urlaub|verreist|unterwegs|wohne\w*|lebe\w*|feier\w*|fest)\b")


def find_product(message: Message) -> Iterator[Excerpt]:
    """Products by their names."""
    lower = message.lower
    if not any(word in lower for word in ("verein", "mitgliedschaft", "vrs")):
        return
    for answer, pattern in _PRODUCTS.items():
        for match in message.finditer(pattern):
            before = lower[max(0, match.start() - 24) : match.start()]
            if answer == "Vereins-Rechtsschutz" and _GENERIC_BEFORE.search(before):
                continue
            yield Excerpt("product", match.start(), match.end(), answer)


def find_deductible(message: Message) -> Iterator[Excerpt]:
    """Deductibles by their figures with a word that says what they are."""
    if not message.has_digit and "fallend" not in message.lower:
        return
    for match in message.finditer(_ONE_FIGURE):
        figure = match["after"] or match["before"] or match["share"]
        yield Excerpt("deductible", match.start(), match.end(), figure)
    for answer, pattern in _DEDUCTIBLES.items():
        for match in message.finditer(pattern):
            yield Excerpt("deductible", match.start(), match.end(), answer)


def find_family(message: Message) -> Iterator[Excerpt]:
    """Whether the family is to be members."""
    if "famili" not in message.lower:
        return
    for match in message.finditer(_WITHOUT_FAMILY):
        yield Excerpt("family_membership", match.start(), match.end(), "nein")
    for match in message.finditer(_WITH_FAMILY):
        before, after = message.around(match.start(), match.end())
        if not (_PRIVATE.search(before) or _PRIVATE.search(after)):
            yield Excerpt("family_membership", match.start(), match.end(), "ja")
