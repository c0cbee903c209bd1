"""When a question is relevant, required or asked: what ``questions.yml`` may name for that.

Each is decided on the answers given so far.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Condition = Callable[[Mapping[str, Any]], bool]


def always(_: Mapping[str, Any]) -> bool:
    return True


def never(_: Mapping[str, Any]) -> bool:
    return False


def is_application(answers: Mapping[str, Any]) -> bool:
    return answers.get("request_type") == "application"


def is_change(answers: Mapping[str, Any]) -> bool:
    return answers.get("request_type") == "change"


def unless_unchanged(answers: Mapping[str, Any]) -> bool:
    """Needed, but for a change request, in which what is left out stays as it is."""
    return not is_change(answers)


def is_quote(answers: Mapping[str, Any]) -> bool:
    return answers.get("request_type") == "quote"


def not_quote(answers: Mapping[str, Any]) -> bool:
    return not is_quote(answers)


def with_cover(answers: Mapping[str, Any]) -> bool:
    """Insurance beyond membership; assumed until the product says otherwise."""
    return answers.get("product") != "membership_only"


def with_criminal_cover(answers: Mapping[str, Any]) -> bool:
    """Special criminal cover is part of JURVEREIN only (form, "Weitere Antragsfragen")."""
    product = answers.get("product")
    return product == "jurverein" or (product is None and is_change(answers))


def had_prior_insurance(answers: Mapping[str, Any]) -> bool:
    return with_cover(answers) and answers.get("prior_insurance") is True


def collects_prior_insurance(answers: Mapping[str, Any]) -> bool:
    """A prior insurance is being described: the first one, or one more that was announced."""
    return had_prior_insurance(answers) and (
        not answers.get("prior_insurances") or answers.get("prior_insurance_more") is True
    )


def has_prior_insurances(answers: Mapping[str, Any]) -> bool:
    return had_prior_insurance(answers) and bool(answers.get("prior_insurances"))


def needs_claims_overview(answers: Mapping[str, Any]) -> bool:
    """Cancelled by the insurer, or three or more claims (form, "Weitere Antragsfragen")."""
    return had_prior_insurance(answers) and (
        answers.get("prior_cancelled_by_insurer") is True
        or (answers.get("claims_last_5_years") or 0) >= 3
    )


def delivers_online(answers: Mapping[str, Any]) -> bool:
    return answers.get("document_delivery") == "online"


def reports_proceedings(answers: Mapping[str, Any]) -> bool:
    return with_criminal_cover(answers) and answers.get("criminal_proceedings") is True


def explained_by_annex_only(answers: Mapping[str, Any]) -> bool:
    """No text explains the proceedings, so the annex has to."""
    return not answers.get("criminal_proceedings_details")


def by_direct_debit(answers: Mapping[str, Any]) -> bool:
    return answers.get("sepa_mandate") is True


def has_other_account_holder(answers: Mapping[str, Any]) -> bool:
    return by_direct_debit(answers) and bool(answers.get("account_holder"))


def needs_email(answers: Mapping[str, Any]) -> bool:
    return is_quote(answers) or delivers_online(answers)


def with_family(answers: Mapping[str, Any]) -> bool:
    return answers.get("family_membership") is True


def counts_claim_free_years(answers: Mapping[str, Any]) -> bool:
    return had_prior_insurance(answers) and answers.get("deductible") == "falling_1000_300"
