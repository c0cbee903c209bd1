"""Numbers by which insurers know a member or a policy; letters, dots and dashes may be in them."""

from __future__ import annotations

import re

from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.wording import phrases, shown, words

_CODE = re.compile(r"(?=[^,;]*\d)[A-Za-z0-9][A-Za-z0-9 ./_-]*")
_SOMETHING_ELSE = re.compile(
    r"\d{1,2}\.\s?\d{1,2}\.(?:\d{2,4})?|[A-Z]{2}\d{2}(?:\s?\d{4}){4,}\s?\d*", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_PART = re.compile(r"[A-Za-z0-9./_-]*\d{3}[A-Za-z0-9./_-]*")
_LETTER_FOR_DIGIT = re.compile(r"(?<=\d{4})[oOlI]+$|(?<=\d{2})[oO](?=\d{2})")
_DOUBTFUL_WORDS = phrases("reference_numbers.doubtful_words")


def read_number(kept: str, field: str) -> Reading:
    """The number as typed, without blanks if it has only digits."""
    compact = " ".join(kept.strip(" .#:").split())
    if re.fullmatch(r"[\d ]+", compact):
        compact = compact.replace(" ", "")
    digits = sum(character.isdigit() for character in compact)
    letters = sum(character.isalpha() for character in compact)
    if digits >= 3 and (" / " in kept or set(words(kept)) & _DOUBTFUL_WORDS):
        return _which(_PART.findall(compact), kept)
    too_few = _CODE.fullmatch(compact) is None or digits < 3 or letters > digits + 6
    if too_few or _SOMETHING_ELSE.fullmatch(compact):
        return reject("text.no_number", said=shown(kept))
    if _LETTER_FOR_DIGIT.search(compact):
        return _which([_LETTER_FOR_DIGIT.sub(_digits, compact), compact], kept)
    if field == "membership_number" and _YEAR.fullmatch(compact):
        return _which([compact], kept)
    return ok(compact)


def _digits(letters: re.Match[str]) -> str:
    return letters.group().translate(str.maketrans("oOlI", "0011"))


def _which(numbers: list[str], kept: str) -> Reading:
    options = [Option(each, each) for each in dict.fromkeys(numbers)]
    key = "which_number" if len(options) > 1 else "is_it.default"
    said = options[0].title if len(options) == 1 else shown(kept)
    return ask_back(f"text.{key}", *options, said=said)
