"""The catalogue of questions, in the order of the printed form: the one definition of each.

A question is declared in ``bot/texts/questions.yml``, together with what people read of it in
German; what may be declared is explained there. Model, JSON Schema, review, corrections by words,
prefill, display and PDF follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal

from bot.application import conditions, kinds
from bot.application.conditions import Condition, always, is_change, never, unless_unchanged
from bot.application.kinds import Kind
from bot.language.skipping import reads_as_skip, reads_as_unchanged
from bot.texts import entry

SECTIONS: tuple[str, ...] = tuple(entry("questions.sections"))
RequestType = Literal["application", "change", "quote"]
ALL_REQUESTS: frozenset[RequestType] = frozenset({"application", "quote"})
Version = tuple[int, int]
"""Of the hand-off: (1, 0) is written 1.0."""
PRIOR_INSURANCE_FIELDS = ("insurer", "policy_number", "scope", "start_date", "end_date")
_OPTIONAL_PARTS = frozenset({"bic", "bank_name", "period_end"})
_NOT_QUESTIONS = frozenset({"sections", "fields"})


@dataclass(frozen=True)
class Question:
    """One question of the form, as it is declared in ``bot/texts/questions.yml``."""

    key: str
    section: str
    kind: Kind
    fields: tuple[str, ...] = ()
    requests: frozenset[RequestType] = ALL_REQUESTS
    condition: Condition = always
    required: Condition = always
    asked: Condition = always
    changed_with: Condition = never
    depends_on: tuple[str, ...] = ()
    legal: str | None = None
    notices: tuple[str, ...] = ()
    must_be_true: bool = False
    sensitive: bool = False
    internal: bool = False
    prefillable: bool = False
    since: Version = (1, 0)
    also_fills: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.fields:
            object.__setattr__(self, "fields", (self.key,))

    def relevant(self, answers: Mapping[str, Any]) -> bool:
        """Whether this question belongs to the application as far as it is known."""
        if not self.condition(answers):
            return False
        if self.section == "request":
            return True
        request_type = answers.get("request_type")
        if request_type == "change":
            if self.section == "declaration":
                return self.internal
            chosen = self.section in (answers.get("change_topics") or ())
            return chosen or self.changed_with(answers)
        return request_type is None or request_type in self.requests

    def may_stay(self, answers: Mapping[str, Any]) -> bool:
        """Whether a change request may leave the contract as it is here."""
        return is_change(answers) and self.required is unless_unchanged

    def left_open_by(self, text: str, answers: Mapping[str, Any]) -> bool:
        """Whether this text leaves the question without an answer, and may do so.

        "keine" leaves out a telephone number; in a change request it is a number of employees.
        """
        if self.required(answers):
            return False
        return reads_as_unchanged(text) if self.may_stay(answers) else reads_as_skip(text, self.key)

    def answered(self, answers: Mapping[str, Any]) -> bool:
        """Whether all its fields have an answer that may stand."""
        left_out = False
        for name in self.fields:
            if name not in answers:
                return False
            left_out = left_out or (answers[name] is None and name not in _OPTIONAL_PARTS)
        return not (left_out and self.required(answers))


def _declared(key: str, given: Mapping[str, Any]) -> Question:
    """The question as it is declared, lists as tuples, kind and conditions by their names."""
    values = {each.name: given[each.name] for each in fields(Question) if each.name in given}
    try:
        for name, value in values.items():
            if name == "kind":
                values[name] = _kind(key, value)
            elif name == "requests":
                values[name] = frozenset(value)
            elif isinstance(value, list):
                values[name] = tuple(value)
            elif name in _CONDITIONS:
                values[name] = getattr(conditions, value)
        return Question(key=key, **values)
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"questions.yml, {key}: {error}") from error


_CONDITIONS = frozenset({"condition", "required", "asked", "changed_with"})


def _kind(key: str, declared: str | Mapping[str, Mapping[str, Any]]) -> Kind:
    """A kind by its name, or with its limits; what a choice offers are its codes in German."""
    name, limits = (declared, {}) if isinstance(declared, str) else next(iter(declared.items()))
    found: type[Kind] = getattr(kinds, name)
    if issubclass(found, kinds.Choice):
        limits = {"codes": tuple(entry(f"choices.{key}")), **limits}
    return found(**limits)


QUESTIONS: tuple[Question, ...] = tuple(
    _declared(key, given) for key, given in entry("questions").items() if key not in _NOT_QUESTIONS
)
DISCLOSURES = next(each for each in QUESTIONS if each.key == "disclosure_confirmed").depends_on

_BY_KEY = {question.key: question for question in QUESTIONS}
_BY_FIELD = {name: question for question in QUESTIONS for name in question.fields} | {
    "prior_insurances": _BY_KEY["prior_insurance_insurer"]
}


class UnknownField(KeyError):
    """No question has this key, or fills this field."""


def question(key: str) -> Question:
    """The question with this key.

    Raises:
        UnknownField: there is none.
    """
    try:
        return _BY_KEY[key]
    except KeyError:
        raise UnknownField(key) from None


def question_for(name: str) -> Question:
    """The question that fills this field (or has this key).

    Raises:
        UnknownField: there is none.
    """
    found = _BY_KEY.get(name) or _BY_FIELD.get(name)
    if found is None:
        raise UnknownField(name)
    return found


def kind_of(name: str) -> Kind:
    """How an answer to this field or question is read.

    Raises:
        UnknownField: there is no such field or question.
    """
    aliases = {"period": "prior_insurance_period", "end_date": "prior_insurance_period"}
    return question_for(aliases.get(name, name)).kind


@cache
def application_fields() -> tuple[str, ...]:
    """The fields that people answer and the insurer receives, in the order of the form."""
    names: list[str] = []
    for each in QUESTIONS:
        if each.key == "prior_insurance_insurer":
            names.append("prior_insurances")
        elif not each.internal:
            names.extend(each.fields)
    return tuple(names)
