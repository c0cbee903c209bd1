"""Replies as messages within the limits of both messengers."""

from __future__ import annotations

from typing import Any

import pytest
from graph_stand_in import check_messenger, check_whatsapp, taps_of, words_of
from hypothesis import given
from hypothesis import strategies as st

from bot import legal
from bot.channels.meta.messenger_writer import MessengerWriter
from bot.channels.meta.offers import Offer, chosen
from bot.channels.meta.rendering import Rendered, Writer, render
from bot.channels.meta.splitting import shortened, split
from bot.channels.meta.whatsapp_writer import WhatsAppWriter

LINK = "https://assistant.example/webhooks/messenger/continue#token"
WRITERS: list[Writer] = [MessengerWriter(), WhatsAppWriter()]
both = pytest.mark.parametrize("writer", WRITERS, ids=["messenger", "whatsapp"])


def rendered(writer: Writer, *replies: dict[str, Any]) -> tuple[Rendered, list[dict[str, Any]]]:
    """What is rendered, and the requests that it leads to, which Meta takes."""
    found = render(replies, writer, lambda: LINK, "conversation")
    messages = [each for each in found.contents if each["type"] == "message"]
    return found, [taken(writer, each["body"]) for each in messages]


def taken(writer: Writer, body: dict[str, Any]) -> dict[str, Any]:
    if isinstance(writer, MessengerWriter):
        whole = {"recipient": {"id": "1"}, "messaging_type": "RESPONSE", "message": body}
        check_messenger(whole, {})
        return whole
    whole = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "491701234"}
    check_whatsapp({**whole, **body})
    return {**whole, **body}


def choices(*titles: str) -> list[dict[str, str]]:
    return [{"title": title, "payload": f"p{n}"} for n, title in enumerate(titles, start=1)]


@both
@given(
    words=st.text(max_size=6000),
    titles=st.lists(st.text(min_size=1, max_size=80).filter(str.strip), max_size=30),
    control=st.sampled_from([None, "choice", "number", "text", "yes_no"]),
    behind=st.booleans(),
)
def test_any_reply_is_within_the_limits(
    writer: Writer, words: str, titles: list[str], control: str | None, behind: bool
) -> None:
    question = {"question": {"field": "x", "type": control}} if control else {}
    reply = {"text": words.strip(), "choices": choices(*titles), **question}
    found, sent = rendered(writer, reply, *([{"text": "danach"}] if behind else []))
    assert sent
    assert [offer.payload for offer in found.offers] == [f"p{n + 1}" for n in range(len(titles))]


@both
@pytest.mark.parametrize("name", ["declaration", "disclosure_notice", "privacy"])
def test_long_texts_are_split_at_sentences_and_lose_nothing(writer: Writer, name: str) -> None:
    words = legal.document(name).text
    _, sent = rendered(writer, {"text": words * 3})
    parts = [words_of(each) for each in sent]
    assert "".join("".join(parts).split()) == "".join((words * 3).split())
    for part in parts[:-1]:
        assert part.rstrip()[-1] in ".!?:;)“" or "\n" in part


def test_no_sentence_ends_after_an_abbreviation() -> None:
    words = "Der TSV e. V. Nord meldet nach § 19 Abs. 5 VVG. " * 5
    for part in split(words, 60)[:-1]:
        assert part.endswith("VVG.")


