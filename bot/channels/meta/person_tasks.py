"""Background work, in order for each person and at the same time for different people."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.channels.errors import log_failure

logger = logging.getLogger(__name__)

AT_ONCE = 8
STOP_SECONDS = 5.0


@dataclass(frozen=True)
class Patience:
    """How long to wait between attempts, in seconds, and how many there are."""

    first: float = 1.0
    longest: float = 300.0
    attempts: int = 20
    jitter: float = 0.2

    def pause(self, attempts: int) -> float:
        """The time until the next attempt after so many, doubling each time."""
        doubled = self.first * (1 << min(attempts - 1, 20))
        spread = 1 + random.uniform(-self.jitter, self.jitter)  # noqa: S311 - no secret
        return min(doubled, self.longest) * spread


class PersonTasks:
    """Runs ``work`` for whoever is woken: once at a time, and once more if woken meanwhile."""

    def __init__(self, doing: str, work: Callable[[str], Awaitable[None]]) -> None:
        self._doing = doing
        self._work = work
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._stopping = asyncio.Event()
        self._places = asyncio.Semaphore(AT_ONCE)

    @property
    def stopping(self) -> bool:
        """Whether nothing new is to be begun."""
        return self._stopping.is_set()

    def is_busy(self, person: str) -> bool:
        """Whether something is being done for them."""
        return person in self._tasks

    def wake(self, person: str) -> None:
        """There is something to do for them."""
        if self.stopping:
            return
        if person in self._tasks:
            self._again.add(person)
        else:
            self._tasks[person] = asyncio.ensure_future(self._run(person))

    @property
    def place(self) -> asyncio.Semaphore:
        """To be held while working, so that not too many do at the same time."""
        return self._places

    async def pause(self, seconds: float) -> None:
        """Wait, but not longer than until it is time to stop."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def idle(self) -> None:
        """Wait until there is nothing left to do."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def stop(self) -> None:
        """Let what is under way come to an end, for a short while."""
        self._stopping.set()
        running = list(self._tasks.values())
        if running:
            _, late = await asyncio.wait(running, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()

    async def _run(self, person: str) -> None:
        try:
            while True:
                self._again.discard(person)
                await self._work(person)
                if person not in self._again or self.stopping:
                    return
        except Exception as error:
            # What is waiting stays stored and is taken up again.
            log_failure(logger, self._doing, error)
        finally:
            del self._tasks[person]
