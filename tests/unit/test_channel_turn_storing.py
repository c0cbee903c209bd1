"""What a turn stores: draft, evidence and what was said, all of it or nothing."""

from __future__ import annotations

import asyncio
import threading
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
from bot.channels.turns import Incoming, ReplyCollector, Turns, as_it_is
from bot.conversation.turn import Message
from bot.conversation.turn_context import CONTEXT, TurnContext
from bot.handoff.references import new_reference
from bot.storage import Database, DatabaseUnavailable
from bot.storage.applications import ApplicationStore
from bot.storage.documents import DocumentStore
from bot.storage.drafts import DraftStore
from bot.storage.evidence import open_evidence
from bot.storage.messages import MessageLog
from bot.storage.outbox import Outbox
from bot.storage.stores import Stores
from tests import handoff_cases as cases


def new_draft() -> Draft:
    now = clock.now()
    return Draft(conversation_id="c", created_at=now, updated_at=now)


class Collector(ReplyCollector):
    @classmethod
    def name(cls) -> str:
        return "telegraph"


class Conversation:
    """One conversation with an action that takes whatever is said for an answer."""

    def __init__(self, stores: Stores, *, other_process: bool = False) -> None:
        self.stores = stores
        self.meanwhile: Callable[[], None] = lambda: None
        self.last = TurnContext(new_draft(), Message("none"))
        watch = TurnWatch("telegraph", "secret")
        self._turns = Turns("telegraph", Collector, self._act, stores, watch, ["folder"])
        if other_process:
            # It knows nothing of what is under way here.
            self._turns._lock = lambda _conversation_id: asyncio.Lock()  # type: ignore[method-assign]

    async def _act(self, message: UserMessage) -> None:
        context = self.last = message.metadata[CONTEXT]
        draft = context.draft
        draft.answers["said"] = [*draft.answers.get("said", []), message.text]
        draft.record(clock.now(), "answered", "said", value=message.text)
        await message.output_channel.send_response("c", {"text": f"{message.text}? Gut."})
        self.act()
        self.meanwhile()

    def act(self) -> None:
        """What the action does besides."""

    def say(self, words: str, *, begins: bool = False) -> list[str]:
        """What is replied to these words, which name the message, too."""
        incoming = Incoming(words, text=words, begins=begins, shown={"text": words})
        said: list[list[str]] = []

        def speak() -> None:
            answer = asyncio.run(self._turns.take("c", words, partial(as_it_is, incoming)))
            said.append([reply["text"] for reply in answer.replies])

        if threading.current_thread() is threading.main_thread():
            speak()
        else:
            # Within another turn, whose thread has an event loop.
            speaking = threading.Thread(target=speak)
            speaking.start()
            speaking.join()
        return said[0]

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


@pytest.fixture
def conversation(stores: Stores) -> Conversation:
    return Conversation(stores)


def other_process(stores: Stores) -> Conversation:
    return Conversation(stores, other_process=True)


AFTER_TWO = (["eins", "zwei"], ["eins", "zwei"], ["eins", "eins? Gut.", "zwei", "zwei? Gut."])
AFTER_ONE = (["eins"], ["eins"], ["eins", "eins? Gut."])


def is_full(*_given: object) -> None:
    raise DatabaseUnavailable("full")


NOTHING: tuple[list[str], list[str], list[str]] = ([], [], [])


def test_a_turn_is_stored(conversation: Conversation) -> None:
    assert conversation.say("eins", begins=True) == ["eins? Gut."]
    assert conversation.say("zwei") == ["zwei? Gut."]
    assert conversation.say("eins") == ["eins? Gut."]
    assert conversation.stored == AFTER_TWO


