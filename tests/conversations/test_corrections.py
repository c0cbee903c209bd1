"""Changing one's mind, at any time and for any answer."""

from __future__ import annotations

import pytest
from journeys import JURVEREIN, QUOTE, VEREINS_RECHTSSCHUTZ, walk

both_ways = pytest.mark.also_with_an_action_server


@both_ways
def test_a_number_by_words_in_the_middle_of_another_question(conversation) -> None:
    walk(conversation, JURVEREIN, until="email")
    conversation.say("doch 240 Mitglieder")
    assert conversation.answers["member_count"] == 240
    assert "Mitgliederzahl: 240" in conversation.text
    assert conversation.question["field"] == "email"


def test_a_choice_by_words_reprices(conversation) -> None:
    walk(conversation, JURVEREIN, until="start_date")
    conversation.say("ich meinte die 350")
    assert conversation.answers["deductible"] == "fixed_350"
    # 250 × 2,03 € + 33 € and 250 × 2,76 € + 33 €
    assert "vorher 540,50 € im Jahr, jetzt 723,00 € im Jahr" in conversation.text
    assert conversation.question["field"] == "start_date"


def test_the_street_alone_leaves_the_rest_of_the_address(conversation) -> None:
    walk(conversation, JURVEREIN, until="mobile_phone")
    conversation.say("nein, Hauptstraße 9")
    answers = conversation.answers
    assert (answers["street"], answers["postal_code"], answers["city"]) == (
        "Hauptstraße 9",
        "50667",
        "Köln",
    )


@pytest.mark.parametrize("words", ["der Verein heißt", "der verein heisst"])
@pytest.mark.parametrize("field", ["club_type", "member_count", "address", "email", "review"])
def test_what_the_club_is_called_changes_its_name(conversation, field, words) -> None:
    walk(conversation, JURVEREIN, until=field)
    before = conversation.answers
    conversation.say(f"{words} Schützengilde Waldeck 1888 e.V.")
    assert conversation.answers == {**before, "club_name": "Schützengilde Waldeck 1888 e.V."}
    assert conversation.question["field"] == field


@pytest.mark.parametrize("opening", ["nein halt,", "nein,", "ich meinte"])
def test_another_name_right_after_the_name_replaces_it(conversation, opening) -> None:
    walk(conversation, JURVEREIN, until="club_type")
    conversation.say(f"{opening} Schützengilde Waldeck 1888 e.V.")
    assert conversation.answers["club_name"] == "Schützengilde Waldeck 1888 e.V."
    assert conversation.question["field"] == "club_type"


def test_another_name_later_is_asked_about(conversation) -> None:
    walk(conversation, JURVEREIN, until="address")
    conversation.say("Schützengilde Waldeck 1888 e.V.")
    assert conversation.answers["club_name"] == "TSV Musterstadt 1898 e.V."
    assert "Ist „Schützengilde Waldeck 1888 e.V.“ der Name des Vereins?" in conversation.text
    conversation.say("ja")
    assert conversation.answers["club_name"] == "Schützengilde Waldeck 1888 e.V."
    assert conversation.question["field"] == "address"


def test_a_club_that_answers_the_question_changes_no_name(conversation) -> None:
    walk(conversation, JURVEREIN, until="account_holder")
    conversation.say("Förderverein Musterstadt e.V.")
    assert conversation.answers["account_holder"] == "Förderverein Musterstadt e.V."
    assert conversation.answers["club_name"] == "TSV Musterstadt 1898 e.V."


@pytest.mark.parametrize(
    "words",
    [
        "Schützengilde Waldeck 1888 e.V.",
        "nein halt, Schützengilde Waldeck 1888 e. V.",
    ],
)
@pytest.mark.parametrize("field", ["address", "email"])
def test_a_name_with_a_year_is_no_address(conversation, field, words) -> None:
    walk(conversation, JURVEREIN, until=field)
    before = conversation.answers
    conversation.say(words)
    for part in ("street", "postal_code", "city"):
        assert conversation.answers.get(part) == before.get(part)


def test_naming_an_answer_without_a_value_asks_for_it_with_the_old_one(conversation) -> None:
    walk(conversation, JURVEREIN, until="product")
    conversation.say("die E-Mail stimmt nicht")
    assert conversation.question["field"] == "email"
    assert "Bisher: anna.mueller@example.org" in conversation.text
    conversation.say("vorstand@example.org")
    assert conversation.answers["email"] == "vorstand@example.org"
    assert conversation.question["field"] == "product"


