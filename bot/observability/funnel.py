"""Where people stop: how many conversations came as far as each question, and rest there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.application.questions import QUESTIONS
from bot.observability.stored_figures import STOPPED_AFTER
from bot.storage import Database
from bot.storage.tables import drafts
from bot.storage.times import from_column, to_column


@dataclass(frozen=True)
class Standing:
    """Where one conversation stands."""

    status: str
    open_question: str | None
    updated_at: datetime


@dataclass(frozen=True)
class Step:
    """One question: conversations that came to it or beyond, and those that rest at it."""

    question: str
    reached: int
    stopped: int

    @property
    def share_stopped(self) -> float:
        """Of those that came here, the share that went no further."""
        return self.stopped / self.reached if self.reached else 0.0


@dataclass(frozen=True)
class Funnel:
    """Conversations begun in a period, and the questions in the form's order.

    ``not_eligible`` ended because there is no cover; ``running`` were touched a moment ago.
    """

    begun: int
    submitted: int
    not_eligible: int
    cancelled: int
    running: int
    steps: tuple[Step, ...]


def funnel(database: Database, since: datetime, now: datetime) -> Funnel:
    """The conversations begun ``since`` that are still stored.

    Raises:
        DatabaseUnavailable: it cannot be read now.
    """
    columns = drafts.c
    query = select(columns.status, columns.open_question, columns.updated_at).where(
        columns.created_at >= to_column(since)
    )
    with database.reading() as unit:
        rows = unit.execute(query).all()
    return counted(
        [Standing(row.status, row.open_question, from_column(row.updated_at)) for row in rows], now
    )


def counted(standings: Iterable[Standing], now: datetime) -> Funnel:
    """The funnel of these conversations."""
    found = list(standings)
    by_status = Counter(each.status for each in found)
    at_question = [each for each in found if each.status == "open" and each.open_question]
    resting = [each for each in at_question if now - each.updated_at >= STOPPED_AFTER]
    order = [question.key for question in QUESTIONS]
    return Funnel(
        begun=len(found),
        submitted=by_status["submitted"],
        not_eligible=by_status["ended"],
        cancelled=by_status["cancelled"],
        running=len(at_question) - len(resting),
        steps=_steps(order, at_question, resting, by_status["submitted"]),
    )


def _steps(
    order: Sequence[str], standing: Sequence[Standing], resting: Sequence[Standing], through: int
) -> tuple[Step, ...]:
    here = Counter(each.open_question for each in standing)
    stopped = Counter(each.open_question for each in resting)
    steps: list[Step] = []
    reached = through
    for question in reversed(order):
        reached += here[question]
        steps.append(Step(question, reached, stopped[question]))
    return tuple(reversed(steps))
