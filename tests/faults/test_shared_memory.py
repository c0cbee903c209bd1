"""What servers share in Redis: rate limits, with a real Redis that may go away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest
import redis
from redis_server import RedisServer

from bot.channels.rate_limits import SharedRateLimit
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
