"""What the insurer receives as ``application.json``: the application and all that proves it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Literal, Optional

from pydantic import BaseModel, Extra, Field

from bot import legal
from bot.application.draft import Draft, Evidence
from bot.application.model import SCHEMA_VERSION, Application, CompleteApplication
from bot.application.questions import RequestType
from bot.handoff.changes import changes
from bot.handoff.file_names import document_path
from bot.handoff.seal import ALGORITHM, seal_value
from bot.rating import Frequency, Item, Quote
from bot.storage import StoredDocument

DERIVED = ("deductible_start_level", "outstanding_documents")
AMOUNT = r"^\d+\.\d{2}$"
SHA256 = r"^[0-9a-f]{64}$"


class _Part(BaseModel):
    class Config:
        extra = Extra.forbid


class HandedApplication(CompleteApplication):  # type: ignore[misc]
    """Every field of the printed form by its contract name; ``null`` is "no entry"."""

    broker_number: Optional[str] = Field(None, description="null: the club came by itself")
    broker_name: Optional[str] = None
    signed_at: Optional[datetime] = Field(None, description="when the declaration was made")

    class Config:
        @staticmethod
        def schema_extra(schema: dict[str, Any], _model: type[BaseModel]) -> None:
            for name in DERIVED:
                schema["properties"].pop(name)


class Derived(_Part):
    """What follows from the answers and was never asked."""

    deductible_start_level: Optional[int] = Field(description="euro")
    outstanding_documents: list[str] = Field(description="documents still to be sent")


class HandedLine(BaseModel):
    """One contract of the quote; amounts in euro including insurance tax."""

    item: Item
    title: str
    annual: str = Field(regex=AMOUNT)
    per_instalment: str = Field(regex=AMOUNT)


class HandedQuote(BaseModel):
    """The premium as it was shown, the same object as ``python -m bot quote --json`` prints."""

    tariff: str
    frequency: Frequency
    instalments_per_year: int
    lines: list[HandedLine]
    total_per_instalment: str = Field(regex=AMOUNT)
    sum_of_instalments: str = Field(regex=AMOUNT)
    provisional: bool = Field(description="the insurer has yet to confirm the premium")
    trace: list[str] = Field(description="how it was computed, in German")

    class Config:
        extra = Extra.allow


class Mandate(_Part):
    """The SEPA direct debit mandate."""

    mandate_reference: str
    creditor_identifier: str
    text: str
    version: str
    sha256: str = Field(regex=SHA256, description="of text")
    iban: str
    bic: Optional[str]
    bank_name: Optional[str]
    account_holder: str
    account_holder_address: Optional[str] = Field(description="null: the club's address")
    place: Optional[str]
    granted_at: datetime


class HandedDocument(_Part):
    """A document that came with the application; ``size`` in bytes, ``file`` within the folder."""

    id: str
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str = Field(regex=SHA256)
    received_at: datetime
    file: str


class Wording(_Part):
    """A legal text that was asked or shown, word for word."""

    id: str
    title: str
    version: str
    sha256: str = Field(regex=SHA256, description="of text")
    text: str


class Change(_Part):
    """One entry that a change request changes; values as under ``application``."""

    field: str
    old_known: bool = Field(description="false: the insurer's own data say what it was")
    old: Any = None
    new: Any


class Seal(_Part):
    """Hash over the canonical JSON of everything else: sorted keys, no blanks, UTF-8."""

    algorithm: Literal["sha256"]
    value: str = Field(regex=SHA256)


class Envelope(_Part):
    """An application, quote request or change request as it was submitted."""

    schema_version: str
    reference: str = Field(regex=r"^KS-[0-9A-Z]{4}-[0-9A-Z]{4}$")
    submitted_at: datetime
    request_type: RequestType
    channel: str
    application: HandedApplication
    derived: Derived
    changes: Optional[list[Change]] = Field(description="null: not a change request")
    quote: Optional[HandedQuote]
    mandate: Optional[Mandate]
    documents: list[HandedDocument]
    evidence: list[Evidence] = Field(description="what was asked, shown and answered, in order")
    wordings: list[Wording] = Field(description="the legal texts that evidence refers to")
    seal: Seal


def sealed_envelope(
    reference: str,
    submitted_at: datetime,
    draft: Draft,
    application: Application,
    quote: Quote | None,
    documents: Sequence[StoredDocument],
    evidence: Sequence[Evidence],
    known: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The envelope as JSON, sealed.

    Args:
        known: what is known of the contract that a change request changes, by contract name.

    Raises:
        pydantic.ValidationError: a part is not what the schema promises.
    """
    content = _content(reference, submitted_at, draft, application, quote, documents, evidence)
    content["changes"] = changes(json.loads(application.json()), known)
    unsealed = Envelope(**content, seal=Seal(algorithm=ALGORITHM, value="0" * 64))
    envelope = as_json(unsealed)
    envelope["seal"]["value"] = seal_value(envelope)
    return envelope


