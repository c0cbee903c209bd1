"""Work that goes on beside the requests, as long as the server runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from bot.channels.errors import log_failure
from bot.channels.turns import in_thread

logger = logging.getLogger(__name__)


class Periodic:
    """Runs ``work`` in a thread every ``seconds``; a failure is logged and tried again."""

    def __init__(self, name: str, work: Callable[[], object], seconds: float) -> None:
        self._name = name
        self._work = work
        self._seconds = seconds
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._task = asyncio.ensure_future(self._run())

    async def stop(self) -> None:
        """End after the work that is under way."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                await in_thread(self._work)
            except Exception as error:
                log_failure(logger, self._name, error)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._seconds)
