"""How a channel hands a turn to Rasa, and takes back what Rasa says."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.actions.action import create_bot_utterance

from bot import clock
from bot.application.draft import Draft
from bot.channels.turns import Incoming, ReplyCollector, Turns, message_of, reply_of, user_message
from bot.conversation.turn_context import TurnContext


class Collector(ReplyCollector):
    @classmethod
    def name(cls) -> str:
        return "telegraph"


def sent(incoming: Incoming) -> Any:
    now = clock.now()
    draft = Draft(conversation_id="conversation", created_at=now, updated_at=now)
    context = TurnContext(draft, message_of(incoming))
    return user_message(context, incoming, "telegraph", Collector())


def test_only_what_was_typed_is_interpreted() -> None:
    assert sent(Incoming("m1", text="ja")).parse_data is None
    assert sent(Incoming("m1", choice="answer:iban:skip")).parse_data["intent"]["name"] == "choose"
    assert sent(Incoming("m1", begins=True)).parse_data["intent"]["name"] == "begin"


@pytest.mark.parametrize("typed", ["/restart", "/choose", '/begin{"a":1}'])
def test_a_typed_intent_is_not_understood(typed: str) -> None:
    message = sent(Incoming("m1", text=typed))
    assert message.text == typed
    assert message.parse_data["intent"]["name"] == "nlu_fallback"


def test_a_document_is_told_without_its_name() -> None:
    document = {"id": "d1", "kind": "statutes", "name": "Satzung Müller.pdf", "size": 3}
    assert message_of(Incoming("m1", document=document)).document == {
        "id": "d1",
        "kind": "statutes",
    }


def test_the_conversation_and_its_channel_are_named() -> None:
    message = sent(Incoming("m1", text="ja"))
    assert (message.sender_id, message.input_channel, message.message_id) == (
        "conversation",
        "telegraph",
        "m1",
    )


def test_a_reply_keeps_everything_and_nothing_empty() -> None:
    card = {"type": "done", "reference": "K7"}
    assert reply_of(
        {
            "text": "Erster Absatz\n\nZweiter Absatz",
            "buttons": [{"title": "Ja", "payload": "x", "type": "postback"}],
            "custom": {"card": card, "question": None},
            "quick_replies": None,
            "timestamp": 1.0,
        }
    ) == {
        "text": "Erster Absatz\n\nZweiter Absatz",
        "choices": [{"title": "Ja", "payload": "x"}],
        "card": card,
    }
    assert reply_of({"text": None, "buttons": None, "custom": None}) == {}


def test_a_collector_notices_an_action_that_could_not_be_run() -> None:
    collector = Collector()
    asyncio.run(collector.send_response("c", {"text": "Gut."}))
    assert not collector.failed
    response = {"text": "Leider …", "utter_action": "utter_service_unavailable"}
    asyncio.run(collector.send_response("c", create_bot_utterance(response).message()))
    assert collector.failed


def test_a_conversation_is_worked_on_through_one_channel_at_a_time() -> None:
    course: list[str] = []

    async def both() -> None:
        nobody: Any = None
        one, other = (Turns(name, nobody, nobody, nobody, nobody, ()) for name in "ab")
        first_is_in = asyncio.Event()

        async def first() -> None:
            first_is_in.set()
            await asyncio.sleep(0.05)
            course.append("first")

        async def second() -> None:
            course.append("second")

        begun = asyncio.ensure_future(one.alone("c", first))
        await first_is_in.wait()
        await other.alone("c", second)
        await begun

    asyncio.run(both())
    assert course == ["first", "second"]
