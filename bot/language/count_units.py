"""What a number counts: whether the words around it speak of what was asked for."""

from __future__ import annotations

import re

from bot.language.numbers import Number
from bot.language.spelling import Vocabulary
from bot.language.wording import pattern, patterns_by_field, phrases, phrases_by_field

_UNITS = patterns_by_field("count_units.units")
_PEOPLE_OR_CLAIMS = re.compile(r"^\W*(mitglied|mitarbeit|angestellt|beschaftigt|schaden|jahr)")
_HARMLESS = phrases("count_units.harmless")
_OWN_WORDS = phrases_by_field("count_units.own_words")
_RECOGNISABLE = {field: Vocabulary(own) for field, own in _OWN_WORDS.items()}
_NOT_EMPLOYED = pattern("count_units.not_employed")
_OCCUPATION = pattern("count_units.occupation")
_ORDINAL = re.compile(r"\. ?[a-z]")
_WORD = re.compile(r"[a-z]+|[^\W\d_]+|[§+]")


def counts_own_unit(line: str, number: Number, field: str) -> bool:
    """Whether the word after the number names what the field asks for."""
    unit = _UNITS.get(field)
    return unit is not None and bool(unit.match(line[number.end :]))


def counts_other_unit(line: str, number: Number, field: str) -> bool:
    """Whether the word after the number names what another field asks for."""
    known = field in _UNITS and not counts_own_unit(line, number, field)
    return known and names_unit(line, number)


def names_unit(line: str, number: Number) -> bool:
    """Whether the word after the number names what one of the fields asks for."""
    return bool(_PEOPLE_OR_CLAIMS.match(line[number.end :]))


def may_count_something_else(line: str, numbers: list[Number], field: str) -> bool:
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