@both_ways
def test_a_bad_new_value_leaves_the_old_one(conversation) -> None:
    walk(conversation, JURVEREIN, until="product")
    conversation.say("die E-Mail stimmt nicht")
    conversation.say("anna.mueller@")
    assert conversation.question["error"]
    assert conversation.answers["email"] == "anna.mueller@example.org"


def test_naming_old_and_new(conversation) -> None:
    walk(conversation, JURVEREIN, until="product")
    conversation.say("nicht 250 Mitglieder sondern 245")
    assert conversation.answers["member_count"] == 245


@both_ways
def test_yes_to_no_drops_what_belonged_to_yes(conversation) -> None:
    walk(conversation, JURVEREIN, until="payment_frequency")
    conversation.send_choice("change:prior_insurance")
    assert conversation.question["field"] == "prior_insurance"
    conversation.say("nein")
    answers = conversation.answers
    assert answers["prior_insurance"] is False
    assert "prior_insurances" not in answers
    assert "claims_last_5_years" not in answers
    assert "gelten diese Antworten nicht mehr" in conversation.text
    assert conversation.question["field"] == "disclosure_confirmed"


def test_the_product_drops_the_question_about_proceedings_only(conversation) -> None:
    walk(conversation, JURVEREIN, until="payment_frequency")
    conversation.say("doch lieber Vereins-Rechtsschutz")
    answers = conversation.answers
    assert answers["product"] == "vereins_rechtsschutz"
    assert "criminal_proceedings" not in answers
    assert answers["prior_insurance"] is True
    assert "vorher" in conversation.text


def test_twice_in_a_row(conversation) -> None:
    walk(conversation, JURVEREIN, until="email")
    conversation.say("doch 240 Mitglieder").say("nein, doch 245 Mitglieder")
    assert conversation.answers["member_count"] == 245


def test_a_correction_that_is_left_keeps_the_answer(conversation) -> None:
    walk(conversation, JURVEREIN, until="product")
    conversation.say("die Handynummer ist falsch")
    assert conversation.question["field"] == "mobile_phone"
    conversation.say("zurück")
    assert conversation.answers["mobile_phone"] == "+491712345678"


@both_ways
def test_back_asks_the_last_question_with_its_answer(conversation) -> None:
    walk(conversation, JURVEREIN, until="employee_count")
    conversation.say("zurück")
    assert conversation.question["field"] == "member_count"
    assert "Bisher: 250" in conversation.text
    conversation.say("260")
    assert conversation.answers["member_count"] == 260
    assert conversation.question["field"] == "employee_count"


def test_back_several_times(conversation) -> None:
    walk(conversation, JURVEREIN, until="employee_count")
    conversation.say("zurück").say("zurück")
    assert conversation.question["field"] == "natural_persons_only"


def test_back_at_the_first_question(conversation) -> None:
    conversation.say("zurück")
    assert conversation.question["field"] == "request_type"
    assert "erste Frage" in conversation.text


def test_the_end_of_a_prior_insurance(conversation) -> None:
    walk(
        conversation,
        JURVEREIN,
        until="claims_last_5_years",
        prior_insurance_more="nein",
        prior_insurance_period="1.1.2019 bis 31.12.2023",
        prior_insurance_insurer="Muster Rechtsschutz AG",
        prior_insurance_policy_number="überspringen",
        prior_insurance_scope="Vereins-Rechtsschutz",
    )
    conversation.say("beim Vorversicherer das Ende ist 2024")
    assert conversation.answers["prior_insurances"][0]["end_date"] == "2024-12-31"
    assert conversation.question["field"] == "claims_last_5_years"


@both_ways
def test_one_of_several_prior_insurances_is_taken_anew(conversation) -> None:
    walk(conversation, JURVEREIN, until="review")
    conversation.send_choice("change:prior_insurances")
    first = next(title for title in conversation.choices if "Muster Rechtsschutz" in title)
    conversation.choose(first)
    assert conversation.question["field"] == "prior_insurance_insurer"
    walk(
        conversation,
        JURVEREIN,
        until="disclosure_confirmed",
        prior_insurance_insurer="Neue Sicherheit",
        prior_insurance_policy_number="überspringen",
        prior_insurance_scope="Vereins-Rechtsschutz",
        prior_insurance_period="seit 2022, läuft noch",
        prior_insurance_more="nein",
    )
    names = [each["insurer"] for each in conversation.answers["prior_insurances"]]
    assert names == ["Alte Sicherheit", "Neue Sicherheit"]


@both_ways
def test_from_the_review_by_button(conversation) -> None:
    walk(conversation, QUOTE, until="review")
    before = conversation.card("review")["quote"]["total_per_instalment"]
    conversation.send_choice("change:member_count")
    conversation.say("80")
    assert conversation.question["field"] == "review"
    assert conversation.card("review")["quote"]["total_per_instalment"] != before
    walk(conversation, QUOTE)
    assert conversation.handoff()["application"]["member_count"] == 80


