"""Whole conversations: what a person answers to each question, in the words they would use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Union

from conversation_driver import Bot
from milestones import Course, Milestone, Said

Script = Mapping[str, Union[str, list[str]]]
TAP = "tap "

JURVEREIN: Script = {
    "request_type": "Ich möchte einen Antrag stellen",
    "membership_number": "nein, noch nicht",
    "club_name": "TSV Musterstadt 1898 e.V.",
    "club_type": "Sportverein",
    "natural_persons_only": "ja",
    "member_count": "ca. 250",
    "employee_count": "zwei",
    "address": "Hauptstr. 7, 50667 Köln",
    "representative_salutation": "Frau Anna Müller",
    "mobile_phone": "0171 2345678",
    "email": "anna.mueller@example.org",
    "landline_phone": "überspringen",
    "club_benefits_person": "tap answer:club_benefits_person:skip",
    "product": "JURVEREIN",
    "deductible": "fallend",
    "family_membership": "ja",
    "family_member_count": "4",
    "start_date": "1.1.27",
    "main_due_date": "überspringen",
    "criminal_proceedings": "ja",
    "criminal_proceedings_details": "Ermittlungen wegen einer Spendenquittung seit März.",
    "prior_insurance": "ja",
    "prior_insurance_insurer": ["Muster Rechtsschutz AG", "Alte Sicherheit"],
    "prior_insurance_policy_number": ["RS 123.456-7", "überspringen"],
    "prior_insurance_scope": ["Vereins-Rechtsschutz", "Vereins- und Verkehrs-Rechtsschutz"],
    "prior_insurance_period": ["seit 2022, läuft noch", "1.1.2019 bis 31.12.2021"],
    "prior_insurance_more": ["ja", "nein"],
    "prior_cancelled_by_insurer": "ja",
    "claims_last_5_years": "3",
    "claim_free_years": "4",
    "disclosure_confirmed": "tap answer:disclosure_confirmed:true",
    "payment_frequency": "monatlich",
    "sepa_mandate": "ja",
    "iban": "de89 3704 0044 0532 0130 00",
    "account_holder": "Karl Huber",
    "account_holder_address": "Gartenweg 3, 80331 München",
    "inkasso_pro": "ja",
    "credit_check_consent": "ja",
    "document_delivery": "online",
    "remarks": "Bitte vormittags anrufen",
    "statutes": "reiche ich nach",
    "claims_overview": "reiche ich nach",
    "review": "ja",
    "documents_received": "ja",
    "signatory": "tap suggest:signatory",
    "signed_place": "Köln",
    "submission": "ja",
}

VEREINS_RECHTSSCHUTZ: Script = {
    **JURVEREIN,
    "club_name": "Gesangverein Harmonie e.V.",
    "club_type": "Musik",
    "member_count": "80",
    "employee_count": "keine",
    "mobile_phone": "überspringen",
    "product": "Vereins-Rechtsschutz",
    "deductible": "die 350 fest",
    "family_membership": "nein",
    "prior_insurance": "nein",
    "payment_frequency": "jährlich",
    "sepa_mandate": "nein",
    "inkasso_pro": "nein",
    "credit_check_consent": "nein",
    "document_delivery": "per Post",
    "remarks": "nein",
}

MEMBERSHIP_ONLY: Script = {
    **VEREINS_RECHTSSCHUTZ,
    "club_name": "Förderverein der Grundschule am See",
    "club_type": "Förderverein",
    "member_count": "40",
    "product": "nur Mitgliedschaft",
}

QUOTE: Script = {
    **VEREINS_RECHTSSCHUTZ,
    "request_type": "Ich hätte gern ein Angebot",
    "club_name": "Schützenverein Tell e.V.",
    "club_type": "Schützen",
    "member_count": "201",
    "deductible": "600/300",
    "start_date": "1. März 2027",
    "payment_frequency": "monatlich",
}


class Answers:
    """What a person answers; of several answers to one question the next one each time."""

    def __init__(self, script: Mapping[str, Any]) -> None:
        self._left = {
            key: list(each) if isinstance(each, list) else [each] for key, each in script.items()
        }

    def next(self, asked: str) -> tuple[str, str]:
        """What comes next to this question: ``say`` and words, or ``choose`` and a payload."""
        answer = str(self._left[asked][0])
        return ("choose", answer[len(TAP) :]) if answer.startswith(TAP) else ("say", answer)

    def take(self, asked: str) -> tuple[str, str]:
        """What comes next, which is given now."""
        answer = self.next(asked)
        if len(self._left[asked]) > 1:
            del self._left[asked][0]
        return answer


class Person(Protocol):
    """Whoever answers, through whichever channel.

    Attributes:
        course: what they did so far, or none where that is not all that matters.
    """

    bot: Bot
    course: Course | None

    @property
    def asked(self) -> str | None:
        """The key of the question that waits for an answer."""

    def say(self, text: str) -> object:
        """Type a message."""

    def choose(self, payload_or_title: str) -> object:
        """Tap a choice that was offered."""

    def assert_taken(self, answer: str) -> None:
        """Fail where the last answer was refused."""

    def milestone(self) -> Milestone | None:
        """Where the conversation stands."""

    def go_on_from(self, course: Course, milestone: Milestone) -> None:
        """Stand where another conversation stood after the same course."""


def walk[Walker: Person](
    person: Walker, script: Script, *, until: str | None = None, **changes: object
) -> Walker:
    """Answer each question as the script says, until a question is asked or none is open.

    What somebody has answered in the same way before is copied and not typed again, but where the
    journey is walked to its end. Fails when an answer of the script is not taken.
    """
    answers = Answers({**script, **changes})
    if until is not None:
        _skip_ahead(person, answers, until)
    for _ in range(100):
        asked = person.asked
        if asked is None or asked == until:
            return person
        kind, words = answers.take(asked)
        if kind == "choose":
            person.choose(words)
        else:
            person.say(words)
        person.assert_taken(words)
        _note(person)
    raise AssertionError("the conversation does not come to an end")


def _skip_ahead(person: Person, answers: Answers, until: str) -> None:
    """Go as far as somebody went with these answers; they are taken as by walking."""
    course, asked, reached = person.course, person.asked, None
    while course is not None and asked is not None and asked != until:
        course = (*course, Said(*answers.next(asked)))
        milestone = person.bot.milestones.at(course)
        if milestone is None:
            break
        answers.take(asked)
        reached, asked = (course, milestone), milestone.asked
    if reached is not None:
        person.go_on_from(*reached)


def _note(person: Person) -> None:
    if person.course is not None and person.bot.milestones.at(person.course) is None:
        milestone = person.milestone()
        if milestone is not None:
            person.bot.milestones.note(person.course, milestone)
