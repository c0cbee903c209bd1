"""The finished application: the contract with the insurer, checked outside any dialogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal, Optional

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, ConstrainedStr, Extra, Field, ValidationError, validator
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from bot.application.derived import deductible_start_level, outstanding_documents
from bot.application.questions import QUESTIONS, application_fields, had_prior_insurance
from bot.application.relevance import conflict

SCHEMA_VERSION = "1.0"

_MOBILE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}


class PostalCode(ConstrainedStr):
    regex = r"^\d{5}$"


class DayOfYear(ConstrainedStr):
    """A day of every year as MM-DD."""

    regex = r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        anystr_strip_whitespace = True


class PriorInsurance(_Strict):
    """One legal-expenses insurance of the last five years."""

    insurer: str = Field(min_length=1)
    policy_number: Optional[str] = None
    scope: str = Field(min_length=1)
    start_date: date
    end_date: Optional[date] = Field(None, description="null while it is still running")

    @validator("end_date")
    def _ends_after_start(cls, value: date | None, values: dict[str, Any]) -> date | None:
        start = values.get("start_date")
        if value is not None and start is not None and value <= start:
            raise ValueError("end_date must be after start_date")
        return value


class DocumentDelivery(_Strict):
    """How a document reaches the insurer."""

    delivery: Literal["uploaded", "later", "text"]
    documents: list[str] = Field(default_factory=list, description="identifiers of the uploads")


class Application(_Strict):
    """Every field of the printed form by its contract name; ``null`` is "no entry"."""

    request_type: Literal["application", "change", "quote"]
    membership_number: Optional[str] = None
    change_topics: Optional[list[str]] = None

    club_name: Optional[str] = Field(None, min_length=2)
    club_type: Optional[str] = None
    natural_persons_only: Optional[bool] = None
    member_count: Optional[int] = Field(None, ge=1)
    employee_count: Optional[int] = Field(None, ge=0)
    street: Optional[str] = None
    postal_code: Optional[PostalCode] = None
    city: Optional[str] = None

    representative_salutation: Optional[Literal["herr", "frau"]] = None
    representative_last_name: Optional[str] = None
    representative_first_name: Optional[str] = None
    mobile_phone: Optional[str] = None
    email: Optional[str] = None
    landline_phone: Optional[str] = None
    club_benefits_person: Optional[str] = None

    product: Optional[Literal["jurverein", "vereins_rechtsschutz", "membership_only"]] = None
    deductible: Optional[
        Literal["falling_1000_300", "flex_800_400", "flex_600_300", "fixed_350"]
    ] = None
    family_membership: Optional[bool] = None
    family_member_count: Optional[int] = Field(None, ge=2)
    start_date: Optional[date] = None
    main_due_date: Optional[DayOfYear] = None

    criminal_proceedings: Optional[bool] = None
    criminal_proceedings_details: Optional[str] = None
    prior_insurance: Optional[bool] = None
    prior_insurances: Optional[list[PriorInsurance]] = None
    prior_cancelled_by_insurer: Optional[bool] = None
    claims_last_5_years: Optional[int] = Field(None, ge=0)
    claim_free_years: Optional[int] = Field(None, ge=0)
    disclosure_confirmed: Optional[bool] = None

    payment_frequency: Optional[Literal["annual", "semiannual", "quarterly", "monthly"]] = None
    sepa_mandate: Optional[bool] = None
    iban: Optional[str] = None
    bic: Optional[str] = None
    bank_name: Optional[str] = None
    account_holder: Optional[str] = None
    account_holder_address: Optional[str] = None

    inkasso_pro: Optional[bool] = None
    credit_check_consent: Optional[bool] = None
    document_delivery: Optional[Literal["online", "post"]] = None
    remarks: Optional[str] = None

    statutes: Optional[DocumentDelivery] = None
    claims_overview: Optional[DocumentDelivery] = None
    criminal_proceedings_annex: Optional[DocumentDelivery] = None

    documents_received: Optional[bool] = None
    signatory: Optional[str] = None
    signed_place: Optional[str] = None

    deductible_start_level: Optional[int] = Field(None, description="euro, derived")
    outstanding_documents: list[str] = Field(default_factory=list, description="derived")

    @validator("mobile_phone")
    def _is_mobile(cls, value: str | None) -> str | None:
        return value if value is None else _phone(value, mobile=True)

    @validator("landline_phone")
    def _is_phone(cls, value: str | None) -> str | None:
        return value if value is None else _phone(value, mobile=False)

    @validator("email")
    def _is_email(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            validate_email(value, check_deliverability=False)
        except EmailNotValidError:
            raise ValueError("not an e-mail address") from None
        return value

    @validator("iban")
    def _is_iban(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            return IBAN(value).compact
        except SchwiftyException:
            raise ValueError("not an IBAN") from None


def _phone(value: str, *, mobile: bool) -> str:
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        raise ValueError("not a telephone number") from None
    if not phonenumbers.is_valid_number(number):
        raise ValueError("not a telephone number")
    if mobile and phonenumbers.number_type(number) not in _MOBILE:
        raise ValueError("not a mobile number")
    return value


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
    return Application(**values)


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
    application = answers.get("request_type") == "application"
    if application and had_prior_insurance(answers) and not answers.get("prior_insurances"):
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
