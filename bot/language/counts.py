"""How many: members, employees, family members, claims, years without claims."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from babel.numbers import format_decimal

from bot.language.numbers import Number, find_numbers
from bot.language.off_topic import is_not_knowing
from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.spelling import Vocabulary
from bot.language.wording import (
    folded,
    lexicon,
    pattern,
    patterns_by_field,
    phrase,
    phrases,
    phrases_by_field,
    shown,
    words,
)

LARGEST = 9_999_999
EXACT = frozenset({"claims_last_5_years", "claim_free_years"})
"""Disclosures: an approximate number is asked back instead of being taken."""

_NONE = phrases("counts.none")
_OPENING_NONE = lexicon("keine|keinen|kein|keiner|nein|nie|niemand|entfällt|nö|nee")
_MAYBE_NONE = phrases("counts.maybe_none")
_APPROXIMATE = pattern("counts.approximate")
_BOUND = pattern("counts.bound")
_VAGUE = pattern("counts.vague")
_GLUED = re.compile(r"(?<![a-z])(?!ca)[a-z]{1,2}\d|\d[a-z]{1,2}(?![a-z])")
"""Letters among the digits, such as "2OO"."""
_OTHER_UNIT = pattern("counts.other_unit")
_YEARS = re.compile(r"\bjahre?n?\b")
_NEGATIVE = re.compile(r"(?<![\d\w])\s?[-](?= ?\d)|\bminus\b")
_RANGE = re.compile(r"\bzwischen\b|\d ?(?:-|bis|/|oder) ?\d|\b(bis|oder|beziehungsweise|bzw)\b")
_PARTS = re.compile(r"\bund\b|\+|,|\bplus\b|\bsowie\b|\baktive?\b|\bpassive?\b|\bdazu\b")
_THEN = pattern("counts.then")
_CLAIM = re.compile("schad|gemeldet")
_COMPANY = {"zweit": 2, "dritt": 3, "viert": 4, "funft": 5, "sechst": 6, "siebt": 7, "acht": 8}
_UNITS = patterns_by_field("counts.units")
_PEOPLE_OR_CLAIMS = re.compile(r"^\W*(mitglied|mitarbeit|angestellt|beschaftigt|schaden|jahr)")
_HARMLESS = phrases("counts.harmless")
_OWN_WORDS = phrases_by_field("counts.own_words")
_RECOGNISABLE = {field: Vocabulary(own) for field, own in _OWN_WORDS.items()}
_NOT_EMPLOYED = pattern("counts.not_employed")
_OCCUPATION = pattern("counts.occupation")
_ORDINAL = re.compile(r"\. ?[a-z]")
_WORD = re.compile(r"[a-z]+|[^\W\d_]+|[§+]")


def read_count(text: str, *, field: str, minimum: int, plausible: int) -> Reading:
    """A whole number of at least ``minimum``; one above ``plausible`` is asked back."""
    line = folded(text)
    said = _in_set_phrases(text, line, field, minimum)
    if said is not None:
        return said
    together = re.search(rf"\bzu ({'|'.join(_COMPANY)})\b", line)
    if together and not re.search(r"\d", line):
        return _checked(_COMPANY[together[1]], minimum, plausible, echo=True)
    numbers = find_numbers(text)
    if minimum == 0 and not re.search(r"\d", line) and all(each.article for each in numbers):
        denied = _denied(text)
        if denied is not None:
            return denied
    trouble = _no_number(text, line, numbers, field)
    if trouble is not None:
        return trouble
    own = _with_own_unit(line, numbers, field)
    if own is None:
        return _of_several(line, numbers, minimum)
    if own.whole is None:
        return _broken(own)
    return _one(line, own, numbers, field, minimum, plausible)


def _in_set_phrases(text: str, line: str, field: str, minimum: int) -> Reading | None:
    """Reads "keine" as none, and what says that there is no answer yet."""
    if phrase(text) in _NONE:
        if field == "claim_free_years" and _CLAIM.search(line):
            return reject("count.no_number", said=shown(text))
        return _checked(0, minimum, LARGEST, echo=False)
    if phrase(text) in _MAYBE_NONE:
        return _maybe_none(minimum)
    return reject("count.not_known") if is_not_knowing(text) else None


def _denied(text: str) -> Reading | None:
    """Reads "keine, alles Ehrenamt" as none; "keine festen" leaves room for others."""
    opening = words(text)[:1]
    if not opening or opening[0] not in _OPENING_NONE:
        return None
    if opening[0] in _NONE and re.match(r"\s*\w+\s*[,;.–-]", text):
        return ok(0, "count.understood", value="0")
    return _maybe_none(0)


def _no_number(text: str, line: str, numbers: list[Number], field: str) -> Reading | None:
    if _VAGUE.search(line) or _GLUED.search(line) or not numbers:
        return reject("count.no_number", said=shown(text))
    if all(number.article for number in numbers) and len(words(text)) > 4:
        return reject("count.no_number", said=shown(text))
    if _NEGATIVE.search(line[: numbers[0].end]) and not _APPROXIMATE.search(line):
        return reject("count.negative")
    if _OTHER_UNIT.search(line) or (field != "claim_free_years" and _years_counted(line, numbers)):
        return reject("count.other_unit", said=shown(text))
    return None


def _years_counted(line: str, numbers: list[Number]) -> bool:
    return len(numbers) == 1 and bool(re.match(r"\W*jahre?n?\b", line[numbers[0].end :]))


def _maybe_none(minimum: int) -> Reading:
    if minimum > 0:
        return reject("count.too_small", minimum=minimum)
    return ask_back("count.maybe_none", Option("0", 0))


def _with_own_unit(line: str, numbers: list[Number], field: str) -> Number | None:
    """The one number that is meant, or ``None`` if several could be."""
    if _said_once(line, numbers):
        return numbers[0]
    if re.search(r"\bdavon\b", line) and line.find("davon") > numbers[0].end:
        return numbers[0]
    if _RANGE.search(line):
        return None
    own = [number for number in numbers if _counts_own_unit(line, number, field)]
    others = [number for number in numbers if number not in own]
    if len(own) == 1 and all(_names_unit(line, other) for other in others):
        return own[0]
    return None


def _said_once(line: str, numbers: list[Number]) -> bool:
    """Only one number, at most repeated in other words: "2 (zwei)"."""
    if len({number.value for number in numbers}) > 1:
        return False
    gaps = (line[one.end : other.start] for one, other in pairwise(numbers))
    return all(
        re.fullmatch(r"\W*(?:also|in worten|genau|d h|das heisst)?\W*", gap) and "+" not in gap
        for gap in gaps
    )


def _of_several(line: str, numbers: list[Number], minimum: int) -> Reading:
    """Several numbers: a sum of parts, or alternatives."""
    dated = [number for number in numbers[:6] if not _is_year(number)]
    wholes = [number.whole for number in dated if number.whole is not None]
    if not wholes or max(wholes) > LARGEST or len(wholes) < len(dated):
        return reject("count.several")
    between = line[numbers[0].end : numbers[-1].start] + line[numbers[-1].end :]
    if (
        len(wholes) > 1
        and not _RANGE.search(line)
        and _PARTS.search(between)
        and not _THEN.search(line)
    ):
        total = _total(wholes)
        return ask_back("count.sum", Option(_written(total), total), total=_written(total))
    offered = [value for value in dict.fromkeys(wholes) if value >= minimum]
    return ask_back("count.several", *(Option(_written(value), value) for value in offered))


def _is_year(number: Number) -> bool:
    return number.text.isdigit() and 1980 <= int(number.text) <= 2100


def _total(parts: list[int]) -> int:
    """The sum, or the total if it stands among the numbers: "180 + 50 = 230"."""
    return max(parts) if sum(parts) == 2 * max(parts) and len(parts) > 2 else sum(parts)


def _broken(number: Number) -> Reading:
    """Not a whole number; "1,250" may be an English thousand."""
    match = re.fullmatch(r"(\d{1,3}),(\d{3})", number.text)
    if match:
        value = int(match[1] + match[2])
        return ask_back("count.exactly", Option(_written(value), value), value=_written(value))
    return reject("count.not_whole", said=number.text)


def _one(
    line: str, number: Number, numbers: list[Number], field: str, minimum: int, plausible: int
) -> Reading:
    value = number.whole or 0
    top_level = field == "claim_free_years" and re.fullmatch(
        r"\W*7 ?(jahre?n? )?(oder|und) mehr( jahren?)?\W*", line
    )
    bounded = _BOUND.search(line)
    approximate = bool(_APPROXIMATE.search(line))
    if value < minimum or value > LARGEST:
        return _checked(value, minimum, plausible, echo=False)
    if not top_level and (bounded or (approximate and field in EXACT)):
        return _exactly(value)
    if not top_level and _of_something_else(line, number, numbers, field):
        possible = _checked(value, minimum, plausible, echo=False)
        return possible if possible.status == "reject" else _exactly(value)
    spelled = not number.text.replace(".", "").isdigit() or number.article
    echo = approximate or spelled or len(numbers) > 1 or bool(top_level)
    return _checked(value, minimum, plausible, echo=echo)


def _of_something_else(line: str, number: Number, numbers: list[Number], field: str) -> bool:
    return _counts_other_unit(line, number, field) or _may_count_something_else(
        line, numbers, field
    )


def _exactly(value: int) -> Reading:
    return ask_back("count.exactly", Option(_written(value), value), value=_written(value))


def _checked(value: int, minimum: int, plausible: int, *, echo: bool) -> Reading:
    if value < minimum:
        return reject("count.too_small", minimum=minimum, value=_written(value))
    if value > LARGEST or (1900 <= value <= 2100 and plausible < 1900):
        return reject("count.too_large", value=_written(value))
    if value > plausible:
        return ask_back("count.implausible", Option(_written(value), value), value=_written(value))
    return ok(value, "count.understood" if echo else "", value=_written(value))


def _written(value: int | Decimal) -> str:
    return str(format_decimal(value, locale="de"))


def _counts_own_unit(line: str, number: Number, field: str) -> bool:
    """Whether the word after the number names what the field asks for."""
    unit = _UNITS.get(field)
    return unit is not None and bool(unit.match(line[number.end :]))


def _counts_other_unit(line: str, number: Number, field: str) -> bool:
    """Whether the word after the number names what another field asks for."""
    known = field in _UNITS and not _counts_own_unit(line, number, field)
    return known and _names_unit(line, number)


def _names_unit(line: str, number: Number) -> bool:
    """Whether the word after the number names what one of the fields asks for."""
    return bool(_PEOPLE_OR_CLAIMS.match(line[number.end :]))


def _may_count_something_else(line: str, numbers: list[Number], field: str) -> bool:
    """Whether words around the numbers leave open that the count is of something else.

    Employees may be named by any occupation; for the other fields all words have to be known.
    """
    if any(_ORDINAL.match(line[number.end :]) for number in numbers):
        return True
    rest = _without_numbers(line, numbers)
    if field == "employee_count":
        only_articles = all(number.article for number in numbers)
        return bool(_NOT_EMPLOYED.search(rest)) or (only_articles and not _is_occupation(rest))
    if field == "member_count":
        rest = re.split(r"\bdavon\b", rest)[0]
    return any(not _is_known(word, field) for word in _WORD.findall(rest))


def _is_occupation(rest: str) -> bool:
    """Whether "ein", "eine" … stands for somebody employed and for nothing else."""
    unknown = [word for word in _WORD.findall(rest) if word not in _HARMLESS]
    return not unknown or bool(_OCCUPATION.fullmatch(unknown[-1]))


def _without_numbers(line: str, numbers: list[Number]) -> str:
    for number in sorted(numbers, key=lambda each: each.start, reverse=True):
        line = line[: number.start] + " " + line[number.end :]
    return line


def _is_known(word: str, field: str) -> bool:
    own = _OWN_WORDS.get(field, frozenset())
    if word in _HARMLESS or word in own:
        return True
    vocabulary = _RECOGNISABLE.get(field)
    return vocabulary is not None and bool(vocabulary.closest(word))
