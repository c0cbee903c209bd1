"""One turn through Rasa, for every channel: safe to repeat, and done again if it came too late."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from rasa.core.channels.channel import OutputChannel, UserMessage
from sqlalchemy.exc import IntegrityError

from bot import clock
from bot.application.draft import Draft
from bot.channels.errors import ChannelError, log_failure
from bot.channels.history import Body
from bot.channels.turn_watch import TurnWatch
from bot.conversation.submitting import hand_over_submitted
from bot.conversation.turn import Message
from bot.conversation.turn_context import CONTEXT, TurnContext
from bot.handoff.erasure import erase
from bot.observability.tracing import span
from bot.observability.turn_report import DraftBefore, TurnReport, turn_report
from bot.settings import Settings
from bot.storage import DatabaseUnavailable, StaleDraft
from bot.storage.evidence import delete_evidence
from bot.storage.stores import Stores
from bot.threads import apart

logger = logging.getLogger(__name__)

# A little less than the widget waits, so that a person is told instead of left waiting.
TURN_SECONDS = 40.0
# How often a turn is done again because another one of the conversation was stored meanwhile.
ATTEMPTS = 5
# The intent of what was not typed: only a channel can give it, so nobody can type a payload.
CHOSEN = "choose"
BEGUN = "begin"
NOT_UNDERSTOOD = "nlu_fallback"
# The response that stands for an action that could not be run.
UNAVAILABLE = "utter_service_unavailable"

Result = TypeVar("Result")
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
Describe = Callable[[Draft | None], Body]


@dataclass(frozen=True)
class Incoming:
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


Prepare = Callable[[Stores], Incoming]


def as_it_is(incoming: Incoming, _stores: Stores) -> Incoming:
    """The preparation of what needs none."""
    return incoming


@dataclass(frozen=True)
class Answer:
    """The replies to a message, when they were given (ISO time) and how things stand now."""

    replies: list[Body] = field(repr=False)
    at: str
    state: Body = field(repr=False)


@dataclass(frozen=True)
class _Done:
    """What came of a turn; there is no report on a message that was answered before."""

    answer: Answer
    report: TurnReport | None = None


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
        watch: notes what comes of each turn.
        destinations: where what is submitted goes.
        bounds: how much is taken on; without them, everything.
        describe: how a conversation stands, told from its draft; there is none once it is erased.
    """

    def __init__(
        self,
        channel: str,
        output: Callable[[], ReplyCollector],
        on_new_message: OnNewMessage,
        stores: Stores,
        watch: TurnWatch,
        destinations: Sequence[str],
        bounds: TurnBounds | None = None,
        *,
        describe: Describe = _not_told,
    ) -> None:
        self._channel = channel
        self._output = output
        self._on_new_message = on_new_message
        self._stores = stores
        self._watch = watch
        self._destinations = destinations
        self._bounds = bounds
        self._describe = describe
        self._running: set[asyncio.Future[Answer]] = set()

    async def take(self, conversation_id: str, message_id: str, prepare: Prepare) -> Answer:
        """Answer a message; a repeated one gets the replies that were stored the first time.

        A turn that has begun is finished even if the client goes away, so that its message can
        be repeated. ``prepare`` runs away from the event loop, once, after it is known that the
        message is new.

        Raises:
            ChannelError: ``conversation_ended``, ``conversation_too_long``, ``busy``,
                ``service_unavailable`` or what ``prepare`` raised; then the message counts as
                never sent.
        """
        if self._bounds is not None and len(self._running) >= self._bounds.at_once:
            raise ChannelError("busy")
        turn = asyncio.ensure_future(self._one(conversation_id, message_id, prepare))
        # The event loop alone does not keep a task whose client went away.
        self._running.add(turn)
        turn.add_done_callback(self._finished)
        # Whoever stops waiting does not stop the turn.
        await asyncio.wait({turn}, timeout=TURN_SECONDS)
        if not turn.done():
            raise ChannelError("service_unavailable")
        return turn.result()

    async def alone(self, conversation_id: str, action: Callable[[], Awaitable[Result]]) -> Result:
        """Run ``action`` while no turn of this conversation is running in this process."""
        async with self._lock(conversation_id):
            return await action()

    def _finished(self, turn: asyncio.Future[Answer]) -> None:
        self._running.discard(turn)
        error = None if turn.cancelled() else turn.exception()
        if error is not None and not isinstance(error, ChannelError):
            log_failure(logger, "A turn", error)

    def _lock(self, conversation_id: str) -> asyncio.Lock:
        # Spares a second message the work on a draft that is about to change; what keeps turns in
        # order is the draft's version.
        lock = _LOCKS.get(conversation_id)
        if lock is None:
            lock = _LOCKS[conversation_id] = asyncio.Lock()
        return lock

    async def _one(self, conversation_id: str, message_id: str, prepare: Prepare) -> Answer:
        with self._watch.turn(conversation_id, message_id) as watched:
            async with self._lock(conversation_id):
                try:
                    work = partial(self._carried_out, conversation_id, message_id, prepare)
                    done = await apart(work)
                except DatabaseUnavailable as away:
                    logger.error("A turn was put off: the database is away (%s)", away)
                    raise ChannelError("service_unavailable") from None
            watched.outcome = "answered" if done.report is not None else "repeated"
            watched.report = done.report
        return done.answer

    async def _carried_out(self, conversation_id: str, message_id: str, prepare: Prepare) -> _Done:
        incoming: Incoming | None = None
        for _ in range(ATTEMPTS):
            known, draft = self._looked_up(conversation_id, message_id)
            if known is not None:
                return _Done(known)
            incoming = incoming or prepare(self._stores)
            self._refuse(draft, incoming)
            before = DraftBefore.of(draft)
            context = TurnContext(draft or self._new_draft(conversation_id), message_of(incoming))
            context.draft.channel = self._channel
            with span("rasa"):
                replies = await self._through_rasa(context, incoming)
            try:
                at = self._stored(context, before, incoming, replies)
            except (StaleDraft, IntegrityError):
                logger.info("A turn is done again: another one was stored meanwhile")
                continue
            after = None if context.erased else context.draft
            answer = Answer(replies, at, self._describe(after))
            return _Done(answer, turn_report(self._channel, before, after, replies))
        logger.warning("A turn was given up: others of its conversation kept being stored")
        raise ChannelError("service_unavailable")

    def _looked_up(
        self, conversation_id: str, message_id: str
    ) -> tuple[Answer | None, Draft | None]:
        """What was answered before, if the message is known, and the draft as it is now."""
        with self._stores.database.reading() as unit:
            replies = self._stores.messages.answered(conversation_id, message_id, unit)
            draft = self._stores.drafts.load(conversation_id, unit)
        if replies is None:
            return None, draft
        return Answer(replies, clock.now().isoformat(), self._describe(draft)), draft

    def _refuse(self, draft: Draft | None, incoming: Incoming) -> None:
        if incoming.begins:
            return
        # An erased conversation comes back to life on purpose only, not through another tab.
        if draft is None:
            raise ChannelError("conversation_ended")
        # A draft is stored once a turn.
        if self._bounds is not None and draft.version >= self._bounds.in_conversation:
            raise ChannelError("conversation_too_long")

    @staticmethod
    def _new_draft(conversation_id: str) -> Draft:
        now = clock.now()
        return Draft(conversation_id=conversation_id, created_at=now, updated_at=now)

    async def _through_rasa(self, context: TurnContext, incoming: Incoming) -> list[Body]:
        output = self._output()
        try:
            await self._on_new_message(user_message(context, incoming, self._channel, output))
        except Exception as error:
            log_failure(logger, "A turn", error)
            raise ChannelError("service_unavailable") from None
        # Rasa itself swallows what an action raises: nothing comes back then.
        if output.failed or not output.replies:
            logger.warning("A turn was not carried out: is the action server running?")
            raise ChannelError("service_unavailable")
        return output.replies

    def _stored(
        self,
        context: TurnContext,
        before: DraftBefore,
        incoming: Incoming,
        replies: list[Body],
    ) -> str:
        """Store draft, evidence, messages and what was submitted, all or nothing; when (ISO)."""
        draft, stores, at = context.draft, self._stores, clock.now()
        if context.erased:
            erase(draft.conversation_id, stores.database, stores.documents_folder)
            return at.isoformat()
        said = stores.messages.sealed_turn(
            draft.conversation_id, incoming.message_id, incoming.shown, replies, at
        )
        new = stores.drafts.sealed(draft)
        submits = draft.reference is not None and draft.reference != before.reference
        with stores.database.transaction(durable=submits) as unit:
            if context.discarded:
                delete_evidence(unit, draft.conversation_id)
            stores.drafts.store(new, unit)
            stores.messages.append_turn(said, unit)
            if submits:
                hand_over_submitted(unit, draft, stores, self._destinations)
        if context.discarded:
            stores.documents.delete(draft.conversation_id)
        return at.isoformat()


