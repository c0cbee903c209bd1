"""The line that is logged about a turn."""

from __future__ import annotations

import logging

import pytest

from bot.channels.errors import ChannelError
from bot.channels.turn_watch import TurnWatch
from bot.observability.turn_report import TurnReport

LOGGER = "bot.channels.turn_watch"


def watched(caplog: pytest.LogCaptureFixture) -> dict[str, object]:
    [line] = caplog.records
    assert (line.getMessage(), line.levelname, line.name) == ("turn", "INFO", LOGGER)
    fields = dict(vars(line)["fields"])
    assert fields.pop("milliseconds") >= 0
    return fields


def test_an_answered_turn(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, LOGGER)
    with TurnWatch("telegraph", "secret").turn("conversation", "m1") as turn:
        turn.outcome = "answered"
        turn.report = TurnReport("telegraph", answered="club_name", asked="member_count")
    assert watched(caplog) == {
        "channel": "telegraph",
        "answered": "club_name",
        "asked": "member_count",
        "outcome": "answered",
    }


def test_a_refused_turn(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, LOGGER)
    with pytest.raises(ChannelError), TurnWatch("telegraph", "secret").turn("c", "m1"):
        raise ChannelError("conversation_ended")
    assert watched(caplog) == {"channel": "telegraph", "outcome": "conversation_ended"}


def test_the_level_is_kept_to(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, LOGGER)
    with TurnWatch("telegraph", "secret").turn("conversation", "m1"):
        pass
    assert not caplog.records
