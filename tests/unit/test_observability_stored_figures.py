"""Figures and the funnel out of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot import clock
from bot.application.draft import Draft
from bot.application.questions import QUESTIONS
from bot.commands import funnel as funnel_command
from bot.observability.funnel import funnel
from bot.observability.stored_figures import stored_figures
from bot.settings import settings
from bot.storage import Database, DraftStore
from bot.storage.inbound import InboundEvent, InboundEvents
from bot.storage.outbound import OutboundMessages
from bot.storage.outbox import Outbox
from tests import handoff_cases as cases

KEYS = [Fernet.generate_key().decode()]
NOON = "2026-11-20T12:00:00+01:00"
LATER = "2026-11-20T14:00:00+01:00"


@pytest.fixture
def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BOT_NOW", NOON)
    opened = Database(database_url, KEYS)
    opened.upgrade()
    yield opened
    opened.close()


def keep(database: Database, name: str, **values: Any) -> None:
    moment = clock.now()
    DraftStore(database).save(
        Draft(conversation_id=name, created_at=moment, updated_at=moment, **values)
    )


def test_nothing_stored_means_nothing_to_worry_about(database: Database) -> None:
    found = stored_figures(database)
    assert (found.deliveries, found.resting) == ({}, {})
    assert funnel(database, clock.now() - timedelta(days=1), clock.now()).begun == 0


def test_waiting_and_dead_deliveries(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("c1", "c2"):
        cases.submitted(database, tmp_path, cases.MEMBERSHIP, name)
    outbox = Outbox(database)
    first = outbox.all()[0]
    outbox.claim(first, clock.now(), clock.now())
    outbox.given_up(first, "Refused")
    monkeypatch.setenv("BOT_NOW", LATER)
    figures = stored_figures(database).deliveries[first.destination]
    assert (figures.pending, figures.dead, figures.oldest_seconds) == (1, 1, 7200.0)


def test_messages_of_messengers_that_wait_or_were_given_up(database: Database) -> None:
    outbound = OutboundMessages(database, "whatsapp")
    with database.transaction() as unit:
        outbound.enqueue(unit, "somebody", "k", [{"text": "a"}, {"text": "b"}], clock.now())
    first = outbound.next("somebody")
    assert first is not None
    outbound.given_up(first, "refused")
    received = InboundEvent("e1", "somebody", clock.now(), {"kind": "text"})
    InboundEvents(database, "messenger").receive([received], clock.now())
    assert stored_figures(database).messengers == {
        ("whatsapp", "out", "waiting"): 1,
        ("whatsapp", "out", "given_up"): 1,
        ("messenger", "in", "waiting"): 1,
    }


def test_people_who_stopped_are_counted_where_they_did(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(database, "a", open_question="iban")
    keep(database, "b", open_question="iban")
    keep(database, "c", status="cancelled")
    keep(database, "d", status="submitted")
    keep(database, "e", status="ended")
    monkeypatch.setenv("BOT_NOW", LATER)
    keep(database, "f", open_question="club_name")
    assert stored_figures(database).resting == {"iban": 2}
    found = funnel(database, clock.now() - timedelta(days=1), clock.now())
    assert (found.begun, found.submitted, found.cancelled) == (6, 1, 1)
    assert (found.not_eligible, found.running) == (1, 1)
    steps = {step.question: step for step in found.steps}
    assert [step.question for step in found.steps] == [each.key for each in QUESTIONS]
    assert steps["request_type"].reached == 4
    assert (steps["club_name"].reached, steps["club_name"].stopped) == (4, 0)
    assert (steps["iban"].reached, steps["iban"].stopped) == (3, 2)
    assert steps["iban"].share_stopped == pytest.approx(2 / 3)
    assert steps["submission"].reached == 1


def test_only_conversations_of_the_period_count(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(database, "a", open_question="iban")
    monkeypatch.setenv("BOT_NOW", LATER)
    assert funnel(database, clock.now() - timedelta(hours=1), clock.now()).begun == 0
    assert funnel(database, clock.now() - timedelta(hours=3), clock.now()).begun == 1


def test_the_command_draws_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BOT_NOW", NOON)
    settings.cache_clear()
    try:
        database = Database(settings().database_address, settings().data_keys)
        database.upgrade()
        keep(database, "a", open_question="iban")
        keep(database, "b", status="submitted")
        database.close()
        monkeypatch.setenv("BOT_NOW", LATER)
        assert funnel_command.main([]) == 0
        drawn = capsys.readouterr().out
        assert drawn.startswith("2 Gespräche seit dem 21.10.2026: 1 abgesendet")
        line = next(line for line in drawn.splitlines() if line.startswith("IBAN"))
        assert line.split()[1:] == ["2", "█" * 30, "1", "50%"]
        assert funnel_command.main(["--json", "--days", "7"]) == 0
        assert '"begun": 2' in capsys.readouterr().out
        assert funnel_command.main(["--days", "0"]) == 2
    finally:
        settings.cache_clear()
