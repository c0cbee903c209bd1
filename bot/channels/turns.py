"""One turn through Rasa, for every channel: safe to repeat, one at a time per conversation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Optional, TypeVar
from weakref import WeakValueDictionary

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot import clock
from bot.application.draft import Draft
from bot.channels.errors import ChannelError, log_failure
from bot.channels.history import Body
from bot.channels.turn_watch import TurnWatch
from bot.channels.turn_workers import TurnFailed, TurnWorkers
from bot.observability.tracing import span
from bot.observability.turn_report import TurnReport, turn_report
from bot.settings import Settings
from bot.storage import DatabaseUnavailable, StaleDraft
from bot.storage.stores import Stores
from bot.storage.turn_drafts import turn_with
from bot.threads import apart, in_thread

logger = logging.getLogger(__name__)

# A little less than the widget waits, so that a person is told instead of left waiting.
TURN_SECONDS = 40.0
# The intent of what was not typed: only a channel can give it, so nobody can type a payload.
CHOSEN = "choose"
BEGUN = "begin"
NOT_UNDERSTOOD = "nlu_fallback"
# The response that stands for an action that could not be run.
UNAVAILABLE = "utter_service_unavailable"

Result = TypeVar("Result")
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
Describe = Callable[[Optional[Draft]], Body]


@dataclass(frozen=True)
class Turn:
    """What a person sent: a text, a tapped choice or a document; or that they have just come.

    ``shown`` is how the message appears in the history; ``None`` leaves it out.
    """

    message_id: str
    text: str = field(default="", repr=False)
    choice: str | None = field(default=None, repr=False)
    document: Body | None = field(default=None, repr=False)
    broker: dict[str, str] | None = None
    prefill: dict[str, Any] | None = field(default=None, repr=False)
    begins: bool = False
    shown: Body | None = field(default=None, repr=False)


Prepare = Callable[[Stores], Turn]


def as_it_is(turn: Turn, _stores: Stores) -> Turn:
    """The preparation of a turn that needs none."""
    return turn


@dataclass(frozen=True)
class Answer:
    """The replies to a message, when they were given (ISO time) and how things stand now."""

    replies: list[Body] = field(repr=False)
    at: str
    state: Body = field(repr=False)


@dataclass(frozen=True)
class _Sent:
    """A message as it is handed to whoever carries out the turn."""

    conversation_id: str
    message_id: str
    prepare: Prepare
    quick: bool


@dataclass(frozen=True)
class _Done:
    """What came of a turn; there is no report on a message that was answered before.

    ``erased``: the person had everything erased.
    """

    answer: Answer
    report: TurnReport | None = None
    erased: bool = False

    @property
    def outcome(self) -> str:
        return "answered" if self.report is not None else "repeated"


# Of every conversation, whichever channel its people come through.
_LOCKS: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


class ReplyCollector(OutputChannel):
    """Gathers the replies of a turn. A channel gives it its own name, which Rasa asks for.

    ``failed`` if an action could not be run: then whatever was said does not count.
    """

    def __init__(self) -> None:
        self.replies: list[Body] = []
        self.failed = False

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one message of the assistant as it is, whatever it consists of."""
        if message.get("utter_action") == UNAVAILABLE:
            self.failed = True
        reply = reply_of(message)
        if reply:
            self.replies.append(reply)


def reply_of(message: dict[str, Any]) -> Body:
    """Rasa's bot message as the API's: what is empty is left out."""
    custom = message.get("custom") or {}
    reply = {
        "text": message.get("text"),
        "choices": [
            {"title": button["title"], "payload": button["payload"]}
            for button in message.get("buttons") or []
        ],
        "question": custom.get("question"),
        "card": custom.get("card"),
    }
    return {key: value for key, value in reply.items() if value}


@dataclass(frozen=True)
class TurnBounds:
    """How much is taken on: turns ``at_once`` in this process, and in one conversation in all."""

    at_once: int
    in_conversation: int

    @classmethod
    def of(cls, settings: Settings) -> TurnBounds:
        return cls(settings.turns_at_once, settings.conversation_turns)


def _not_told(_draft: Draft | None) -> Body:
    return {}


