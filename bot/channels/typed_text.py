"""What people type: made safe to store, and shown back without their bank account."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

MASK = "•••• "
VISIBLE_CHARACTERS = 4

_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_KEPT_FORMAT_CHARACTERS = {"\u200d"}  # joins the parts of one emoji
_SEPARATOR = r"[\s.\-/\u00a0\u202f]{0,2}"
# A digit, or a letter that is taken for one, with what people write before it in groups.
_DIGIT = rf"{_SEPARATOR}[0-9OoIl]"
_IBAN_START = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]{{2}}{_DIGIT}{_DIGIT}")
_DIGITS = re.compile(rf"(?:{_DIGIT}){{1,32}}(?![A-Za-z0-9])")
_ALPHANUMERIC = re.compile("[A-Za-z0-9]")
# After the two check digits: an IBAN that was cut short, and one with a mistyped country.
_FEWEST_DIGITS = 11
_CERTAINLY_TOO_MANY = 13
_NEXT_CHARACTER = re.compile(rf"{_SEPARATOR}([A-Za-z0-9])")


def clean(given: str) -> str:
    """``given`` without what nobody types on purpose: control and invisible characters.

    Line breaks stay, as ``\\n``; half characters (lone surrogates) go, umlauts are composed.
    """
    whole = given.encode("utf-8", "ignore").decode("utf-8")
    lines = _LINE_ENDS.sub("\n", whole).replace("\t", " ")
    kept = (
        character
        for character in lines
        if character == "\n"
        or character in _KEPT_FORMAT_CHARACTERS
        or unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs")
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def one_line(given: str) -> str:
    """``clean`` text in which every run of blanks and line breaks is one blank."""
    return " ".join(clean(given).split())


def without_ibans(typed: str) -> str:
    """``typed`` with every IBAN, also a mistyped one, shown by its last four characters only."""
    shown: list[str] = []
    position = 0
    for start in _IBAN_START.finditer(typed):
        if start.start() < position:
            continue
        end = _end_of_iban(typed, start)
        if end is not None:
            account = "".join(_ALPHANUMERIC.findall(typed[start.start() : end]))
            masked = MASK + account[-VISIBLE_CHARACTERS:].upper()
            shown += [typed[position : start.start()], masked]
            position = end
    return "".join([*shown, typed[position:]])


def _end_of_iban(typed: str, start: re.Match[str]) -> int | None:
    form = _form_in(start.group()[:2].upper())
    ends = [_end_of_digits(typed, start, _FEWEST_DIGITS if form else _CERTAINLY_TOO_MANY)]
    if form is not None:
        ends.append(_end_as_in(form, typed, start))
    return max((end for end in ends if end is not None), default=None)


def _form_in(country: str) -> Any:
    """How account numbers look there; ``None`` if the country has no IBAN."""
    try:
        return IBAN(f"{country}00", allow_invalid=True).spec
    except SchwiftyException:
        return None


def _end_of_digits(typed: str, start: re.Match[str], fewest: int) -> int | None:
    """Where the digits end, if there are so many that an account number was meant."""
    digits = _DIGITS.match(typed, start.end())
    if digits is None or len(_ALPHANUMERIC.findall(digits.group())) < fewest:
        return None
    return digits.end()


def _end_as_in(form: Any, typed: str, start: re.Match[str]) -> int | None:
    """Where the IBAN ends, if what follows looks like the country's account numbers."""
    account, end = "", start.end()
    while len(account) < form.bban_length:
        following = _NEXT_CHARACTER.match(typed, end)
        if following is None:
            return None
        account, end = account + following.group(1).upper(), following.end()
    return end if form.regex.match(account) else None
