"""A conversation is shown again as it was, with the words that were tapped."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.history import asked_again, shown, shown_replies, tapped_body

EARLIER: list[dict[str, Any]] = [
    {"text": "Alt", "choices": [{"title": "Alter Titel", "payload": "answer:product:jurverein"}]},
    {
        "text": "Welcher?",
        "choices": [{"title": "JURVEREIN", "payload": "answer:product:jurverein"}],
    },
    {
        "text": "Vergleich",
        "card": {
            "type": "comparison",
            "rows": [{"title": "350 € fest", "choice": "take:jurverein:fixed_350"}],
        },
    },
    {
        "text": "Prüfen",
        "card": {
            "type": "review",
            "sections": [
                {
                    "title": "Verein",
                    "rows": [{"label": "Vereinsname", "change": "change:club_name"}],
                }
            ],
        },
    },
]


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ("answer:product:jurverein", "JURVEREIN"),
        ("take:jurverein:fixed_350", "350 € fest"),
        ("change:club_name", "Vereinsname ändern"),
        ("command:never_offered", "Auswahl getroffen"),
    ],
)
def test_a_tapped_choice_shows_its_words(payload: str, words: str) -> None:
    assert tapped_body(payload, reversed(EARLIER)) == {"text": words, "choice": payload}


def test_replies_have_the_same_names_at_once_and_later() -> None:
    at = "2026-11-20T18:00:00+01:00"
    replies = [{"text": "Aha."}, {"text": "Und?"}]
    stored = [
        {"sender": "user", "client_id": "m1", "at": at, "body": {"text": "Ja"}},
        *({"sender": "bot", "client_id": "m1", "at": at, "body": reply} for reply in replies),
        {"sender": "user", "client_id": "m2", "at": at, "body": {"text": "Ja"}},
        {"sender": "bot", "client_id": "m2", "at": at, "body": {"text": "Gut."}},
    ]
    listed = shown(stored)
    assert [each["id"] for each in listed] == ["m1", "m1:1", "m1:2", "m2", "m2:1"]
    assert listed[1:3] == shown_replies("m1", at, replies)


def test_the_last_question_is_offered_again() -> None:
    question = {"field": "club_name", "type": "text", "section": "club"}
    words = "Ihre Nachricht war leer."
    expected = {"text": f"{words}\n\nWie heißt er?", "question": {**question, "error": words}}
    asked = {"text": "Wie heißt er?", "question": question}
    refused = {"text": "Zu kurz.\n\nWie heißt er?", "question": {**question, "error": "Zu kurz."}}
    assert asked_again(words, [{"text": "Übrigens."}, asked]) == expected
    assert asked_again(words, [refused, asked]) == expected
    assert asked_again(words, []) == {"text": words}
