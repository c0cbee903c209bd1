"""The figures that this process counts, as Prometheus reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import get_args

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bot.application.questions import QUESTIONS, RequestType
from bot.observability.turn_report import TurnReport

# Several processes of one server count into one folder; the library reads this variable.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
WIDGET = "widget"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0)

TURNS = Counter(
    "bot_turns",
    "Messages by what came of them: answered, repeated or failed",
    ["channel", "outcome"],
)
TURN_SECONDS = Histogram(
    "bot_turn_seconds", "Time from taking a message to its answer", ["channel"], buckets=SECONDS
)
TURNS_RUNNING = Gauge(
    "bot_turns_running", "Messages being answered or waiting", multiprocess_mode="livesum"
)
ACTION_SECONDS = Histogram(
    "bot_action_seconds", "Time of a custom action", ["action", "outcome"], buckets=SECONDS
)
CONVERSATIONS = Counter("bot_conversations", "Conversations begun", ["channel"])
ENDED = Counter(
    "bot_conversations_ended",
    "How conversations ended, and at which question",
    ["channel", "ended", "question"],
)
ASKED = Counter("bot_questions_asked", "Questions that became the open one", ["question"])
MISUNDERSTOOD = Counter(
    "bot_answers_misunderstood", "Answers that could not be taken, by question", ["question"]
)
QUOTES = Counter("bot_quotes", "Premiums shown", ["channel"])
SUBMISSIONS = Counter("bot_submissions", "Applications submitted", ["channel", "request_type"])
REFUSALS = Counter("bot_refusals", "Calls that were not carried out, by code", ["code"])


def _begin_at_zero() -> None:
    """A first time counts as an increase only if the figure was there before."""
    for question in QUESTIONS:
        ASKED.labels(question.key)
        MISUNDERSTOOD.labels(question.key)
    CONVERSATIONS.labels(WIDGET)
    QUOTES.labels(WIDGET)
    for request_type in get_args(RequestType):
        SUBMISSIONS.labels(WIDGET, request_type)


_begin_at_zero()


def count_turn(report: TurnReport) -> None:
    """Count what a turn brought about."""
    if report.begun:
        CONVERSATIONS.labels(report.channel).inc()
    if report.asked:
        ASKED.labels(report.asked).inc()
    if report.misunderstood:
        MISUNDERSTOOD.labels(report.misunderstood).inc()
    if report.quoted:
        QUOTES.labels(report.channel).inc()
    if report.ended:
        ENDED.labels(report.channel, report.ended, report.answered or "").inc()
    if report.ended == "submitted":
        SUBMISSIONS.labels(report.channel, report.request_type or "").inc()


@contextmanager
def timed_action(name: str) -> Iterator[None]:
    """Measure a custom action."""
    began, outcome = perf_counter(), "failed"
    try:
        yield
        outcome = "done"
    finally:
        ACTION_SECONDS.labels(name, outcome).observe(perf_counter() - began)


def exposition(*more: Collector) -> bytes:
    """All figures of this server's processes and of the given collectors, as text."""
    if os.environ.get(FOLDER_VARIABLE):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        ProcessCollector(registry=registry)
        own = generate_latest(registry)
    else:
        own = generate_latest(REGISTRY)
    added = CollectorRegistry()
    for collector in more:
        added.register(collector)
    return own + generate_latest(added)
