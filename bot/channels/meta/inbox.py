"""The incoming queue: stored before Meta is thanked, answered in order for each person."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import clock
from bot.channels.errors import log_failure
from bot.channels.meta.answering import Answering, Said, together
from bot.channels.meta.events import Event
from bot.channels.meta.graph import Refused, TryAgain
from bot.channels.meta.person_tasks import Patience, PersonTasks
from bot.channels.meta.platforms import Platform
from bot.channels.meta.rendering import Content
from bot.channels.meta.sending import Sender
from bot.channels.meta.signature import person_key
from bot.channels.sessions import new_conversation_id
from bot.storage import Transaction
from bot.storage.inbound import InboundEvent, InboundEvents, State
from bot.storage.outbound import OutboundMessages
from bot.storage.people import People, Person
from bot.storage.stores import Stores
from bot.texts import text
from bot.threads import in_thread

logger = logging.getLogger(__name__)

TYPING_SECONDS = 5.0


@dataclass(frozen=True)
class Settling:
    """How long to wait for what was sent earlier but arrives later, in seconds: ``quiet`` after
    the last arrival, ``longest`` in all."""

    quiet: float = 0.3
    longest: float = 3.0


@dataclass(frozen=True)
class Queues:
    """What a channel keeps of its people."""

    inbound: InboundEvents
    outbound: OutboundMessages
    people: People

    @classmethod
    def of(cls, stores: Stores, channel: str) -> Queues:
        """The queues of this channel."""
        database = stores.database
        return cls(
            InboundEvents(database, channel),
            OutboundMessages(database, channel),
            People(database, channel),
        )


class Inbox:
    """Receives the events of a platform and has them answered.

    Args:
        secret: from which the names are derived under which people are kept.
    """

    def __init__(
        self,
        platform: Platform,
        stores: Stores,
        queues: Queues,
        answering: Answering,
        sender: Sender,
        secret: str,
        patience: Patience,
        settling: Settling,
    ) -> None:
        self._platform = platform
        self._stores = stores
        self._queues = queues
        self._answering = answering
        self._sender = sender
        self._secret = secret
        self._patience = patience
        self._settling = settling
        self._arrived: dict[str, float] = {}
        self._ring: Callable[[], None] | None = None
        self._typing: set[asyncio.Task[None]] = set()
        self.tasks = PersonTasks(f"Answering in {platform.name}", self._answer_all)

    async def start(self) -> None:
        """Take up what the last process left unanswered, or another one received."""
        for person in await in_thread(self._queues.inbound.people_waiting):
            self._arrived[person] = time.monotonic()
            self.tasks.wake(person)

    def leave_to_another(self, ring: Callable[[], None]) -> None:
        """Only store what is received, and ring for the process that answers."""
        self._ring = ring

    async def receive(self, events: Sequence[Event]) -> None:
        """Store the events; they are answered afterwards.

        Raises:
            DatabaseUnavailable: nothing was stored.
        """
        stored = [self._to_store(event) for event in events]
        people = await in_thread(self._queues.inbound.receive, stored, clock.now())
        if self._ring is not None:
            self._ring()
            return
        for person in people:
            self._arrived[person] = time.monotonic()
            self.tasks.wake(person)

    def _to_store(self, event: Event) -> InboundEvent:
        return InboundEvent(
            event_id=event.key,
            person=person_key(self._platform.name, event.address, self._secret),
            sent_at=event.sent_at,
            content=None if event.kind is None else event.content(),
        )

    async def _answer_all(self, person: str) -> None:
        await self._settle(person)
        attempts = 0
        while not self.tasks.stopping:
            waiting: list[InboundEvent] = []
            try:
                waiting = await in_thread(self._queues.inbound.waiting, person)
                if not waiting:
                    return
                async with self.tasks.place:
                    await self._answer_first(person, waiting)
                attempts = 0
            except Exception as error:
                attempts += 1
                log_failure(logger, f"An event in {self._platform.name}", error)
                if attempts >= self._patience.attempts and waiting:
                    await in_thread(self._give_up, person, waiting[0])
                    self._sender.tasks.wake(person)
                    attempts = 0
                else:
                    await self.tasks.pause(self._patience.pause(attempts))

    async def _settle(self, person: str) -> None:
        began = time.monotonic()
        while not self.tasks.stopping:
            now = time.monotonic()
            quiet_since = self._arrived.get(person, now - self._settling.quiet)
            left = min(
                quiet_since + self._settling.quiet - now, began + self._settling.longest - now
            )
            if left <= 0:
                break
            await self.tasks.pause(left)
        self._arrived.pop(person, None)

    async def _answer_first(self, person: str, waiting: Sequence[InboundEvent]) -> None:
        events = [Event.stored(each.content or {}, each.sent_at) for each in waiting]
        if events[0].kind == "undelivered":
            await in_thread(self._note_undelivered, events[0], waiting[0])
            return
        group = together(events)
        self._show_typing(group[-1])
        known = await in_thread(self._known, person, group[0])
        said = await self._answering.answer(known, group)
        await in_thread(self._finish, waiting[: len(group)], said)
        self._sender.tasks.wake(person)

    def _known(self, person: str, event: Event) -> Person:
        found = self._queues.people.load(person)
        if found is not None:
            return found
        new = Person(person, new_conversation_id(), event.address, event.sent_at)
        # Stored at once: after a crash it has to be the same conversation.
        with self._stores.database.transaction() as unit:
            self._queues.people.save(unit, new)
        return new

    def _finish(self, events: Sequence[InboundEvent], said: Said) -> None:
        with self._stores.database.transaction(durable=True) as unit:
            self._queues.inbound.finish(unit, events, "done")
            self._enqueue(events[0], said.person.person, said.contents, unit)
            if said.forgotten:
                self._queues.people.forget(unit, said.person.person)
            else:
                self._queues.people.save(unit, said.person)

    def _give_up(self, person: str, event: InboundEvent) -> None:
        content = event.content or {}
        sorry = self._platform.writer.plain(text("meta.not_answered"))
        addressed = [{**each, "to": content.get("address", "")} for each in sorry]
        state: State = "failed"
        with self._stores.database.transaction(durable=True) as unit:
            self._queues.inbound.finish(unit, [event], state)
            self._enqueue(event, person, addressed, unit)
        logger.error("%s: event %d was given up", self._platform.name, event.id)

    def _enqueue(
        self, event: InboundEvent, person: str, contents: Sequence[Content], unit: Transaction
    ) -> None:
        key = f"{self._platform.name}:{event.event_id}"
        self._queues.outbound.enqueue(unit, person, key, contents, clock.now())

    def _note_undelivered(self, event: Event, stored: InboundEvent) -> None:
        kind = f"not delivered, code {event.detail}"
        if self._queues.outbound.not_delivered(event.choice[:200], kind):
            logger.error("%s: an outgoing message was %s", self._platform.name, kind)
        with self._stores.database.transaction() as unit:
            self._queues.inbound.finish(unit, [stored], "done")

    def _show_typing(self, event: Event) -> None:
        async def show() -> None:
            try:
                await asyncio.wait_for(self._platform.typing(event), TYPING_SECONDS)
            except (TimeoutError, TryAgain, Refused):
                logger.debug("%s: typing is not shown", self._platform.name)

        task = asyncio.ensure_future(show())
        self._typing.add(task)
        task.add_done_callback(self._typing.discard)
