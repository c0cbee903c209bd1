"""Names of people that the form keeps as one text; where an organisation may stand, those too."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.language.free_text import Limits, read_text
from bot.language.names import Name, cased_name, is_first_name, parse_name
from bot.language.off_topic import names_an_organisation
from bot.language.reading import Option, Reading, ask_back
from bot.language.wording import phrases, shown, words

_JOINED = re.compile(r"(\s+(?:und|u\.)\s+|\s*[&+]\s*)")
_UNDECIDED = re.compile(r"\b(?:oder|nein|sondern|bzw)\b", re.IGNORECASE)
_ORGANISATIONS = phrases("person_texts.organisations")
_RELATIONS = phrases("person_texts.relations")


def read_person_text(
    text: str, field: str, limits: Limits, *, several: bool = False, organisations: bool = False
) -> Reading:
    """A name as typed, with its capital letters; what looks like no name is asked back.

    ``several`` people may be joined by "und"; with ``organisations`` the name of one is taken.
    """
    reading = read_text(text, field, limits)
    if not reading.is_ok:
        return reading
    name = str(reading.value)
    if _UNDECIDED.search(name):
        return _doubted(name)
    if _is_organisation(name):
        return reading if organisations and not _is_paraphrased(name) else _doubted(name)
    pieces = _JOINED.split(name)
    people = pieces[::2]
    if len(people) > 1 and not several:
        return _doubted(name)
    if not _are_names(people):
        return _doubted(name)
    pieces[::2] = map(cased_name, people)
    return replace(reading, value="".join(pieces))


def _doubted(name: str) -> Reading:
    said = shown(name, 120)
    return ask_back("text.is_it.person", Option(said, name), said=said)


def _is_organisation(name: str) -> bool:
    return names_an_organisation(name) or bool(set(words(name)) & _ORGANISATIONS)


def _is_paraphrased(name: str) -> bool:
    """As in "unser Förderverein"; the article of "Die Falken e.V." is typed large."""
    return name[:1].islower() and words(name)[0] in _RELATIONS


def _are_names(people: list[str]) -> bool:
    """Whether the last one is a whole name; "Karl" may share it in "Karl und Anna Huber"."""
    *front, last = people
    return _is_whole(last) and all(is_first_name(each) or _is_whole(each) for each in front)


def _is_whole(person: str) -> bool:
    found = words(person)
    name = parse_name(person)
    if name is None or name.guessed or not found or found[0] in _RELATIONS:
        return False
    return _has_both(name) or bool(name.salutation and name.last)


def _has_both(name: Name) -> bool:
    return bool(name.first and len(name.last.strip(".")) > 1)
