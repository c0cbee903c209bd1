"""German postal addresses, in one line or several; parts that are missing are named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.language.off_topic import ends_in_a_club, is_not_knowing, is_small_talk
from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.wording import folded, is_latin, lexicon, pattern, phrases, shown, tidy, words
from bot.texts import text as german

FIELDS = ("street", "postal_code", "city")
_POSTAL_CODE = re.compile(
    r"(?<![\w-])(?:D|DE)?[ -]{0,3}(?<!\d)(\d{5}|\d{2} \d{3})(?![\d])", re.IGNORECASE
)
_WRONG_POSTAL_CODE = re.compile(r"(?:^|[\s,])(?:[A-Z]{1,2}-)?(\d{4}|\d{6})\s+(?=[^\W\d_]{2,})")
_LONE_WRONG_POSTAL_CODE = re.compile(r"(?:[A-Z]{1,2}-)?(\d{3,4}|\d{6,7})")
_INTRODUCTION = pattern("addresses.introduction", re.IGNORECASE)
_TRAILING = pattern("addresses.trailing", re.IGNORECASE)
_STREET_WORD = pattern("addresses.street_word", re.IGNORECASE)
_STREET_START = phrases("addresses.street_start")
_LETTER = r"[a-zA-Z](?![a-zA-Z])"
_NUMBER = (
    rf"\d{{1,4}}(?:\s?{_LETTER})?"
    rf"(?:\s?(?:[-–/+]|bis)\s?(?:\d{{1,4}}(?:\s?{_LETTER})?|{_LETTER}))*"
)
_HOUSE_NUMBER = re.compile(rf"(?:^|\s|\.|(?<=[^\W\d_]))({_NUMBER})\.?$")
_POST_BOX = re.compile(r"\bpost(?:fach)?(?:ach)?\s*\d[\d ]*", re.IGNORECASE)
_PLACE = re.compile(r"\s*,?\s*[^\W\d_]{2}")
_CONTACT = pattern("addresses.contact", re.IGNORECASE)
_CHANGING = lexicon("nicht|sondern|nein|früher|jetzt|ab|ehemals|bisher|künftig|statt|bald")
_UNTIL = re.compile(r"bis\b", re.IGNORECASE)
_CLUB_IN_FRONT = re.compile(r"^.{3,80}?\be\.? ?V\.?,?\s+(?=[^\W\d_].*\d)")
_CARE_OF = re.compile(r"^\s*(?:c\s?/\s?o|z\.?\s?hd?\.?)\s+", re.IGNORECASE)
_WING = pattern("addresses.wing", re.IGNORECASE)
_NO_CITY = phrases("addresses.no_city")
_SMALL = phrases("addresses.small_words")


@dataclass(frozen=True)
class Address:
    """The parts that were found; ``number`` tells whether the street has a house number."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    numbered: bool = False

    def fields(self) -> dict[str, str]:
        """The parts that are there."""
        parts = {"street": self.street, "postal_code": self.postal_code, "city": self.city}
        return {name: part for name, part in parts.items() if part}


def read_address(text: str, known: Mapping[str, Any] = MappingProxyType({})) -> Reading:
    """A dict of the fields that are sure; the message names those still missing.

    ``known`` holds what was understood before of the same address.
    """
    if is_not_knowing(text) or is_small_talk(text):
        return reject("address.not_understood", said=shown(text))
    line = _one_line(text)
    if _names_two(line):
        return ask_back("address.several")
    wrong = _wrong_postal_code(line)
    if wrong is not None:
        return reject("address.postal_code", said=wrong, digits=len(wrong))
    address = parse_address(line)
    if address is None or _is_no_street(address.street):
        return reject("address.not_understood", said=shown(text))
    if address.postal_code and not 1000 < int(address.postal_code) < 99999:
        return reject("address.no_such_code", said=address.postal_code)
    return _complete_or_partial(address, known)


def _is_no_street(street: str) -> bool:
    """Whether the words in the place of the street take something back, or are no words."""
    if _CHANGING & set(words(street)) or _UNTIL.match(street):
        return True
    return bool(street) and not re.search(r"[^\W\d_]", street)


def _names_two(line: str) -> bool:
    """Whether there are two postal codes, each with a place."""
    codes = {code[1] for code in _postal_codes(line) if _PLACE.match(line[code.end() :])}
    return len(codes) > 1


def _complete_or_partial(address: Address, known: Mapping[str, Any]) -> Reading:
    found = address.fields()
    street, code, city = (str(found.get(name) or known.get(name) or "") for name in FIELDS)
    whole = Address(street, code, city)
    missing = [name for name in FIELDS if name not in whole.fields()]
    if not missing and len(found) < len(FIELDS):
        return ok(found, "address.understood", address=_written(whole))
    if not missing and not address.numbered:
        option = Option(_written(address), dict(found))
        return ask_back("address.no_number", option, street=address.street)
    if not missing:
        return ok(found, "address.understood", address=_written(address))
    if missing == ["postal_code", "city"] and not address.numbered:
        return reject("address.not_understood", said=shown(address.street))
    names = " und ".join(german(f"reading.address.missing.{name}") for name in missing)
    return ok(found, "address.partial", address=_written(whole), missing=names)


