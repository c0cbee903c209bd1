"""Drives real conversations: the trained model, the real actions, the real stores."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from milestones import Course, Milestone, Milestones, Said, StoredConversation

from bot.server.quiet import LIBRARY_ENVIRONMENT
from bot.settings import PROJECT, settings

if TYPE_CHECKING:
    from bot.engine.agent import ClubAgent

NOW = "2026-11-20T10:00:00+01:00"

Result = TypeVar("Result")


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def environment(variables: dict[str, str]) -> Iterator[None]:
    """Set environment variables, and the settings read from them, for a while."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    settings.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        settings.cache_clear()


class ActionServer:
    """The real action server in a process of its own, which a test may stop and start again."""

    def __init__(self, variables: dict[str, str], package: str = "actions") -> None:
        self._variables = variables
        self._package = package
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it is healthy."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot.server.action_process", self._package],
            cwd=PROJECT,
            env={
                **os.environ,
                **LIBRARY_ENVIRONMENT,
                **self._variables,
                "PYTHONPATH": os.pathsep.join([str(PROJECT), str(PROJECT / "tests")]),
            },
            stdin=subprocess.PIPE,
        )
        address = f"http://127.0.0.1:{self._variables['BOT_ACTIONS_PORT']}/health"
        give_up = time.monotonic() + 60
        while not _answers(address):
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError("the action server did not come up")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it as an operator would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(20)
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process = None

    def kill(self) -> None:
        """End it without a chance to finish anything."""
        if self._process is not None:
            self._process.kill()
            self.stop()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Down for a while, then back."""
        self.stop()
        try:
            yield
        finally:
            self.start()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as response:
            return bool(response.status == 200)
    except OSError:
        return False


class Bot:
    """A loaded agent with its event loop, and how far conversations with it got."""

    def __init__(self, agent: ClubAgent, loop: asyncio.AbstractEventLoop) -> None:
        self.agent = agent
        self.milestones = Milestones()
        self._loop = loop

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine of the agent to its end."""
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        """Let go of the event loop."""
        self._loop.close()


