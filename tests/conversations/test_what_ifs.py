"""Prices for what a person supposes; nothing is stored by asking."""

from __future__ import annotations

import pytest
from journeys import JURVEREIN, walk


def test_a_price_in_the_first_message(conversation) -> None:
    conversation.say("Was kostet JURVEREIN mit 350 fest bei 150 Mitgliedern?")
    quote = conversation.card("quote")["quote"]
    # 409 € + 27 €
    assert quote["total_per_instalment"] == "436.00"
    assert conversation.answers == {}
    assert conversation.question["field"] == "request_type"


def test_what_is_missing_is_named(conversation) -> None:
    conversation.say("was kostet das?")
    assert "Mitgliederzahl" in conversation.text
    conversation.say("was kostet jurverein 350 fest bei 150 mitgliedern?")
    assert conversation.card("quote")


def test_the_number_that_was_missing_may_come_alone(conversation) -> None:
    conversation.say("ich hab nur ne frage, was kostet das denn so")
    assert "Wie viele Mitglieder" in conversation.text
    conversation.say("85")
    assert len(conversation.card("comparison")["rows"]) == 8
    assert "85 Mitglieder" in conversation.text
    conversation.say("und mit 350 fest?")
    assert [row["total"] for row in conversation.card("comparison")["rows"]] == ["436.00", "106.00"]
    conversation.say("und mit jurverein 350 fest?")
    # 409 € + 27 €
    assert conversation.card("quote")["quote"]["total_per_instalment"] == "436.00"
    assert conversation.answers == {}


def test_an_answer_to_the_open_question_goes_before_the_number_that_was_missing(
    conversation,
) -> None:
    conversation.say("was kostet das?").say("Angebot bitte")
    assert conversation.answers == {"request_type": "quote"}


def test_without_a_deductible_all_are_compared(conversation) -> None:
    conversation.say("was kostet jurverein bei 230 mitgliedern?")
    rows = conversation.card("comparison")["rows"]
    assert len(rows) == 8
    assert rows[0]["total"] == "493.90"


def test_supposing_a_deductible(conversation) -> None:
    walk(conversation, JURVEREIN, until="start_date")
    conversation.say("und mit 350 fest?")
    assert conversation.card("quote")["quote"]["total_per_instalment"] == "723.00"
    assert conversation.answers["deductible"] == "falling_1000_300"
    assert conversation.question["field"] == "start_date"


def test_supposing_a_member_count(conversation) -> None:
    walk(conversation, JURVEREIN, until="start_date")
    conversation.say("bei 500 Mitgliedern?")
    # 500 × 2,03 € + 33 €
    assert conversation.card("quote")["quote"]["total_per_instalment"] == "1048.00"
    assert conversation.answers["member_count"] == 250
    conversation.say("und monatlich?")
    assert "Mitgliederzahl: 500, Zahlungsweise: monatlich" in conversation.text


def test_supposing_a_frequency(conversation) -> None:
    walk(conversation, JURVEREIN, until="start_date")
    conversation.say("monatlich?")
    quote = conversation.card("quote")["quote"]
    assert quote["frequency"] == "monthly"
    assert quote["total_per_instalment"] == "47.92"
    assert "Lastschriftmandat" in conversation.text
    assert "payment_frequency" not in conversation.answers


def test_all_prices_side_by_side_mark_the_current_choice(conversation) -> None:
    walk(conversation, JURVEREIN, until="start_date")
    conversation.say("was ist der Unterschied im Preis?")
    rows = conversation.card("comparison")["rows"]
    current = [row for row in rows if row["current"]]
    assert [(row["product"], row["deductible"]) for row in current] == [
        ("jurverein", "falling_1000_300")
    ]


def test_taking_it_over_by_words(conversation) -> None:
    walk(conversation, JURVEREIN, until="start_date")
    conversation.say("und mit 350 fest?").say("das nehme ich")
    assert conversation.answers["deductible"] == "fixed_350"
    assert conversation.text.count("Selbstbeteiligung: 350 € fest") == 1
    assert "Geändert" in conversation.text
    assert "Übernommen" not in conversation.text
    assert conversation.question["field"] == "start_date"


def test_taking_over_what_was_not_answered_yet(conversation) -> None:
    walk(conversation, JURVEREIN, until="deductible")
    conversation.say("was kostet 350 fest?").say("das nehme ich")
    assert conversation.answers["deductible"] == "fixed_350"
    assert "Übernommen: Selbstbeteiligung: 350 € fest" in conversation.text
    assert "Geändert" not in conversation.text


def test_taking_over_what_is_chosen_already_changes_nothing(conversation) -> None:
    walk(conversation, JURVEREIN, until="start_date")
    before = conversation.answers
    conversation.say("alle Preise im Vergleich")
    conversation.send_choice("adopt:jurverein:falling_1000_300")
    assert conversation.answers == before
    assert "Übernommen: Rechtsschutz: JURVEREIN" in conversation.text
    assert "Geändert" not in conversation.text
    assert conversation.question["field"] == "start_date"


@pytest.mark.parametrize("words", ["das nehme ich", "nehme ich", "Gut, das nehmen wir."])
def test_taking_it_over_where_any_words_could_be_the_answer(conversation, words: str) -> None:
    walk(conversation, JURVEREIN, until="start_date")
    conversation.say("Vereinsart ändern").say("und mit 350 fest?")
    assert conversation.question["field"] == "club_type"
    conversation.say(words)
    assert conversation.answers["deductible"] == "fixed_350"
    assert conversation.answers["club_type"] == JURVEREIN["club_type"]
    assert conversation.question["field"] == "club_type"


def test_taking_a_cell_of_the_comparison_over(conversation) -> None:
    walk(conversation, JURVEREIN, until="start_date")
    conversation.say("alle Preise im Vergleich")
    conversation.send_choice("adopt:vereins_rechtsschutz:flex_600_300")
    assert conversation.answers["product"] == "vereins_rechtsschutz"
    assert conversation.answers["deductible"] == "flex_600_300"


def test_above_200_members_the_premium_is_provisional(conversation) -> None:
    conversation.say("Was kostet JURVEREIN 350 fest bei 201 Mitgliedern?")
    assert conversation.card("quote")["quote"]["provisional"] is True
    assert "vorläufig" in conversation.text


def test_membership_alone_needs_no_deductible(conversation) -> None:
    conversation.say("was kostet nur die Mitgliedschaft?")
    assert conversation.answers == {}
    assert "27,00 €" in conversation.text
