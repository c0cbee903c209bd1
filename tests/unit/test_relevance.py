"""Which question comes next, and what falls when an answer changes."""

from __future__ import annotations

import pytest
from personas import (
    PERSONAS,
    jurverein_with_everything,
    membership_only,
    quote_request,
    vereins_rechtsschutz_with_nothing,
)

from bot.application.derived import deductible_start_level, outstanding_documents
from bot.application.questions import QUESTIONS, SECTIONS, question
from bot.application.relevance import forget, next_question, open_questions, progress, store

DONE = {"review": True, "prior_insurance_more": False}


def test_questions_stand_in_the_order_of_their_sections() -> None:
    order = [SECTIONS.index(each.section) for each in QUESTIONS]
    assert order == sorted(order)


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_complete_persona_leaves_only_sending_open(persona) -> None:
    answers = {**persona(), **DONE}
    assert [each.key for each in open_questions(answers)] == ["submission"]


def test_the_first_question_is_what_is_wanted() -> None:
    assert next_question({}).key == "request_type"


def test_a_quote_asks_little() -> None:
    asked = {each.key for each in open_questions({"request_type": "quote"})}
    assert "address" not in asked
    assert "prior_insurance" not in asked
    assert {"email", "member_count", "start_date"} <= asked


def test_only_jurverein_is_asked_about_criminal_proceedings() -> None:
    answers = vereins_rechtsschutz_with_nothing()
    assert not question("criminal_proceedings").relevant(answers)
    assert question("criminal_proceedings").relevant({**answers, "product": "jurverein"})


def test_changing_the_product_drops_what_belonged_to_jurverein_only() -> None:
    answers = {**jurverein_with_everything(), **DONE}
    dropped = store(answers, {"product": "vereins_rechtsschutz"})
    assert "criminal_proceedings" in dropped
    assert "criminal_proceedings_details" in dropped
    assert "prior_insurances" not in dropped
    assert answers["deductible"] == "falling_1000_300"


def test_membership_only_drops_everything_about_cover() -> None:
    answers = {**jurverein_with_everything(), **DONE}
    store(answers, {"product": "membership_only"})
    left = set(answers)
    assert not left & {
        "deductible",
        "natural_persons_only",
        "prior_insurance",
        "prior_insurances",
        "disclosure_confirmed",
        "inkasso_pro",
        "statutes",
        "claims_overview",
    }


def test_no_prior_insurance_after_all_drops_the_rest_and_the_confirmation() -> None:
    answers = {**jurverein_with_everything(), **DONE}
    dropped = store(answers, {"prior_insurance": False})
    assert set(dropped) >= {
        "prior_insurances",
        "prior_cancelled_by_insurer",
        "claims_last_5_years",
        "claim_free_years",
        "disclosure_confirmed",
        "claims_overview",
    }
    assert next_question(answers).key == "disclosure_confirmed"


def test_claim_free_years_belong_to_the_falling_deductible() -> None:
    answers = {**jurverein_with_everything(), **DONE}
    assert "claim_free_years" in store(answers, {"deductible": "fixed_350"})
    assert "claim_free_years" not in {each.key for each in open_questions(answers)}
    store(answers, {"deductible": "falling_1000_300"})
    assert next_question(answers).key == "claim_free_years"


def test_without_a_mandate_monthly_payment_falls() -> None:
    answers = {**jurverein_with_everything(), **DONE}
    dropped = store(answers, {"sepa_mandate": False})
    assert {"payment_frequency", "iban", "bic", "bank_name", "account_holder"} <= set(dropped)
    assert next_question(answers).key == "payment_frequency"


def test_a_quote_may_show_monthly_payment() -> None:
    answers = quote_request()
    assert store(answers, {"payment_frequency": "monthly"}) == ()


def test_online_delivery_needs_mobile_and_email() -> None:
    answers = {**vereins_rechtsschutz_with_nothing(), **DONE}
    store(answers, {"document_delivery": "online"})
    assert next_question(answers).key == "mobile_phone"


def test_any_change_asks_for_the_review_again() -> None:
    answers = {**membership_only(), **DONE}
    assert "review" in store(answers, {"member_count": 41})
    assert next_question(answers).key == "review"


def test_the_signature_does_not_ask_for_the_review_again() -> None:
    answers = {**membership_only(), "review": True}
    assert "review" not in store(answers, {"signed_place": "Bonn"})


def test_prior_insurances_are_collected_one_after_the_other() -> None:
    answers = {"request_type": "application", "product": "jurverein", "prior_insurance": True}

    def open_in_disclosure() -> str:
        return next(
            each.key
            for each in open_questions(answers)
            if each.section == "disclosure" and not each.key.startswith("criminal")
        )

    for round_ in range(2):
        assert open_in_disclosure() == "prior_insurance_insurer"
        store(answers, {"insurer": f"Versicherer {round_}"})
        assert open_in_disclosure() == "prior_insurance_policy_number"
        store(answers, {"policy_number": None})
        store(answers, {"scope": "Vereins-Rechtsschutz"})
        assert open_in_disclosure() == "prior_insurance_period"
        store(answers, {"period_start": "2020-01-01", "period_end": None})
        assert open_in_disclosure() == "prior_insurance_more"
        store(answers, {"prior_insurance_more": round_ == 0})
    assert [each["insurer"] for each in answers["prior_insurances"]] == [
        "Versicherer 0",
        "Versicherer 1",
    ]
    assert open_in_disclosure() == "prior_cancelled_by_insurer"


def test_forgetting_a_product_keeps_what_still_may_stand() -> None:
    answers = {**vereins_rechtsschutz_with_nothing(), **DONE}
    forget(answers, ["product"])
    assert answers["deductible"] == "fixed_350"
    assert next_question(answers).key == "product"


@pytest.mark.parametrize(
    ("years", "level"),
    [(0, 1000), (1, 1000), (2, 800), (3, 700), (4, 600), (5, 500), (6, 400), (7, 300), (12, 300)],
)
def test_claim_free_years_decide_the_level(years: int, level: int) -> None:
    answers = {**jurverein_with_everything(), "claim_free_years": years}
    assert deductible_start_level(answers) == level


def test_without_prior_insurance_the_level_is_the_highest() -> None:
    answers = {**jurverein_with_everything(), "prior_insurance": False}
    assert deductible_start_level(answers) == 1000
    assert deductible_start_level(vereins_rechtsschutz_with_nothing()) is None


def test_outstanding_documents_are_those_not_uploaded() -> None:
    assert outstanding_documents(jurverein_with_everything()) == ("claims_overview",)
    assert outstanding_documents(vereins_rechtsschutz_with_nothing()) == ("statutes",)
    assert outstanding_documents(membership_only()) == ()


def test_a_change_asks_only_the_chosen_sections() -> None:
    answers = {
        "request_type": "change",
        "membership_number": "9001028100",
        "change_topics": ["payment"],
    }
    sections = {each.section for each in open_questions(answers)}
    assert sections == {"payment", "declaration"}


def test_progress_counts_what_is_relevant() -> None:
    start = progress({"request_type": "quote"}, "club_name")
    assert (start.section, start.answered) == ("club", 1)
    done = progress({**quote_request(), **DONE}, "submission")
    assert done.total == done.answered + 1
