"""What blocks runs away from the event loop, and a whole turn in one thread."""

from __future__ import annotations

import asyncio
import threading
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
    async def all_three() -> list[bool]:
        free = threading.Event()

        async def blocks() -> bool:
            return free.wait(10)

        async def goes_on() -> bool:
            await asyncio.sleep(0.02)
            free.set()
            return True

        return await asyncio.gather(apart(blocks), in_thread(free.wait, 10), goes_on())

    assert asyncio.run(all_three()) == [True, True, True]


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
