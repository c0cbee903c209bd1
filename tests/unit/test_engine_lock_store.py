"""One message at a time per conversation, without waiting longer than needed."""

from __future__ import annotations

import asyncio
import time
from functools import partial

import pytest
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError

from bot.engine.lock_store import PromptLockStore
from bot.threads import apart


def test_messages_of_a_conversation_run_one_after_the_other_in_order() -> None:
    store = PromptLockStore()
    course: list[str] = []

    async def message(conversation: str, name: str) -> None:
        async with store.lock(conversation):
            course.append(f"{name} begins")
            await asyncio.sleep(0.02)
            course.append(f"{name} ends")

    async def all_at_once() -> None:
        await asyncio.gather(*(message("c", str(number)) for number in range(3)))

    asyncio.run(all_at_once())
    assert course == [f"{n} {word}" for n in range(3) for word in ("begins", "ends")]
    assert store.conversation_locks == {}


def test_messages_that_run_in_threads_of_their_own_wait_for_each_other_too(monkeypatch) -> None:
    # A pause at the worst moment: between looking for the lock and making one.
    create = PromptLockStore.create_lock

    def hesitate(conversation_id: str) -> TicketLock:
        time.sleep(0.005)
        return create(conversation_id)

    monkeypatch.setattr(PromptLockStore, "create_lock", staticmethod(hesitate))
    store = PromptLockStore()
    inside: list[int] = []
    most: list[int] = []

    async def message(number: int) -> None:
        async with store.lock(f"c{number % 2}"):
            inside.append(number % 2)
            most.append(inside.count(number % 2))
            time.sleep(0.002)
            inside.remove(number % 2)

    async def all_at_once() -> None:
        await asyncio.gather(*(apart(partial(message, number)) for number in range(40)))

    asyncio.run(all_at_once())
    assert len(most) == 40
    assert set(most) == {1}
    assert store.conversation_locks == {}


def test_other_conversations_do_not_wait() -> None:
    store = PromptLockStore()

    async def both() -> None:
        async with store.lock("a"), store.lock("b"):
            pass

    asyncio.run(asyncio.wait_for(both(), 1))


def test_waiting_looks_more_often_than_rasa(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        steps.append(seconds)
        await sleep(0)

    store = PromptLockStore()

    async def second_waits() -> None:
        monkeypatch.setattr(asyncio, "sleep", noted)
        async with store.lock("c"):
            waiting = asyncio.ensure_future(store.lock("c").__aenter__())
            while len(steps) < 3:
                await sleep(0)
            waiting.cancel()

    asyncio.run(second_waits())
    assert set(steps) == {0.01}


def test_a_message_that_waited_too_long_is_refused() -> None:
    store = PromptLockStore()

    async def waits() -> None:
        with pytest.raises(LockError):
            async with store.lock("c", lock_lifetime=0.01):
                pass

    async def late() -> None:
        async with store.lock("c"):
            waiting = asyncio.ensure_future(waits())
            await asyncio.sleep(0.05)
        await waiting

    asyncio.run(asyncio.wait_for(late(), 5))
