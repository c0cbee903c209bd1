"""Taking an application over that was begun when the catalogue of questions was another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from bot import legal
from bot.application.draft import Answers, Draft
from bot.application.kinds import Choice, Salutation
from bot.application.questions import QUESTIONS, Question
from bot.application.relevance import forget

# Fields that were named otherwise in earlier releases: the former name to today's.
RENAMED: Mapping[str, str] = {}

_COLLECTED = "prior_insurances"
_SIGNATURE_LENGTH = 8


def signature(asked: Question) -> str:
    """What an answer to this question was given to: another signature means another question.

    How we word a question ourselves does not count; the insurer's wording does, with the notices
    that have to be read before.
    """
    named = [asked.legal, *asked.notices] if asked.legal else list(asked.notices)
    wordings = [legal.document(name).sha256 for name in named]
    parts = (type(asked.kind).__name__, asked.must_be_true, asked.fields, wordings)
    return sha256(repr(parts).encode()).hexdigest()[:_SIGNATURE_LENGTH]


@cache
def catalogue_version() -> str:
    """Changes whenever answers of an earlier release may have to be asked again."""
    parts = [(each.key, _signatures()[each.key], _codes(each)) for each in QUESTIONS]
    return sha256(repr(parts).encode()).hexdigest()[:_SIGNATURE_LENGTH]


def note_catalogue(draft: Draft) -> None:
    """Remember which questions the draft's answers belong to, before it is stored."""
    draft.catalogue = catalogue_version()
    signatures, given = _signatures(), draft.answers.keys()
    draft.asked_as = {
        each.key: signatures[each.key] for each in QUESTIONS if not given.isdisjoint(each.fields)
    }


def bring_up_to_date(draft: Draft, renamed: Mapping[str, str] = RENAMED) -> tuple[str, ...]:
    """Let the draft fit today's catalogue; returns the answers that no longer stand.

    Renamed fields move. Answers fall that nobody asks for any more, that are no longer offered,
    or whose question changed, and with them what depends on them.
    """
    if draft.catalogue == catalogue_version():
        return ()
    for answers in (draft.answers, draft.previous_answers):
        _rename(answers, renamed)
    _forget_what_is_gone(draft)
    unfit = [name for each in QUESTIONS for name in _unfit(each, draft)]
    gone = [name for name in draft.answers if name not in _known_fields()]
    dropped = [*gone, *unfit, *forget(draft.answers, [*gone, *unfit])]
    return tuple(dict.fromkeys(dropped))


def _rename(answers: Answers, renamed: Mapping[str, str]) -> None:
    for former, present in renamed.items():
        if former in answers:
            value = answers.pop(former)
            answers.setdefault(present, value)


def _unfit(asked: Question, draft: Draft) -> Iterable[str]:
    given = [name for name in asked.fields if name in draft.answers]
    was_asked_as = draft.asked_as.get(asked.key)
    if was_asked_as is not None and was_asked_as != _signatures()[asked.key]:
        return given
    return [name for name in given if not _is_offered(asked, draft.answers[name])]


def _is_offered(asked: Question, value: Any) -> bool:
    codes = _codes(asked)
    if not codes or value is None:
        return True
    values = value if isinstance(value, list) else [value]
    return all(each in codes for each in values)


def _codes(asked: Question) -> tuple[str, ...]:
    return asked.kind.codes if isinstance(asked.kind, (Choice, Salutation)) else ()


def _forget_what_is_gone(draft: Draft) -> None:
    keys = {each.key for each in QUESTIONS}
    known = _known_fields()
    draft.order = [key for key in draft.order if key in keys]
    draft.previous_answers = {
        name: value for name, value in draft.previous_answers.items() if name in known
    }
    if draft.open_question not in keys:
        draft.open_question = None
    if draft.returning_to not in keys:
        draft.returning_to = None
    # What was asked besides named questions and values of then.
    draft.pending = None
    draft.what_if = None


@cache
def _signatures() -> Mapping[str, str]:
    return {each.key: signature(each) for each in QUESTIONS}


@cache
def _known_fields() -> frozenset[str]:
    return frozenset({name for each in QUESTIONS for name in each.fields} | {_COLLECTED})
