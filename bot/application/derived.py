"""What follows from the answers and is never asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.application.conditions import (
    had_prior_insurance,
    is_application,
    needs_claims_overview,
    reports_proceedings,
    with_cover,
)

DOCUMENT_KINDS = ("statutes", "claims_overview", "criminal_proceedings_annex")
_LEVELS = {2: 800, 3: 700, 4: 600, 5: 500, 6: 400}


def deductible_start_level(answers: Mapping[str, Any]) -> int | None:
    """The level in euro at which the falling deductible starts (form, claim-free years).

    ``None`` for the other deductibles. Without prior insurance, or with fewer than two claim-free
    years, it is the full 1,000 euro.
    """
    if answers.get("deductible") != "falling_1000_300":
        return None
    if not had_prior_insurance(answers):
        return 1000
    years = answers.get("claim_free_years")
    if years is None:
        return None
    return 300 if years >= 7 else _LEVELS.get(years, 1000)


def needed_documents(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of document that belong to the application as answered."""
    needed = []
    application = is_application(answers)
    if application and with_cover(answers):
        needed.append("statutes")
    if application and needs_claims_overview(answers):
        needed.append("claims_overview")
    if reports_proceedings(answers) and not answers.get("criminal_proceedings_details"):
        needed.append("criminal_proceedings_annex")
    return tuple(needed)


def outstanding_documents(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """The documents that the insurer still has to receive."""
    return tuple(
        kind
        for kind in needed_documents(answers)
        if (answers.get(kind) or {}).get("delivery") != "uploaded"
    )
