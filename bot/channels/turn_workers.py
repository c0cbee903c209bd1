"""Turns carried out in processes beside the server's own, so that they use every core.

One that is alone stays in the server's: handing it over would cost a tenth of its time and gain
nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from bot.channels.errors import ChannelError, log_failure
from bot.observability import tracing
from bot.observability.conversation_mark import current_mark, working_for
from bot.storage import DatabaseUnavailable
from bot.threads import apart, here
from bot.worker_processes import WorkerEnded, WorkerProcesses

logger = logging.getLogger(__name__)

CarryOut = Callable[[Any], Coroutine[Any, Any, Any]]


class TurnFailed(RuntimeError):
    """A turn failed in an unforeseen way; the log says where, this says nothing of it."""


@dataclass(frozen=True)
class _Job:
    """A turn of a channel; ``mark`` and ``trace`` are what it is logged and traced under."""

    channel: str
    turn: Any = field(repr=False)
    mark: str
    trace: dict[str, str]


class TurnWorkers:
    """The processes that carry out the turns of all channels."""

    def __init__(self) -> None:
        self._processes = WorkerProcesses(self._work, tracing.flush)
        self._channels: dict[str, CarryOut] = {}
        self._running = 0

    def register(self, channel: str, carry_out: CarryOut) -> None:
        """Say how turns of this channel are carried out, before the processes are started."""
        self._channels[channel] = carry_out

    def start(self, count: int) -> None:
        """Start ``count`` processes; to be called before this one has an event loop."""
        self._processes.start(count)

    def close(self) -> None:
        """Let them end."""
        self._processes.close()

    @property
    def running(self) -> bool:
        """Whether turns can be given to them."""
        return self._processes.running

    async def run(self, channel: str, conversation_id: str, turn: Any, *, quick: bool) -> Any:
        """What the channel's way to carry out a turn gives, or raises, for this one.

        Args:
            quick: whether it computes for milliseconds only, so that the server may do it itself.

        Raises:
            ChannelError: as the turn raised it; ``service_unavailable`` if process after process
                ended over it.
            DatabaseUnavailable: as the turn raised it.
            TurnFailed: anything else in a process; it was logged where it happened.
        """
        self._running += 1
        try:
            if quick and self._running == 1:
                return await apart(partial(self._channels[channel], turn))
            return await self._handed_over(channel, conversation_id, turn)
        finally:
            self._running -= 1

    async def _handed_over(self, channel: str, conversation_id: str, turn: Any) -> Any:
        trace = tracing.headers_for_next_process()
        job = _Job(channel, turn, current_mark(), trace)
        try:
            result = await self._processes.run(conversation_id, job)
        except WorkerEnded:
            raise ChannelError("service_unavailable") from None
        if isinstance(result, Exception):
            raise result
        return result

    def _work(self, job: _Job) -> Any:
        with working_for(job.mark), tracing.joining(job.trace):
            try:
                return here(partial(self._channels[job.channel], job.turn))
            except (ChannelError, DatabaseUnavailable) as known:
                return known
            except Exception as error:
                log_failure(logger, "A turn", error)
                return TurnFailed()


@lru_cache(maxsize=1)
def turn_workers() -> TurnWorkers:
    """Those of this server; none are running unless it started them."""
    return TurnWorkers()
