"""Figures that lie in the database and are the same for every server that reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from bot import clock
from bot.storage import Database
from bot.storage.tables import (
    applications,
    deliveries,
    drafts,
    inbound_events,
    outbound_messages,
)
from bot.storage.times import from_column, to_column

# Somebody who has not written for so long has stopped, at least for now.
STOPPED_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class DeliveryFigures:
    """Deliveries to one destination; ``oldest_seconds`` is how long one has been waiting."""

    pending: int = 0
    dead: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True)
class StoredFigures:
    """Deliveries by destination, and resting conversations by the question they rest at.

    ``messengers`` counts messages by channel, direction (``in``, ``out``) and state.
    """

    deliveries: Mapping[str, DeliveryFigures] = field(default_factory=dict)
    resting: Mapping[str, int] = field(default_factory=dict)
    messengers: Mapping[tuple[str, str, str], int] = field(default_factory=dict)


def stored_figures(database: Database) -> StoredFigures:
    """
    Raises:
        DatabaseUnavailable: it cannot be read now.
    """
    return StoredFigures(_deliveries(database), _resting(database), _messengers(database))


def _deliveries(database: Database) -> dict[str, DeliveryFigures]:
    columns = deliveries.c
    query = (
        select(
            columns.destination,
            columns.state,
            func.count().label("count"),
            func.min(applications.c.submitted_at).label("oldest"),
        )
        .select_from(deliveries.join(applications))
        .where(columns.state.in_(("pending", "dead")))
        .group_by(columns.destination, columns.state)
    )
    found: dict[str, dict[str, Any]] = {}
    with database.reading() as unit:
        for row in unit.execute(query):
            figures = found.setdefault(row.destination, {})
            figures[row.state] = row.count
            if row.state == "pending":
                waited = clock.now() - from_column(row.oldest)
                figures["oldest_seconds"] = max(waited.total_seconds(), 0.0)
    return {name: DeliveryFigures(**figures) for name, figures in found.items()}


def _resting(database: Database) -> dict[str, int]:
    before = to_column(clock.now() - STOPPED_AFTER)
    query = (
        select(drafts.c.open_question, func.count().label("count"))
        .where(drafts.c.status == "open", drafts.c.updated_at < before)
        .group_by(drafts.c.open_question)
    )
    with database.reading() as unit:
        return {row.open_question or "": row.count for row in unit.execute(query)}


def _messengers(database: Database) -> dict[tuple[str, str, str], int]:
    found = {}
    looked_at = {
        "in": (inbound_events, ("waiting", "failed")),
        "out": (outbound_messages, ("waiting", "given_up")),
    }
    with database.reading() as unit:
        for direction, (table, states) in looked_at.items():
            query = (
                select(table.c.channel, table.c.state, func.count().label("count"))
                .where(table.c.state.in_(states))
                .group_by(table.c.channel, table.c.state)
            )
            for row in unit.execute(query):
                found[row.channel, direction, row.state] = row.count
    return found


class StoredFiguresCollector(Collector):
    """Those figures for Prometheus; a dashboard takes their maximum, not their sum."""

    def __init__(self, figures: StoredFigures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[GaugeMetricFamily]:
        states = GaugeMetricFamily(
            "bot_deliveries", "Deliveries that are not done", labels=["destination", "state"]
        )
        lag = GaugeMetricFamily(
            "bot_delivery_lag_seconds",
            "How long the oldest waiting application has been waiting",
            labels=["destination"],
        )
        for name, each in self._figures.deliveries.items():
            states.add_metric([name, "pending"], each.pending)
            states.add_metric([name, "dead"], each.dead)
            lag.add_metric([name], each.oldest_seconds)
        resting = GaugeMetricFamily(
            "bot_conversations_resting",
            "Unfinished conversations untouched for an hour, by open question",
            labels=["question"],
        )
        for question, count in self._figures.resting.items():
            resting.add_metric([question], count)
        messengers = GaugeMetricFamily(
            "bot_messenger_messages",
            "Messages of messengers that wait or were given up",
            labels=["channel", "direction", "state"],
        )
        for labels, count in self._figures.messengers.items():
            messengers.add_metric(list(labels), count)
        yield from (states, lag, resting, messengers)
