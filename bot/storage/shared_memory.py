"""Redis: what several servers have to know of each other at once, and can do without.

Locks and rate limits live there. While Redis is away each server goes on by itself: of two turns
that meet, the versions in the database still refuse the second.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 1.0
# After a failure nobody waits for Redis for so long.
PAUSE_SECONDS = 2.0
_FAILURES = (RedisError, OSError, asyncio.TimeoutError)


class SharedMemoryAway(Exception):
    """Redis does not answer."""


class SharedMemory:
    """The connection to Redis under ``url``."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._redis: Redis[Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._again_at = 0.0
        self._away = False

    async def do(self, work: Callable[[Redis[Any]], Awaitable[Any]]) -> Any:
        """The result of ``work``.

        Raises:
            SharedMemoryAway: Redis does not answer, or did not a moment ago.
        """
        if time.monotonic() < self._again_at:
            raise SharedMemoryAway
        try:
            result = await work(self._connection())
        except _FAILURES as error:
            self._again_at = time.monotonic() + PAUSE_SECONDS
            if not self._away:
                self._away = True
                logger.warning("Redis is away (%s); going on without", type(error).__name__)
            raise SharedMemoryAway from None
        if self._away:
            self._away = False
            logger.warning("Redis is back")
        return result

    async def answers(self) -> bool:
        """Whether Redis answers right now."""
        try:
            await self._connection().ping()
        except _FAILURES:
            return False
        return True

    async def close(self) -> None:
        """Close the connections."""
        if self._redis is not None and self._loop is asyncio.get_running_loop():
            await self._redis.close()
        self._redis = None

    def _connection(self) -> Redis[Any]:
        # Connections belong to the event loop that opened them.
        loop = asyncio.get_running_loop()
        if self._redis is None or self._loop is not loop:
            self._loop = loop
            self._redis = Redis.from_url(
                self._url,
                socket_timeout=ANSWER_SECONDS,
                socket_connect_timeout=ANSWER_SECONDS,
                health_check_interval=15,
            )
        return self._redis
