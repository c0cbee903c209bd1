"""What a turn stores: draft, evidence and what was said, all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from rasa.core.channels.channel import UserMessage

from bot import clock
from bot.application.draft import Draft
from bot.channels.errors import ChannelError
from bot.channels.turn_watch import TurnWatch
from bot.channels.turns import ReplyCollector, Turn, Turns, as_it_is
from bot.storage import Database, DatabaseUnavailable
from bot.storage.documents import DocumentStore
from bot.storage.drafts import DraftStore
from bot.storage.evidence import open_evidence
from bot.storage.messages import MessageLog
from bot.storage.stores import Stores
from bot.storage.turn_drafts import draft_found, stored_with_turn


class Collector(ReplyCollector):
    @classmethod
    def name(cls) -> str:
        return "telegraph"


class Conversation:
    """One conversation with an action that takes whatever is said for an answer.

    ``apart``: the action stores the draft by itself, as it does in an action server.
    """

    def __init__(self, stores: Stores, *, apart: bool = False) -> None:
        self.stores = stores
        self.apart = apart
        self.meanwhile: Callable[[], None] = lambda: None
        watch = TurnWatch("telegraph", "secret")
        self._turns = Turns("telegraph", Collector, self._act, stores, self._erased, watch)

    async def _act(self, message: UserMessage) -> None:
        now = clock.now()
        draft = draft_found("c") or Draft(conversation_id="c", created_at=now, updated_at=now)
        draft.answers["said"] = [*draft.answers.get("said", []), message.text]
        draft.record(now, "answered", "said", value=message.text)
        if self.apart or not stored_with_turn(draft):
            self.stores.drafts.save(draft)
        await message.output_channel.send_response("c", {"text": f"{message.text}? Gut."})
        self.meanwhile()

    def _erased(self, conversation_id: str) -> None:
        raise AssertionError(f"{conversation_id} was not to be erased")

    def say(self, words: str, *, begins: bool = False) -> list[str]:
        """What is replied to these words, which name the message, too."""
        turn = Turn(words, text=words, begins=begins, shown={"text": words})
        answer = asyncio.run(self._turns.take("c", words, partial(as_it_is, turn)))
        return [reply["text"] for reply in answer.replies]

    @property
    def stored(self) -> tuple[list[str], list[str], list[str]]:
        """What the draft, its evidence and the log of messages know."""
        draft = self.stores.drafts.load("c")
        with self.stores.database.reading() as unit:
            evidence = open_evidence(unit, self.stores.database.vault, "c")
        shown = self.stores.messages.messages("c")
        return (
            draft.answers["said"] if draft else [],
            [entry.value for entry in evidence],
            [each["body"]["text"] for each in shown],
        )


@pytest.fixture
def stores(database_url: str, tmp_path: Path) -> Stores:
    database = Database(database_url, [Fernet.generate_key().decode()])
    database.upgrade()
    documents = DocumentStore(database, tmp_path)
    return Stores(database, DraftStore(database), MessageLog(database), documents, tmp_path)


@pytest.fixture(params=["inline", "apart"])
def conversation(request: pytest.FixtureRequest, stores: Stores) -> Conversation:
    return Conversation(stores, apart=request.param == "apart")


AFTER_TWO = (["eins", "zwei"], ["eins", "zwei"], ["eins", "eins? Gut.", "zwei", "zwei? Gut."])
AFTER_ONE = (["eins"], ["eins"], ["eins", "eins? Gut."])
NOTHING: tuple[list[str], list[str], list[str]] = ([], [], [])


def test_a_turn_is_stored(conversation: Conversation) -> None:
    assert conversation.say("eins", begins=True) == ["eins? Gut."]
    assert conversation.say("zwei") == ["zwei? Gut."]
    assert conversation.say("eins") == ["eins? Gut."]
    assert conversation.stored == AFTER_TWO


def test_nothing_of_a_turn_is_stored_unless_all_is(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = Conversation(stores)
    conversation.say("eins", begins=True)

    def is_full(*_given: object) -> None:
        raise DatabaseUnavailable("full")

    with monkeypatch.context() as patched:
        patched.setattr(MessageLog, "append_turn", is_full)
        with pytest.raises(ChannelError, match="service_unavailable"):
            conversation.say("zwei")
    assert conversation.stored == AFTER_ONE
    conversation.say("zwei")
    assert conversation.stored == AFTER_TWO


def test_a_turn_does_not_replace_that_of_another_server(stores: Stores) -> None:
    conversation = Conversation(stores)
    conversation.say("eins", begins=True)

    def other_server() -> None:
        draft = stores.drafts.load("c")
        assert draft is not None
        draft.answers["said"].append("zwei")
        stores.drafts.save(draft)

    conversation.meanwhile = other_server
    with pytest.raises(ChannelError, match="service_unavailable"):
        conversation.say("drei")
    assert conversation.stored == (["eins", "zwei"], ["eins"], ["eins", "eins? Gut."])
    conversation.meanwhile = lambda: None
    conversation.say("drei")
    said = ["eins", "eins? Gut.", "drei", "drei? Gut."]
    assert conversation.stored == (["eins", "zwei", "drei"], ["eins", "drei"], said)


def test_a_turn_brings_back_nothing_of_what_was_erased_meanwhile(stores: Stores) -> None:
    conversation = Conversation(stores)
    conversation.say("eins", begins=True)

    def erase() -> None:
        stores.drafts.delete("c")
        stores.messages.delete("c")

    conversation.meanwhile = erase
    with pytest.raises(ChannelError, match="service_unavailable"):
        conversation.say("zwei")
    assert conversation.stored == NOTHING
    with pytest.raises(ChannelError, match="conversation_ended"):
        conversation.say("zwei")
