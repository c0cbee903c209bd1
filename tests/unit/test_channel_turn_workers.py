"""What a turn gives or raises comes back from the process that carried it out, and no words."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, current_thread
from typing import Any

import pytest

from bot.channels.errors import ChannelError
from bot.channels.turn_workers import TurnFailed, TurnWorkers
from bot.observability.conversation_mark import current_mark, working_for
from bot.storage import DatabaseUnavailable

PATIENCE_SECONDS = 20.0


class HereInstead:
    """Carries out jobs in threads that are named as if they were processes."""

    def __init__(self, workers: TurnWorkers) -> None:
        self._work = workers._work

    async def run(self, _key: str, job: Any) -> Any:
        # A process has no event loop of its own while it carries out a job.
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, "process") as process:
            return await loop.run_in_executor(process, self._work, job)


async def carry_out(turn: Any) -> Any:
    if isinstance(turn, Exception):
        raise turn
    if isinstance(turn, Barrier):
        turn.wait(PATIENCE_SECONDS)
    return turn, current_mark(), current_thread().name


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> TurnWorkers:
    made = TurnWorkers()
    made.register("widget", carry_out)
    monkeypatch.setattr(made, "_processes", HereInstead(made))
    return made


def run(workers: TurnWorkers, turn: Any, *, quick: bool = False) -> Any:
    with working_for("mark of a conversation"):
        return asyncio.run(workers.run("widget", "conversation", turn, quick=quick))


quick_or_not = pytest.mark.parametrize("quick", [True, False])


@quick_or_not
def test_a_turn_is_carried_out_under_the_mark_of_its_conversation(
    workers: TurnWorkers, quick: bool
) -> None:
    assert run(workers, "turn", quick=quick)[:2] == ("turn", "mark of a conversation")


def test_a_quick_turn_that_is_alone_stays_in_the_servers_process(workers: TurnWorkers) -> None:
    for turn in (LookupError(), "first", "second"):
        try:
            assert not in_process(run(workers, turn, quick=True))
        except LookupError:
            continue
    assert in_process(run(workers, "third", quick=False))


def test_of_several_at_once_one_stays_in_the_servers_process(workers: TurnWorkers) -> None:
    # None of them is done before all have begun.
    barrier = Barrier(3)

    async def all_at_once() -> list[Any]:
        turns = (workers.run("widget", "c", barrier, quick=True) for _ in range(3))
        return list(await asyncio.gather(*turns))

    assert sorted(map(in_process, asyncio.run(all_at_once()))) == [False, True, True]


def in_process(result: Any) -> bool:
    """Whether the turn was handed over."""
    return str(result[2]).startswith("process")


@quick_or_not
@pytest.mark.parametrize("error", [ChannelError("busy"), DatabaseUnavailable("locked")])
def test_what_a_channel_understands_is_raised_again(
    workers: TurnWorkers, error: Exception, quick: bool
) -> None:
    with pytest.raises(type(error), match=str(error)):
        run(workers, error, quick=quick)


def test_anything_else_is_logged_where_it_happened_without_its_words(
    workers: TurnWorkers, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(TurnFailed) as raised:
        run(workers, LookupError("Heimliches Wort"))
    assert "A turn failed: LookupError at " in caplog.text
    assert "Heimlich" not in caplog.text + str(raised.value)
