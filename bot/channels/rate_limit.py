"""How often one sender may ask for something."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

SENDERS_REMEMBERED = 20_000


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