def _written(address: Address) -> str:
    place = f"{address.postal_code} {address.city}".strip()
    return ", ".join(part for part in (address.street, place) if part)


def _one_line(text: str) -> str:
    """The address with commas between its lines and without what introduces it."""
    line = re.sub(r"\s*[\n;|]+\s*", ", ", tidy(text)).strip("\"'„“ ")
    line = re.sub(r"^(?:[\s,.:])+", "", _INTRODUCTION.sub("", line))
    line = re.sub(
        r"\b(?:(?:PLZ|Postleitzahl)\b\s*:?|(?:Ort|Straße|Strasse|Str)\s*:)\s*",
        " ",
        line,
        flags=re.IGNORECASE,
    )
    line = _CLUB_IN_FRONT.sub("", _CONTACT.sub("", line))
    while _TRAILING.search(line):
        line = _TRAILING.sub("", line)
    line = _without_clubs(re.sub(r"\s*(?:,\s*)+", ", ", line))
    line = re.sub(r"(?<=[^\W\d_]{3})\.+$", "", " ".join(line.split()).strip(" ,!"))
    return line.lower() if line.isupper() and len(words(line)) > 2 else line


def _without_clubs(line: str) -> str:
    """Without the parts that end in "e.V.": a name with a year looks like a numbered street."""
    parts = line.split(", ")
    others = [part for part in parts if not ends_in_a_club(part)]
    return ", ".join(part for part in parts if others and (part in others or _CARE_OF.match(part)))


def _wrong_postal_code(line: str) -> str | None:
    """A number in the place of the postal code that has not five digits."""
    if _find_postal_code(line) is not None:
        return None
    lone = _LONE_WRONG_POSTAL_CODE.fullmatch(line)
    if lone:
        return lone[1]
    for match in _WRONG_POSTAL_CODE.finditer(line):
        if not re.search(r"postfach\s*$", line[: match.start()], re.IGNORECASE):
            return match[1]
    return None


def _postal_codes(line: str) -> list[re.Match[str]]:
    return [
        match
        for match in _POSTAL_CODE.finditer(line)
        if not _is_post_box(line, match)
        and (" " not in match[1] or re.match(r"\s+[^\W\d_]{2}", line[match.end() :]))
    ]


def _is_post_box(line: str, match: re.Match[str]) -> bool:
    """Whether this is, or belongs to, the number of a post box and no postal code after it."""
    box = re.search(r"post(?:fach)?([\s\d]*)$", line[: match.start(1)], re.IGNORECASE)
    if box is None:
        return False
    return not box[1].strip() or not re.match(r"\s+[^\W\d_]{2}", line[match.end() :])


def _find_postal_code(line: str) -> re.Match[str] | None:
    """The postal code: five digits that are no post-box number, best with a place after them."""
    found = _postal_codes(line)
    with_place = [each for each in found if _PLACE.match(line[each.end() :])]
    candidates = with_place or found
    return candidates[-1] if candidates else None


def parse_address(line: str) -> Address | None:
    """The parts of a one-line address, or ``None`` if there are none."""
    code = _find_postal_code(line)
    if code is None:
        return _without_code(line)
    before = re.sub(r"[\s,]+in$", "", line[: code.start()].strip(" ,"))
    after = line[code.end() :].strip(" ,")
    if before and not re.search(r"\d", before) and _is_numbered(after) and _opens_street(after):
        before, after = after, before
    city, rest = _city_first(after)
    street_parts = [part for part in (before, rest) if part]
    if not city and before:
        street, city = _city_last(before)
        street_parts = [street] if street else []
    street = _street(", ".join(street_parts))
    if city and not _is_city(city):
        return None
    return Address(street, code[1].replace(" ", ""), _cased(city), numbered=_is_numbered(street))


def _opens_street(text: str) -> bool:
    return bool(_STREET_WORD.search(text.split()[0]))


def _city_first(after: str) -> tuple[str, str]:
    """What follows the postal code, parted into the place and a street behind it."""
    city, comma, rest = after.partition(",")
    if comma and (not _HOUSE_NUMBER.search(city.strip()) or rest.strip() == ""):
        return city.strip(), rest.strip()
    tokens = (city if not comma else after.replace(",", " ")).split()
    if not tokens or not re.search(r"\d", " ".join(tokens)):
        return city.strip(), rest.strip()
    for index in range(1, len(tokens)):
        starts = folded(tokens[index]) in _STREET_START and tokens[index][:1].isupper()
        if starts or _STREET_WORD.search(tokens[index]) or re.match(r"^[A-Z]\d", tokens[index]):
            return " ".join(tokens[:index]), " ".join(tokens[index:])
    return " ".join(tokens[:-2]) or tokens[0], " ".join(tokens[max(1, len(tokens) - 2) :])


