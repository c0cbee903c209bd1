"""What is asked next and what falls with a changed answer: computed from the answers each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.application.conditions import collects_prior_insurance, had_prior_insurance
from bot.application.draft import Answers
from bot.application.questions import (
    PRIOR_INSURANCE_FIELDS,
    QUESTIONS,
    SECTIONS,
    Question,
    question_for,
)

_MAY_CONFLICT = frozenset({"payment_frequency"})
_MAY_FALL = tuple(each for each in QUESTIONS if each.depends_on or each.key in _MAY_CONFLICT)
"""Questions whose answers may fall with another one without becoming irrelevant."""
_WITH_THE_SIGNATURE = frozenset({"documents_received", "signatory", "signed_place"})
"""Answered after the review, which they leave as it is."""
_ENTRY_FIELDS = ("insurer", "policy_number", "scope", "period_start", "period_end")


@dataclass(frozen=True)
class Progress:
    """How far a section and the whole application are, counted in questions."""

    section: str
    answered: int
    total: int


def open_questions(answers: Mapping[str, Any]) -> list[Question]:
    """The relevant questions without an answer that will be asked, in the form's order."""
    return list(_open(answers))


def next_question(answers: Mapping[str, Any]) -> Question | None:
    """The first relevant question without an answer; ``None`` when nothing is open."""
    return next(_open(answers), None)


def _open(answers: Mapping[str, Any]) -> Iterator[Question]:
    # What is answered is told the soonest; only what is looked for is told at all.
    for each in QUESTIONS:
        if not each.answered(answers) and each.relevant(answers) and _is_asked(each, answers):
            yield each


def _is_asked(each: Question, answers: Mapping[str, Any]) -> bool:
    return each.asked(answers) or each.required(answers)


def store(answers: Answers, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Take accepted values over and drop exactly what no longer stands.

    Returns:
        the fields whose answers were dropped; a finished description of a prior insurance moves
        into ``prior_insurances``.
    """
    changed = {
        name for name, value in values.items() if name not in answers or answers[name] != value
    }
    answers.update(values)
    _finish_prior_insurance(answers)
    return _settle(answers, changed)


def forget(answers: Answers, names: Iterable[str]) -> tuple[str, ...]:
    """Take answers back, with what depends on them; returns what else was dropped."""
    taken = {name for name in names if name in answers}
    for name in taken:
        del answers[name]
    return _settle(answers, taken)


def _settle(answers: Answers, changed: set[str]) -> tuple[str, ...]:
    dropped: list[str] = []
    while True:
        falling = [
            name for name in _fallen(answers, changed) if name in answers and name not in changed
        ]
        falling += [name for name in _irrelevant(answers) if name in answers]
        if not falling:
            return tuple(name for name in dict.fromkeys(dropped))
        for name in dict.fromkeys(falling):
            del answers[name]
            dropped.append(name)
        changed = changed | set(falling)


def _fallen(answers: Answers, changed: set[str]) -> list[str]:
    names: list[str] = []
    for each in _MAY_FALL:
        if changed.intersection(each.depends_on) or conflict(each.key, answers):
            names.extend(each.fields)
    touched = changed - {"review", "submission"}
    if touched - _WITH_THE_SIGNATURE:
        names.append("review")
    if touched:
        names.append("submission")
    return names


def _irrelevant(answers: Answers) -> list[str]:
    names = [
        name
        for each in QUESTIONS
        if not answers.keys().isdisjoint(each.fields) and not each.relevant(answers)
        for name in each.fields
        if name != "prior_insurances"
    ]
    if not had_prior_insurance(answers):
        names.append("prior_insurances")
    return names


def conflict(key: str, answers: Mapping[str, Any]) -> bool:
    """Whether the answer to this question contradicts another one that weighs more."""
    if key in _MAY_CONFLICT:
        return (
            answers.get("payment_frequency") == "monthly"
            and answers.get("sepa_mandate") is False
            and answers.get("request_type") != "quote"
        )
    return False


def _finish_prior_insurance(answers: Answers) -> None:
    if not collects_prior_insurance(answers):
        return
    if any(name not in answers for name in _ENTRY_FIELDS):
        return
    values = [answers.pop(name) for name in _ENTRY_FIELDS]
    entry = dict(zip(PRIOR_INSURANCE_FIELDS, values))
    answers["prior_insurances"] = [*(answers.get("prior_insurances") or ()), entry]
    answers.pop("prior_insurance_more", None)


def progress(answers: Mapping[str, Any], current: str | None) -> Progress:
    """Questions answered and in all, as far as the answers so far let one know."""
    answered = total = 0
    for each in QUESTIONS:
        if each.relevant(answers) and _is_asked(each, answers):
            total += 1
            answered += each.answered(answers)
    section = question_for(current).section if current else SECTIONS[-1]
    return Progress(section, answered, total)
