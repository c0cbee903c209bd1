"""Changing a contract: only what changes is asked, and the hand-off says old and new."""

from __future__ import annotations

from journeys import VEREINS_RECHTSSCHUTZ, walk

CHANGE = {**VEREINS_RECHTSSCHUTZ, "mobile_phone": "0171 2345678", "document_delivery": "online"}


def test_switching_to_online_delivery_needs_contact_details_and_a_code_by_post(
    conversation,
) -> None:
    conversation.say("Ich möchte einen Vertrag ändern")
    conversation.say("9001028100")
    conversation.say("Optionen")
    walk(conversation, CHANGE)
    assert "Zugangs-Code" in conversation.text
    assert "per Post" in conversation.text
    assert "auf Ihr Mobiltelefon" not in conversation.text
    handed = conversation.handoff()
    application = handed["application"]
    assert application["document_delivery"] == "online"
    assert application["email"] == "anna.mueller@example.org"
    assert application["mobile_phone"] == "+491712345678"
    assert application["landline_phone"] is None
    assert application["club_name"] is None
    assert {each["field"] for each in handed["changes"]} >= {"document_delivery", "email"}


def test_staying_with_post_asks_for_no_contact_details(conversation) -> None:
    conversation.say("Ich möchte einen Vertrag ändern")
    conversation.say("9001028100")
    conversation.say("Optionen")
    walk(conversation, {**CHANGE, "document_delivery": "per Post"})
    application = conversation.handoff()["application"]
    assert (application["email"], application["mobile_phone"]) == (None, None)


def test_what_the_portal_knows_of_the_contract_is_handed_over_as_the_old_state(
    new_conversation,
) -> None:
    known = {
        "request_type": "change",
        "membership_number": "9001028100",
        "payment_frequency": "monthly",
        "club_name": "Gesangverein Harmonie e.V.",
    }
    conversation = new_conversation(prefill=known)
    assert "9001028100" in conversation.text
    assert "Gesangverein Harmonie" not in conversation.text
    conversation.choose("confirm:yes")
    conversation.say("Zahlung")
    walk(conversation, CHANGE)
    handed = conversation.handoff()
    (changed,) = [each for each in handed["changes"] if each["field"] == "payment_frequency"]
    assert changed == {
        "field": "payment_frequency", "old_known": True, "old": "monthly", "new": "annual"
    }  # fmt: skip
    assert handed["application"]["club_name"] is None


def test_what_stays_as_it_is_need_not_be_said(conversation) -> None:
    conversation.say("ich will was ändern an meinem vertrag").say("9001028100")
    conversation.say("die adresse")
    assert "Bleibt wie bisher" in conversation.choices
    conversation.say("ändert sich nicht")
    conversation.choose("answer:club_type:skip")
    conversation.say("ja")
    conversation.say("gleich")
    assert conversation.question["field"] == "employee_count"
    conversation.say("keine")
    assert conversation.answers["employee_count"] == 0
    conversation.say("Neue Str. 5, 50668 Köln")
    assert "Vereinsname: Bleibt wie bisher" in conversation.text
    walk(conversation, CHANGE)
    handed = conversation.handoff()
    assert {each["field"] for each in handed["changes"]} == {
        "natural_persons_only", "employee_count", "street", "postal_code", "city",
    }  # fmt: skip