def _city_last(before: str) -> tuple[str, str]:
    """Parts "Hauptstr. 7, Köln" before a postal code at the end."""
    street, comma, city = before.rpartition(",")
    if comma and not re.search(r"\d", city):
        return street.strip(), city.strip()
    match = re.match(rf"^(.*?[^\W\d_]\.?\s*{_NUMBER})\s+([^\d,]+)$", before)
    if match:
        return match[1], match[2]
    first, comma, others = before.partition(",")
    if comma and _is_numbered(others.strip()) and _is_city(first.strip()):
        return others.strip(), first.strip()
    if not re.search(r"\d", before) and _is_city(before) and not _STREET_WORD.search(before):
        return "", before
    return before, ""


def _without_code(line: str) -> Address | None:
    """Only a street, only a place, or both without a postal code."""
    if re.search(r"\d{3,}\s*$", line) and not _POST_BOX.search(line):
        return None
    parts = [part.strip() for part in line.split(",") if part.strip()]
    if not parts or len(parts) > 4:
        return None
    numbered = [part for part in parts if _is_numbered(part)]
    others = [part for part in parts if part not in numbered]
    if len(numbered) == 1 and len(others) <= 1:
        city = others[0] if others else ""
        if city and not _is_city(city):
            return None
        return _street_and_city(numbered[0], city)
    match = re.match(rf"^(.*?[^\W\d_]\.?\s*{_NUMBER})\s+(?:in\s+)?([^\d,]+)$", line)
    if match and _is_city(match[2]) and len(words(match[1])) <= 6:
        return _street_and_city(match[1], match[2])
    if len(parts) == 1 and not re.search(r"\d", line) and _is_city(line) and len(words(line)) <= 4:
        if _STREET_WORD.search(line) and re.search(
            r"(stra|str\.?$|weg$|allee$|gasse$|platz$)", folded(line)
        ):
            return Address(street=_street(line))
        return Address(city=_cased(re.sub(r"^(?:in|aus) ", "", line, flags=re.IGNORECASE)))
    return None


def _street_and_city(street: str, city: str) -> Address | None:
    cleaned = _street(street)
    if any(
        word in _NO_CITY - lexicon("verein|vereinsheim|straße|strasse|das|und")
        for word in words(cleaned)
    ):
        return None
    return Address(cleaned, "", _cased(city), numbered=True)


def _is_numbered(street: str) -> bool:
    return any(map(_has_number, re.sub(r"\s*\([^)]*\)", "", street).split(",")))


def _has_number(street: str) -> bool:
    return bool(
        re.search(r"[^\W\d_]{2}", street) or re.match(r"^[A-Z]\d", street, re.IGNORECASE)
    ) and bool(_HOUSE_NUMBER.search(street) or _POST_BOX.search(street))


def _is_city(text: str) -> bool:
    found = words(text)
    if not found or len(text) > 60 or len(text) < 2 or not is_latin(text):
        return False
    if re.search(r"[@<>{}=?#*_\d]", text) or not re.match(r"^[^\W\d_]", text):
        return False
    return not any(word in _NO_CITY for word in found)


def _street(text: str) -> str:
    """The part with the house number, with "c/o …" kept and the club's own name left out."""
    parts = [
        part.strip(" .") if not part.endswith("str.") else part.strip() for part in text.split(",")
    ]
    parts = [part for part in parts if part]
    if len(parts) == 2 and re.fullmatch(_NUMBER, parts[1]) and not _is_numbered(parts[0]):
        parts = [" ".join(parts)]
    elif len(parts) >= 2 and re.fullmatch(_NUMBER, parts[-1]):
        parts = [*parts[:-2], f"{parts[-2]} {parts[-1]}"]
    if len(parts) > 1:
        kept = [
            part
            for part in parts
            if _is_numbered(part) or _CARE_OF.match(part) or _WING.match(part)
        ]
        parts = kept or parts
    return _cased(", ".join(parts))


def _cased(text: str) -> str:
    """Capital letters where all was typed small or all large."""
    letters = [character for character in text if character.isalpha()]
    if not letters or not (text.islower() or (text.isupper() and len(letters) > 4)):
        return text
    tokens = text.lower().split()
    return " ".join(
        token if index and folded(token).strip(".") in _SMALL else _capital(token)
        for index, token in enumerate(tokens)
    )


def _capital(token: str) -> str:
    if token in ("c/o", "z.hd.") or re.fullmatch(r"\d+[a-z]", token):
        return token
    return "-".join(part[:1].upper() + part[1:] for part in token.split("-"))
