"""The club's legal representative, its telephone numbers, e-mail address and postal address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.application.facts.searched_text import (
    Excerpt,
    SearchedText,
    any_word,
    folded_words,
    is_of_third_party,
    regex,
)
from bot.language.names import is_first_name
from bot.language.wording import folded

_OFFICE = regex(
    r"\b(?:(?:1\.|erste[rn]?)\s*vor(?:sitzende[rn]?|stand|s\.)|vorstandsvorsitzende[rn]?"
    r"|vereinsvorsitzende[rn]?|vorsitzende[rn]?"
    r"|(?:1\.\s*)?vorständin|vorstand|präsident(?:in)?|(?:gesetzlich\s+)?vertreten\s+durch"
    r"|gesetzliche[rn]?\s+vertreter(?:in)?|vertretungsberechtigte?[rn]?)(?!\w)"
)
_SECOND = regex(r"(?:2\.|3\.|zweite[rn]?|dritte[rn]?|stellv\w*\.?|stv\.?|ehren|vize|alt)[\s-]*$")
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
_NO_PERSON = folded_words("contacts.no_person")
_LOWER_END = regex(
    r"\b(?:und|aus|mit|in|vom|von|ist|hat|haben|wir|möchte\w*|tel\w*|mobil|e-?mail|verein)$"
)


def find_representative(message: SearchedText) -> Iterator[Excerpt]:
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


def _named_after(message: SearchedText, position: int) -> Excerpt | None:
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


def _named_before(message: SearchedText, position: int) -> Excerpt | None:
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


_PHONE = re.compile(r"(?<![\w./@+-])(?:\+\d|\(?0)[\d ()/.-]{5,24}\d(?![\w@])")
_SPELLED = re.compile(r"(?:\d ){5}")
"""Digits one by one, as people spell an account number."""
_DATE = re.compile(r"^\d{1,2}\.\s?\d{1,2}\.(?:\d{2}|\d{4})?\b")
_NO_PHONE_BEFORE = regex(
    r"\b(?:fax|telefax|mitglieds\w*|vers\w*|police\w*|kunden\w*|steuer\w*|register\w*|vr|konto\w*"
    r"|iban|blz|bic|vermittler\w*|makler\w*|gläubiger\w*|rechnung\w*|aktenzeichen|az|id|ust\w*)"
    r"(?:\W{0,3}(?:nr|nummer|id))?[^\w\n]{0,4}$"
)
_OFFICIAL_ACCOUNT = re.compile(r"\b[a-z]{2}\d{2}(?: ?[\da-z]{4}){3,7}(?: ?[\da-z]{1,3})?\b")
_ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_RECIPIENT = re.compile(r"^\s*(?:an|to|cc|bcc|kopie|empf(?:ä|ae)nger)\s*:")


def find_phones(message: SearchedText) -> Iterator[Excerpt]:
    """Numbers that look like phone numbers, each for both kinds of line: one of them accepts it."""
    lower = message.lower
    if not message.has_digit or ("0" not in lower and "+" not in lower):
        return
    accounts = [match.span() for match in message.finditer(_OFFICIAL_ACCOUNT)]
    for match in message.finditer(_PHONE):
        start, end = match.span()
        spelled = _SPELLED.search(match.group())
        if (
            spelled
            or _DATE.match(match.group())
            or any(first <= start < last for first, last in accounts)
        ):
            continue
        if _NO_PHONE_BEFORE.search(lower[max(0, start - 30) : start]):
            continue
        if is_of_third_party(message, start):
            continue
        for key in ("mobile_phone", "landline_phone"):
            yield Excerpt(key, start, end, match.group())


def find_email(message: SearchedText) -> Iterator[Excerpt]:
    """E-mail addresses, but for those in the head of a message that name its recipients."""
    if "@" not in message.lower:
        return
    for match in message.finditer(_ADDRESS):
        start, end = match.span()
        first, _ = message.line(start)
        if is_of_third_party(message, start):
            continue
        if not _RECIPIENT.search(message.lower[first:start]):
            yield Excerpt("email", start, end, message.text[start:end].rstrip(".-"))


_CODE = re.compile(r"(?<![\w.,/+-])(?:d\s?-\s?)?(?P<code>\d{5})(?!\d)\s+(?=[^\W\d_])")
_HOUSE = r"\d{1,4}\s?[a-z]?(?:\s?[-/+]\s?\d{1,4}\s?[a-z]?)?"
_LONGEST_STREET = 80
_HOUSE_AT_END = re.compile(rf"(?<![\d-]){_HOUSE}$")
_COMPOUND = regex(
    r"^.{2,}(?:straße|str\.?|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|pfad)(?:\d|$)"
)
_ADJECTIVE = ("e", "er", "en", "es", "er-")
_SMALL_STREET_WORDS = folded_words("contacts.small_street_words")
_ALWAYS_IN_FRONT = frozenset({"am", "zum", "zur"})
_NOT_IN_FRONT = frozenset({"bei", "von"})
_BETWEEN = re.compile(r"(?:[\s,;|·•/–-]|(?<=[\s,])in\s)+$")
_NO_STREET = any_word("contacts.no_street")
_STREET_LEAD = regex(
    r"^(?:.*\b(?:anschrift|adresse|vereinssitz|sitz|wohnhaft|wir|sind|ist|lautet"
    r"|e\.\s?v\.?)(?!\w)[:.]?\s+)"
)
_CITY_WORD = r"[^\W\d_][^\W\d_.'’-]*(?:[-./'’][^\W\d_]+)*(?:(?<![^\W\d_]{4})\.)?"
_SMALL_CITY_WORD = r"(?:am|an|der|die|im|in|bei|ob|auf|vor|unter|a\.|d\.|i\.|v\.|b\.)"
_CITY = re.compile(
    rf"(?P<city>{_CITY_WORD}(?:[ ]\(?(?:{_SMALL_CITY_WORD}[ ])*"
    rf"(?:[a-z]\.){{0,3}}[ ]?[A-ZÄÖÜ][^\W\d_]*(?:[-/][^\W\d_]+)*\)?)*)"
)
_CITY_STOP = regex(
    r"\s(?:tel\w*|telefon|fax|mobil|handy|e-?mail|mail|deutschland|germany|mitglieder|jurverein"
    r"|beginn|iban|web|www|vereins-?rechtsschutz)\b"
)
_STREET_LABEL = regex(
    r"(?:^|[\n,;])[ \t]*(?:[-*•]\s*)?straße(?:\s*(?:/|,|und|\+|&)?\s*(?:haus)?(?:nr"
    r"|nummer)\.?)?[ \t]*[:=][ \t]*(?P<value>[^\n,;]{3,70})"
)
_CODE_LABEL = regex(
    r"(?:^|[\n,;])[ \t]*(?:[-*•]\s*)?(?:plz|postleitzahl)[ \t]*[:=][ \t]*(?P<value>\d{5})(?!\d)"
)
_CITY_LABEL = regex(
    r"(?:^|[\n,;])[ \t]*(?:[-*•]\s*)?(?:wohn)?(?:ort"
    r"|stadt)[ \t]*[:=][ \t]*(?P<value>[^\n,;\d]{2,50})"
)
_BOTH_LABEL = regex(
    r"(?:^|[\n,;])[ \t]*(?:[-*•]\s*)?(?:plz|postleitzahl)\s*(?:/|,|und|\+|&"
    r"|-)?\s*(?:wohn)?ort[ \t]*[:=][ \t]*(?P<value>\d{5}\s[^\n,;\d]{2,50})"
)
_BRANCH = regex(r"\b(?:privat\w*|zweigstelle|früher\w*|alte)\b")


def find_address(message: SearchedText) -> Iterator[Excerpt]:
    """Addresses on one line or several, or as labelled parts."""
    if not message.has_digit:
        return
    labelled = _labelled(message)
    if labelled is not None:
        yield labelled
    for match in message.finditer(_CODE):
        excerpt = _with_street(message, match)
        if excerpt is not None:
            yield excerpt


def _with_street(message: SearchedText, code: re.Match[str]) -> Excerpt | None:
    place = _street_before(message, code.start())
    if place is None:
        return None
    start, end = place
    lead = _STREET_LEAD.search(message.lower[start:end])
    if lead:
        start += lead.end()
    start = _street_begins(message, start, end)
    name = message.text[start:end]
    city = _CITY.match(message.text[code.end() : code.end() + 60])
    if city is None or not re.match(r"[^\W\d_]", name) or _NO_STREET.search(name.lower()):
        return None
    town = city["city"]
    stop = _CITY_STOP.search(town.lower())
    town = town[: stop.start()] if stop else town
    before, _ = message.around(start, code.end())
    if _BRANCH.search(before) or is_of_third_party(message, start):
        return None
    return Excerpt("address", start, code.end() + len(town), f"{name}, {code['code']} {town}")


def _street_before(message: SearchedText, position: int) -> tuple[int, int] | None:
    """The stretch that ends in a house number right before this place."""
    window = message.text[max(0, position - _LONGEST_STREET) : position]
    between = _BETWEEN.search(window)
    if between is None:
        return None
    street = window[: between.start()]
    if not _HOUSE_AT_END.search(street.lower()):
        return None
    start = position - len(window) + max(street.rfind(each) for each in "\n,;:@") + 1
    end = position - len(window) + len(street)
    while start < end and not message.text[start].isalpha():
        start += 1
    return (start, end) if end - start > 3 else None


def _street_begins(message: SearchedText, start: int, end: int) -> int:
    """Where the name of the street begins: sentences may run into it."""
    tokens = [match.span() for match in re.finditer(r"\S+", message.text[start:end])]
    words = [message.text[start + first : start + last] for first, last in tokens]
    index = next((n for n, word in enumerate(words) if _COMPOUND.search(word.lower())), None)
    if index is not None and not any(word[:1].isdigit() for word in words[:index]):
        return start + tokens[_with_adjectives(words, index)][0]
    index = len(words) - 1
    while index and _is_of_street(words[index - 1]):
        index -= 1
    return start + tokens[index][0]


def _with_adjectives(words: list[str], index: int) -> int:
    """From "Sportplatz" back to "Am alten", from "Bergstraße" back to "Große"."""
    first = index
    while first and (folded(words[first - 1]) in _SMALL_STREET_WORDS - _NOT_IN_FRONT):
        first -= 1
    if first < index and (words[first][:1].isupper() or folded(words[first]) in _ALWAYS_IN_FRONT):
        return first
    while index and words[index - 1][:1].isupper() and words[index - 1].endswith(_ADJECTIVE):
        index -= 1
    return index


def _is_of_street(word: str) -> bool:
    return word[:1].isupper() or word[:1].isdigit() or folded(word) in _SMALL_STREET_WORDS


def _labelled(message: SearchedText) -> Excerpt | None:
    """Street, postal code and city, each once with a label of its own."""
    street = _only(message, _STREET_LABEL)
    if street is None:
        return None
    both, code, city = (_only(message, each) for each in (_BOTH_LABEL, _CODE_LABEL, _CITY_LABEL))
    if both is not None:
        return _put_together(message, [street, both], f"{_value(message, both)}")
    if code is None or city is None:
        return None
    place = f"{_value(message, code)} {_value(message, city)}"
    return _put_together(message, [street, code, city], place)


def _put_together(message: SearchedText, parts: list[re.Match[str]], place: str) -> Excerpt:
    start, end = min(each.start("value") for each in parts), max(each.end() for each in parts)
    return Excerpt("address", start, end, f"{_value(message, parts[0])}, {place}")


def _only(message: SearchedText, pattern: re.Pattern[str]) -> re.Match[str] | None:
    found = list(message.finditer(pattern))
    return found[0] if len(found) == 1 else None


def _value(message: SearchedText, match: re.Match[str]) -> str:
    return message.text[slice(*match.span("value"))].strip()