def test_nothing_of_a_turn_is_stored_unless_all_is(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation.say("eins", begins=True)
    with monkeypatch.context() as patched:
        patched.setattr(MessageLog, "append_turn", is_full)
        with pytest.raises(ChannelError, match="service_unavailable"):
            conversation.say("zwei")
    assert conversation.stored == AFTER_ONE
    conversation.say("zwei")
    assert conversation.stored == AFTER_TWO


def once(action: Callable[[], None]) -> Callable[[], None]:
    """An action that does nothing the second time."""
    left = [action]
    return lambda: left.pop()() if left else None


def test_a_turn_is_done_again_from_what_another_process_stored_meanwhile(
    conversation: Conversation, stores: Stores
) -> None:
    conversation.say("eins", begins=True)
    conversation.meanwhile = once(lambda: other_process(stores).say("zwei"))
    assert conversation.say("drei") == ["drei? Gut."]
    said = ["eins", "eins? Gut.", "zwei", "zwei? Gut.", "drei", "drei? Gut."]
    assert conversation.stored == (["eins", "zwei", "drei"], ["eins", "zwei", "drei"], said)


def test_the_same_message_in_two_processes_is_taken_once(
    conversation: Conversation, stores: Stores
) -> None:
    conversation.say("eins", begins=True)
    conversation.meanwhile = once(lambda: other_process(stores).say("zwei"))
    assert conversation.say("zwei") == ["zwei? Gut."]
    assert conversation.stored == AFTER_TWO


def test_a_first_message_in_two_processes_begins_one_conversation(
    conversation: Conversation, stores: Stores
) -> None:
    conversation.meanwhile = once(lambda: other_process(stores).say("eins", begins=True))
    conversation.say("zwei", begins=True)
    assert conversation.stored == AFTER_TWO


def test_a_turn_that_is_always_overtaken_is_given_up(
    conversation: Conversation, stores: Stores
) -> None:
    conversation.say("eins", begins=True)

    def other_process() -> None:
        draft = stores.drafts.load("c")
        assert draft is not None
        stores.drafts.save(draft)

    conversation.meanwhile = other_process
    with pytest.raises(ChannelError, match="service_unavailable"):
        conversation.say("zwei")
    assert conversation.stored == AFTER_ONE
    conversation.meanwhile = lambda: None
    conversation.say("zwei")
    assert conversation.stored == AFTER_TWO


def test_a_turn_brings_back_nothing_of_what_was_erased_meanwhile(
    conversation: Conversation, stores: Stores
) -> None:
    conversation.say("eins", begins=True)

    def erase() -> None:
        stores.drafts.delete("c")
        stores.messages.delete("c")

    conversation.meanwhile = erase
    with pytest.raises(ChannelError, match="conversation_ended"):
        conversation.say("zwei")
    assert conversation.stored == NOTHING
    with pytest.raises(ChannelError, match="conversation_ended"):
        conversation.say("zwei")


def test_nothing_is_kept_of_a_turn_that_erases(conversation: Conversation) -> None:
    conversation.say("eins", begins=True)
    conversation.act = lambda: setattr(conversation.last, "erased", True)
    assert conversation.say("zwei") == ["zwei? Gut."]
    assert conversation.stored == NOTHING


def test_what_is_discarded_goes_with_the_turn_that_begins_anew(
    conversation: Conversation, stores: Stores
) -> None:
    conversation.say("eins", begins=True)
    stores.documents.add("c", "statutes", "Satzung.pdf", "application/pdf", b"%PDF-")
    conversation.act = lambda: setattr(conversation.last, "discarded", True)
    conversation.say("zwei")
    _, evidence, shown = conversation.stored
    assert evidence == ["zwei"]
    assert len(shown) == 4
    assert stores.documents.list("c") == []


def test_a_turn_that_submits_hands_over_in_the_same_transaction(
    conversation: Conversation, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation.say("eins", begins=True)

    def submit() -> None:
        draft = conversation.last.draft
        draft.answers = {**cases.QUOTE}
        draft.status, draft.reference = "submitted", new_reference()

    conversation.act = submit
    with monkeypatch.context() as patched:
        patched.setattr(Outbox, "enqueue", is_full)
        with pytest.raises(ChannelError, match="service_unavailable"):
            conversation.say("zwei")
    assert conversation.stored == AFTER_ONE
    assert ApplicationStore(stores.database).of_conversation("c") == []
    conversation.say("zwei")
    [application] = ApplicationStore(stores.database).of_conversation("c")
    draft = stores.drafts.load("c")
    assert draft is not None
    assert draft.reference == application.reference
    assert len(Outbox(stores.database).of(application.reference)) == 1


def test_a_reference_that_is_taken_is_replaced_by_doing_the_turn_again(
    conversation: Conversation, stores: Stores
) -> None:
    taken = iter(["KS-2222-2222", "KS-2222-2222", "KS-3333-3333"])

    def submit() -> None:
        draft = conversation.last.draft
        draft.answers = {**cases.QUOTE}
        draft.status, draft.reference = "submitted", next(taken)

    conversation.act = submit
    conversation.say("eins", begins=True)
    stores.drafts.delete("c")
    conversation.say("zwei", begins=True)
    submitted = ApplicationStore(stores.database).of_conversation("c")
    assert sorted(each.reference for each in submitted) == ["KS-2222-2222", "KS-3333-3333"]
