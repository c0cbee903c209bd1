"""Where work runs that blocks: never on the event loop that answers everybody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

_this_thread = threading.local()


async def in_thread[Result](function: Callable[..., Result], *arguments: Any) -> Result:
    """Run blocking work without holding up other conversations; at once where none is held up."""
    if _is_apart():
        return function(*arguments)
    # The thread logs and traces for the same conversation.
    return await asyncio.to_thread(function, *arguments)


async def apart[Result](work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run ``work``, which may block, as a whole in a thread with an event loop of its own.

    Each change of threads costs more than reading a row. ``work`` must not wait for anything that
    belongs to the caller's event loop.
    """
    if _is_apart():
        return await work()
    return await asyncio.to_thread(_run_here, work)


def _run_here[Result](work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    loop = getattr(_this_thread, "loop", None)
    if loop is None:
        loop = _this_thread.loop = asyncio.new_event_loop()
    result: Result = loop.run_until_complete(work())
    return result


def _is_apart() -> bool:
    """Whether this thread's event loop serves one piece of work only."""
    loop = getattr(_this_thread, "loop", None)
    return loop is not None and loop.is_running()
