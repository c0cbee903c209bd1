"""Applications to hand over, as different from each other as they come."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from bot import clock, legal
from bot.application.draft import Broker, Draft
from bot.application.model import Application, application_from
from bot.application.questions import QUESTIONS
from bot.handoff.references import new_reference
from bot.handoff.submission import hand_over
from bot.rating import Quote, RatingRequest, quote
from bot.storage import Database, DocumentStore, DraftStore, StoredDocument

IBAN = "DE02120300000000202051"
DETAILS = "Anzeige wegen übler Nachrede gegen den Platzwart, Az. 12 Js 345/26"
NOTICES = ("disclosure_notice", "claim_definition", "inkasso_pro_consent")

CLUB = {
    "club_name": "Schützenverein „Groß-Ötzing“ 1898 e.V.",
    "club_type": "Schützen",
    "natural_persons_only": True,
    "member_count": 250,
    "employee_count": 3,
    "street": "Am Anger 5",
    "postal_code": "94562",
    "city": "Oberpöring",
    "representative_salutation": "frau",
    "representative_last_name": "Łukaszewska-Őry",
    "representative_first_name": "Zoë",
    "mobile_phone": "+4915112345678",
    "email": "vorstand@verein.example",
    "landline_phone": "+498931234567",
    "club_benefits_person": None,
}
EVERYTHING = {
    "request_type": "application",
    "membership_number": "9001028100",
    **CLUB,
    "product": "jurverein",
    "deductible": "falling_1000_300",
    "family_membership": True,
    "family_member_count": 4,
    "start_date": "2027-01-01",
    "main_due_date": "07-01",
    "criminal_proceedings": True,
    "criminal_proceedings_details": DETAILS,
    "prior_insurance": True,
    "prior_insurances": [
        {
            "insurer": "Alte Rechtsschutz AG",
            "policy_number": "RS-123/45",
            "scope": "Vereins- und Verkehrs-Rechtsschutz",
            "start_date": "2019-01-01",
            "end_date": None,
        },
    ],
    "prior_cancelled_by_insurer": True,
    "claims_last_5_years": 4,
    "claim_free_years": 4,
    "disclosure_confirmed": True,
    "payment_frequency": "monthly",
    "sepa_mandate": True,
    "iban": IBAN,
    "bic": "BYLADEM1001",
    "bank_name": "Deutsche Kreditbank Berlin",
    "account_holder": None,
    "account_holder_address": None,
    "inkasso_pro": True,
    "credit_check_consent": True,
    "document_delivery": "online",
    "remarks": "Bitte um Rückruf vor der Policierung.\nWir sind abends erreichbar.",
    "statutes": {"delivery": "uploaded", "documents": []},
    "claims_overview": {"delivery": "later"},
    "documents_received": True,
    "signatory": "Zoë Łukaszewska-Őry",
    "signed_place": "Oberpöring",
}
EVERYTHING_NO = {
    "request_type": "application",
    "membership_number": None,
    **CLUB,
    "club_name": "Chor 47",
    "member_count": 35,
    "employee_count": 0,
    "mobile_phone": None,
    "email": None,
    "landline_phone": None,
    "product": "vereins_rechtsschutz",
    "deductible": "fixed_350",
    "family_membership": False,
    "start_date": "2026-12-01",
    "main_due_date": None,
    "prior_insurance": False,
    "disclosure_confirmed": True,
    "payment_frequency": "annual",
    "sepa_mandate": False,
    "inkasso_pro": False,
    "credit_check_consent": False,
    "document_delivery": "post",
    "remarks": None,
    "statutes": {"delivery": "later"},
    "documents_received": True,
    "signatory": "Anna Müller",
    "signed_place": "Köln",
}
MEMBERSHIP = {
    **{key: value for key, value in EVERYTHING_NO.items() if "prior" not in key},
    "product": "membership_only",
    "payment_frequency": "quarterly",
}
for _name in (
    "deductible",
    "natural_persons_only",
    "disclosure_confirmed",
    "inkasso_pro",
    "statutes",
):
    del MEMBERSHIP[_name]
QUOTE = {
    "request_type": "quote",
    "club_name": "Förderverein der Grundschule am See e.V.",
    "club_type": "Förderverein",
    "natural_persons_only": True,
    "member_count": 120,
    "employee_count": 0,
    "email": "kasse@foerderverein.example",
    "product": "jurverein",
    "deductible": "flex_600_300",
    "family_membership": False,
    "start_date": "2027-03-01",
    "criminal_proceedings": False,
    "payment_frequency": "semiannual",
    "remarks": None,
}
LONG = {
    **EVERYTHING,
    "club_name": "Verein zur Förderung der Heimatpflege, des Brauchtums und der Dorfgemeinschaft "
    "in Unter- und Oberwiesenthal e.V.",
    "remarks": ("Ein sehr langer Hinweis mit vielen Einzelheiten zum Vereinsleben. " * 31)[:2000],
    "criminal_proceedings_details": "\n".join(f"Punkt {n}: ganz kurz" for n in range(180)),
    "account_holder": "Hauptverein der Heimatfreunde e.V., Abteilung Finanzen",
    "account_holder_address": "Rathausplatz 1\n80331 München",
    "prior_insurances": [
        {
            "insurer": f"Versicherer mit einem ausgesprochen langen Namen Nummer {number} auf "
            "Gegenseitigkeit",
            "policy_number": f"VS-{number}-123456789-0000000000000000000",
            "scope": "Vereins-, Verkehrs- und Spezial-Straf-Rechtsschutz sowie Rechtsschutz für "
            "Gebäude, Wohnungen und Grundstücke " * number,
            "start_date": f"201{number}-01-01",
            "end_date": f"202{number}-12-31" if number < 5 else None,
        }
        for number in range(1, 6)
    ],
}
CHANGE = {
    "request_type": "change",
    "membership_number": "9001028100",
    "change_topics": ["club", "payment"],
    **{name: CLUB[name] for name in ("club_name", "street", "postal_code", "city")},
    "payment_frequency": "annual",
    "sepa_mandate": True,
    "iban": IBAN,
    "bic": "BYLADEM1001",
    "bank_name": "Deutsche Kreditbank Berlin",
    "account_holder": None,
}


def open_database(folder: Path, url: str | None = None) -> Database:
    """An empty database of its own, by default in ``folder``; a test calls it once."""
    address = url or f"sqlite:///{folder}/bot.sqlite3"
    database = Database(address, [Fernet.generate_key().decode()])
    database.upgrade()
    return database


def documents_folder(folder: Path) -> Path:
    return folder / "documents"


def draft_of(answers: dict[str, Any], conversation_id: str = "c1") -> Draft:
    """A draft as the dialogue leaves it, with evidence of every answer."""
    now = clock.now()
    draft = Draft(conversation_id=conversation_id, created_at=now, updated_at=now)
    draft.answers = dict(answers)
    if answers["request_type"] == "application":
        draft.broker = Broker(broker_number="4711", broker_name="Makler Süd GmbH")
    _record(draft, now)
    return draft


def _record(draft: Draft, now: datetime) -> None:
    for name in NOTICES:
        text = legal.document(name)
        draft.record(now, "shown", name, version=text.version, wording_hash=text.sha256)
    for each in legal.documents_before_signature():
        draft.record(now, "shown", each.id, version=each.version, wording_hash=each.sha256)
    for asked in QUESTIONS:
        if asked.internal or not any(name in draft.answers for name in asked.fields):
            continue
        if asked.legal:
            text = legal.document(asked.legal)
            draft.record(now, "asked", asked.key, version=text.version, wording_hash=text.sha256)
        else:
            draft.record(now, "asked", asked.key)
        for name in asked.fields:
            draft.record(now, "answered", name, value=draft.answers.get(name))
    draft.record(now, "declared", "submission")


def quote_of(answers: dict[str, Any]) -> Quote | None:
    if "product" not in answers:
        return None
    return quote(
        RatingRequest(
            product=answers["product"],
            deductible=answers.get("deductible"),
            member_count=answers["member_count"],
            frequency=answers["payment_frequency"],
            family_member_count=answers.get("family_member_count"),
        )
    )


def upload(database: Database, folder: Path, draft: Draft) -> list[StoredDocument]:
    """The statutes, if the answers say that they were uploaded."""
    if (draft.answers.get("statutes") or {}).get("delivery") != "uploaded":
        return []
    store = DocumentStore(database, documents_folder(folder))
    document = store.add(
        draft.conversation_id, "statutes", "Satzung (Änderung).pdf", "application/pdf", b"%PDF-1.7"
    )
    draft.answers["statutes"] = {"delivery": "uploaded", "documents": [document.id]}
    return [document]


def application_of(draft: Draft) -> Application:
    return application_from(draft.answers)


def submitted(
    database: Database,
    folder: Path,
    answers: dict[str, Any],
    conversation_id: str = "c1",
    destinations: Sequence[str] = ("folder",),
) -> Draft:
    """The answers, submitted."""
    draft = draft_of(answers, conversation_id)
    documents = upload(database, folder, draft)
    application, quote = application_of(draft), quote_of(answers)
    return submit(draft, application, quote, documents, database, destinations=destinations)


def submit(
    draft: Draft,
    application: Application,
    quote: Quote | None,
    documents: Sequence[StoredDocument],
    database: Database,
    *,
    destinations: Sequence[str] = ("folder",),
    reference: str | None = None,
) -> Draft:
    """What a turn does that submits; ``draft`` is as it was if that fails."""
    submitted = deepcopy(draft)
    submitted.status, submitted.reference = "submitted", reference or new_reference()
    with database.transaction(durable=True) as unit:
        DraftStore(database).save(submitted, within=unit)
        hand_over(
            unit, submitted, application, quote, documents, database, destinations=destinations
        )
    for name, value in vars(submitted).items():
        setattr(draft, name, value)
    return draft
