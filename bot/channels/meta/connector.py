"""Everything behind one platform's webhook, as it runs inside the server."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from datetime import timedelta

from bot.channels.errors import log_failure
from bot.channels.meta.answering import Answering
from bot.channels.meta.inbox import Inbox, Queues, Settling
from bot.channels.meta.person_tasks import Patience
from bot.channels.meta.platforms import Platform
from bot.channels.meta.reminders import Reminders
from bot.channels.meta.sending import Sender
from bot.channels.resume_links import ResumeLinks
from bot.channels.sessions import Sessions
from bot.channels.turn_watch import TurnWatch
from bot.channels.turns import OnNewMessage, ReplyCollector, Turns
from bot.settings import Settings
from bot.storage import DatabaseUnavailable
from bot.storage.stores import Stores
from bot.storage.used_links import UsedLinks
from bot.threads import in_thread

logger = logging.getLogger(__name__)

ROUND_SECONDS = 60.0
ROUNDS_BETWEEN_TIDYING = 10
# A message that fails this often, for about a quarter of an hour, is not answered.
ANSWERING = Patience(longest=120.0, attempts=14)


class Doorbell:
    """Wakes the process that answers, from whichever process of the server a message arrived in.

    To be made before the server is forked: all its processes share it.
    """

    def __init__(self) -> None:
        self._inside, self._outside = os.pipe()
        for end in (self._inside, self._outside):
            os.set_blocking(end, False)

    def ring(self) -> None:
        """There is something to do; ringing again before anybody came changes nothing."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._outside, b"!")

    def attend(self, come: Callable[[], None]) -> None:
        """Call ``come`` whenever somebody rang."""

        def answer() -> None:
            with contextlib.suppress(BlockingIOError):
                os.read(self._inside, 65536)
            come()

        asyncio.get_running_loop().add_reader(self._inside, answer)

    def leave(self) -> None:
        """Attend to it no more."""
        asyncio.get_running_loop().remove_reader(self._inside)


class Connector:
    """A platform with its queues, its conversations and its background work.

    One process of a server answers and sends, so that each person's messages stay in order; the
    others store what arrives and ring for it.

    Args:
        output: makes the output channel of a turn.
    """

    def __init__(
        self,
        platform: Platform,
        settings: Settings,
        stores: Stores,
        output: Callable[[], ReplyCollector],
        on_new_message: OnNewMessage,
        *,
        sending: Patience | None = None,
        answering: Patience | None = None,
        settling: Settling | None = None,
    ) -> None:
        self.platform = platform
        self.settings = settings
        self.stores = stores
        secret = settings.session_secret
        self.links = ResumeLinks(secret, UsedLinks(stores.database))
        self.sessions = Sessions(
            secret,
            lifetime=timedelta(hours=settings.session_hours),
            resumable_for=timedelta(days=settings.resume_days),
        )
        self.queues = Queues.of(stores, platform.name)
        outbound, people = self.queues.outbound, self.queues.people
        self.sender = Sender(platform, outbound, people, stores, sending or Patience())
        watch = TurnWatch(platform.name, secret)
        turns = Turns(
            platform.name,
            output,
            on_new_message,
            stores,
            watch,
            settings.destinations,
        )
        public_url = str(settings.meta_public_url).rstrip("/")
        most = settings.upload_max_bytes
        self.inbox = Inbox(
            platform,
            stores,
            self.queues,
            Answering(platform, stores, people, turns, self.links, public_url, most),
            self.sender,
            secret,
            answering or ANSWERING,
            settling or Settling(),
        )
        hours = settings.meta_reminder_hours
        self.reminders = Reminders(platform, stores, self.queues, self.inbox, self.sender, hours)
        self._rounds: asyncio.Task[None] | None = None
        self._bell = Doorbell()
        self._coming: set[asyncio.Future[None]] = set()

    async def start(self, *, answers: bool = True) -> None:
        """Take up what is waiting, and look after reminders from now on.

        Args:
            answers: whether this process does that; if not, it rings for the one that does.
        """
        if not answers:
            self.inbox.leave_to_another(self._bell.ring)
            return
        self._bell.attend(self._come)
        await self.sender.start()
        await self.inbox.start()
        self._rounds = asyncio.ensure_future(self._go_round())

    async def stop(self) -> None:
        """Finish what is under way, for a short while; the rest stays stored."""
        if self._rounds is not None:
            self._bell.leave()
            self._rounds.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._rounds
        await self.inbox.tasks.stop()
        await self.sender.tasks.stop()

    async def idle(self) -> None:
        """Wait until everything that was received is answered and everything queued is sent."""
        await self.inbox.tasks.idle()
        await self.sender.tasks.idle()

    async def remind(self) -> None:
        """Queue and send the reminders that are due."""
        for person in await in_thread(self.reminders.due):
            self.sender.tasks.wake(person)

    def _come(self) -> None:
        coming = asyncio.ensure_future(self._take_up())
        self._coming.add(coming)
        coming.add_done_callback(self._coming.discard)

    async def _take_up(self) -> None:
        try:
            await self.inbox.start()
        except DatabaseUnavailable as error:
            # What is stored is taken up with the next round.
            log_failure(logger, f"A message in {self.platform.name}", error)

    async def _go_round(self) -> None:
        number = 0
        while True:
            try:
                # Also wakes whom an earlier failure of the database left waiting.
                await self.sender.start()
                await self.inbox.start()
                await self.remind()
                if number % ROUNDS_BETWEEN_TIDYING == 0:
                    await in_thread(self.reminders.tidy)
            except Exception as error:
                log_failure(logger, f"A round of {self.platform.name}", error)
            number += 1
            await asyncio.sleep(ROUND_SECONDS)
