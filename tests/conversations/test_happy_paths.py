"""Whole applications, from the greeting to what the insurer receives."""

from __future__ import annotations

import pytest
from journeys import JURVEREIN, MEMBERSHIP_ONLY, QUOTE, VEREINS_RECHTSSCHUTZ, walk

from bot import legal

pytestmark = pytest.mark.also_with_an_action_server


def test_the_first_message_says_what_we_are_and_how_to_reach_a_person(conversation) -> None:
    assert "automatisches Programm" in conversation.text
    assert "089 / 539 81-222" in conversation.text
    assert "Datenschutz" in conversation.choices
    assert conversation.question["field"] == "request_type"


def test_jurverein_with_everything(conversation) -> None:
    walk(conversation, JURVEREIN)
    draft = conversation.draft()
    assert draft.status == "submitted"
    done = conversation.card("done")
    assert done["reference"] == draft.reference
    assert draft.reference in conversation.text
    assert any("Zugangs-Code" in step for step in done["next_steps"])

    handed = conversation.handoff()
    application = handed["application"]
    assert application["club_name"] == "TSV Musterstadt 1898 e.V."
    assert application["member_count"] == 250
    assert application["street"] == "Hauptstr. 7"
    assert application["mobile_phone"] == "+491712345678"
    assert application["criminal_proceedings"] is True
    assert application["criminal_proceedings_details"].startswith("Ermittlungen wegen")
    assert [each["insurer"] for each in application["prior_insurances"]] == [
        "Muster Rechtsschutz AG",
        "Alte Sicherheit",
    ]
    assert application["prior_insurances"][0]["end_date"] is None
    assert application["prior_insurances"][1]["end_date"] == "2021-12-31"
    assert application["iban"] == "DE89370400440532013000"
    assert handed["derived"]["deductible_start_level"] == 600
    assert handed["derived"]["outstanding_documents"] == ["statutes", "claims_overview"]
    quote = handed["quote"]
    assert quote["frequency"] == "monthly"
    assert {line["item"]: line["per_instalment"] for line in quote["lines"]} == {
        "membership": "2.92",
        "jurverein": "45.00",
    }
    assert quote["total_per_instalment"] == "47.92"
    assert quote["provisional"] is True


def test_vereins_rechtsschutz_with_nothing(conversation) -> None:
    walk(conversation, VEREINS_RECHTSSCHUTZ)
    handed = conversation.handoff()
    application = handed["application"]
    assert application["product"] == "vereins_rechtsschutz"
    assert application["prior_insurance"] is False
    assert application["criminal_proceedings"] is None
    assert application["prior_insurances"] is None
    assert application["iban"] is None
    assert handed["quote"]["total_per_instalment"] == "106.00"
    assert "per Post" in " ".join(conversation.card("done")["next_steps"])


def test_membership_only_asks_nothing_about_cover(conversation) -> None:
    walk(conversation, MEMBERSHIP_ONLY)
    handed = conversation.handoff()
    assert handed["application"]["natural_persons_only"] is None
    assert handed["application"]["deductible"] is None
    assert handed["quote"]["total_per_instalment"] == "27.00"
    asked = {each["item"] for each in handed["evidence"] if each["kind"] == "asked"}
    assert not asked & {"prior_insurance", "criminal_proceedings", "statutes", "inkasso_pro"}


def test_a_quote_asks_little_and_may_show_monthly(conversation) -> None:
    walk(conversation, QUOTE)
    handed = conversation.handoff()
    assert handed["request_type"] == "quote"
    assert handed["application"]["payment_frequency"] == "monthly"
    # 201 × 0,05 € + 2,39 €
    assert handed["quote"]["total_per_instalment"] == "12.44"
    assert handed["application"]["iban"] is None
    assert "Vorgangsnummer" in conversation.text


@pytest.mark.parametrize(
    "field",
    [
        "natural_persons_only",
        "criminal_proceedings",
        "prior_insurance",
        "prior_cancelled_by_insurer",
        "claims_last_5_years",
        "claim_free_years",
        "disclosure_confirmed",
        "inkasso_pro",
        "sepa_mandate",
        "documents_received",
    ],
)
def test_the_insurers_questions_are_asked_word_for_word(conversation, field) -> None:
    walk(conversation, JURVEREIN, until=field)
    assert legal.document(field).text in conversation.text


def test_the_duty_of_disclosure_is_shown_by_itself_before_the_questions(conversation) -> None:
    walk(conversation, JURVEREIN, until="criminal_proceedings")
    notice = legal.document("disclosure_notice")
    texts = [reply["text"] for reply in conversation.replies]
    shown = [number for number, text in enumerate(texts) if notice.text in text]
    asked = [
        n for n, text in enumerate(texts) if legal.document("criminal_proceedings").text in text
    ]
    assert len(shown) == len(asked) == 1
    assert shown[0] < asked[0]


