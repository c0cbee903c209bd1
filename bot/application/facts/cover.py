"""What is to be covered and from when, as a message states it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.application.facts.searched_text import Excerpt, SearchedText, any_word, regex

_PRODUCTS = {
    "JURVEREIN": regex(r"\bjur(?:is)?\s?-?\s?verein\w?\b"),
    "Vereins-Rechtsschutz": regex(
        r"\bvrs\b|\bvereins?\s?-?\s?rechts?s?chutz\b(?!\s?-?\s?(?:versicherung|beratung|produkt"
        r"|tarif))"
    ),
    "nur Mitgliedschaft": regex(
        r"\b(?:nur|lediglich|ausschließlich|bloß)\s+(?:die\s+|eine\s+)?(?:ks-)?mitgliedschaft\b"
        r"|\bmitgliedschaft\s+(?:ohne|allein)\b"
    ),
}
_GENERIC_BEFORE = regex(r"\b(?:eine[nrms]?|ein|den\s+besten|welche\w|ihre\s+art\s+von)\s+$")

_SHARE = r"(?:sb|selbstbeteiligung|selbstbehalt|eigenanteil|eigenbeteiligung)"
_EURO = r"(?:\s?(?:€|eur\b|euro\b))?"
_1000 = r"1\.?\s?000(?:,00|,-)?"
_DEDUCTIBLES = {
    "350 € fest": regex(
        rf"\bfest\w{{0,2}}\s+(?:{_SHARE}\s+(?:von\s+|mit\s+)?)?350\b{_EURO}"
        rf"|(?<![\d.,/])350{_EURO}\s?,?-?\s*\(?(?:fest\w{{0,2}}\b|fix\b|fixe\b)"
        rf"|\b{_SHARE}\s*(?:[:=]|von|mit|ist|beträgt"
        rf"|in\s+höhe\s+von)?\s*(?:fest\w{{0,2}}\s+)?350\b(?!\s?/)"
        rf"|(?<![\d.,/])350{_EURO}\s*(?:feste\w?\s+)?{_SHARE}\b"
    ),
    "fallend 1000/300": regex(
        rf"\bfallende?[rnms]?\s+{_SHARE}\b|\bfallend\b"
        rf"|(?<![\d.,/]){_1000}{_EURO}\s?(?:/|auf|bis|-|–|→|->)\s?300\b{_EURO}"
    ),
    "Flex 800/400": regex(rf"(?<![\d.,/])800{_EURO}\s?(?:/|-|–|zu|und|u\.)\s?400\b{_EURO}"),
    "Flex 600/300": regex(rf"(?<![\d.,/])600{_EURO}\s?(?:/|-|–|zu|und|u\.)\s?300\b{_EURO}"),
}
_FIGURE = r"(?:1\.?000|800|600|400|300)"
_ONE_FIGURE = regex(
    rf"\b{_SHARE}\s*(?:[:=]|von|mit|ist"
    rf"|beträgt)?\s*(?:flex\w*\s+)?(?P<share>{_FIGURE})(?![\d.]){_EURO}"
    rf"(?!\s?(?:/|-|–|auf|bis|zu|und)\s?\d)"
    rf"|\bflex\w{{0,4}}\s+(?P<after>{_FIGURE})(?![\d.]|\s?(?:/|-|–|auf|bis|zu|und)\s?\d)"
    rf"|(?<![\d.,/])(?P<before>{_FIGURE})\s+flex\w{{0,4}}\b"
)
_WITH_FAMILY = regex(
    r"\b(?:mit|inkl\.?|inklusive|samt|einschließlich|und)\s+(?:der\s+|meiner\s+|unserer\s+)?"
    r"(?:ganzen\s+|gesamten\s+)?(?:familie|familienmitgliedschaft|familienangehörigen)\b"
    r"|\bfamilie(?:nmitgliedschaft)?\s*[:=]?\s*(?:ja|gewünscht)\b"
    r"|\bmitgliedschaft\s+(?:auch\s+)?für\s+(?:die|alle|meine)\s+(?:ganze\s+)?(?:familie\w*)\b"
)
_WITHOUT_FAMILY = regex(
    r"\b(?:ohne|keine)\s+(?:die\s+)?(?:familie|familienmitgliedschaft|familienmitglieder"
    r"|familienangehörigen?)\b"
    r"|\bfamilie(?:nmitgliedschaft)?\s*[:=]?\s*(?:nein|nicht\s+(?:gewünscht|nötig))\b"
)
_PRIVATE = regex(r"\b(?:urlaub|verreist|unterwegs|wohne\w*|lebe\w*|feier\w*|fest)\b")


def find_product(message: SearchedText) -> Iterator[Excerpt]:
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


def find_deductible(message: SearchedText) -> Iterator[Excerpt]:
    """Deductibles by their figures with a word that says what they are."""
    if not message.has_digit and "fallend" not in message.lower:
        return
    for match in message.finditer(_ONE_FIGURE):
        figure = match["after"] or match["before"] or match["share"]
        yield Excerpt("deductible", match.start(), match.end(), figure)
    for answer, pattern in _DEDUCTIBLES.items():
        for match in message.finditer(pattern):
            yield Excerpt("deductible", match.start(), match.end(), answer)


def find_family(message: SearchedText) -> Iterator[Excerpt]:
    """Whether the family is to be members."""
    if "famili" not in message.lower:
        return
    for match in message.finditer(_WITHOUT_FAMILY):
        yield Excerpt("family_membership", match.start(), match.end(), "nein")
    for match in message.finditer(_WITH_FAMILY):
        before, after = message.around(match.start(), match.end())
        if not (_PRIVATE.search(before) or _PRIVATE.search(after)):
            yield Excerpt("family_membership", match.start(), match.end(), "ja")


_MONTH = (
    r"(?:januar|jänner|jan|februar|feb|märz|april|apr|mai|juni|juli|august|aug|september|sept?"
    r"|oktober|okt|november|nov|dezember|dez)\b\.?"
)
_YEAR = r"(?:\d{4}|\d{2}|zweitausend\w*)\b"
_DAY = (
    rf"(?:\d{{1,2}}\.\s?(?:\d{{1,2}}\.?(?:\s?\d{{4}}|\d{{2}})?\b\.?|{_MONTH}(?:\s+{_YEAR})?)"
    rf"|\d{{4}}-\d{{2}}-\d{{2}}|(?:ersten|1\.)\s+{_MONTH}(?:\s+{_YEAR})?)"
)
_RELATIVE = (
    r"(?:sofort|morgen|übermorgen|nächsten?m?r?\s+(?:ersten?|1\.|monatserste[rn]?|monat"
    r"|jahr(?:es)?)"
    r"|ersten?\s+des\s+(?:nächsten|kommenden|folgenden)\s+monats|kommenden?m?\s+ersten?"
    r"|jahresbeginn|jahresanfang|jahreswechsel|anfang\s+(?:des\s+)?(?:nächsten\s+)?jahre?s?)"
)
_WHEN = (
    rf"(?P<date>(?:{_DAY}|{_RELATIVE}|{_MONTH}(?:\s+{_YEAR})?)"
    r"(?:\s+(?:diesen|dieses|nächsten|kommenden)\s+jahres)?)"
)
_LABELLED = regex(
    r"\b(?:versicherungs|vertrags|wunsch)?(?:beginn|start|starttermin|startdatum"
    r"|anfang)\b(?:\s+der\s+\w+)?\s*[:=-]?\s*"
    r"(?:(?:ist|soll|wäre|sein|am|ab|zum|per|dem|der|wird|gewünscht|bitte|daher|also|dann|somit"
    r"|gern|gerne|neu|doch|lieber|erst|schon)\s+){0,4}" + _WHEN
)
_FROM = regex(r"\b(?:ab|zum|per|mit\s+wirkung\s+(?:vom|zum))\s+(?:dem\s+)?" + _WHEN)
_BEGINNING = regex(
    r"\b(?:am|ab|zum)\s+(?:dem\s+)?"
    + _WHEN
    + r"\s+(?:beginnen|beginnt|starten|startet|losgehen|los)\b"
)
_ABOUT_COVER = any_word("cover.about_cover")
_OTHER_DATES = regex(
    r"\b(?:kündig\w*|gekündigt|endet\w*|ende|läuft|ablauf|abläuft|vorversich\w*|bisher\w*"
    r"|vorstand\w*|vorsitz\w*|umzieh\w*"
    r"|umzug|umgezogen|\w*beitr(?:ag|äge)\w*|gegründet|seit|bis|\w*fällig\w*|neuwahl\w*"
    r"|versammlung\w*|trainer\w*|halle|adresse"
    r"|antwort\w*|rückmeldung|melden|erreichbar|spätestens|frist|verfahren|schaden\w*|saison"
    r"|(?<!0 )(?<!12 )uhr|amt)\b"
)
_FILLING = regex(r"\b(?:bitte|gerne?|dann|schon|möglichst|am|liebsten|ja|und|also|es)\b")
_DUE = regex(
    r"\b(?:haupt)fälligkeit\w*\s*[:=-]?\s*(?:(?:ist|soll|immer|jeweils|am|zum|der|dem|auf|den"
    r"|jährlich|bitte|sein)\s+){0,4}"
    rf"(?P<date>\d{{1,2}}\.\s?(?:\d{{1,2}}\.?|{_MONTH})(?:\s?\d{{4}}\b)?)"
)


def find_start(message: SearchedText) -> Iterator[Excerpt]:
    """Starts of the insurance: with their label, or after "ab" or "zum" where nothing else fits."""
    lower = message.lower
    if any(word in lower for word in ("beginn", "start", "anfang", " los")):
        for pattern in (_LABELLED, _BEGINNING):
            for match in message.finditer(pattern):
                before, after = message.around(match.start(), match.end())
                if not (_OTHER_DATES.search(before) or _OTHER_DATES.search(after)):
                    yield _start(message, match.start(), match.start("date"), match.end("date"))
    if not any(word in lower for word in ("ab ", "zum ", "per ", "wirkung ")):
        return
    for match in message.finditer(_FROM):
        if _is_start(message, match.start(), match.end()):
            yield _start(message, match.start(), match.start("date"), match.end("date"))


def _start(message: SearchedText, start: int, first: int, last: int) -> Excerpt:
    return Excerpt("start_date", start, last, message.text[first:last])


def _is_start(message: SearchedText, start: int, end: int) -> bool:
    before, after = message.around(start, end)
    if _OTHER_DATES.search(before) or _OTHER_DATES.search(after) or "mitglieder" in after:
        return False
    rest = f"{before} {after}"
    if _ABOUT_COVER.search(rest):
        return True
    return not any(each.isalpha() for each in _FILLING.sub("", rest))


def find_due_date(message: SearchedText) -> Iterator[Excerpt]:
    """A due date of its own, with its label."""
    if "llig" not in message.lower or not message.has_digit:
        return
    for match in message.finditer(_DUE):
        yield Excerpt(
            "main_due_date", match.start(), match.end(), message.text[slice(*match.span("date"))]
        )
