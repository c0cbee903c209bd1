"""A sender may send a burst, then only so much a second."""

from __future__ import annotations

import pytest

from bot.channels import rate_limits
from bot.channels.rate_limits import RateLimit


class Clock:
    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def test_ten_messages_in_a_second_are_too_many() -> None:
    clock = Clock()
    limit = RateLimit(3.0, 6, clock)
    waits = []
    for _ in range(10):
        waits.append(limit.take("a"))
        clock.time += 0.09
    assert waits[:6] == [0.0] * 6
    assert any(wait > 0 for wait in waits)


def test_the_wait_is_how_long_it_takes() -> None:
    clock = Clock()
    limit = RateLimit(2.0, 1, clock)
    assert limit.take("a") == 0.0
    assert limit.take("a") == pytest.approx(0.5)
    clock.time += 0.5
    assert limit.take("a") == 0.0


def test_senders_do_not_slow_each_other() -> None:
    limit = RateLimit(1.0, 1, Clock())
    assert limit.take("a") == 0.0
    assert limit.take("b") == 0.0
    assert limit.take("a") > 0


def test_a_pause_does_not_save_up_more_than_a_burst() -> None:
    clock = Clock()
    limit = RateLimit(1.0, 2, clock)
    clock.time += 3600
    assert [limit.take("a") > 0 for _ in range(3)] == [False, False, True]


def test_only_so_many_senders_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "SENDERS_REMEMBERED", 2)
    limit = RateLimit(1.0, 1, Clock())
    for sender in ("a", "b", "c"):
        limit.take(sender)
    assert limit.take("c") > 0
    assert limit.take("a") == 0.0
