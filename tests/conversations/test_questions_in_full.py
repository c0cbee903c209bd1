"""Before anything is declared, every question can be read word for word with its answer."""

from __future__ import annotations

import pytest
from journeys import JURVEREIN, walk

from bot import legal
from bot.application.questions import QUESTIONS


def test_the_review_offers_every_question_word_for_word_with_its_answer(conversation) -> None:
    walk(conversation, JURVEREIN, until="review")
    conversation.choose("command:questions")
    for asked in QUESTIONS:
        if asked.legal and asked.section != "declaration":
            assert legal.document(asked.legal).text in conversation.text, asked.key
    for expected in (
        "→ TSV Musterstadt 1898 e.V.",
        "→ Ermittlungen wegen einer Spendenquittung seit März.",
        "Muster Rechtsschutz AG, RS 123.456-7",
        "Alte Sicherheit, ohne Versicherungsnummer",
        "→ 3",
        "Postleitzahl: 50667",
    ):
        assert expected in conversation.text
    assert conversation.card("answers")["pdf"] is True
    assert conversation.question["field"] == "review"
    walk(conversation, JURVEREIN)
    shown = [e for e in conversation.handoff()["evidence"] if e["item"] == "questions_in_full"]
    assert [each["kind"] for each in shown] == ["shown"]


@pytest.mark.parametrize(
    "words",
    [
        "ich möchte alle Fragen und Antworten sehen",
        "Fragen im Wortlaut",
        "kann ich das vorher als PDF haben?",
    ],
)
@pytest.mark.parametrize("step", ["disclosure_confirmed", "review", "submission"])
def test_asking_for_the_questions_declares_nothing(conversation, step: str, words: str) -> None:
    walk(conversation, JURVEREIN, until=step)
    conversation.say(words)
    assert legal.document("criminal_proceedings").text in conversation.text
    assert conversation.question["field"] == step
    assert conversation.draft().status == "open"
    assert step not in conversation.answers


def test_the_review_names_the_prior_insurances(conversation) -> None:
    walk(conversation, JURVEREIN, until="review")
    rows = {
        r["field"]: r["value"] for s in conversation.card("review")["sections"] for r in s["rows"]
    }
    assert "Muster Rechtsschutz AG" in rows["prior_insurances"]
    assert "Alte Sicherheit" in rows["prior_insurances"]


def test_with_nothing_answered_there_is_nothing_to_show(conversation) -> None:
    conversation.send_choice("command:questions")
    assert "noch nichts angegeben" in conversation.text
    assert conversation.cards == []