class Turns:
    """Takes the turns of a channel's conversations.

    Args:
        channel: its name, as it is recorded with the messages.
        output: makes the output channel of one turn.
        on_new_message: Rasa's way in.
        erase: forgets everything about a conversation, Rasa's state included.
        describe: how a conversation stands, told from its draft; there is none once it is erased.
        watch: notes what comes of each turn.
        bounds: how much is taken on; without them, everything.
        in_one_thread: whether a turn waits for nothing that belongs to the event loop.
        workers: processes that carry out turns while they run, if turns are in one thread.
    """

    def __init__(
        self,
        channel: str,
        output: Callable[[], ReplyCollector],
        on_new_message: OnNewMessage,
        stores: Stores,
        erase: Callable[[str], None],
        watch: TurnWatch,
        bounds: TurnBounds | None = None,
        *,
        describe: Describe = _not_told,
        in_one_thread: bool = False,
        workers: TurnWorkers | None = None,
    ) -> None:
        self._in_one_thread = in_one_thread
        self._workers = workers if in_one_thread else None
        self._watch = watch
        self._bounds = bounds
        self._channel = channel
        self._output = output
        self._on_new_message = on_new_message
        self._stores = stores
        self._erase = erase
        self._describe = describe
        self._running: set[asyncio.Future[Answer]] = set()
        if workers is not None:
            workers.register(channel, self._carried_out)

    async def take(
        self, conversation_id: str, message_id: str, prepare: Prepare, *, quick: bool = True
    ) -> Answer:
        """Answer a message; a repeated one gets the replies that were stored the first time.

        A turn that has begun is finished even if the client goes away, so that its message can
        be repeated. ``prepare`` runs away from the event loop, perhaps in another process, after
        it is known that the message is new: it has to be picklable.

        Args:
            quick: whether the turn computes for milliseconds only.

        Raises:
            ChannelError: ``conversation_ended``, ``conversation_too_long``, ``busy``,
                ``service_unavailable`` or what ``prepare`` raised; then the message counts as
                never sent.
        """
        if self._bounds is not None and len(self._running) >= self._bounds.at_once:
            raise ChannelError("busy")
        turn = asyncio.ensure_future(self._one(_Sent(conversation_id, message_id, prepare, quick)))
        # The event loop alone does not keep a task whose client went away.
        self._running.add(turn)
        turn.add_done_callback(self._finished)
        # Whoever stops waiting does not stop the turn.
        await asyncio.wait({turn}, timeout=TURN_SECONDS)
        if not turn.done():
            raise ChannelError("service_unavailable")
        return turn.result()

    async def alone(self, conversation_id: str, action: Callable[[], Awaitable[Result]]) -> Result:
        """Run ``action`` while no turn of this conversation is running."""
        async with self._lock(conversation_id):
            return await action()

    def _finished(self, turn: asyncio.Future[Answer]) -> None:
        self._running.discard(turn)
        error = None if turn.cancelled() else turn.exception()
        if error is not None and not isinstance(error, (ChannelError, TurnFailed)):
            log_failure(logger, "A turn", error)

    def _lock(self, conversation_id: str) -> asyncio.Lock:
        lock = _LOCKS.get(conversation_id)
        if lock is None:
            lock = _LOCKS[conversation_id] = asyncio.Lock()
        return lock

    async def _one(self, sent: _Sent) -> Answer:
        conversation_id = sent.conversation_id
        with self._watch.turn(conversation_id, sent.message_id) as watched:
            async with self._lock(conversation_id):
                try:
                    done = await self._where_it_belongs(sent)
                    if done.erased:
                        await in_thread(self._erase, conversation_id)
                except DatabaseUnavailable as away:
                    logger.error("A turn was put off: the database is away (%s)", away)
                    raise ChannelError("service_unavailable") from None
            watched.outcome, watched.report = done.outcome, done.report
        return done.answer

    async def _where_it_belongs(self, sent: _Sent) -> _Done:
        if self._workers is not None and self._workers.running:
            done: _Done = await self._workers.run(
                self._channel, sent.conversation_id, sent, quick=sent.quick
            )
            return done
        work = partial(self._carried_out, sent)
        return await (apart(work) if self._in_one_thread else work())

    async def _carried_out(self, sent: _Sent) -> _Done:
        known, turn, before = await in_thread(self._looked_up, sent)
        if known is not None:
            return _Done(known)
        own = self._stores.drafts.is_own(sent.conversation_id)
        with turn_with(before, follows_own=own) as work:
            with span("rasa"):
                replies = await self._through_rasa(sent.conversation_id, turn)
            at, after = await in_thread(
                self._recorded, sent.conversation_id, turn, replies, work.changed
            )
        answer = Answer(replies, at, self._describe(after))
        report = turn_report(self._channel, before, after, replies)
        return _Done(answer, report, erased=after is None)

    def _looked_up(self, sent: _Sent) -> tuple[Answer | None, Turn, Draft | None]:
        """What was answered before if the message is known; otherwise it is prepared."""
        conversation_id, message_id = sent.conversation_id, sent.message_id
        with self._stores.database.reading() as unit:
            replies = self._stores.messages.answered(conversation_id, message_id, unit)
            before = self._stores.drafts.load(conversation_id, unit)
        if replies is not None:
            known = Answer(replies, clock.now().isoformat(), self._describe(before))
            return known, Turn(message_id), before
        turn = sent.prepare(self._stores)
        if before is not None and self._is_full(before) and not turn.begins:
            raise ChannelError("conversation_too_long")
        # An erased conversation comes back to life on purpose only, not through another tab.
        if before is None and not turn.begins:
            raise ChannelError("conversation_ended")
        return None, turn, before

    def _is_full(self, draft: Draft) -> bool:
        # A draft is stored once a turn.
        return self._bounds is not None and draft.version >= self._bounds.in_conversation

    async def _through_rasa(self, conversation_id: str, turn: Turn) -> list[Body]:
        output = self._output()
        message = user_message(turn, conversation_id, self._channel, output)
        try:
            await self._on_new_message(message)
        except Exception as error:
            log_failure(logger, "A turn", error)
            raise ChannelError("service_unavailable") from None
        # Rasa itself swallows what an action raises: nothing comes back then.
        if output.failed or not output.replies:
            logger.warning("A turn was not carried out: is the action server running?")
            raise ChannelError("service_unavailable")
        return output.replies

    def _recorded(
        self, conversation_id: str, turn: Turn, replies: list[Body], changed: Draft | None
    ) -> tuple[str, Draft | None]:
        at, log, drafts = clock.now(), self._stores.messages, self._stores.drafts
        said = log.sealed_turn(conversation_id, turn.message_id, turn.shown, replies, at)
        new = drafts.sealed(changed) if changed is not None else None
        try:
            with self._stores.database.transaction() as unit:
                if new is not None:
                    drafts.store(new, unit)
                # An action server stored it by itself; after erasing there is none.
                draft = changed or drafts.load(conversation_id, unit)
                if draft is not None:
                    log.append_turn(said, unit)
        except StaleDraft:
            logger.warning("A draft was changed by another turn at the same time")
            raise ChannelError("service_unavailable") from None
        return at.isoformat(), draft


def user_message(
    turn: Turn, conversation_id: str, channel: str, output: OutputChannel
) -> UserMessage:
    """The turn as Rasa takes it; language understanding only sees what was typed."""
    intent = _intent_given_by_channel(turn)
    return UserMessage(
        text=turn.text,
        output_channel=output,
        sender_id=conversation_id,
        input_channel=channel,
        message_id=turn.message_id,
        parse_data=None
        if intent is None
        else {
            "intent": {"name": intent, "confidence": 1.0},
            "entities": [],
            "text": turn.text,
        },
        metadata={
            "message_id": turn.message_id,
            "choice": turn.choice,
            "document": turn.document
            and {"id": turn.document["id"], "kind": turn.document["kind"]},
            "broker": turn.broker,
            "prefill": turn.prefill,
        },
    )


def _intent_given_by_channel(turn: Turn) -> str | None:
    if turn.begins:
        return BEGUN
    if turn.choice is not None or turn.document is not None:
        return CHOSEN
    # Rasa would take a typed "/restart" for a command, and strips blanks before it.
    return NOT_UNDERSTOOD if turn.text.startswith("/") else None
