"""The finished application: the contract with the insurer, checked outside any dialogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal, Optional

from pydantic import BaseModel, Field, ValidationError, create_model

from bot.application.conditions import had_prior_insurance, is_application
from bot.application.derived import deductible_start_level, outstanding_documents
from bot.application.questions import (
    QUESTIONS,
    RequestType,
    application_fields,
    kind_of,
)
from bot.application.relevance import conflict
from bot.application.values import PriorInsurance, Strict

SCHEMA_VERSION = max(each.since for each in QUESTIONS)
"""Of the hand-off as it is now."""


class Application(Strict):
    """Every field of the printed form by its contract name; ``null`` is "no entry"."""

    request_type: RequestType
    deductible_start_level: Optional[int] = Field(None, description="euro, derived")
    outstanding_documents: list[str] = Field(default_factory=list, description="derived")


def _value_type(name: str) -> Any:
    if name == "prior_insurances":
        return list[PriorInsurance]
    return kind_of(name).value_type(name)


_FIELDS: Mapping[str, Any] = {
    name: (Optional[_value_type(name)], None)
    for name in application_fields()
    if name != "request_type"
}
CompleteApplication: Any = create_model("CompleteApplication", __base__=Application, **_FIELDS)
"""An ``Application`` with all fields that the questions declare."""


class Problem(BaseModel):
    """What keeps an application from being submitted; ``field`` is to be asked again."""

    field: str
    reason: Literal["missing", "not_relevant", "invalid", "too_early", "must_be_confirmed"]


def application_from(answers: Mapping[str, Any]) -> Application:
    """The application that these answers make, with what follows from them.

    Raises:
        pydantic.ValidationError: a value is not what the contract allows.
    """
    values = {name: answers[name] for name in application_fields() if name in answers}
    values["deductible_start_level"] = deductible_start_level(answers)
    values["outstanding_documents"] = list(outstanding_documents(answers))
    application: Application = CompleteApplication(**values)
    return application


def earliest_start(today: date) -> date:
    """The day after receipt (form, "Beginn")."""
    return today + timedelta(days=1)


def validate_answers(answers: Mapping[str, Any], today: date) -> list[Problem]:
    """Everything that keeps these answers from being a complete, consistent application.

    Checks anew, without trusting the dialogue: relevance, presence, each value, what must be
    confirmed, and the start date against ``today`` (day of receipt, Europe/Berlin).
    """
    problems: list[Problem] = []
    for each in QUESTIONS:
        if each.internal:
            continue
        given = [name for name in each.fields if name in answers]
        if not each.relevant(answers):
            problems += [Problem(field=name, reason="not_relevant") for name in given]
        elif (each.asked(answers) or each.required(answers)) and not each.answered(answers):
            problems.append(Problem(field=each.key, reason="missing"))
        elif each.must_be_true and answers.get(each.key) is not True:
            problems.append(Problem(field=each.key, reason="must_be_confirmed"))
    if (
        is_application(answers)
        and had_prior_insurance(answers)
        and not answers.get("prior_insurances")
    ):
        problems.append(Problem(field="prior_insurances", reason="missing"))
    problems += _eligibility(answers)
    problems += _invalid_values(answers)
    start = answers.get("start_date")
    sound = all(each.field != "start_date" for each in problems)
    if isinstance(start, str) and sound and date.fromisoformat(start) < earliest_start(today):
        problems.append(Problem(field="start_date", reason="too_early"))
    return problems


def _eligibility(answers: Mapping[str, Any]) -> list[Problem]:
    problems = []
    if answers.get("natural_persons_only") is False:
        problems.append(Problem(field="natural_persons_only", reason="must_be_confirmed"))
    if conflict("payment_frequency", {"sepa_mandate": False, **answers}):
        problems.append(Problem(field="payment_frequency", reason="invalid"))
    return problems


def _invalid_values(answers: Mapping[str, Any]) -> list[Problem]:
    try:
        application_from(answers)
    except ValidationError as error:
        fields = dict.fromkeys(str(each["loc"][0]) for each in error.errors())
        return [Problem(field=name, reason="invalid") for name in fields]
    return []
