"""One message at a time in each conversation, also when several servers share them."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Optional

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError
from rasa.utils.endpoints import EndpointConfig

from bot.engine.lock_store import WAITING_STEP_SECONDS, PromptLockStore
from bot.settings import settings
from bot.storage.shared_memory import SharedMemory, SharedMemoryAway

KEY = "bot:lock:"
# A server that is killed holds a conversation back no longer than this.
LEASE_SECONDS = 15.0
RENEW_SECONDS = 5.0
LONGEST_STEP_SECONDS = 0.05

_RENEW = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end
return 0
"""
_RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""


class SharedLockStore(PromptLockStore):
    """Holds a conversation in this process first and then in Redis, if ``BOT_REDIS_URL`` is set.

    Without Redis, or while it is away, only this process is kept in order.
    """

    def __init__(
        self,
        endpoint_config: Optional[EndpointConfig] = None,
        memory: Optional[SharedMemory] = None,
    ) -> None:
        super().__init__()
        url = settings().redis_url
        self.memory = memory or (SharedMemory(url) if url else None)

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = WAITING_STEP_SECONDS,
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation; raises ``LockError`` if its turn has not come in time."""
        async with super().lock(conversation_id, lock_lifetime, wait_time_in_seconds) as held:
            if self.memory is None:
                yield held
                return
            lease = Lease(self.memory, conversation_id)
            await lease.take(lock_lifetime, wait_time_in_seconds)
            try:
                yield held
            finally:
                await lease.release()


class Lease:
    """The right to work on a conversation, renewed while it is held."""

    def __init__(self, memory: SharedMemory, conversation_id: str) -> None:
        self._memory = memory
        self._key = f"{KEY}{conversation_id}"
        self._token = secrets.token_hex(8)
        self._renewing: Optional[asyncio.Task[None]] = None

    async def take(self, longest_wait: float, step: float) -> None:
        """Wait for the conversation; without Redis nobody waits.

        Raises:
            LockError: it did not become free in time.
        """
        give_up = time.monotonic() + longest_wait
        milliseconds = int(LEASE_SECONDS * 1000)
        try:
            while not await self._memory.do(
                lambda redis: redis.set(self._key, self._token, nx=True, px=milliseconds)
            ):
                if time.monotonic() > give_up:
                    raise LockError("The conversation was held by another server for too long.")
                await asyncio.sleep(step)
                step = min(step * 1.5, LONGEST_STEP_SECONDS)
        except SharedMemoryAway:
            return
        self._renewing = asyncio.ensure_future(self._renew())

    async def release(self) -> None:
        """Let others have the conversation."""
        if self._renewing is None:
            return
        self._renewing.cancel()
        # If Redis is away, the lease runs out there by itself.
        with suppress(SharedMemoryAway):
            await self._memory.do(lambda redis: redis.eval(_RELEASE, 1, self._key, self._token))

    async def _renew(self) -> None:
        milliseconds = str(int(LEASE_SECONDS * 1000))
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with suppress(SharedMemoryAway):
                await self._memory.do(
                    lambda redis: redis.eval(_RENEW, 1, self._key, self._token, milliseconds)
                )