def test_a_text_without_a_pause_is_cut() -> None:
    assert split("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert split("", 10) == []
    assert shortened("Das Konto gehört dem Verein", 20) == "Das Konto gehört…"
    assert shortened("Donaudampfschifffahrtsgesellschaft", 20) == "Donaudampfschifffah…"


def test_messenger_has_quick_replies_below_the_last_message_and_buttons_before() -> None:
    writer = MessengerWriter()
    reply = {"text": "Wirklich?", "choices": choices("Ja", "Nein")}
    _, (before, last) = rendered(writer, reply, reply)
    assert before["message"]["attachment"]["payload"]["template_type"] == "button"
    assert [each["title"] for each in last["message"]["quick_replies"]] == ["Ja", "Nein"]
    _, (thirteen,) = rendered(writer, {"text": "?", "choices": choices(*map(str, range(13)))})
    assert len(thirteen["message"]["quick_replies"]) == 13
    found, (fourteen,) = rendered(writer, {"text": "?", "choices": choices(*map(str, range(14)))})
    assert "quick_replies" not in fourteen["message"]
    assert "14. 13" in words_of(fourteen)
    assert found.offers[13].number == 14


def test_messenger_numbers_choices_with_long_titles() -> None:
    titles = choices("Selbstbeteiligung 350 € fest", "Kurz")
    long = {"text": "?", "choices": titles, "question": {"field": "x", "type": "choice"}}
    _, (sent,) = rendered(MessengerWriter(), long)
    assert words_of(sent).startswith("?\n\n1. Selbstbeteiligung 350 € fest\n2. Kurz")
    assert taps_of(sent) == {"1": "p1", "2": "p2"}


def test_whatsapp_has_buttons_then_a_list_then_numbers() -> None:
    writer = WhatsAppWriter()
    kinds = {}
    for number in (3, 4, 10, 11):
        _, (sent,) = rendered(writer, {"text": "?", "choices": choices(*"abcdefghijk"[:number])})
        kinds[number] = sent.get("interactive", {}).get("type", sent["type"])
    assert kinds == {3: "button", 4: "list", 10: "list", 11: "text"}
    titles = choices("Selbstbeteiligung 350 € fest", "Kurz")
    long = {"text": "?", "choices": titles, "question": {"field": "x", "type": "choice"}}
    _, (sent,) = rendered(writer, long)
    assert list(taps_of(sent)) == ["1. Selbstbeteiligung…", "2. Kurz"]
    same = {"text": "?", "choices": [*choices("Ja"), {"title": "Ja", "payload": "p2"}]}
    assert len(taps_of(rendered(writer, same)[1][0])) == 2


@both
def test_offers_beside_a_question_are_shortened_and_not_numbered(writer: Writer) -> None:
    aside = {"text": "Guten Tag!", "choices": choices("Datenschutz", "Mit einem Menschen sprechen")}
    many = choices(*(f"Eine Wahl mit langem Titel, Nummer {n}" for n in range(1, 4)))
    question = {"text": "?", "question": {"field": "x", "type": "choice"}, "choices": many}
    found, (sent, asked) = rendered(writer, aside, question)
    assert words_of(sent) == "Guten Tag!"
    assert "1. Eine Wahl mit langem Titel, Nummer 1" in words_of(asked)
    assert [each.number for each in found.offers] == [None, None, 1, 2, 3]
    assert taps_of(sent) == {"Datenschutz": "p1", "Mit einem Menschen…": "p2"}
    assert chosen("mit einem Menschen sprechen", found.offers) == "p2"
    alike = choices("Muster Rechtsschutz AG von 2019", "Muster Rechtsschutz AG von 2022")
    _, (listed,) = rendered(writer, {"text": "Welche?", "choices": alike})
    assert "2. Muster Rechtsschutz AG von 2022" in words_of(listed)


@both
def test_a_number_may_be_the_answer_itself(writer: Writer) -> None:
    reply = {
        "text": "Wie viele?",
        "choices": choices("Das möchte ich nicht angeben"),
        "question": {"field": "claim_free_years", "type": "number"},
    }
    found, (sent,) = rendered(writer, reply)
    assert "• Das möchte ich nicht angeben" in words_of(sent)
    assert list(taps_of(sent)) == ["Das möchte ich…"]
    assert chosen("1", found.offers) is None
    assert chosen("das möchte ich nicht angeben.", found.offers) == "p1"


@both
@pytest.mark.parametrize("field", ["criminal_proceedings", "criminal_proceedings_details", "iban"])
def test_sensitive_questions_come_with_a_link(writer: Writer, field: str) -> None:
    _, (link, asked) = rendered(writer, {"text": "?", "question": {"field": field, "type": "iban"}})
    assert taps_of(link) == {"Sicher eingeben": LINK}
    assert words_of(asked) == "?"


@both
def test_the_last_card_brings_the_pdf(writer: Writer) -> None:
    found, _ = rendered(writer, {"text": "Fertig", "card": {"type": "done", "pdf": True}})
    assert found.contents[-1] == {"type": "pdf", "conversation_id": "conversation"}


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("2", "p2"), ("2.", "p2"), ("Nr. 2", "p2"), ("die zweite", "p2"), ("zwei", "p2"),
        ("Nummer 10", "p10"), ("zehn", "p10"), ("350 € fest", "p1"), ("  350 € FEST! ", "p1"),
        ("11", None), ("0", None), ("22", None), ("2 oder 3", None), ("", None), ("!", None),
        ("ich nehme 2 mit", None),
    ],
)  # fmt: skip
def test_a_list_is_answered_by_number_or_words(typed: str, payload: str | None) -> None:
    titles = ["350 € fest", *(f"Wahl {n}" for n in range(2, 11))]
    offers = [Offer(title, f"p{n}", n) for n, title in enumerate(titles, start=1)]
    assert chosen(typed, offers) == payload


def test_words_that_two_choices_share_choose_neither() -> None:
    assert chosen("Ja", [Offer("Ja", "p1"), Offer("Ja.", "p2")]) is None
