"""Questions in between: answered at once, and the open question stays open."""

from __future__ import annotations

import pytest
from journeys import JURVEREIN, walk

from bot.texts import text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("was heißt fallend?", "schadenfreie Jahre"),
        ("Was ist der Unterschied zwischen Jurverein und Vereinsrechtsschutz?", "Spezial-Straf"),
        ("wie wird der Beitrag berechnet?", "Mitglieder"),
        ("ist da die Versicherungssteuer schon drin?", "19 %"),
        ("was zählt als Schaden?", "gemeldet"),
        ("was passiert wenn ich was falsches angebe?", "Versicherungsschutz"),
        ("was macht ihr mit meinen Daten?", "Daten"),
        ("was ist die ePolice?", "Kunden-Portal"),
        ("wie kann ich kündigen?", "Frist"),
        ("kann ich mir die Lastschrift zurückholen?", "acht Wochen"),
        ("wozu brauchen Sie die Satzung?", "Vereinssatzung"),
        ("wer ist eigentlich der Versicherer?", "AUXILIA"),
        ("wie lange dauert das hier?", "Viertelstunde"),
        ("was ist InkassoPro?", "First Debit"),
        ("ist die Mitgliedschaft Pflicht?", "27"),
    ],
)
def test_a_topic(conversation, words, expected) -> None:
    walk(conversation, JURVEREIN, until="employee_count")
    before = conversation.answers
    conversation.say(words)
    assert expected in conversation.text
    assert conversation.question["field"] == "employee_count"
    assert conversation.answers == before


@pytest.mark.parametrize(
    "words",
    [
        "versteh ich nicht",
        "kapier ich nicht",
        "hab ich nicht verstanden",
        "habe ich nicht verstanden",
        "das hab ich nich verstanden",
    ],
)
@pytest.mark.parametrize("field", ["membership_number", "criminal_proceedings_details"])
def test_not_understanding_the_question_gets_its_help(conversation, field, words) -> None:
    walk(conversation, JURVEREIN, until=field)
    before = conversation.answers
    conversation.say(words)
    assert text(f"questions.{field}.how") in conversation.text
    assert conversation.question["field"] == field
    assert not conversation.question.get("error")
    assert conversation.answers == before


def test_an_answer_and_a_question_in_one_message(conversation) -> None:
    walk(conversation, JURVEREIN, until="member_count")
    conversation.say("230, aber was heißt fallend eigentlich?")
    assert conversation.answers["member_count"] == 230
    assert "schadenfreie Jahre" in conversation.text
    assert conversation.question["field"] == "employee_count"


@pytest.mark.parametrize(
    "words",
    ["und was kostet das mit 350 fest?", "aber was heißt fallend?", "ach, und was ist InkassoPro?"],
)
def test_a_word_that_only_leads_to_a_question_is_no_answer(conversation, words) -> None:
    walk(conversation, JURVEREIN, until="club_type")
    before = conversation.answers
    conversation.say(words)
    assert conversation.answers == before


def test_the_answer_before_such_a_word_is_taken(conversation) -> None:
    walk(conversation, JURVEREIN, until="club_type")
    conversation.say("ein Chor und was heißt fallend?")
    assert "schadenfreie Jahre" in conversation.text
    assert "Chor" in conversation.answers["club_type"]
    assert "und" not in conversation.answers["club_type"].split()


def test_more_tells_the_rest(conversation) -> None:
    walk(conversation, JURVEREIN, until="employee_count")
    short = conversation.say("was heißt fallend?").text
    more = conversation.say("mehr dazu").text
    assert "800" in more
    assert more != short
    assert conversation.question["field"] == "employee_count"


def test_why_is_answered_for_the_open_question(conversation) -> None:
    walk(conversation, JURVEREIN, until="mobile_phone")
    conversation.say("warum fragen Sie das?")
    assert "Zugangs-Code" in conversation.text
    assert conversation.question["field"] == "mobile_phone"


def test_what_to_enter(conversation) -> None:
    walk(conversation, JURVEREIN, until="start_date")
    conversation.say("was soll ich da eintragen?")
    assert "zum nächsten Ersten" in conversation.text


def test_several_in_a_row(conversation) -> None:
    walk(conversation, JURVEREIN, until="deductible")
    for words in ("was heißt fallend?", "und was ist flex?", "warum fragen Sie das?"):
        conversation.say(words)
        assert conversation.question["field"] == "deductible"
    conversation.say("350 fest")
    assert conversation.answers["deductible"] == "fixed_350"


def test_is_this_a_machine(conversation) -> None:
    conversation.say("sind Sie ein Mensch oder ein Computer?")
    assert "automatisches Programm" in conversation.text


@pytest.mark.parametrize(
    "words", ["ich will mit einem Menschen sprechen", "kann ich jemanden anrufen?"]
)
def test_a_person_please(conversation, words) -> None:
    walk(conversation, JURVEREIN, until="club_name")
    conversation.say(words)
    assert "539 81" in conversation.text
    assert conversation.question["field"] == "club_name"


def test_a_moment_please(conversation) -> None:
    walk(conversation, JURVEREIN, until="address")
    conversation.say("Moment, ich muss kurz nachsehen")
    assert "Zeit" in conversation.text
    conversation.say("Hauptstraße 7, 50667 Köln")
    assert conversation.answers["city"] == "Köln"


def test_not_wanting_to_say(conversation) -> None:
    walk(conversation, JURVEREIN, until="address")
    conversation.say("das möchte ich nicht sagen")
    assert conversation.question["field"] == "address"
    assert "street" not in conversation.answers


def test_insults_get_a_calm_answer(conversation) -> None:
    walk(conversation, JURVEREIN, until="member_count")
    conversation.say("du blöde Maschine")
    assert "tut mir leid" in conversation.text
    assert conversation.question["field"] == "member_count"


def test_a_question_about_nothing_we_know(conversation) -> None:
    walk(conversation, JURVEREIN, until="member_count")
    conversation.say("wie wird morgen das Wetter?")
    assert conversation.question["field"] == "member_count"
    assert "member_count" not in conversation.answers


def test_thanks_in_between(conversation) -> None:
    walk(conversation, JURVEREIN, until="member_count")
    conversation.say("vielen Dank")
    assert "Gern" in conversation.text
    assert conversation.question["field"] == "member_count"


def test_questions_after_submission(conversation) -> None:
    walk(conversation, JURVEREIN)
    reference = conversation.draft().reference
    conversation.say("was passiert jetzt?")
    assert conversation.text
    conversation.say("doch 240 Mitglieder")
    assert reference in conversation.text
    assert conversation.handoff()["application"]["member_count"] == 250


def test_whether_an_answer_is_needed(conversation) -> None:
    walk(conversation, JURVEREIN, until="email")
    conversation.say("kann ich auch ohne mail?")
    assert "freiwillig" in conversation.text
    walk(conversation, JURVEREIN, until="start_date")
    conversation.say("muss ich das angeben?")
    assert "ohne diese Angabe geht es leider nicht" in conversation.text
    assert conversation.question["field"] == "start_date"
