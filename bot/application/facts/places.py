"""The club's address in a message: street with number, postal code and city."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.application.facts.message import Excerpt, Message
from bot.application.facts.patterns import compiled, folded_words
from bot.application.facts.third_parties import is_of_third_party
from bot.language.wording import folded

_CODE = re.compile(r"(?<![\w.,/+-])(?:d\s?-\s?)?(?P<code>\d{5})(?!\d)\s+(?=[^\W\d_])")
_HOUSE = r"\d{1,4}\s?[a-z]?(?:\s?[-/+]\s?\d{1,4}\s?[a-z]?)?"
_LONGEST_STREET = 80
_HOUSE_AT_END = re.compile(rf"(?<![\d-]){_HOUSE}$")
_COMPOUND = compiled(
    r"^.{2,}(?:straße|str\.?|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|pfad)(?:\d|$)"
)
_ADJECTIVE = ("e", "er", "en", "es", "er-")
_SMALL_STREET_WORDS = folded_words(
    "am an auf im in bei der die das den dem des zum zur unter hinter vor von alten neuen hohen st."
)
_ALWAYS_IN_FRONT = folded_words("am zum zur")
_NOT_IN_FRONT = folded_words("bei von")
_BETWEEN = re.compile(r"(?:[\s,;|·•/–-]|(?<=[\s,])in\s)+$")
_NO_STREET = compiled(
    r"\b(?:tel\w*|fon|fax|mobil|handy|mitglied\w*|beginn|ab|zum|nr|wir|haben|sind|und|mit|seit"
    r"|gegründet|verein\w*|e\.?v)\b"
)
_STREET_LEAD = compiled(
    r"^(?:.*\b(?:anschrift|adresse|vereinssitz|sitz|wohnhaft|wir|sind|ist|lautet"
    r"|e\.\s?v\.?)(?!\w)[:.]?\s+)"
)
_CITY_WORD = r"[^\W\d_][^\W\d_.'’-]*(?:[-./'’][^\W\d_]+)*(?:(?<![^\W\d_]{4})\.)?"
_SMALL_CITY_WORD = r"(?:am|an|der|die|im|in|bei|ob|auf|vor|unter|a\.|d\.|i\.|v\.|b\.)"
_CITY = re.compile(
    rf"(?P<city>{_CITY_WORD}(?:[ ]\(?(?:{_SMALL_CITY_WORD}[ ])*"
    rf"(?:[a-z]\.){{0,3}}[ ]?[A-ZÄÖÜ][^\W\d_]*(?:[-/][^\W\d_]+)*\)?)*)"
)
_CITY_STOP = compiled(
    r"\s(?:tel\w*|telefon|fax|mobil|handy|e-?mail|mail|deutschland|germany|mitglieder|jurverein"
    r"|beginn|iban|web|www|vereins-?rechtsschutz)\b"
)
_STREET_LABEL = compiled(
    r"(?:^|[\n,;])[ \t]*(?:[-*•]\s*)?straße(?:\s*(?:/|,|und|\+|&)?\s*(?:haus)?(?:nr"
    r"|nummer)\.?)?[ \t]*[:=][ \t]*(?P<value>[^\n,;]{3,70})"
)
_CODE_LABEL = compiled(
    r"(?:^|[\n,;])[ \t]*(?:[-*•]\s*)?(?:plz|postleitzahl)[ \t]*[:=][ \t]*(?P<value>\d{5})(?!\d)"
)
_CITY_LABEL = compiled(
    r"(?:^|[\n,;])[ \t]*(?:[-*•]\s*)?(?:wohn)?(?:ort"
    r"|stadt)[ \t]*[:=][ \t]*(?P<value>[^\n,;\d]{2,50})"
)
_BOTH_LABEL = compiled(
    r"(?:^|[\n,;])[ \t]*(?:[-*•]\s*)?(?:plz|postleitzahl)\s*(?:/|,|und|\+|&"
    r"|-)?\s*(?:wohn)?ort[ \t]*[:=][ \t]*(?P<value>\d{5}\s[^\n,;\d]{2,50})"
)
_BRANCH = compiled(r"\b(?:privat\w*|zweigstelle|früher\w*|alte)\b")


def find_address(message: Message) -> Iterator[Excerpt]:
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


def _with_street(message: Message, code: re.Match[str]) -> Excerpt | None:
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


def _street_before(message: Message, position: int) -> tuple[int, int] | None:
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


def _street_begins(message: Message, start: int, end: int) -> int:
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


def _labelled(message: Message) -> Excerpt | None:
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


def _put_together(message: Message, parts: list[re.Match[str]], place: str) -> Excerpt:
    start, end = min(each.start("value") for each in parts), max(each.end() for each in parts)
    return Excerpt("address", start, end, f"{_value(message, parts[0])}, {place}")


def _only(message: Message, pattern: re.Pattern[str]) -> re.Match[str] | None:
    found = list(message.finditer(pattern))
    return found[0] if len(found) == 1 else None


def _value(message: Message, match: re.Match[str]) -> str:
    return message.text[slice(*match.span("value"))].strip()
