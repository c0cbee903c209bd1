"""Names of clubs and other texts that are kept as typed; what is surely no such text is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.names import is_first_name, parse_name
from bot.language.off_topic import (
    is_command,
    is_insult,
    is_not_knowing,
    is_question,
    is_small_talk,
    may_be_request,
    names_an_organisation,
    opens_like_question,
)
from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.reference_numbers import read_number
from bot.language.skipping import reads_as_skip
from bot.language.wording import (
    capitalised,
    flat,
    is_latin,
    lexicon,
    pattern,
    patterns_by_field,
    phrases,
    phrases_by_field,
    shown,
    tidy,
    unquoted,
    words,
)
from bot.language.yes_no import read_yes_no
from bot.texts import has
from bot.texts import text as german

_NUMBERS = {"membership_number", "policy_number", "prior_insurance_policy_number", "broker_number"}
_PEOPLE = {"club_benefits_person", "signatory"}
_PLACES = {"signed_place"}
_INTRODUCTIONS = patterns_by_field("free_text.introductions")
_HESITATION = re.compile(r"^(?:(?:äh+m*|hm+)[\s,.…]+|(?:ja|also)\s*,\s*)+(?=\S)", re.IGNORECASE)
_GREETING = pattern("free_text.greeting", re.IGNORECASE)
_POLITE = pattern("free_text.polite", re.IGNORECASE)
_MEMBERS = pattern("free_text.members", re.IGNORECASE)
_SENTENCE = pattern("free_text.sentence", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|\b[A-Z]{2}\d{2}(?:\s?\d{4}){4,}|https?://|\bwww\.", re.I
)
_PROGRAM_SIGNS = re.compile(r"[{}\\^|]|%[sd]\b")
_PERSON_WORDS = phrases("free_text.person_words")
_NO_PLACES = phrases("free_text.no_places")
_ROOM_FOR_INTRODUCTION = 300
_WORDS_AROUND_A_NUMBER = 12
_DOUBTFUL_WORDS = phrases_by_field("free_text.doubtful_words")
_DOUBTFUL_UNLESS_ORGANISATION = phrases_by_field("free_text.doubtful_unless_organisation")
_DOUBTFUL = patterns_by_field("free_text.doubtful")
_DENIALS = lexicon("nicht|kein|keine|keinen|keiner|nie|nichts")


@dataclass(frozen=True)
class Limits:
    """How long a text may be, in characters, and whether it may have several lines."""

    minimum: int
    maximum: int
    multiline: bool = False


def read_text(text: str, field: str, limits: Limits) -> Reading:
    """The text as typed, without what introduces it, or why it cannot be the answer."""
    field = field.removeprefix("prior_insurance_") if field != "prior_insurance" else field
    reason = _is_no_number(text) if field in _NUMBERS else ""
    if reason:
        return reject(f"text.{reason}", **_parameters(text, field, limits))
    if len(text) > limits.maximum + _ROOM_FOR_INTRODUCTION:
        parameters = {"length": len(text), "maximum": limits.maximum}
        return reject("text.too_long", **parameters)
    kept = _kept(text, field, limits)
    problem = _no_text(text, kept, field, limits)
    if problem:
        return reject(f"text.{problem}", **_parameters(kept, field, limits))
    if field in _NUMBERS:
        return read_number(kept, field)
    if not limits.multiline and (_may_be_something_else(kept) or _is_doubtful(kept, field)):
        return ask_back(_doubt_key(field), Option(shown(kept, 120), kept), said=shown(kept))
    if field == "club_type" or field in _PLACES:
        kept = capitalised(kept)
    changed = flat(kept).casefold() != unquoted(flat(text)).casefold() and not limits.multiline
    return ok(kept, "text.understood" if changed else "", said=shown(kept, 120))


def _is_no_number(text: str) -> str:
    """Why there is no number to be found; empty if there may be one."""
    if any(map(str.isdigit, text)):
        return "no_number" if len(words(text)) > _WORDS_AROUND_A_NUMBER else ""
    agreed = read_yes_no(text)
    return "number_please" if agreed.is_ok and agreed.value else ""


def _doubt_key(field: str) -> str:
    key = f"text.is_it.{field}"
    return key if has(f"reading.{key}") else "text.is_it.default"


def _parameters(kept: str, field: str, limits: Limits) -> dict[str, object]:
    key = f"reading.text.examples.{field}"
    return {
        "said": shown(kept),
        "minimum": limits.minimum,
        "maximum": limits.maximum,
        "length": len(kept),
        "example": german(key if has(key) else "reading.text.examples.default"),
    }


def _kept(text: str, field: str, limits: Limits) -> str:
    kept = unquoted(tidy(text) if limits.multiline else " ".join(tidy(text).split()))
    if kept[:1] in "„»“" and kept[-1:] in '“«”"':
        kept = kept[1:-1].strip()
    kept = _GREETING.sub("", _HESITATION.sub("", kept))
    introduction = _INTRODUCTIONS.get(field)
    if introduction:
        separator = (
            r"\s*[:=]\s*|\s+" if field not in ("club_name", "account_holder") else r"\s*:\s*|\s+"
        )
        match = re.match(
            rf"(?:(?:also|äh+m*|ja)[,\s]+)*(?:{introduction.pattern})(?:{separator})(?=\S)",
            kept,
            re.I,
        )
        if match and not _only_labels(field, match.group()):
            kept = unquoted(kept[match.end() :].strip())
    if field == "signed_place":
        kept = re.sub(r"^(?:D-)?\d{5}\s+(?=[^\W\d_])", "", kept)
        kept = re.sub(
            r"[,\s]+(?:den\s+|am\s+)?\d{1,2}\.\s?(?:\d{1,2}\.|\w+)\s?\d{2,4}\.?$", "", kept
        )
    if field == "club_name":
        kept = _MEMBERS.sub("", kept)
    return kept if limits.multiline else _without_full_stop(_POLITE.sub("", kept))


def _only_labels(field: str, introduction: str) -> bool:
    """A name may begin with "Verein der …"; in "Verein: TSV" the word is a label."""
    label = introduction.strip().casefold()
    if field == "club_name" and label in ("verein", "name", "vereinsname"):
        return True
    return field == "insurer" and label in ("die", "der")


def _without_full_stop(text: str) -> str:
    return re.sub(r"(?<=[^\W\d_]{3})[.,;]+$", "", re.sub(r"[,;\s]+$", "", text))


def _no_text(text: str, kept: str, field: str, limits: Limits) -> str:
    """Why this is no text for the field; empty if nothing speaks against it."""
    letters = sum(character.isalpha() for character in kept)
    long_text = limits.multiline and len(kept) > 80
    if is_insult(text) and not long_text:
        return "insult"
    if (is_question(text) or is_question(kept)) and not long_text:
        return "question"
    if is_command(text):
        return "command"
    if is_not_knowing(text):
        return "not_known"
    if reads_as_skip(kept, ""):
        return "no_answer"
    if may_be_request(kept) and not names_an_organisation(kept) and not limits.multiline:
        return "question"
    if is_small_talk(kept) and not (limits.minimum <= 1 and letters > 20):
        return "no_answer"
    return _bad_form(kept, field, limits, letters)


def _bad_form(kept: str, field: str, limits: Limits, letters: int) -> str:
    if len(kept) > limits.maximum:
        return "no_number" if field in _NUMBERS else "too_long"
    if field in _NUMBERS:
        return ""
    if letters < 2 or len(kept) < limits.minimum or not (limits.multiline or is_latin(kept)):
        return "too_short" if not letters or is_latin(kept) else "not_latin"
    if not limits.multiline and _NOT_A_NAME.search(kept):
        return "something_else"
    if not limits.multiline and _PROGRAM_SIGNS.search(kept):
        return "no_answer"
    if field in _PLACES | _PEOPLE and re.search(r"\d", kept):
        return "digits"
    if field not in ("scope", "account_holder_address") and _denies(kept, limits):
        return "no_answer"
    if field in _PLACES | _PEOPLE and any(word in _PERSON_WORDS for word in words(kept)):
        return "no_answer"
    if field in _PLACES and any(word in _NO_PLACES for word in words(kept)):
        return "no_answer"
    return ""


def _denies(kept: str, limits: Limits) -> bool:
    """Whether it is a remark such as "Wir haben noch keinen Namen"."""
    if limits.multiline or names_an_organisation(kept) or not _SENTENCE.match(kept):
        return False
    return bool(set(words(kept)) & _DENIALS)


def _may_be_something_else(kept: str) -> bool:
    """It could be a name, but reads like a question or a remark."""
    if kept.endswith("?") or opens_like_question(kept):
        return True
    return bool(_SENTENCE.match(kept)) and len(words(kept)) >= 3 and not names_an_organisation(kept)


def _is_doubtful(kept: str, field: str) -> bool:
    """Whether the text should be confirmed before it is kept as the answer."""
    found = set(words(kept))
    if found & _DOUBTFUL_WORDS.get(field, frozenset()):
        return True
    pattern = _DOUBTFUL.get(field)
    if pattern is not None and pattern.search(kept):
        return True
    if field == "signed_place":
        return _is_person(kept)
    if names_an_organisation(kept) and len(found) > 1:
        return False
    if found & _DOUBTFUL_UNLESS_ORGANISATION.get(field, frozenset()):
        return True
    return field == "club_name" and _is_no_name(kept)


def _is_no_name(kept: str) -> bool:
    """Whether a single word is too short for a club's name, or typed like any other word."""
    return len(kept.split()) == 1 and (len(kept.strip(".")) < 3 or kept.islower())


def _is_person(kept: str) -> bool:
    tokens = kept.split()
    return len(tokens) == 2 and is_first_name(tokens[0]) and parse_name(kept) is not None
