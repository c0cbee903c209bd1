"""Any text at any question: a German sentence that helps, the same question, nothing lost."""

from __future__ import annotations

import pytest
from journeys import JURVEREIN, walk

from bot.application.questions import question

NONSENSE = {
    "empty": "",
    "blank": "   \n ",
    "long": "bla " * 2500,
    "emoji": "😀🎉🤷",
    "html": "<script>alert('x')</script>",
    "payload": '/inform{"member_count": 5}',
    "builtin": "/restart",
    "braces": "{club_name} {{x}}",
    "control": "\x00\x07",
    "foreign": "これは何ですか",
    "template": "%s %d ${PATH}",
}
ASKED = [
    "request_type",
    "club_type",
    "natural_persons_only",
    "member_count",
    "address",
    "representative_salutation",
    "mobile_phone",
    "email",
    "product",
    "deductible",
    "family_member_count",
    "start_date",
    "main_due_date",
    "criminal_proceedings",
    "prior_insurance_period",
    "claims_last_5_years",
    "disclosure_confirmed",
    "payment_frequency",
    "iban",
    "credit_check_consent",
    "document_delivery",
    "statutes",
    "review",
    "documents_received",
    "submission",
]


@pytest.mark.parametrize("field", ASKED)
def test_nonsense_changes_nothing(conversation, field) -> None:
    walk(conversation, JURVEREIN, until=field)
    before = conversation.answers
    for name, words in NONSENSE.items():
        conversation.say(words)
        assert conversation.text.strip(), name
        assert conversation.answers == before, name
        assert conversation.draft().status == "open", name
        assert conversation.draft().open_question == field, name


@pytest.mark.parametrize("name", ["empty", "blank", "html", "payload", "control", "long"])
def test_nonsense_is_no_club_name(conversation, name) -> None:
    walk(conversation, JURVEREIN, until="club_name")
    conversation.say(NONSENSE[name])
    assert "club_name" not in conversation.answers
    assert conversation.question["field"] == "club_name"


@pytest.mark.parametrize(
    "payload",
    [
        "answer:disclosure_confirmed:true",
        "answer:product:kasko",
        "answer:member_count:5",
        "answer:nothing:true",
        "adopt:jurverein:nichts",
        "adopt:what_if",
        "pick:7",
        "pick:x",
        "confirm:yes",
        "change:nothing",
        "entry:remove:0",
        "suggest:signatory",
        "command:shutdown",
        "topic:../../etc/passwd",
        "",
        ":",
        "answer",
    ],
)
def test_a_payload_that_was_not_offered_changes_nothing(conversation, payload) -> None:
    walk(conversation, JURVEREIN, until="member_count")
    before = conversation.answers
    conversation.send_choice(payload)
    assert conversation.text.strip()
    assert conversation.answers == before
    assert conversation.draft().open_question == "member_count"


def test_an_address_is_no_kind_of_club(conversation) -> None:
    walk(conversation, JURVEREIN, until="club_type")
    conversation.say("hauptstr. 7, 34513 Waldeck")
    assert "club_type" not in conversation.answers
    assert "Postleitzahl: 34513" in conversation.text
    conversation.say("ja")
    assert conversation.answers["postal_code"] == "34513"
    assert conversation.question["field"] == "club_type"


@pytest.mark.parametrize("words", ["TSV Waldeck 1921 e.V.", "Schützengilde e. V.", "Hauptstr. 7"])
def test_what_may_be_no_kind_of_club_is_asked_back(conversation, words: str) -> None:
    walk(conversation, JURVEREIN, until="club_type")
    conversation.say(words)
    assert f"Ist „{words}“ die Art Ihres Vereins?" in conversation.text
    assert "club_type" not in conversation.answers


def test_a_stale_button_corrects_its_own_question_only(conversation) -> None:
    walk(conversation, JURVEREIN, until="start_date")
    conversation.choose("answer:natural_persons_only:true")
    assert conversation.question["field"] == "start_date"
    conversation.choose("answer:product:vereins_rechtsschutz")
    assert conversation.answers["product"] == "vereins_rechtsschutz"
    assert conversation.question["field"] == "start_date"


def test_a_message_that_arrives_twice_is_one_answer(conversation) -> None:
    walk(conversation, JURVEREIN, until="member_count")
    first = conversation.say("230", message_id="m1").text
    again = conversation.say("230", message_id="m1").text
    assert again == first
    assert "employee_count" not in conversation.answers


def test_two_opposite_statements_are_asked_back(conversation) -> None:
    walk(conversation, JURVEREIN, until="natural_persons_only")
    conversation.say("ja nein")
    assert "natural_persons_only" not in conversation.answers


def test_every_question_that_is_asked_has_its_texts() -> None:
    from bot.application.questions import QUESTIONS
    from bot.texts import has

    for each in QUESTIONS:
        base = f"questions.{each.key}"
        assert has(f"{base}.ask") or each.legal, each.key
        for part in ("label", "why", "how", "hint"):
            assert has(f"{base}.{part}"), f"{each.key}: {part}"
        assert question(each.key) is each


def test_an_option_may_be_named_by_its_part(conversation) -> None:
    walk(conversation, JURVEREIN, until="email")
    conversation.say("heinz.meier@gmial.com")
    conversation.say("nein gmail.com")
    assert conversation.answers["email"] == "heinz.meier@gmail.com"
