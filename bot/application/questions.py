"""The catalogue of questions, in the order of the printed form: the one definition of each.

What is asked, where it belongs, when it is relevant, how an answer is read and what it depends on.
In German, what it is called and how it is worded, a question stands under the same key in
``bot/texts/questions.yml``; what an answer of a kind may look like, and how it is shown, in
``kinds.py``. Model, JSON Schema, review, prefill and PDF follow from these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from bot.application import kinds
from bot.application.kinds import Kind
from bot.language.skipping import reads_as_skip, reads_as_unchanged
from bot.rating.codes import DEDUCTIBLES, FREQUENCIES, PRODUCTS

Condition = Callable[[Mapping[str, Any]], bool]

SECTIONS = (
    "request",
    "club",
    "representative",
    "cover",
    "disclosure",
    "payment",
    "options",
    "documents",
    "declaration",
)
CHANGEABLE_SECTIONS = SECTIONS[1:8]
RequestType = Literal["application", "change", "quote"]
REQUEST_TYPES: tuple[RequestType, ...] = ("application", "quote", "change")
"""In the order in which they are offered; the printed form has the changes second."""
DELIVERIES = ("online", "post")
ALL_REQUESTS: frozenset[RequestType] = frozenset({"application", "quote"})
APPLICATION: frozenset[RequestType] = frozenset({"application"})
Version = tuple[int, int]
"""Of the hand-off: (1, 0) is written 1.0."""
_OPTIONAL_PARTS = frozenset({"bic", "bank_name", "period_end"})
PRIOR_INSURANCE_FIELDS = ("insurer", "policy_number", "scope", "start_date", "end_date")


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


@dataclass(frozen=True)
class Question:
    """One question of the form.

    ``requests`` are the request types that ask it; a change request asks it when its section was
    chosen instead. ``condition`` decides on the other answers. ``required`` questions cannot be
    skipped. ``changed_with``: other changes that a change request needs this for.
    A question that is relevant but not ``asked`` is taken when offered. An answer falls
    when one of ``depends_on`` changes. ``legal`` names the insurer's wording of the question,
    ``notices`` those shown before it. ``internal`` steps are no part of the application.
    ``prefillable``: an embedding portal may hand the answer over; disclosures, consents, bank
    details and declarations are always asked. ``sensitive`` answers are given on the website, never
    in a messenger. ``since`` is the version of the hand-off that has its fields first.
    """

    key: str
    section: str
    kind: Kind
    fields: tuple[str, ...] = ()
    requests: frozenset[RequestType] = ALL_REQUESTS
    condition: Condition = always
    required: Condition = always
    asked: Condition = always
    changed_with: Condition = never
    depends_on: tuple[str, ...] = ()
    legal: str | None = None
    notices: tuple[str, ...] = ()
    must_be_true: bool = False
    sensitive: bool = False
    internal: bool = False
    prefillable: bool = False
    since: Version = (1, 0)
    also_fills: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.fields:
            object.__setattr__(self, "fields", (self.key,))

    def relevant(self, answers: Mapping[str, Any]) -> bool:
        """Whether this question belongs to the application as far as it is known."""
        if not self.condition(answers):
            return False
        if self.section == "request":
            return True
        request_type = answers.get("request_type")
        if request_type == "change":
            if self.section == "declaration":
                return self.internal
            chosen = self.section in (answers.get("change_topics") or ())
            return chosen or self.changed_with(answers)
        return request_type is None or request_type in self.requests

    def may_stay(self, answers: Mapping[str, Any]) -> bool:
        """Whether a change request may leave the contract as it is here."""
        return is_change(answers) and self.required is unless_unchanged

    def left_open_by(self, text: str, answers: Mapping[str, Any]) -> bool:
        """Whether this text leaves the question without an answer, and may do so.

        "keine" leaves out a telephone number; in a change request it is a number of employees.
        """
        if self.required(answers):
            return False
        return reads_as_unchanged(text) if self.may_stay(answers) else reads_as_skip(text, self.key)

    def answered(self, answers: Mapping[str, Any]) -> bool:
        """Whether all its fields have an answer that may stand."""
        left_out = False
        for name in self.fields:
            if name not in answers:
                return False
            left_out = left_out or (answers[name] is None and name not in _OPTIONAL_PARTS)
        return not (left_out and self.required(answers))


OPTIONAL = never
DISCLOSURES = (
    "criminal_proceedings",
    "criminal_proceedings_details",
    "prior_insurance",
    "prior_insurances",
    "prior_cancelled_by_insurer",
    "claims_last_5_years",
    "claim_free_years",
)

QUESTIONS: tuple[Question, ...] = (
    Question(
        "request_type",
        "request",
        kinds.Choice(REQUEST_TYPES),
        prefillable=True,
    ),
    Question(
        "membership_number",
        "request",
        kinds.Text(minimum=3, maximum=30),
        required=is_change,
        asked=not_quote,
        prefillable=True,
    ),
    Question(
        "change_topics",
        "request",
        kinds.Sections(CHANGEABLE_SECTIONS),
        condition=is_change,
    ),
    Question(
        "club_name",
        "club",
        kinds.Text(minimum=2, maximum=120, checked=True),
        required=unless_unchanged,
        prefillable=True,
    ),
    Question(
        "club_type",
        "club",
        kinds.ClubType(),
        required=unless_unchanged,
        prefillable=True,
    ),
    Question(
        "natural_persons_only",
        "club",
        kinds.YesNo(),
        condition=with_cover,
        legal="natural_persons_only",
    ),
    Question(
        "member_count",
        "club",
        kinds.Count(minimum=1, plausible=20_000),
        required=unless_unchanged,
        prefillable=True,
    ),
    Question(
        "employee_count",
        "club",
        kinds.Count(minimum=0, plausible=500),
        required=unless_unchanged,
        prefillable=True,
    ),
    Question(
        "address",
        "club",
        kinds.Address(),
        fields=("street", "postal_code", "city"),
        requests=APPLICATION,
        required=unless_unchanged,
        prefillable=True,
    ),
    Question(
        "representative_salutation",
        "representative",
        kinds.Salutation(),
        requests=APPLICATION,
        required=unless_unchanged,
        also_fills=("representative_last_name", "representative_first_name"),
        prefillable=True,
    ),
    Question(
        "representative_name",
        "representative",
        kinds.PersonName(),
        fields=("representative_last_name", "representative_first_name"),
        requests=APPLICATION,
        required=unless_unchanged,
        also_fills=("representative_salutation",),
        prefillable=True,
    ),
    Question(
        "mobile_phone",
        "representative",
        kinds.Mobile(),
        required=delivers_online,
        changed_with=delivers_online,
        asked=not_quote,
        prefillable=True,
    ),
    Question(
        "email",
        "representative",
        kinds.Email(),
        required=lambda answers: is_quote(answers) or delivers_online(answers),
        changed_with=delivers_online,
        prefillable=True,
    ),
    Question(
        "landline_phone",
        "representative",
        kinds.Landline(),
        required=OPTIONAL,
        asked=not_quote,
        prefillable=True,
    ),
    Question(
        "club_benefits_person",
        "representative",
        kinds.PersonText(),
        requests=APPLICATION,
        required=OPTIONAL,
        prefillable=True,
    ),
    Question(
        "product",
        "cover",
        kinds.Choice(PRODUCTS),
        required=unless_unchanged,
        prefillable=True,
    ),
    Question(
        "deductible",
        "cover",
        kinds.Choice(DEDUCTIBLES),
        condition=with_cover,
        required=unless_unchanged,
        prefillable=True,
    ),
    Question(
        "family_membership",
        "cover",
        kinds.YesNo(),
        required=unless_unchanged,
        prefillable=True,
    ),
    Question(
        "family_member_count",
        "cover",
        kinds.Count(minimum=2, plausible=20),
        condition=lambda answers: answers.get("family_membership") is True,
        prefillable=True,
    ),
    Question(
        "start_date",
        "cover",
        kinds.StartDate(),
        prefillable=True,
    ),
    Question(
        "main_due_date",
        "cover",
        kinds.DayMonth(),
        required=OPTIONAL,
        asked=not_quote,
        prefillable=True,
    ),
    Question(
        "criminal_proceedings",
        "disclosure",
        kinds.YesNo(disclosure=True),
        condition=with_criminal_cover,
        legal="criminal_proceedings",
        notices=("disclosure_notice",),
        sensitive=True,
    ),
    Question(
        "criminal_proceedings_details",
        "disclosure",
        kinds.LongText(minimum=5, maximum=4000),
        condition=reports_proceedings,
        required=OPTIONAL,
        sensitive=True,
    ),
    Question(
        "prior_insurance",
        "disclosure",
        kinds.YesNo(disclosure=True),
        requests=APPLICATION,
        condition=with_cover,
        legal="prior_insurance",
        notices=("disclosure_notice",),
    ),
    Question(
        "prior_insurance_insurer",
        "disclosure",
        kinds.Text(minimum=2, maximum=120),
        fields=("insurer",),
        requests=APPLICATION,
        condition=collects_prior_insurance,
        legal="prior_insurances",
        internal=True,
    ),
    Question(
        "prior_insurance_policy_number",
        "disclosure",
        kinds.Text(minimum=2, maximum=40),
        fields=("policy_number",),
        requests=APPLICATION,
        condition=collects_prior_insurance,
        required=OPTIONAL,
        internal=True,
    ),
    Question(
        "prior_insurance_scope",
        "disclosure",
        kinds.Text(minimum=2, maximum=300),
        fields=("scope",),
        requests=APPLICATION,
        condition=collects_prior_insurance,
        internal=True,
    ),
    Question(
        "prior_insurance_period",
        "disclosure",
        kinds.Period(),
        fields=("period_start", "period_end"),
        requests=APPLICATION,
        condition=collects_prior_insurance,
        internal=True,
    ),
    Question(
        "prior_insurance_more",
        "disclosure",
        kinds.YesNo(),
        requests=APPLICATION,
        condition=has_prior_insurances,
        internal=True,
    ),
    Question(
        "prior_cancelled_by_insurer",
        "disclosure",
        kinds.YesNo(disclosure=True),
        requests=APPLICATION,
        condition=had_prior_insurance,
        legal="prior_cancelled_by_insurer",
    ),
    Question(
        "claims_last_5_years",
        "disclosure",
        kinds.Count(minimum=0, plausible=50),
        requests=APPLICATION,
        condition=had_prior_insurance,
        legal="claims_last_5_years",
        notices=("claim_definition",),
    ),
    Question(
        "claim_free_years",
        "disclosure",
        kinds.Count(minimum=0, plausible=60),
        requests=APPLICATION,
        condition=lambda answers: (
            had_prior_insurance(answers) and answers.get("deductible") == "falling_1000_300"
        ),
        legal="claim_free_years",
    ),
    Question(
        "disclosure_confirmed",
        "disclosure",
        kinds.YesNo(),
        requests=APPLICATION,
        condition=with_cover,
        depends_on=DISCLOSURES,
        legal="disclosure_confirmed",
        must_be_true=True,
    ),
    Question(
        "payment_frequency",
        "payment",
        kinds.Choice(FREQUENCIES),
        required=unless_unchanged,
        prefillable=True,
    ),
    Question(
        "sepa_mandate",
        "payment",
        kinds.YesNo(),
        requests=APPLICATION,
        legal="sepa_mandate",
    ),
    Question(
        "iban",
        "payment",
        kinds.Iban(),
        fields=("iban", "bic", "bank_name"),
        requests=APPLICATION,
        condition=by_direct_debit,
        sensitive=True,
    ),
    Question(
        "account_holder",
        "payment",
        kinds.PersonText(several=True, organisations=True),
        requests=APPLICATION,
        condition=by_direct_debit,
        required=OPTIONAL,
    ),
    Question(
        "account_holder_address",
        "payment",
        kinds.LongText(minimum=5, maximum=200),
        requests=APPLICATION,
        condition=lambda answers: by_direct_debit(answers) and bool(answers.get("account_holder")),
        required=OPTIONAL,
    ),
    Question(
        "inkasso_pro",
        "options",
        kinds.YesNo(),
        requests=APPLICATION,
        required=unless_unchanged,
        condition=with_cover,
        legal="inkasso_pro",
        notices=("inkasso_pro_consent",),
    ),
    Question(
        "credit_check_consent",
        "options",
        kinds.YesNo(),
        requests=APPLICATION,
        required=unless_unchanged,
        legal="credit_check_consent",
        notices=("credit_check_information",),
    ),
    Question(
        "document_delivery",
        "options",
        kinds.Choice(DELIVERIES),
        requests=APPLICATION,
        required=unless_unchanged,
        prefillable=True,
    ),
    Question(
        "remarks",
        "options",
        kinds.LongText(minimum=1, maximum=2000),
        required=OPTIONAL,
    ),
    Question(
        "statutes",
        "documents",
        kinds.Upload(),
        requests=APPLICATION,
        condition=with_cover,
        notices=("statutes_notice",),
    ),
    Question(
        "claims_overview",
        "documents",
        kinds.Upload(),
        requests=APPLICATION,
        condition=needs_claims_overview,
    ),
    Question(
        "criminal_proceedings_annex",
        "documents",
        kinds.Upload(),
        condition=reports_proceedings,
        required=explained_by_annex_only,
        asked=explained_by_annex_only,
    ),
    Question("review", "declaration", kinds.YesNo(), internal=True),
    Question(
        "documents_received",
        "declaration",
        kinds.YesNo(),
        requests=APPLICATION,
        legal="documents_received",
        must_be_true=True,
    ),
    Question("signatory", "declaration", kinds.PersonText(several=True), requests=APPLICATION),
    Question("signed_place", "declaration", kinds.SignedPlace(), requests=APPLICATION),
    Question("submission", "declaration", kinds.YesNo(), internal=True),
)

_BY_KEY = {question.key: question for question in QUESTIONS}
_BY_FIELD = {name: question for question in QUESTIONS for name in question.fields} | {
    "prior_insurances": _BY_KEY["prior_insurance_insurer"]
}


class UnknownField(KeyError):
    """No question has this key, or fills this field."""


def question(key: str) -> Question:
    """The question with this key.

    Raises:
        UnknownField: there is none.
    """
    try:
        return _BY_KEY[key]
    except KeyError:
        raise UnknownField(key) from None


def question_for(name: str) -> Question:
    """The question that fills this field (or has this key).

    Raises:
        UnknownField: there is none.
    """
    found = _BY_KEY.get(name) or _BY_FIELD.get(name)
    if found is None:
        raise UnknownField(name)
    return found


def kind_of(name: str) -> Kind:
    """How an answer to this field or question is read.

    Raises:
        UnknownField: there is no such field or question.
    """
    aliases = {"period": "prior_insurance_period", "end_date": "prior_insurance_period"}
    return question_for(aliases.get(name, name)).kind


@cache
def application_fields() -> tuple[str, ...]:
    """The fields that people answer and the insurer receives, in the order of the form."""
    names: list[str] = []
    for each in QUESTIONS:
        if each.key == "prior_insurance_insurer":
            names.append("prior_insurances")
        elif not each.internal:
            names.extend(each.fields)
    return tuple(names)
