"""What servers share in Redis: locks and rate limits, with a real Redis that may go away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest
import redis
from rasa.core.lock_store import LockError
from redis_server import RedisServer

from bot.channels.shared_rate_limit import SharedRateLimit
from bot.engine import shared_lock_store
from bot.engine.shared_lock_store import SharedLockStore
from bot.storage import shared_memory
from bot.storage.shared_memory import SharedMemory, SharedMemoryAway

SECRET = "secret-of-more-than-32-characters-for-tests"


@pytest.fixture(scope="module")
def _server() -> Iterator[RedisServer]:
    running = RedisServer()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def server(_server: RedisServer) -> RedisServer:
    with redis.Redis.from_url(_server.url) as client:
        client.flushall()
    return _server


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, 60))


# Locks


def test_two_servers_take_turns_in_a_conversation(server: RedisServer) -> None:
    course: list[str] = []

    async def message(store: SharedLockStore, name: str) -> None:
        async with store.lock("c"):
            course.append(f"{name} begins")
            await asyncio.sleep(0.02)
            course.append(f"{name} ends")

    async def all_at_once() -> None:
        stores = [SharedLockStore(memory=SharedMemory(server.url)) for _ in range(2)]
        await asyncio.gather(
            *(message(store, f"{s}{n}") for n in range(4) for s, store in enumerate(stores))
        )

    run(all_at_once())
    assert len(course) == 16
    for begins, ends in zip(course[::2], course[1::2]):
        assert (begins.split()[0], begins.split()[1]) == (ends.split()[0], "begins")


def test_other_conversations_do_not_wait(server: RedisServer) -> None:
    async def both() -> None:
        one, other = (SharedLockStore(memory=SharedMemory(server.url)) for _ in range(2))
        async with one.lock("a"), other.lock("b"):
            pass

    run(both())


def test_a_server_that_was_killed_does_not_hold_on(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_lock_store, "LEASE_SECONDS", 0.3)

    async def course() -> None:
        killed = SharedLockStore(memory=SharedMemory(server.url))
        await killed.lock("c").__aenter__()
        other = SharedLockStore(memory=SharedMemory(server.url))
        async with other.lock("c"):
            pass

    run(course())


def test_long_work_keeps_its_conversation(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_lock_store, "LEASE_SECONDS", 0.3)
    monkeypatch.setattr(shared_lock_store, "RENEW_SECONDS", 0.05)

    async def course() -> None:
        one, other = (SharedLockStore(memory=SharedMemory(server.url)) for _ in range(2))
        async with one.lock("c"):
            await asyncio.sleep(0.6)
            with pytest.raises(LockError):
                async with other.lock("c", lock_lifetime=0.1):
                    pass
        async with other.lock("c"):
            pass

    run(course())


def test_without_redis_a_server_goes_on_by_itself(server: RedisServer) -> None:
    async def course() -> None:
        store = SharedLockStore(memory=SharedMemory(server.url))
        async with store.lock("c"):
            server.stop()
        async with store.lock("c"):
            pass

    try:
        run(course())
    finally:
        server.start()


# Limits


def new_limit(server: RedisServer, memory: SharedMemory | None = None) -> SharedRateLimit:
    return SharedRateLimit("t", 0.5, 3, memory or SharedMemory(server.url), SECRET)


def test_a_limit_holds_over_all_servers(server: RedisServer) -> None:
    async def course() -> list[float]:
        limits = [new_limit(server), new_limit(server)]
        return [await limits[n % 2].take("203.0.113.7") for n in range(5)]

    waits = run(course())
    assert waits[:3] == [0.0, 0.0, 0.0]
    assert all(0 < wait <= 2 for wait in waits[3:])


def test_senders_are_told_apart_and_not_named(server: RedisServer) -> None:
    async def course() -> float:
        limit = new_limit(server)
        for _ in range(3):
            await limit.take("203.0.113.7")
        return await limit.take("203.0.113.8")

    assert run(course()) == 0.0
    with redis.Redis.from_url(server.url) as client:
        keys = client.keys("*")
        assert len(keys) == 2
        assert all(b"203" not in key and client.ttl(key) > 0 for key in keys)


def test_what_was_waited_for_is_granted(server: RedisServer) -> None:
    async def course() -> tuple[float, float]:
        limit = SharedRateLimit("t", 20.0, 1, SharedMemory(server.url), SECRET)
        await limit.take("a")
        wait = await limit.take("a")
        await asyncio.sleep(wait + 0.01)
        return wait, await limit.take("a")

    wait, then = run(course())
    assert wait > 0
    assert then == 0.0


def test_without_redis_each_server_limits_by_itself(server: RedisServer) -> None:
    async def course() -> list[float]:
        limit = new_limit(server)
        server.stop()
        return [await limit.take("a") for _ in range(4)]

    try:
        waits = run(course())
    finally:
        server.start()
    assert waits[:3] == [0.0, 0.0, 0.0]
    assert waits[3] > 0


def test_redis_is_used_again_when_it_is_back(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shared_memory, "PAUSE_SECONDS", 0.05)

    async def course() -> None:
        memory = SharedMemory(server.url)
        server.stop()
        try:
            for _ in range(3):
                with pytest.raises(SharedMemoryAway):
                    await memory.do(lambda redis: redis.ping())
            assert not await memory.answers()
        finally:
            server.start()
        await asyncio.sleep(0.1)
        assert await memory.do(lambda redis: redis.ping())
        assert await memory.answers()

    run(course())
    said = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert said == ["Redis is away (ConnectionError); going on without", "Redis is back"]
