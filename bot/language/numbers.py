"""Numbers in German text, in digits and in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from babel.numbers import NumberFormatError, parse_decimal
from text_to_num import text2num

from bot.language.wording import folded, forms, pattern

_TOKENS = re.compile(
    r"(?P<digits>\d{1,3}(?:[ '.]\d{3})+(?![\d])(?:,\d+)?|\d+(?:[.,]\d+)*)|(?P<word>[a-z]+)"
)
_MAX_TOKENS = 120
_LONGEST_RUN = 8
_ARTICLES = {"ein", "eine", "einen", "einem", "einer", "eines"}
_MISSPELT = forms("numbers.misspelt")
_NUMBER_STEM = pattern("numbers.number_stem")
_ALTERNATIVE = re.compile(r" ?(?:-|,|bis|oder|bzw) ?(?:zwei|2)\b")
"""In "ein bis zwei" the article is a number."""
_TIMES = {"hundert": 100, "tausend": 1000, "dutzend": 12}


@dataclass(frozen=True)
class Number:
    """A number found in a text; ``value`` is ``None`` if its digits are no German number.

    ``start`` and ``end`` are its place in the folded text; ``article`` marks "ein", "eine" …,
    which is a number only when nothing else is.
    """

    value: Decimal | None
    text: str
    start: int
    end: int
    article: bool = False

    @property
    def whole(self) -> int | None:
        """The value if it is a whole number."""
        if self.value is None or self.value != self.value.to_integral_value():
            return None
        return int(self.value)


def find_numbers(text: str) -> list[Number]:
    """The numbers in a text, in their order; positions refer to ``folded(text)``."""
    line = folded(text)
    tokens = [match for match, _ in zip(_TOKENS.finditer(line), range(_MAX_TOKENS))]
    found: list[Number] = []
    index = 0
    while index < len(tokens):
        number, used = _number_at(line, tokens, index)
        if number is not None:
            found.append(number)
        index += used
    return _multiplied(line, found)


def _number_at(line: str, tokens: list[re.Match[str]], index: int) -> tuple[Number | None, int]:
    token = tokens[index]
    if token["digits"]:
        return Number(_decimal(token.group()), token.group(), token.start(), token.end()), 1
    if not may_open_number(token.group()):
        return None, 1
    last = min(len(tokens), index + _LONGEST_RUN)
    while last > index and not tokens[last - 1]["word"]:
        last -= 1
    for end in range(last, index, -1):
        run = tokens[index:end]
        if not _is_one_phrase(line, run):
            continue
        value = value_of_words(" ".join(each.group() for each in run))
        if value is not None:
            start, stop = token.start(), run[-1].end()
            return Number(Decimal(value), line[start:stop], start, stop), len(run)
    if token.group() in _ARTICLES:
        return Number(Decimal(1), token.group(), token.start(), token.end(), article=True), 1
    if token.group() == "dutzend":
        return Number(Decimal(12), token.group(), token.start(), token.end()), 1
    return None, 1


def _is_one_phrase(line: str, run: list[re.Match[str]]) -> bool:
    gaps = pairwise(run)
    return all(line[one.end() : other.start()] in (" ", "-", "") for one, other in gaps)


def may_open_number(word: str) -> bool:
    """Whether a number in words can begin with this folded word."""
    return bool(_NUMBER_STEM.match(word))


def value_of_words(line: str) -> int | None:
    """The value of folded German number words, or ``None``."""
    if not may_open_number(line) or line in _ARTICLES:
        return None
    for wrong, right in _MISSPELT.items():
        line = line.replace(wrong, right)
    try:
        return int(text2num(line, "de"))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None


def _decimal(digits: str) -> Decimal | None:
    plain = re.sub("[ ']", ".", digits)
    if len(plain) > 20:
        return None
    try:
        value: Decimal = parse_decimal(plain, locale="de", strict=True)
    except NumberFormatError:
        return None
    return value


def _multiplied(line: str, found: list[Number]) -> list[Number]:
    """Join "2 hundert" and "zwei Dutzend"; an article before another number is only an article."""
    joined: list[Number] = []
    for number in found:
        last = joined[-1] if joined else None
        factor = _TIMES.get(number.text)
        touching = last is not None and line[last.end : number.start].strip() == ""
        if last is not None and factor and touching and last.value is not None:
            text = line[last.start : number.end]
            joined[-1] = Number(last.value * factor, text, last.start, number.end)
        else:
            joined.append(number)
    real = [each for each in joined if not each.article or _ALTERNATIVE.match(line, each.end)]
    return real or joined