def message_of(incoming: Incoming) -> Message:
    """What was sent, as the dialogue takes it; Rasa adds what is understood."""
    document = incoming.document
    return Message(
        id=incoming.message_id,
        text=incoming.text,
        choice=incoming.choice,
        document=document and {"id": document["id"], "kind": document["kind"]},
        broker=incoming.broker,
        prefill=incoming.prefill,
    )


def user_message(
    context: TurnContext, incoming: Incoming, channel: str, output: OutputChannel
) -> UserMessage:
    """The turn as Rasa takes it; language understanding only sees what was typed."""
    intent = _intent_given_by_channel(incoming)
    given = {"intent": {"name": intent, "confidence": 1.0}, "entities": [], "text": incoming.text}
    return UserMessage(
        text=incoming.text,
        output_channel=output,
        sender_id=context.draft.conversation_id,
        input_channel=channel,
        message_id=incoming.message_id,
        parse_data=None if intent is None else given,
        metadata={CONTEXT: context},
    )


def _intent_given_by_channel(incoming: Incoming) -> str | None:
    if incoming.begins:
        return BEGUN
    if incoming.choice is not None or incoming.document is not None:
        return CHOSEN
    # Rasa would take a typed "/restart" for a command, and strips blanks before it.
    return NOT_UNDERSTOOD if incoming.text.startswith("/") else None
