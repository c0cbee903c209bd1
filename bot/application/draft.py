"""The application while it is being filled in, with the state of the dialogue about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Optional
from uuid import uuid4

from pydantic import BaseModel, Field, StrictStr

Answers = dict[StrictStr, Any]
EvidenceKind = Literal["asked", "shown", "answered", "corrected", "dropped", "declared"]
DraftStatus = Literal["open", "ended", "submitted", "cancelled"]


class Evidence(BaseModel):
    """One thing that was asked, shown or answered, as it must be provable years later."""

    at: datetime
    channel: str
    kind: EvidenceKind
    item: str = Field(description="field, question or legal text")
    version: Optional[str] = None
    wording_hash: Optional[str] = None
    value: Any = None


class Broker(BaseModel):
    """The broker whose portal embeds the assistant."""

    broker_number: str
    broker_name: str = ""


class Pending(BaseModel):
    """A question of the assistant's own that must be settled before the next one of the form."""

    kind: Literal["reading", "facts", "cancel", "restart", "erase", "adopt", "entry", "price"]
    question: Optional[str] = None
    options: list[dict[str, Any]] = Field(default_factory=list)
    asked_about: Optional[int] = Field(
        default=None, description="the option that a plain yes means, if the question names one"
    )
    values: Answers = Field(default_factory=dict)


class Draft(BaseModel):
    """Answers so far and where the conversation stands. ``answers`` holds canonical values only.

    A field that is missing from ``answers`` was not answered; ``None`` is an optional question
    that was skipped.
    """

    conversation_id: str
    application_id: str = Field(
        default_factory=lambda: uuid4().hex,
        description="one conversation may lead to several applications, one after the other",
    )
    channel: str = "widget"
    status: DraftStatus = "open"
    answers: Answers = Field(default_factory=dict)
    broker: Optional[Broker] = None
    contract: Answers = Field(
        default_factory=dict, description="the contract to be changed, as the portal knows it"
    )
    reference: Optional[str] = None
    version: int = 0
    created_at: datetime
    updated_at: datetime

    open_question: Optional[str] = None
    returning_to: Optional[str] = Field(
        default=None, description="question that is asked out of order"
    )
    order: list[str] = Field(default_factory=list, description="questions as they were answered")
    previous_answers: Answers = Field(default_factory=dict, description="asked again, was …")
    pending: Optional[Pending] = None
    failures: int = Field(default=0, description="unusable answers to the open question")
    errors: list[str] = Field(default_factory=list, description="what was said about them")
    shown: list[str] = Field(default_factory=list, description="notices already shown")
    last_topic: Optional[str] = None
    what_if: Optional[Answers] = None
    greeted: bool = False
    tariff: Optional[str] = Field(default=None, description="the tariff that was quoted from")
    catalogue: Optional[str] = Field(
        default=None, description="version of the catalogue that the answers belong to"
    )
    asked_as: dict[str, str] = Field(
        default_factory=dict, description="what each answered question was, by its signature"
    )

    new_evidence: list[Evidence] = Field(default_factory=list, exclude=True)

    def record(
        self,
        at: datetime,
        kind: EvidenceKind,
        item: str,
        *,
        version: str | None = None,
        wording_hash: str | None = None,
        value: Any = None,
    ) -> None:
        """Note evidence; it is stored together with the draft."""
        self.new_evidence.append(
            Evidence(
                at=at,
                channel=self.channel,
                kind=kind,
                item=item,
                version=version,
                wording_hash=wording_hash,
                value=value,
            )
        )
