"""The finished application is checked anew, whatever the dialogue did."""

from __future__ import annotations

from typing import Any

import pytest
from personas import PERSONAS, TODAY, jurverein_with_everything, quote_request

from bot.application.model import CompleteApplication, application_from, validate_answers
from bot.application.questions import application_fields


def problems(answers: dict[str, Any]) -> set[tuple[str, str]]:
    return {(each.field, each.reason) for each in validate_answers(answers, TODAY)}


@pytest.mark.parametrize("persona", PERSONAS)
def test_complete_answers_have_no_problem(persona) -> None:
    assert problems(persona()) == set()


def test_every_field_of_the_catalogue_is_in_the_model() -> None:
    derived = {"deductible_start_level", "outstanding_documents"}
    assert set(CompleteApplication.__fields__) == set(application_fields()) | derived


@pytest.mark.parametrize("field", sorted(set(quote_request()) - {"remarks", "request_type"}))
def test_nothing_required_may_be_missing(field: str) -> None:
    answers = quote_request()
    del answers[field]
    assert any(reason == "missing" for _, reason in problems(answers))


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("start_date", "2026-11-20", "too_early"),
        ("start_date", "2026-02-31", "invalid"),
        ("member_count", 0, "invalid"),
        ("family_member_count", 1, "invalid"),
        ("postal_code", "5066", "invalid"),
        ("iban", "DE89370400440532013001", "invalid"),
        ("email", "anna@", "invalid"),
        ("mobile_phone", "+4922112345678", "invalid"),
        ("product", "kasko", "invalid"),
        ("disclosure_confirmed", False, "must_be_confirmed"),
        ("natural_persons_only", False, "must_be_confirmed"),
        ("documents_received", False, "must_be_confirmed"),
        ("prior_insurances", [], "missing"),
    ],
)
def test_a_wrong_value_is_named(field: str, value: object, reason: str) -> None:
    answers = {**jurverein_with_everything(), field: value}
    assert (field, reason) in problems(answers)


def test_an_answer_that_is_not_relevant_is_named() -> None:
    answers = {**quote_request(), "criminal_proceedings": False}
    assert ("criminal_proceedings", "not_relevant") in problems(answers)


def test_monthly_payment_without_mandate_is_named() -> None:
    answers = jurverein_with_everything()
    for name in ("iban", "bic", "bank_name", "account_holder", "account_holder_address"):
        del answers[name]
    answers["sepa_mandate"] = False
    assert ("payment_frequency", "invalid") in problems(answers)


def test_a_prior_insurance_ends_after_it_began() -> None:
    answers = jurverein_with_everything()
    answers["prior_insurances"][0]["end_date"] = "2017-12-31"
    assert ("prior_insurances", "invalid") in problems(answers)


def test_the_application_carries_what_follows_from_the_answers() -> None:
    application = application_from(jurverein_with_everything())
    assert application.deductible_start_level == 600
    assert application.outstanding_documents == ["claims_overview"]
