"""Everything that is noted about a turn while it runs: figures, a trace, a log line, an event."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from time import perf_counter
from typing import Any

from bot import clock
from bot.channels.errors import ChannelError
from bot.observability import metrics
from bot.observability.conversation_mark import conversation_mark, working_for
from bot.observability.tracing import span
from bot.observability.turn_report import TurnReport

logger = logging.getLogger(__name__)

Tell = Callable[[dict[str, Any]], None]


@dataclass
class WatchedTurn:
    """What is known of a turn so far; there is no report unless it was carried out."""

    outcome: str = "failed"
    report: TurnReport | None = None


class TurnWatch:
    """Watches the turns of one channel.

    Args:
        secret: from which conversations get their names outside.
        tell: takes an event about every turn that was carried out.
    """

    def __init__(self, channel: str, secret: str, tell: Tell | None = None) -> None:
        self._channel = channel
        self._secret = secret
        self._tell = tell

    @contextmanager
    def turn(self, conversation_id: str, message_id: str) -> Iterator[WatchedTurn]:
        """A turn of this conversation; whoever carries it out fills in what came of it."""
        watched, began = WatchedTurn(), perf_counter()
        mark = conversation_mark(conversation_id, self._secret)
        metrics.TURNS_RUNNING.inc()
        with working_for(mark), span("turn", channel=self._channel) as noted:
            try:
                yield watched
            except ChannelError as error:
                watched.outcome = error.code
                raise
            finally:
                metrics.TURNS_RUNNING.dec()
                noted.set_attribute("outcome", watched.outcome)
                self._note(watched, perf_counter() - began)
        if watched.report is not None and self._tell is not None:
            self._tell(_event(mark, message_id, watched.report))

    def _note(self, watched: WatchedTurn, seconds: float) -> None:
        metrics.TURNS.labels(self._channel, watched.outcome).inc()
        metrics.TURN_SECONDS.labels(self._channel).observe(seconds)
        if watched.report is not None:
            metrics.count_turn(watched.report)
        about = watched.report.as_dict() if watched.report else {"channel": self._channel}
        fields = {**about, "outcome": watched.outcome, "milliseconds": round(seconds * 1000, 1)}
        _log(fields)


def _log(fields: dict[str, Any]) -> None:
    if logger.isEnabledFor(logging.INFO):
        # Not by `info`, which first looks for the place in the code that this line never names.
        line = logger.makeRecord(
            logger.name, logging.INFO, __file__, 0, "turn", (), None, extra={"fields": fields}
        )
        logger.handle(line)


def _event(mark: str, message_id: str, report: TurnReport) -> dict[str, Any]:
    # The same for a repeated message, so that whoever counts events can count each once.
    identity = sha256(f"{mark}:{message_id}".encode()).hexdigest()[:32]
    about = {"id": identity, "at": clock.now().isoformat(), "conversation": mark}
    return {**about, **report.as_dict()}