def test_what_counts_as_a_claim_is_shown_with_the_question(conversation) -> None:
    walk(conversation, JURVEREIN, until="claims_last_5_years")
    assert legal.document("claim_definition").text in conversation.text


def test_claim_free_years_name_the_level(conversation) -> None:
    walk(conversation, JURVEREIN, until="disclosure_confirmed")
    assert "600 €" in conversation.text


def test_dates_and_banks_are_echoed_in_full(conversation) -> None:
    walk(conversation, JURVEREIN, until="main_due_date")
    assert "Freitag, 1. Januar 2027" in conversation.text
    walk(conversation, JURVEREIN, until="account_holder")
    assert "Commerzbank" in conversation.text
    assert "0532 0130" not in conversation.text


def test_the_broker_of_the_embedding_page_is_handed_off(new_conversation) -> None:
    conversation = new_conversation(
        broker={"broker_number": "4711-0815", "broker_name": "Maklerbüro Beispiel"}
    )
    assert "Maklerbüro Beispiel" in conversation.text
    walk(conversation, VEREINS_RECHTSSCHUTZ)
    application = conversation.handoff()["application"]
    assert application["broker_number"] == "4711-0815"
    assert application["broker_name"] == "Maklerbüro Beispiel"


def test_the_review_shows_everything_by_section_with_the_quote(conversation) -> None:
    walk(conversation, JURVEREIN, until="review")
    card = conversation.card("review")
    assert [each["section"] for each in card["sections"]] == [
        "request",
        "club",
        "representative",
        "cover",
        "disclosure",
        "payment",
        "options",
        "documents",
    ]
    rows = {row["field"]: row["value"] for each in card["sections"] for row in each["rows"]}
    assert rows["member_count"] == "250"
    assert rows["deductible_start_level"] == "600 €"
    assert rows["iban"] == "DE•• •••• 3000"
    assert card["quote"]["total_per_instalment"] == "47.92"


def test_submitting_twice_gives_the_same_reference_and_one_hand_off(conversation) -> None:
    walk(conversation, MEMBERSHIP_ONLY, until="submission")
    conversation.choose("answer:submission:true", message_id="last")
    first = conversation.draft().reference
    conversation.choose("answer:submission:true", message_id="last")
    assert first in conversation.text
    conversation.send_choice("answer:submission:true")
    assert first in conversation.text
    conversation.handoff()


def test_a_change_asks_only_what_changes(conversation) -> None:
    conversation.say("Ich möchte einen Vertrag ändern")
    conversation.say("9001028100")
    assert conversation.question["field"] == "change_topics"
    conversation.say("Zahlung")
    assert conversation.question["field"] == "payment_frequency"
    walk(conversation, VEREINS_RECHTSSCHUTZ)
    application = conversation.handoff()["application"]
    assert application["request_type"] == "change"
    assert application["membership_number"] == "9001028100"
    assert application["payment_frequency"] == "annual"
    assert application["club_name"] is None


def test_a_name_given_before_the_salutation_is_not_asked_again(conversation) -> None:
    walk(conversation, JURVEREIN, until="representative_salutation")
    conversation.say("das bin ich, Heinz Meier")
    assert "Herr oder Frau" in conversation.text
    conversation.say("Herr")
    answers = conversation.answers
    assert answers["representative_first_name"] == "Heinz"
    assert answers["representative_last_name"] == "Meier"
    assert answers["representative_salutation"] == "herr"
    assert conversation.question["field"] == "mobile_phone"


def test_an_address_in_two_messages_is_read_back_whole(conversation) -> None:
    walk(conversation, JURVEREIN, until="address")
    conversation.say("am kanal 12")
    assert "Es fehlt noch" in conversation.text
    conversation.say("44137 dortmund")
    assert "Am Kanal 12, 44137 Dortmund" in conversation.text
    assert "fehlt" not in conversation.text


def test_a_suggested_signatory_may_be_agreed_to(conversation) -> None:
    walk(conversation, JURVEREIN, until="signatory")
    conversation.say("ja")
    assert conversation.answers["signatory"] == "Anna Müller"


def test_good_bye_after_the_end_promises_no_going_on(conversation) -> None:
    walk(conversation, MEMBERSHIP_ONLY)
    conversation.say("danke, tschüss")
    assert "weitermachen" not in conversation.text
    assert "alles Gute" in conversation.text
