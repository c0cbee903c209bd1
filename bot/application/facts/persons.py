"""The club's legal representative, as a message names him or her by the office."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.application.facts.message import Excerpt, Message
from bot.application.facts.patterns import compiled, folded_words
from bot.language.names import is_first_name
from bot.language.wording import folded

_OFFICE = compiled(
    r"\b(?:(?:1\.|erste[rn]?)\s*vor(?:sitzende[rn]?|stand|s\.)|vorstandsvorsitzende[rn]?"
    r"|vereinsvorsitzende[rn]?|vorsitzende[rn]?"
    r"|(?:1\.\s*)?vorständin|vorstand|präsident(?:in)?|(?:gesetzlich\s+)?vertreten\s+durch"
    r"|gesetzliche[rn]?\s+vertreter(?:in)?"
    r"|vertretungsberechtigte?[rn]?)(?!\w)"
)
_SECOND = compiled(r"(?:2\.|3\.|zweite[rn]?|dritte[rn]?|stellv\w*\.?|stv\.?|ehren|vize|alt)[\s-]*$")
_TITLE = r"(?:(?:Dr|Prof|Dipl|Ing)\.?(?:-Ing\.?)?\s+)*"
_PARTICLE = r"(?:von|van|de|zu|vom|der|den|di|da)"
_NAME_WORD = r"[A-ZÄÖÜÁÉÈÇŞŠŽĆČÓÍİ][^\W\d_A-ZÄÖÜ]+(?:[-'’][A-ZÄÖÜ]?[^\W\d_]+)*"
_NAME = (
    rf"{_TITLE}{_NAME_WORD}(?:[ ](?:[A-Z]\.|{_NAME_WORD}))?[ ](?:{_PARTICLE}[ ]){{0,2}}{_NAME_WORD}"
)
_ANY_CASE = r"[^\W\d_]{2,20}[ ][^\W\d_]{2,20}"
_TITLED = rf"(?:[Hh]errn?|[Ff]rau|Hr\.|Fr\.)[ ](?:{_NAME}|{_NAME_WORD}|{_ANY_CASE})"
_AFTER = re.compile(
    rf"^\s*(?:des\s+Vereins\s*)?(?:ist|heißt|heisst|bin\s+ich)?\s*[:,=–-]?\s*(?P<name>{_TITLED}"
    rf"|{_NAME})(?!\w)"
)
_BEFORE = re.compile(
    rf"(?P<name>{_TITLED}|{_NAME})\s*"
    r"(?:[,(–-]|\n|\bals\b|\bist\b|\bund\b)?\s*(?:ich\s+)?(?:bin\s+)?(?:der|die|als|unsere?r?)?\s*$"
)
_SURNAME_FIRST = re.compile(
    rf"^\s*:?\s*(?P<name>{_TITLE}(?:{_PARTICLE}[ ])?{_NAME_WORD},[ ](?P<first>{_NAME_WORD}))(?!\w)"
)
_ANOTHER = re.compile(rf"^\s*(?:,|und|&|/|;|sowie)\s*(?P<name>{_NAME})")
_NAME_THEN_OFFICE = 70
_NO_PERSON = folded_words(
    "verein vereins sportverein schützenverein musikverein förderverein tsv sv fc vorstand straße",
    "vorsitzender vorsitzende grüßen grüße gruß mit freundlichen freundliche viele beste liebe",
    "herzliche telefon tel mobil neue unser unsere rechtsschutz mitglieder angebot antrag sehr",
    "geehrte geehrter damen herren bitte guten tag hallo",
)
_LOWER_END = compiled(
    r"\b(?:und|aus|mit|in|vom|von|ist|hat|haben|wir|möchte\w*|tel\w*|mobil|e-?mail|verein)$"
)


def find_representative(message: Message) -> Iterator[Excerpt]:
    """Names next to an office that represents a club; anybody else is not taken."""
    lower = message.lower
    if not any(word in lower for word in ("vors", "vorst", "präs", "praes", "vertret")):
        return
    for match in message.finditer(_OFFICE):
        if _SECOND.search(lower[max(0, match.start() - 20) : match.start()]):
            continue
        after = _named_after(message, match.end())
        before = _named_before(message, match.start())
        if after is not None and "\n" not in message.lower[match.end() : after.start]:
            before = None
        excerpt = before or after
        if excerpt is not None:
            yield excerpt


def _named_after(message: Message, position: int) -> Excerpt | None:
    window = message.text[position : position + 100]
    listed = _SURNAME_FIRST.match(window)
    if listed is not None and is_first_name(listed["first"]):
        return _excerpt(listed["name"], position + listed.start("name"))
    found = _AFTER.match(window)
    if found is None:
        return None
    another = _ANOTHER.match(window[found.end() :])
    if another is not None and _is_person(another["name"]):
        return None
    return _excerpt(found["name"], position + found.start("name"))


def _named_before(message: Message, position: int) -> Excerpt | None:
    first = max(0, position - _NAME_THEN_OFFICE)
    found = _BEFORE.search(message.text[first:position])
    if found is None:
        return None
    return _excerpt(found["name"], first + found.start("name"))


def _excerpt(name: str, start: int) -> Excerpt | None:
    while (parts := name.split(" ", 1))[1:] and not _is_person(parts[0]):
        start, name = start + len(parts[0]) + 1, parts[1]
    if name.islower() or _LOWER_END.search(name.lower()):
        name = " ".join(name.split()[:2] if _LOWER_END.search(name.lower()) else name.split())
    if not _is_person(name):
        return None
    return Excerpt("representative_name", start, start + len(name), name)


def _is_person(name: str) -> bool:
    return not any(folded(word).strip(".,") in _NO_PERSON for word in name.split())
