"""Rate limits, over all processes if they share a Redis, and in each process by itself if not."""

from __future__ import annotations

import hmac
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from sanic.request import Request

from bot.channels.errors import ChannelError
from bot.settings import Settings
from bot.storage.shared_memory import SharedMemory, SharedMemoryAway

# An address may be a whole company, whose people begin at nine o'clock.
SECONDS_AT_ONCE = 10
KEY = "bot:rate:"
IPV6_HOUSEHOLD_BITS = 64
SENDERS_REMEMBERED = 20_000

_TAKE = """
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('time')
local now = time[1] + time[2] / 1000000
local bucket = redis.call('hmget', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1]) or burst
tokens = math.min(burst, tokens + math.max(0, now - (tonumber(bucket[2]) or now)) * rate)
local wait = 0
if tokens < 1 then wait = (1 - tokens) / rate else tokens = tokens - 1 end
redis.call('hset', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%.6f', now))
redis.call('pexpire', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return tostring(wait)
"""


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


class RateLimit:
    """A token bucket for each sender: ``burst`` at once, then ``per_second``.

    Whoever has not been heard of for longest is forgotten first, which can only be to their
    advantage.
    """

    def __init__(
        self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, sender: str) -> float:
        """Count one request; returns 0, or the seconds to wait if it is one too many."""
        current = self._clock()
        bucket = self._buckets.setdefault(sender, _Bucket(self._burst, current))
        self._buckets.move_to_end(sender)
        if len(self._buckets) > SENDERS_REMEMBERED:
            self._buckets.popitem(last=False)
        gained = (current - bucket.filled_at) * self._per_second
        bucket.tokens = min(self._burst, bucket.tokens + gained)
        bucket.filled_at = current
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self._per_second
        bucket.tokens -= 1
        return 0.0


class SharedRateLimit:
    """A token bucket for each sender, ``burst`` at once and then ``per_second``.

    Args:
        name: tells this limit from others in Redis.
        secret: senders are known in Redis by a hash under it only.
    """

    def __init__(
        self, name: str, per_second: float, burst: int, memory: SharedMemory | None, secret: str
    ) -> None:
        self._name = name
        self._numbers = (repr(per_second), str(burst))
        self._alone = RateLimit(per_second, burst)
        self._memory = memory
        self._secret = secret.encode()

    async def take(self, sender: str) -> float:
        """Count one request; returns 0, or the seconds to wait if it is one too many."""
        if self._memory is None:
            return self._alone.take(sender)
        key = self._key(sender)
        try:
            wait = await self._memory.do(lambda redis: redis.eval(_TAKE, 1, key, *self._numbers))
        except SharedMemoryAway:
            return self._alone.take(sender)
        return float(wait)

    async def refuse_hurry(self, sender: str) -> None:
        """
        Raises:
            ChannelError: ``too_fast``, with the seconds to wait.
        """
        wait = await self.take(sender)
        if wait > 0:
            raise ChannelError("too_fast", retry_after=math.ceil(wait))

    def _key(self, sender: str) -> str:
        digest = hmac.new(self._secret, f"{self._name}:{sender}".encode(), sha256)
        return f"{KEY}{self._name}:{digest.hexdigest()[:32]}"


class RateLimits:
    """The limits of one server."""

    def __init__(self, settings: Settings, memory: SharedMemory | None) -> None:
        def limit(name: str, per_second: float, burst: int) -> SharedRateLimit:
            return SharedRateLimit(name, per_second, burst, memory, settings.session_secret)

        self.messages = limit("messages", settings.messages_per_second, settings.message_burst)
        self.broker = limit("broker", settings.messages_per_second, settings.message_burst)
        self.sessions = limit("sessions", *_with_burst(settings.sessions_per_second))
        self.calls = (
            limit("calls", *_with_burst(settings.calls_per_second))
            if settings.calls_per_second
            else None
        )


def _with_burst(per_second: float) -> tuple[float, int]:
    return per_second, math.ceil(per_second * SECONDS_AT_ONCE)


def caller_address(request: Request) -> str:
    """Where a call comes from; of IPv6 the part that one household shares."""
    address = request.remote_addr or request.ip
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return str(address)
    if found.version == 6:
        return str(ipaddress.ip_network((found, IPV6_HOUSEHOLD_BITS), strict=False))
    return str(found)
