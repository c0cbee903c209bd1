"""What becomes of a scratch field in a conversation; run by ``test_new_field.py`` in its tree."""

from __future__ import annotations

from io import BytesIO

import pdfplumber
from journeys import QUOTE, walk

FIELD, LABEL = "founded_year", "Gründungsjahr"


def test_a_new_field_is_asked_corrected_shown_and_handed_over(conversation) -> None:
    walk(conversation, QUOTE, until=FIELD)
    assert LABEL in conversation.text or "gegründet" in conversation.text
    conversation.say("1898")
    assert conversation.slots()[FIELD] == conversation.answers[FIELD] == 1898
    walk(conversation, QUOTE, until="review")
    assert row_of(conversation)["value"] == "1898"

    conversation.say("das Gründungsjahr ist 1899")
    assert conversation.answers[FIELD] == 1899
    walk(conversation, QUOTE, until="review")
    row = row_of(conversation)
    assert (row["label"], row["value"]) == (LABEL, "1899")
    walk(conversation, QUOTE)

    handed = conversation.handoff()
    assert handed["schema_version"] == "1.1"
    assert handed["application"][FIELD] == 1899
    pdf = (conversation.handoff_folder() / "application.pdf").read_bytes()
    with pdfplumber.open(BytesIO(pdf)) as document:
        words = " ".join(" ".join(page.extract_text().split()) for page in document.pages)
    form = words.split("Protokoll der Fragen und Antworten")[0]
    assert f"{LABEL} 1899" in form


def test_it_may_be_skipped(conversation) -> None:
    walk(conversation, QUOTE, until=FIELD)
    conversation.say("überspringen")
    assert conversation.answers[FIELD] is None


def test_a_portal_may_hand_it_over(new_conversation) -> None:
    conversation = new_conversation(prefill={FIELD: 1899})
    assert conversation.question["field"] == "request_type"
    conversation.say("ja")
    assert conversation.answers.get(FIELD) == 1899


def row_of(conversation) -> dict[str, str]:
    rows = [row for each in conversation.card("review")["sections"] for row in each["rows"]]
    return next(row for row in rows if row["field"] == FIELD)
