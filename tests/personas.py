"""Three clubs whose answers the tests use: canonical values by contract name."""

from __future__ import annotations

from datetime import date
from typing import Any

TODAY = date(2026, 11, 20)

_COMMON: dict[str, Any] = {
    "request_type": "application",
    "membership_number": None,
    "club_type": "Sport",
    "employee_count": 2,
    "street": "Hauptstraße 7",
    "postal_code": "50667",
    "city": "Köln",
    "representative_salutation": "frau",
    "representative_last_name": "Müller",
    "representative_first_name": "Anna",
    "mobile_phone": "+491712345678",
    "email": "anna.mueller@example.org",
    "landline_phone": None,
    "club_benefits_person": None,
    "start_date": "2027-01-01",
    "main_due_date": None,
    "credit_check_consent": False,
    "remarks": None,
    "documents_received": True,
    "signatory": "Anna Müller",
    "signed_place": "Köln",
}


def jurverein_with_everything() -> dict[str, Any]:
    """JURVEREIN, 250 members, every disclosure question answered with yes."""
    return {
        **_COMMON,
        "club_name": "TSV Musterstadt 1898 e.V.",
        "natural_persons_only": True,
        "member_count": 250,
        "product": "jurverein",
        "deductible": "falling_1000_300",
        "family_membership": True,
        "family_member_count": 4,
        "criminal_proceedings": True,
        "criminal_proceedings_details": "Ermittlungen wegen einer Spendenquittung.",
        "prior_insurance": True,
        "prior_insurances": [
            {
                "insurer": "Muster Rechtsschutz AG",
                "policy_number": "RS 123.456-7",
                "scope": "Vereins-Rechtsschutz",
                "start_date": "2018-01-01",
                "end_date": None,
            }
        ],
        "prior_cancelled_by_insurer": True,
        "claims_last_5_years": 3,
        "claim_free_years": 4,
        "disclosure_confirmed": True,
        "payment_frequency": "monthly",
        "sepa_mandate": True,
        "iban": "DE89370400440532013000",
        "bic": "COBADEFFXXX",
        "bank_name": "Commerzbank",
        "account_holder": "Karl Huber",
        "account_holder_address": "Gartenweg 3, 80331 München",
        "inkasso_pro": True,
        "document_delivery": "online",
        "statutes": {"delivery": "uploaded", "documents": ["a1"]},
        "claims_overview": {"delivery": "later"},
    }


def vereins_rechtsschutz_with_nothing() -> dict[str, Any]:
    """Vereins-Rechtsschutz, 80 members, every disclosure question answered with no."""
    return {
        **_COMMON,
        "club_name": "Gesangverein Harmonie e.V.",
        "club_type": "Musik",
        "natural_persons_only": True,
        "member_count": 80,
        "mobile_phone": None,
        "product": "vereins_rechtsschutz",
        "deductible": "fixed_350",
        "family_membership": False,
        "prior_insurance": False,
        "disclosure_confirmed": True,
        "payment_frequency": "annual",
        "sepa_mandate": False,
        "inkasso_pro": False,
        "document_delivery": "post",
        "statutes": {"delivery": "later"},
    }


def membership_only() -> dict[str, Any]:
    """Membership in KS e.V. without cover."""
    return {
        **_COMMON,
        "club_name": "Förderverein der Grundschule am See",
        "member_count": 40,
        "mobile_phone": None,
        "product": "membership_only",
        "family_membership": False,
        "payment_frequency": "annual",
        "sepa_mandate": False,
        "document_delivery": "post",
    }


def quote_request() -> dict[str, Any]:
    """A request for a quote."""
    return {
        "request_type": "quote",
        "club_name": "Schützenverein Tell e.V.",
        "club_type": "Schützen",
        "natural_persons_only": True,
        "member_count": 201,
        "employee_count": 0,
        "email": "vorstand@example.org",
        "product": "vereins_rechtsschutz",
        "deductible": "flex_600_300",
        "family_membership": False,
        "start_date": "2027-03-01",
        "payment_frequency": "monthly",
        "remarks": None,
    }


PERSONAS = (
    jurverein_with_everything,
    vereins_rechtsschutz_with_nothing,
    membership_only,
    quote_request,
)
