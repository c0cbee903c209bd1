"""What blocks runs away from the event loop, and a whole turn in one thread."""

from __future__ import annotations

import asyncio
import threading
import time
from contextvars import ContextVar

import pytest

from bot.threads import apart, in_thread

_SPEAKER: ContextVar[str] = ContextVar("speaker", default="nobody")


def _thread() -> int:
    return threading.get_ident()


async def _course() -> list[int]:
    found = [_thread(), await in_thread(_thread)]
    await asyncio.sleep(0)

    async def inside() -> int:
        return _thread()

    return [*found, await apart(inside)]


def test_blocking_work_leaves_the_event_loop_free() -> None:
    async def both() -> list[str]:
        course: list[str] = []

        async def blocks() -> None:
            time.sleep(0.2)
            course.append("blocked")

        async def goes_on() -> None:
            await asyncio.sleep(0.02)
            course.append("went on")

        await asyncio.gather(apart(blocks), in_thread(time.sleep, 0.2), goes_on())
        return course

    assert asyncio.run(both()) == ["went on", "blocked"]


def test_what_is_apart_stays_in_its_thread() -> None:
    threads = asyncio.run(apart_from_here())
    assert len(set(threads)) == 1
    assert threads[0] != _thread()


async def apart_from_here() -> list[int]:
    return await apart(_course)


def test_it_speaks_for_the_same_conversation_and_changes_nothing_for_others() -> None:
    async def whole() -> tuple[str, str, str]:
        async def inside() -> str:
            heard = _SPEAKER.get()
            _SPEAKER.set("somebody else")
            return heard

        _SPEAKER.set("Anna")
        return await apart(inside), await in_thread(_SPEAKER.get), _SPEAKER.get()

    assert asyncio.run(whole()) == ("Anna", "Anna", "Anna")


def test_what_fails_apart_fails_here() -> None:
    async def fails() -> None:
        await asyncio.sleep(0)
        raise LookupError("apart")

    with pytest.raises(LookupError, match="apart"):
        asyncio.run(apart(fails))
    assert len(set(asyncio.run(apart_from_here()))) == 1
