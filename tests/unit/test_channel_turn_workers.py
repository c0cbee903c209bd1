"""What a turn gives or raises comes back from the process that carried it out, and no words."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from bot.channels.errors import ChannelError
from bot.channels.turn_workers import TurnFailed, TurnWorkers
from bot.observability.conversation_mark import current_mark, working_for
from bot.storage import DatabaseUnavailable


class HereInstead:
    """Carries out jobs in this process."""

    def __init__(self, workers: TurnWorkers) -> None:
        self._work = workers._work

    async def run(self, _key: str, job: Any) -> Any:
        # A process has no event loop of its own while it carries out a job.
        return await asyncio.to_thread(self._work, job)


async def carry_out(turn: Any) -> Any:
    if isinstance(turn, Exception):
        raise turn
    return turn, current_mark()


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> TurnWorkers:
    made = TurnWorkers()
    made.register("widget", carry_out)
    monkeypatch.setattr(made, "_processes", HereInstead(made))
    return made


def run(workers: TurnWorkers, turn: Any) -> Any:
    with working_for("mark of a conversation"):
        return asyncio.run(workers.run("widget", "conversation", turn))


def test_a_turn_is_carried_out_under_the_mark_of_its_conversation(workers: TurnWorkers) -> None:
    assert run(workers, "turn") == ("turn", "mark of a conversation")


@pytest.mark.parametrize("error", [ChannelError("busy"), DatabaseUnavailable("locked")])
def test_what_a_channel_understands_is_raised_again(workers: TurnWorkers, error: Exception) -> None:
    with pytest.raises(type(error), match=str(error)):
        run(workers, error)


def test_anything_else_is_logged_where_it_happened_without_its_words(
    workers: TurnWorkers, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(TurnFailed) as raised:
        run(workers, LookupError("Heimliches Wort"))
    assert "A turn failed: LookupError at " in caplog.text
    assert "Heimlich" not in caplog.text + str(raised.value)