def test_from_the_review_by_words(conversation) -> None:
    walk(conversation, VEREINS_RECHTSSCHUTZ, until="review")
    conversation.say("lieber vierteljährlich zahlen")
    assert conversation.answers["payment_frequency"] == "quarterly"
    assert conversation.question["field"] == "review"


@both_ways
def test_no_at_the_review_asks_what_to_change(conversation) -> None:
    walk(conversation, QUOTE, until="review")
    conversation.say("nein")
    assert "Was soll ich ändern" in conversation.text
    conversation.say("202 Mitglieder")
    assert conversation.answers["member_count"] == 202


def test_a_disclosure_answer_needs_the_confirmation_again(conversation) -> None:
    walk(conversation, JURVEREIN, until="payment_frequency")
    conversation.say("doch 2 Schäden")
    assert conversation.answers["claims_last_5_years"] == 2
    assert "disclosure_confirmed" not in conversation.answers
    assert conversation.question["field"] == "disclosure_confirmed"


def test_something_not_asked_yet_is_not_invented(conversation) -> None:
    walk(conversation, JURVEREIN, until="club_type")
    conversation.say("die IBAN stimmt nicht")
    assert "iban" not in conversation.answers
    assert conversation.question["field"] == "club_type"


def test_what_is_not_relevant_cannot_be_called_up(conversation) -> None:
    walk(conversation, VEREINS_RECHTSSCHUTZ, until="review")
    conversation.send_choice("change:criminal_proceedings")
    assert "gehört bei Ihrem Anliegen nicht dazu" in conversation.text
    assert conversation.question["field"] == "review"


def test_a_number_that_could_mean_two_answers_is_asked_back(conversation) -> None:
    walk(conversation, JURVEREIN, until="address")
    conversation.say("ich meinte 25")
    assert conversation.answers["member_count"] == 250
    assert conversation.answers["employee_count"] == 2
    assert {"Mitgliederzahl", "Anzahl der Beschäftigten"} <= set(conversation.choices)
    conversation.choose("Mitgliederzahl")
    assert conversation.answers["member_count"] == 25
    assert conversation.answers["employee_count"] == 2


@pytest.mark.parametrize("words", ["doch Lastschrift", "ich möchte doch ein Lastschriftmandat"])
def test_monthly_falls_without_mandate_and_can_be_saved(conversation, words) -> None:
    walk(conversation, JURVEREIN, until="sepa_mandate")
    conversation.say("nein")
    assert "Monatlich zahlen geht nur mit Lastschriftmandat" in conversation.text
    assert conversation.question["field"] == "payment_frequency"
    assert "monatlich" not in conversation.choices
    conversation.say(words)
    assert conversation.question["field"] == "sepa_mandate"


def test_an_answer_that_was_called_up_may_stay(conversation) -> None:
    walk(conversation, JURVEREIN, until="start_date")
    conversation.say("der nachname stimmt nicht")
    assert conversation.question["field"] == "representative_name"
    before = dict(conversation.answers)
    conversation.say("nein, passt so")
    assert conversation.answers == before
    assert conversation.question["field"] == "start_date"
    conversation.say("die mitgliederzahl ändern")
    conversation.choose("command:keep")
    assert conversation.answers == before
    assert conversation.question["field"] == "start_date"


def test_a_prior_insurance_that_was_denied_is_asked_about_again(conversation) -> None:
    walk(conversation, VEREINS_RECHTSSCHUTZ, until="disclosure_confirmed")
    conversation.say("nein ich hab mich vertan, es gab doch eine vorversicherung")
    assert conversation.question["field"] == "prior_insurance"
    conversation.say("ja")
    assert conversation.answers["prior_insurance"] is True
    assert conversation.question["field"] == "prior_insurance_insurer"


def test_a_landlord_is_no_representative(conversation) -> None:
    walk(conversation, VEREINS_RECHTSSCHUTZ, until="disclosure_confirmed")
    conversation.say("einmal streit mit dem vermieter 2023, und 2024 ein mahnverfahren")
    assert conversation.question["field"] == "disclosure_confirmed"


def test_a_day_preferred_to_the_one_just_given(conversation) -> None:
    walk(conversation, JURVEREIN, until="main_due_date")
    conversation.say("doch lieber 1.2.2027")
    assert conversation.answers["start_date"] == "2027-02-01"
    assert conversation.question["field"] == "main_due_date"