def as_json(envelope: Envelope) -> dict[str, Any]:
    """``envelope`` as plain JSON values; what is derived stands under ``derived`` only."""
    found: dict[str, Any] = json.loads(envelope.json(exclude={"application": set(DERIVED)}))
    return found


def _content(
    reference: str,
    submitted_at: datetime,
    draft: Draft,
    application: Application,
    quote: Quote | None,
    documents: Sequence[StoredDocument],
    evidence: Sequence[Evidence],
) -> dict[str, Any]:
    broker = draft.broker
    return {
        "schema_version": ".".join(map(str, SCHEMA_VERSION)),
        "reference": reference,
        "submitted_at": submitted_at,
        "request_type": application.request_type,
        "channel": draft.channel,
        "application": {
            **application.dict(),
            "broker_number": broker.broker_number if broker else None,
            "broker_name": (broker.broker_name or None) if broker else None,
            "signed_at": submitted_at if application.dict()["signatory"] else None,
        },
        "derived": {name: getattr(application, name) for name in DERIVED},
        "quote": quote.as_dict() if quote else None,
        "mandate": _mandate(reference, submitted_at, application.dict()),
        "documents": [
            _document(number, document) for number, document in enumerate(documents, start=1)
        ],
        "evidence": list(evidence),
        "wordings": _wordings(evidence),
    }


def _mandate(
    reference: str, granted_at: datetime, answers: Mapping[str, Any]
) -> dict[str, Any] | None:
    if answers["sepa_mandate"] is not True or answers["iban"] is None:
        return None
    wording = legal.document("sepa_mandate")
    return {
        "mandate_reference": reference,
        "creditor_identifier": legal.CREDITOR_IDENTIFIER,
        "text": wording.text,
        "version": wording.version,
        "sha256": wording.sha256,
        "iban": answers["iban"],
        "bic": answers["bic"],
        "bank_name": answers["bank_name"],
        "account_holder": answers["account_holder"] or answers["club_name"],
        "account_holder_address": answers["account_holder_address"],
        "place": answers["signed_place"],
        "granted_at": granted_at,
    }


def _document(number: int, document: StoredDocument) -> dict[str, Any]:
    described = {
        name: getattr(document, name) for name in HandedDocument.__fields__ if name != "file"
    }
    file = document_path(number, document.kind, document.name, document.media_type)
    return {**described, "file": file}


def _wordings(evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
    """The legal texts behind the hashes, each once, in the order in which they came up."""
    known = _texts_by_hash()
    named = dict.fromkeys(entry.wording_hash for entry in evidence if entry.wording_hash)
    return [
        {name: getattr(text, name) for name in Wording.__fields__}
        for text in (known[digest] for digest in named if digest in known)
    ]


@cache
def _texts_by_hash() -> Mapping[str, legal.LegalText]:
    # A conversation may have begun under an older edition than the one that is in force now.
    return {
        text.sha256: text
        for version in legal.versions()
        for text in legal.edition(version).texts.values()
    }
