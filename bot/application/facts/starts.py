"""The start of the insurance and a due date of its own, as a message states them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.application.facts.message import Excerpt, Message
from bot.application.facts.patterns import compiled

_MONTH = (
    r"(?:januar|jänner|jan|februar|feb|märz|april|apr|mai|juni|juli|august|aug|september|sept?"
    r"|oktober|okt"
    r"|november|nov|dezember|dez)\b\.?"
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
    r"|jahresbeginn|jahresanfang"
    r"|jahreswechsel|anfang\s+(?:des\s+)?(?:nächsten\s+)?jahre?s?)"
)
_WHEN = (
    rf"(?P<date>(?:{_DAY}|{_RELATIVE}|{_MONTH}(?:\s+{_YEAR})?)"
    r"(?:\s+(?:diesen|dieses|nächsten|kommenden)\s+jahres)?)"
)
_LABELLED = compiled(
    r"\b(?:versicherungs|vertrags|wunsch)?(?:beginn|start|starttermin|startdatum"
    r"|anfang)\b(?:\s+der\s+\w+)?\s*[:=-]?\s*"
    r"(?:(?:ist|soll|wäre|sein|am|ab|zum|per|dem|der|wird|gewünscht|bitte|daher|also|dann|somit"
    r"|gern|gerne|neu|doch|lieber|erst|schon)\s+){0,4}" + _WHEN
)
_FROM = compiled(r"\b(?:ab|zum|per|mit\s+wirkung\s+(?:vom|zum))\s+(?:dem\s+)?" + _WHEN)
_BEGINNING = compiled(
    r"\b(?:am|ab|zum)\s+(?:dem\s+)?"
    + _WHEN
    + r"\s+(?:beginnen|beginnt|starten|startet|losgehen|los)\b"
)
_ABOUT_COVER = compiled(
    r"\b(?:beginn\w*|start\w*|versicher\w*|schutz|jur-?verein|\w*rechts?schutz|antrag|beantragen"
    r"|angebot|abschließ\w*|gelten"
    r"|gilt|los|losgehen|deckung|möchten?|wollen|hätten?|brauchen?|benötigen?|gewünscht|laufen"
    r"|greifen|mitgliedschaft"
    r"|fest|fallend\w*|monatlich|jährlich|halbjährlich|vierteljährlich|\d00/\d00)\b"
)
_OTHER_DATES = compiled(
    r"\b(?:kündig\w*|gekündigt|endet\w*|ende|läuft|ablauf|abläuft|vorversich\w*|bisher\w*"
    r"|vorstand\w*|vorsitz\w*|umzieh\w*"
    r"|umzug|umgezogen|\w*beitr(?:ag|äge)\w*|gegründet|seit|bis|\w*fällig\w*|neuwahl\w*"
    r"|versammlung\w*|trainer\w*|halle|adresse"
    r"|antwort\w*|rückmeldung|melden|erreichbar|spätestens|frist|verfahren|schaden\w*|saison"
    r"|(?<!0 )(?<!12 )uhr"
    r"|amt)\b"
)
_FILLING = compiled(r"\b(?:bitte|gerne?|dann|schon|möglichst|am|liebsten|ja|und|also|es)\b")
_DUE = compiled(
    r"\b(?:haupt)fälligkeit\w*\s*[:=-]?\s*(?:(?:ist|soll|immer|jeweils|am|zum|der|dem|auf|den"
    r"|jährlich|bitte|sein)\s+){0,4}"
    rf"(?P<date>\d{{1,2}}\.\s?(?:\d{{1,2}}\.?|{_MONTH})(?:\s?\d{{4}}\b)?)"
)


def find_start(message: Message) -> Iterator[Excerpt]:
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


def _start(message: Message, start: int, first: int, last: int) -> Excerpt:
    return Excerpt("start_date", start, last, message.text[first:last])


def _is_start(message: Message, start: int, end: int) -> bool:
    before, after = message.around(start, end)
    if _OTHER_DATES.search(before) or _OTHER_DATES.search(after) or "mitglieder" in after:
        return False
    rest = f"{before} {after}"
    if _ABOUT_COVER.search(rest):
        return True
    return not any(each.isalpha() for each in _FILLING.sub("", rest))


def find_due_date(message: Message) -> Iterator[Excerpt]:
    """A due date of its own, with its label."""
    if "llig" not in message.lower or not message.has_digit:
        return
    for match in message.finditer(_DUE):
        yield Excerpt(
            "main_due_date", match.start(), match.end(), message.text[slice(*match.span("date"))]
        )
