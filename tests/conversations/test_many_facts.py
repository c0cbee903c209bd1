"""Many facts in one message: shown for confirmation, nothing stored unseen."""

from __future__ import annotations

import pytest
from journeys import JURVEREIN, walk

BROKER = "TSV Musterstadt e.V., 230 Mitglieder, JURVEREIN, 350 fest, ab 1.1.2027, jährlich"
EMAIL = """Guten Tag,

wir sind der Gesangverein Harmonie 1898 e.V. und haben 85 Mitglieder.
Wir interessieren uns für den Vereins-Rechtsschutz, Beginn bitte zum 1.3.2027.

Mit freundlichen Grüßen
Anna Müller, 1. Vorsitzende
Hauptstraße 7
50667 Köln
anna.mueller@example.org
0171 2345678
"""


def test_a_brokers_first_message(conversation) -> None:
    conversation.say("antrag").say("nein")
    conversation.say(BROKER)
    assert conversation.answers.get("club_name") is None
    assert "Soll ich das so übernehmen" in conversation.text
    conversation.say("ja")
    answers = conversation.answers
    assert answers["club_name"] == "TSV Musterstadt e.V."
    assert answers["member_count"] == 230
    assert answers["product"] == "jurverein"
    assert answers["deductible"] == "fixed_350"
    assert answers["start_date"] == "2027-01-01"
    assert answers["payment_frequency"] == "annual"
    assert conversation.question["field"] == "club_type"


def test_a_pasted_email(conversation) -> None:
    conversation.say("Angebot bitte")
    conversation.say(EMAIL)
    conversation.choose("confirm:yes")
    answers = conversation.answers
    assert answers["member_count"] == 85
    assert answers["email"] == "anna.mueller@example.org"
    assert answers["start_date"] == "2027-03-01"
    assert answers["product"] == "vereins_rechtsschutz"


def test_it_can_be_declined(conversation) -> None:
    conversation.say("antrag").say("nein").say(BROKER)
    conversation.choose("confirm:no")
    assert set(conversation.answers) == {"request_type", "membership_number"}
    assert conversation.question["field"] == "club_name"


def test_disclosures_are_never_taken_from_a_message(conversation) -> None:
    conversation.say("antrag").say("nein")
    conversation.say(
        "TSV Musterstadt e.V., 230 Mitglieder, JURVEREIN, keine Vorversicherung, "
        "kein Ermittlungsverfahren, 0 Schäden, alles wahrheitsgemäß"
    )
    conversation.say("ja")
    assert not set(conversation.answers) & {
        "criminal_proceedings",
        "prior_insurance",
        "claims_last_5_years",
        "disclosure_confirmed",
    }


def test_contradictions_are_asked(conversation) -> None:
    conversation.say("antrag").say("nein")
    conversation.say("TSV Musterstadt e.V., 230 Mitglieder, JURVEREIN, also 240 Mitglieder")
    conversation.say("ja")
    assert "member_count" not in conversation.answers
    assert conversation.answers["club_name"] == "TSV Musterstadt e.V."


def test_what_the_portal_knows_is_offered(new_conversation) -> None:
    conversation = new_conversation(
        broker={"broker_number": "4711", "broker_name": "Makler Beispiel"}
    )
    walk(conversation, JURVEREIN, until="club_name")
    assert conversation.draft().broker.broker_number == "4711"


def test_a_question_in_between_keeps_the_facts_to_confirm(conversation) -> None:
    conversation.say("antrag").say("nein").say(BROKER)
    conversation.say("was heißt eigentlich fallend?")
    assert "schadenfreie" in conversation.text
    conversation.say("ja")
    assert conversation.answers["member_count"] == 230


def test_one_fact_is_enough_where_it_answers_nothing_that_was_asked(conversation) -> None:
    conversation.say("wir sind 85 mitglieder")
    assert "Mitgliederzahl: 85" in conversation.text
    conversation.say("ja")
    assert conversation.answers == {"member_count": 85}
    assert conversation.question["field"] == "request_type"


def test_few_words_may_state_two_facts(conversation) -> None:
    conversation.say("jurverein 350 fest").say("ja")
    assert conversation.answers == {"product": "jurverein", "deductible": "fixed_350"}


def test_an_address_is_no_name(conversation) -> None:
    walk(conversation, JURVEREIN, until="club_name")
    conversation.say("Neue Str. 5, 50668 Köln")
    assert "Straße und Hausnummer: Neue Str. 5" in conversation.text
    conversation.say("ja")
    assert conversation.answers["city"] == "Köln"
    assert conversation.question["field"] == "club_name"


def test_a_club_that_introduces_itself_where_a_number_was_asked(conversation) -> None:
    conversation.say("Antrag")
    conversation.say(
        'wir sind der kleingartenverein "Sonnenschein" e.v. in 44137 dortmund, ca 85 mitglieder'
    )
    assert "Sonnenschein" in conversation.text
    assert "Mitgliederzahl: 85" in conversation.text
    conversation.say("ja")
    assert conversation.question["field"] == "membership_number"


def test_what_is_listed_can_be_put_right_before_it_is_taken(conversation) -> None:
    conversation.say("antrag").say("nein").say(BROKER)
    conversation.say("ja, aber 240 Mitglieder")
    assert "Mitgliederzahl: 240" in conversation.text
    assert "TSV Musterstadt e.V." in conversation.text
    conversation.say("und der beginn ist der 1.2.2027")
    conversation.say("die selbstbeteiligung fallend")
    conversation.say("ja")
    answers = conversation.answers
    assert answers["member_count"] == 240
    assert answers["start_date"] == "2027-02-01"
    assert answers["deductible"] == "falling_1000_300"
    assert answers["product"] == "jurverein"
    assert answers["club_name"] == "TSV Musterstadt e.V."


def test_the_open_question_answered_instead_of_a_yes_joins_the_list(conversation) -> None:
    conversation.say("wir sind ein kleiner Sportverein mit ca. 230 Mitgliedern")
    assert "Soll ich das so übernehmen?" in conversation.text
    conversation.say("antrag bitte")
    assert "230" in conversation.text
    assert "Antrag" in conversation.text
    conversation.say("ja")
    answers = conversation.answers
    assert (answers["request_type"], answers["member_count"]) == ("application", 230)
    assert answers["club_type"] == "Sportverein"


@pytest.mark.parametrize("words", ["hab ich nich", "weiß ich nich"])
def test_what_is_typed_as_it_is_spoken_is_no_name(conversation, words) -> None:
    walk(conversation, JURVEREIN, until="club_type")
    before = conversation.answers
    conversation.say(words)
    assert conversation.answers == before
