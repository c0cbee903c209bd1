"""IBANs of the SEPA area; the bank's name and BIC follow from the number."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from schwifty import IBAN
from schwifty.exceptions import (
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    SchwiftyException,
)

from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.wording import flat, phrases, words
from bot.texts import text as german

_GERMAN_LENGTH = 22
_SHORTEST = 15
_DOUBTFUL_WORDS = phrases("ibans.doubtful_words")
_START = re.compile(r"(?<![A-Z0-9])([A-Z]{2})[ .:-]*(?=[0-9OIL][ .-]*[0-9OIL])")
_SPELLED_COUNTRY = re.compile(r"\b([A-Z]) ([A-Z])(?= [0-9OIL] [0-9OIL] )")
_RUN = re.compile(r"[A-Z0-9 .,:/_-]+")


def read_iban(text: str) -> Reading:
    """A dict with ``iban`` (compact), ``bic`` and ``bank_name`` (``None`` where not known)."""
    line = re.sub(r"\bI ?B ?A ?N\b", " ", flat(text).upper())
    line = _SPELLED_COUNTRY.sub(r"\1\2", line)
    found = list(dict.fromkeys(_candidates(line)))
    if not found:
        return _without_country(line)
    valid = [each for each in found if _is_valid(each)]
    if len(valid) == 1 and set(words(text)) & _DOUBTFUL_WORDS:
        return ask_back("iban.meant", _option(valid[0]), last=valid[0][-4:])
    if len(valid) == 1:
        return _accepted(IBAN(valid[0]))
    if len(valid) > 1:
        return ask_back("iban.several", *(_option(each) for each in valid))
    return _refused(found[0])


def _candidates(line: str) -> list[str]:
    """What begins like an IBAN, without blanks and signs."""
    found = []
    starts = list(_START.finditer(line))
    ends = [_end_before(start, following) for start, following in pairwise(starts)]
    for start, end in zip(starts, [*ends, len(line)]):
        run = _RUN.match(line, start.start(), end)
        if run is None:
            continue
        compact = _ended(run.group())
        if len(re.sub(r"\D", "", compact)) >= 6:
            found.append(compact)
    return found


def _end_before(start: re.Match[str], following: re.Match[str]) -> int:
    """Where the next number begins, if it is far enough for one to stand in front of it."""
    far = following.start() - start.start() >= _SHORTEST
    return following.start() if far else following.endpos


def _ended(run: str) -> str:
    """The run up to a word that cannot belong to the number."""
    kept: list[str] = []
    for group in re.split(r"[ .,:/_-]+", run.strip()):
        if len(kept) >= 1 and group.isalpha() and len(group) > 1 and len("".join(kept)) >= 12:
            break
        kept.append(group)
    return "".join(kept)


def _is_valid(compact: str) -> bool:
    try:
        return bool(IBAN(compact).in_sepa_zone)
    except (SchwiftyException, ValueError, KeyError):
        return False


def _value(iban: IBAN) -> dict[str, Any]:
    return {"iban": str(iban.compact), "bic": _bic(iban), "bank_name": iban.bank_name or None}


def _bic(iban: IBAN) -> str | None:
    try:
        return str(iban.bic) if iban.bic else None
    except (SchwiftyException, ValueError, KeyError):
        return None


def _option(compact: str) -> Option:
    iban = IBAN(compact)
    title = german("reading.iban.title", country=compact[:2], last=compact[-4:])
    return Option(title, _value(iban))


def _accepted(iban: IBAN) -> Reading:
    value = _value(iban)
    last = value["iban"][-4:]
    if value["bank_name"]:
        bic = value["bic"] or "–"
        return ok(value, "iban.understood", bank=value["bank_name"], bic=bic, last=last)
    key = "unknown_bank" if iban.country_code == "DE" else "foreign"
    return ok(value, f"iban.{key}", last=last)


def _refused(compact: str) -> Reading:
    country = compact[:2]
    letters = re.search(r"[OIL]", compact[2:]) if country == "DE" else None
    if letters:
        letter = letters.group()
        key = "letter_o" if letter == "O" else "letter_i"
        return reject(f"iban.{key}", letter=letter)
    if country == "DE" and re.search("[A-Z]", compact[2:]):
        return reject("iban.letters")
    if country == "DE" and len(compact) != _GERMAN_LENGTH:
        return reject("iban.length", digits=len(compact), expected=_GERMAN_LENGTH)
    return _invalid(compact)


def _invalid(compact: str) -> Reading:
    try:
        iban = IBAN(compact)
    except InvalidLength:
        return reject("iban.foreign_length", country=compact[:2], digits=len(compact))
    except InvalidCountryCode:
        return reject("iban.country", country=compact[:2])
    except InvalidChecksumDigits:
        return reject("iban.checksum", last=compact[-4:])
    except (SchwiftyException, ValueError, KeyError):
        return reject("iban.invalid")
    if not iban.in_sepa_zone:
        return reject("iban.country", country=compact[:2])
    return reject("iban.invalid")


def _without_country(line: str) -> Reading:
    digits = re.sub(r"\D", "", line)
    if len(digits) == _GERMAN_LENGTH - 2:
        return reject("iban.no_country")
    if len(digits) >= 6:
        return reject("iban.account_number")
    return reject("iban.no_iban")