class Conversation:
    """A person's side of a conversation, and a look at what came of it.

    ``replies`` are the messages of the last turn as dicts with ``text``, ``buttons``, ``custom``;
    ``all_replies`` those of every turn. ``course`` is what the person did since the conversation
    began here, or none where that is not all that matters.
    """

    _numbers = count(1)

    def __init__(self, bot: Bot, conversation_id: str | None = None) -> None:
        self.bot = bot
        self.id = conversation_id or f"conversation-{next(self._numbers)}"
        self.replies: list[dict[str, Any]] = []
        self.all_replies: list[dict[str, Any]] = []
        self.course: Course | None = None
        self._message_numbers = count(1)

    # What a person does

    def begin(
        self, broker: dict[str, str] | None = None, prefill: dict[str, Any] | None = None
    ) -> Conversation:
        """Open the conversation, as a channel does before anything is typed."""
        given = {"broker": broker, "prefill": prefill}
        if not self.all_replies:
            self.course = ()
        self._did("begin", json.dumps(given))
        self._send("", intent="begin", metadata=given)
        return self

    def say(self, text: str, message_id: str | None = None) -> Conversation:
        """Type a message."""
        self._did("say", text, message_id)
        self._send(text, message_id=message_id)
        return self

    def choose(self, payload_or_title: str, message_id: str | None = None) -> Conversation:
        """Tap a choice that was offered, the latest first, by its payload or its title."""
        payload = self._offered(payload_or_title)
        self._did("choose", payload, message_id)
        self._send("", intent="choose", metadata={"choice": payload}, message_id=message_id)
        return self

    def send_choice(self, payload: str) -> Conversation:
        """Send a payload as a tapped choice, whether it was offered or not."""
        self._did("choose", payload)
        self._send("", intent="choose", metadata={"choice": payload})
        return self

    def upload(
        self, kind: str, name: str, content: bytes, media_type: str = "application/pdf"
    ) -> Conversation:
        """Upload a document of a kind (``statutes``, ``claims_overview`` …)."""
        from bot.storage.stores import Stores

        with _database() as database:
            stores = Stores.of(database, settings())
            stored = stores.documents.add(self.id, kind, name, media_type, content)
        document = {"id": stored.id, "kind": kind}
        self.course = None
        self._send("", intent="choose", metadata={"document": document})
        return self

    # What the person sees

    @property
    def text(self) -> str:
        """The texts of the last turn."""
        return "\n\n".join(reply["text"] for reply in self.replies if reply["text"])

    @property
    def choices(self) -> dict[str, str]:
        """The choices of the last turn: title to payload."""
        return {b["title"]: b["payload"] for reply in self.replies for b in reply["buttons"]}

    @property
    def question(self) -> dict[str, Any] | None:
        """The question that the last turn asked."""
        asked = [reply["custom"].get("question") for reply in self.replies]
        return next((question for question in reversed(asked) if question), None)

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards that the last turn showed."""
        shown = [reply["custom"].get("card") for reply in self.replies]
        return [card for card in shown if card]

    def card(self, kind: str) -> dict[str, Any]:
        """The card of this type in the last turn."""
        found = [card for card in self.cards if card["type"] == kind]
        assert found, f"no {kind} card, but {[card['type'] for card in self.cards]}"
        return found[-1]

    # What came of it

    def draft(self) -> Any:
        """The stored draft, or none."""
        from bot.storage import DraftStore

        with _database() as database:
            return DraftStore(database).load(self.id)

    @property
    def answers(self) -> dict[str, Any]:
        """The stored answers."""
        draft = self.draft()
        return dict(draft.answers) if draft else {}

    def slots(self) -> dict[str, Any]:
        """Rasa's slots that are set."""
        tracker = self.bot.run(self.bot.agent.tracker_store.retrieve(self.id))
        return {n: s.value for n, s in tracker.slots.items() if s.value is not None}

    def handoff(self) -> dict[str, Any]:
        """The handed-off ``application.json`` of this conversation."""
        draft = self.draft()
        assert draft is not None, "there is no draft"
        assert draft.reference is not None, "nothing was submitted"
        deliver_everything()
        found = list(settings().data_dir.rglob("application.json"))
        of_this = [path for path in found if draft.reference in str(path)]
        assert len(of_this) == 1, f"{len(of_this)} hand-offs of {draft.reference}"
        content: dict[str, Any] = json.loads(of_this[0].read_text(encoding="utf-8"))
        return content

    def handoff_folder(self) -> Path:
        """Where the application was handed off to."""
        draft = self.draft()
        deliver_everything()
        found = list(settings().data_dir.rglob("application.json"))
        return next(path.parent for path in found if draft.reference in str(path))

    # How far it got

    @property
    def asked(self) -> str | None:
        """The key of the question that waits for an answer."""
        return self.question["field"] if self.question else None

    def assert_taken(self, answer: str) -> None:
        """Fail where the last answer was refused."""
        refused = self.question and self.question.get("error")
        assert not refused, f"{answer!r} was not taken: {self.text}"

    def milestone(self) -> Milestone | None:
        """Where the conversation stands; none where it cannot be gone on from."""
        if self.asked is None:
            return None
        with _database() as database:
            stored = StoredConversation.of(database, self.id)
        return stored and Milestone(self.asked, stored, (self.replies, [*self.all_replies]))

    def go_on_from(self, course: Course, milestone: Milestone) -> None:
        """Stand where another conversation stood after the same course."""
        with _database() as database:
            milestone.stored.put(database, self.id)
        self.replies, all_replies = milestone.view
        self.all_replies = [*all_replies]
        self.course = course

    def _did(self, kind: str, words: str, message_id: str | None = None) -> None:
        if self.course is not None:
            self.course = None if message_id else (*self.course, Said(kind, words))

    def _offered(self, payload_or_title: str) -> str:
        for reply in reversed(self.all_replies):
            for button in reply["buttons"]:
                if payload_or_title in (button["payload"], button["title"]):
                    return str(button["payload"])
        raise AssertionError(f"{payload_or_title!r} was never offered; now: {self.choices}")

    def _send(
        self,
        text: str,
        intent: str | None = None,
        metadata: dict[str, Any] | None = None,
        message_id: str | None = None,
    ) -> None:
        from bot.channels.conversations import WidgetReplies
        from bot.channels.turn_watch import TurnWatch
        from bot.channels.turns import Incoming, Turns, as_it_is
        from bot.storage.stores import Stores

        identity = message_id or f"{self.id}-{next(self._message_numbers)}"
        incoming = Incoming(identity, text=text, begins=intent == "begin", **(metadata or {}))
        with _database() as database:
            turns = Turns(
                "widget",
                WidgetReplies,
                self.bot.agent.handle_message,
                Stores.of(database, settings()),
                TurnWatch("widget", settings().session_secret),
                settings().destinations,
            )
            answer = self.bot.run(turns.take(self.id, identity, partial(as_it_is, incoming)))
        self.replies = [_as_said(reply) for reply in answer.replies]
        self.all_replies += self.replies


def _as_said(reply: dict[str, Any]) -> dict[str, Any]:
    custom = {name: reply[name] for name in ("question", "card") if name in reply}
    return {"text": reply.get("text"), "buttons": reply.get("choices", []), "custom": custom}


def deliver_everything() -> None:
    """Deliver what was submitted, as the server does in the background."""
    from bot.handoff.dispatch import Dispatcher
    from bot.handoff.folder import FolderDestination

    data_dir = settings().data_dir
    with _database() as database:
        destination = FolderDestination(data_dir / "handoff")
        Dispatcher(database, [destination], data_dir / "documents").run_once()


@contextmanager
def _database() -> Iterator[Any]:
    from bot.storage import Database

    database = Database(settings().database_address, settings().data_keys)
    try:
        yield database
    finally:
        database.close()
