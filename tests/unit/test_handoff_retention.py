"""What was kept long enough goes by itself; what is not delivered stays."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from stored_data import everything_stored

from bot import clock
from bot.conversation import explaining
from bot.handoff.dispatch import dispatch_pending
from bot.handoff.erasure import forget_conversation
from bot.handoff.folder import FolderDestination
from bot.handoff.retention import RetentionJob, RetentionTimes, Retired, retire
from bot.settings import Settings, settings
from bot.storage import Database, DocumentStore, DraftStore, MessageLog
from bot.storage.applications import ApplicationStore
from bot.storage.stores import Stores
from tests import handoff_cases as cases

TIMES = RetentionTimes(draft_days=90, cancelled_days=7, submitted_years=6)


@pytest.fixture
def stores(tmp_path: Path, monkeypatch, database_url: str) -> Stores:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00")
    database: Database = cases.open_database(tmp_path, database_url)
    folder = cases.documents_folder(tmp_path)
    drafts, messages = DraftStore(database), MessageLog(database)
    return Stores(database, drafts, messages, DocumentStore(database, folder), folder)


def add(stores: Stores, conversation_id: str, status: str) -> None:
    draft = cases.draft_of(cases.EVERYTHING_NO, conversation_id)
    draft.status = status
    stores.drafts.save(draft)
    log = stores.messages
    log.append_turn(log.sealed_turn(conversation_id, "m1", {"text": "x"}, [], clock.now()))
    stores.documents.add(conversation_id, "statutes", "a.pdf", "application/pdf", b"x")


def after(stores: Stores, **passed: int) -> Retired:
    return retire(stores, TIMES, clock.now() + timedelta(**passed))


@pytest.mark.parametrize(("status", "days"), [("open", 90), ("ended", 90), ("cancelled", 7)])
def test_a_conversation_goes_when_its_days_are_over(stores, tmp_path, status, days) -> None:
    add(stores, "over-and-gone", status)
    assert after(stores, days=days) == Retired()
    assert stores.drafts.load("over-and-gone") is not None
    assert after(stores, days=days, seconds=1) == Retired(conversations=1)
    assert b"over-and-gone" not in everything_stored(stores.database, tmp_path / "documents")
    assert [path for path in stores.documents_folder.rglob("*") if path.is_file()] == []
    assert after(stores, days=days, seconds=1) == Retired()


def test_a_change_makes_the_days_count_anew(stores, monkeypatch) -> None:
    add(stores, "c1", "open")
    monkeypatch.setenv("BOT_NOW", "2027-01-20T10:00")
    draft = stores.drafts.load("c1")
    stores.drafts.save(draft)
    assert after(stores, days=89) == Retired()
    assert after(stores, days=91) == Retired(conversations=1)


def deliver(stores: Stores, tmp_path: Path) -> None:
    folder = FolderDestination(tmp_path / "handoff")
    done = dispatch_pending(stores.database, [folder], stores.documents_folder)
    assert done.delivered == 1


def test_a_submitted_application_outlives_its_conversation(stores, tmp_path) -> None:
    reference = cases.submitted(stores.database, tmp_path, cases.EVERYTHING).reference
    deliver(stores, tmp_path)
    assert after(stores, days=91) == Retired(conversations=1)
    assert stores.drafts.load("c1") is None
    assert ApplicationStore(stores.database).envelope(reference)["reference"] == reference
    (document,) = stores.documents.of_application(reference)
    assert stores.documents.content(document.id) == b"%PDF-1.7"


def test_a_submitted_application_goes_six_years_after_the_end_of_its_year(stores, tmp_path) -> None:
    cases.submitted(stores.database, tmp_path, cases.EVERYTHING)
    deliver(stores, tmp_path)
    after(stores, days=91)
    last_day = retire(stores, TIMES, clock.now().replace(2032, 12, 31))
    assert last_day == Retired()
    assert ApplicationStore(stores.database).rows() != []
    new_year = retire(stores, TIMES, clock.now().replace(2033, 1, 1))
    assert new_year == Retired(applications=1)
    left = everything_stored(stores.database, tmp_path / "documents")
    assert left.strip() == b""


def test_what_is_not_delivered_is_kept_however_old_it_is(stores, tmp_path) -> None:
    cases.submitted(stores.database, tmp_path, cases.EVERYTHING)
    retired = retire(stores, TIMES, clock.now().replace(2050))
    assert retired == Retired(conversations=1)
    assert len(ApplicationStore(stores.database).rows()) == 1
    deliver(stores, tmp_path)


def test_the_job_goes_on_after_a_failure(stores, monkeypatch) -> None:
    add(stores, "c1", "open")
    monkeypatch.setenv("BOT_NOW", "2027-11-20T10:00")
    done, failures = threading.Event(), [OSError()]

    def forget(*given: object) -> None:
        if failures:
            raise failures.pop()
        forget_conversation(*given)
        done.set()

    monkeypatch.setattr("bot.handoff.retention.forget_conversation", forget)
    job = RetentionJob(stores, TIMES, pause=0.05)
    job.start()
    assert done.wait(20)
    job.stop()
    assert stores.drafts.load("c1") is None


def test_the_privacy_notice_states_the_times_that_are_set(monkeypatch) -> None:
    monkeypatch.setenv("BOT_RETENTION_DRAFT_DAYS", "45")
    monkeypatch.setenv("BOT_RETENTION_CANCELLED_DAYS", "3")
    monkeypatch.setenv("BOT_RETENTION_SUBMITTED_YEARS", "8")
    settings.cache_clear()
    try:
        assert "45 Tage" in explaining.short_answer("privacy_of_this_chat")
        assert "nach 3 Tagen" in explaining.long_answer("privacy_of_this_chat")
        assert "8 Jahre" in explaining.long_answer("privacy_of_this_chat")
    finally:
        settings.cache_clear()


def test_the_times_are_those_of_the_settings() -> None:
    assert RetentionTimes.of(Settings()) == TIMES
