"""The outgoing queue: in order for each person, again and again until it arrived or is hopeless."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot import clock
from bot.channels.application_pdf import file_name, pdf_of
from bot.channels.errors import place_of
from bot.channels.meta.graph import Refused, TryAgain
from bot.channels.meta.person_tasks import Patience, PersonTasks
from bot.channels.meta.platforms import Platform
from bot.storage import DatabaseUnavailable
from bot.storage.outbound import OutboundMessage, OutboundMessages
from bot.storage.people import People
from bot.storage.stores import Stores
from bot.threads import in_thread

logger = logging.getLogger(__name__)

# After this long without a message of theirs, Meta takes none of ours.
WINDOW = timedelta(hours=24)


class Sender:
    """Sends what is queued for a platform."""

    def __init__(
        self,
        platform: Platform,
        outbound: OutboundMessages,
        people: People,
        stores: Stores,
        patience: Patience,
    ) -> None:
        self._platform = platform
        self._outbound = outbound
        self._people = people
        self._stores = stores
        self._patience = patience
        self.tasks = PersonTasks(f"Sending to {platform.name}", self._send_all)

    async def start(self) -> None:
        """Take up what the last process left unsent."""
        for person in await in_thread(self._outbound.people_waiting):
            self.tasks.wake(person)

    async def _send_all(self, person: str) -> None:
        while not self.tasks.stopping:
            try:
                message = await in_thread(self._outbound.next, person)
                if message is None:
                    return
                pause = await self._attempt(message)
            except DatabaseUnavailable:
                logger.warning("%s: the queue cannot be read or written", self._platform.name)
                pause = self._patience.pause(1)
            if pause:
                await self.tasks.pause(pause)

    async def _attempt(self, message: OutboundMessage) -> float:
        """Try once; returns how long to wait before the next attempt."""
        if not await in_thread(self._is_open, message.person):
            await self._give_up(message, message.attempts, "outside the 24-hour window")
            return 0.0
        await in_thread(self._outbound.attempt, message)
        attempts = message.attempts + 1
        try:
            async with self.tasks.place:
                provider_id = await self._send(message.content)
        except Refused as refused:
            await self._give_up(message, attempts, refused.kind)
            return 0.0
        except TryAgain as trouble:
            return await self._later(message, attempts, trouble.kind, trouble.pause)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            kind = f"{type(error).__name__} at {place_of(error)}"
            return await self._later(message, attempts, kind, 0.0)
        await self._note_sent(message, provider_id)
        return 0.0

    async def _note_sent(self, message: OutboundMessage, provider_id: str | None) -> None:
        """Note it as soon as the database is back: what was sent is not to be sent again."""
        attempts = 0
        while True:
            try:
                await in_thread(self._outbound.sent, message, provider_id, clock.now())
            except DatabaseUnavailable:
                if self.tasks.stopping:
                    raise
                attempts += 1
                await self.tasks.pause(self._patience.pause(attempts))
            else:
                return

    def _is_open(self, person: str) -> bool:
        known = self._people.load(person)
        return known is None or clock.now() - known.last_message_at < WINDOW

    async def _send(self, content: Mapping[str, Any]) -> str | None:
        if content["type"] == "pdf":
            return await self._send_pdf(content["to"], content["conversation_id"])
        return await self._platform.send(content["to"], content["body"])

    async def _send_pdf(self, address: str, conversation_id: str) -> str | None:
        draft = await in_thread(self._stores.drafts.load, conversation_id)
        if draft is None:
            raise Refused("the application was erased")
        pdf = await in_thread(pdf_of, draft, self._stores)
        return await self._platform.send_pdf(address, file_name(draft), pdf)

    async def _later(
        self, message: OutboundMessage, attempts: int, kind: str, pause: float
    ) -> float:
        if attempts >= self._patience.attempts:
            await self._give_up(message, attempts, kind)
            return 0.0
        await in_thread(self._outbound.failed, message, kind[:120])
        return max(pause, self._patience.pause(attempts))

    async def _give_up(self, message: OutboundMessage, attempts: int, kind: str) -> None:
        await in_thread(self._outbound.given_up, message, kind[:120])
        logger.error(
            "%s: outgoing message %d was given up after %d attempts: %s",
            self._platform.name,
            message.id,
            attempts,
            kind,
        )
