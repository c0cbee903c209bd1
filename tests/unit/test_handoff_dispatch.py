"""Deliveries are tried until they arrive, with growing pauses, and never lost."""

from __future__ import annotations

import json
import logging
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.handoff.dispatch import Dispatcher, Patience, dispatch_pending
from bot.handoff.folder import DifferentContent, FolderDestination
from bot.handoff.parcel import Parcel
from bot.storage import Database, DatabaseUnavailable
from bot.storage.outbox import Outbox
from tests import handoff_cases as cases

CALM = Patience(jitter=0)


class Recorder:
    """A destination that notes what arrives, after failing as often as told."""

    name = "folder"

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.arrived: list[Parcel] = []

    def deliver(self, parcel: Parcel) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.arrived.append(parcel)


@pytest.fixture
def database(tmp_path: Path, monkeypatch, database_url: str) -> Database:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00")
    return cases.open_database(tmp_path, database_url)


@pytest.fixture
def reference(database: Database, tmp_path: Path) -> str:
    return cases.submitted(database, tmp_path, cases.EVERYTHING).reference


def delivery(database: Database):
    (only,) = Outbox(database).all()
    return only


def dispatch(database, tmp_path, destination, later=timedelta(0), patience=CALM):
    documents = cases.documents_folder(tmp_path)
    return dispatch_pending(database, [destination], documents, clock.now() + later, patience)


def test_everything_arrives_in_the_folder(database, tmp_path, reference) -> None:
    result = dispatch(database, tmp_path, FolderDestination(tmp_path / "handoff"))
    assert result.delivered == 1
    place = tmp_path / "handoff" / reference
    assert {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()} == {
        "application.json",
        "application.pdf",
        "protocol.json",
        "documents/01-statutes-Satzung-Aenderung.pdf",
    }
    handed = json.loads((place / "application.json").read_text(encoding="utf-8"))
    assert handed["reference"] == reference
    assert handed["application"]["club_name"] == cases.CLUB["club_name"]
    assert (place / "documents/01-statutes-Satzung-Aenderung.pdf").read_bytes() == b"%PDF-1.7"
    protocol = json.loads((place / "protocol.json").read_text(encoding="utf-8"))
    (asked,) = [
        entry
        for entry in protocol["entries"]
        if (entry["item"], entry["kind"]) == ("criminal_proceedings", "asked")
    ]
    assert asked["wording"].startswith("Läuft ein strafrechtliches Ermittlungsverfahren")
    assert delivery(database).state == "delivered"


def test_what_was_delivered_is_not_delivered_again(database, tmp_path, reference) -> None:
    recorder = Recorder()
    dispatch(database, tmp_path, recorder)
    assert dispatch(database, tmp_path, recorder, timedelta(days=1)).delivered == 0
    assert len(recorder.arrived) == 1


def test_a_failure_is_tried_again_after_growing_pauses(database, tmp_path, reference) -> None:
    recorder = Recorder(*[OSError(28, "No space left on device")] * 3)
    assert dispatch(database, tmp_path, recorder).failed == 1
    assert delivery(database).last_error == "OSError ENOSPC"
    for seconds in (10, 20, 40):
        before = Outbox(database).of(reference)[0].next_attempt_at
        passed = before - clock.now()
        assert dispatch(database, tmp_path, recorder, passed - timedelta(seconds=1)).failed == 0
        dispatch(database, tmp_path, recorder, passed)
        if delivery(database).state == "pending":
            assert delivery(database).next_attempt_at - before == timedelta(seconds=seconds * 2)
    assert delivery(database).state == "delivered"
    assert delivery(database).attempts == 4
    assert delivery(database).last_error is None


def test_a_day_of_outage_costs_nothing_but_time(database, tmp_path, reference) -> None:
    recorder, patience, passed = Recorder(), Patience(), timedelta(0)
    recorder.failures = [ConnectionError()] * 10_000
    while passed < timedelta(days=1):
        dispatch(database, tmp_path, recorder, passed, patience)
        passed = delivery(database).next_attempt_at - clock.now()
    assert delivery(database).state == "pending"
    recorder.failures = []
    dispatch(database, tmp_path, recorder, passed, patience)
    assert delivery(database).state == "delivered"


def test_after_too_many_attempts_it_is_given_up_and_can_be_revived(
    database, tmp_path, reference
) -> None:
    patience = Patience(attempts=2, jitter=0)
    recorder = Recorder(OSError(), OSError())
    dispatch(database, tmp_path, recorder, patience=patience)
    result = dispatch(database, tmp_path, recorder, timedelta(minutes=1), patience)
    assert result.given_up == 1
    assert delivery(database).state == "dead"
    assert dispatch(database, tmp_path, recorder, timedelta(days=9), patience).delivered == 0
    assert Outbox(database).revive(reference, clock.now()) == 1
    assert dispatch(database, tmp_path, recorder).delivered == 1


def test_what_trying_again_cannot_mend_is_given_up_at_once(database, tmp_path, reference) -> None:
    assert dispatch(database, tmp_path, Recorder(DifferentContent("x"))).given_up == 1
    assert delivery(database).last_error == "DifferentContent"


def test_a_document_that_is_gone_is_noticed_and_nothing_is_handed_over(
    database, tmp_path, reference
) -> None:
    for path in cases.documents_folder(tmp_path).rglob("*"):
        if path.is_file():
            path.unlink()
    recorder = Recorder()
    assert dispatch(database, tmp_path, recorder).given_up == 1
    assert delivery(database).last_error == "UnknownDocument"
    assert recorder.arrived == []


def test_one_failure_does_not_hold_up_the_others(database, tmp_path, reference) -> None:
    cases.submitted(database, tmp_path, cases.QUOTE, "c2")
    recorder = Recorder(OSError())
    result = dispatch(database, tmp_path, recorder)
    assert (result.delivered, result.failed) == (1, 1)


def test_every_attempt_hands_over_the_same_under_the_same_key(
    database, tmp_path, reference, monkeypatch
) -> None:
    recorder = Recorder()
    dispatch(database, tmp_path, recorder)
    Outbox(database).revive(reference, clock.now())
    monkeypatch.setattr("bot.handoff.parcel.render_pdf", lambda _envelope: b"another version")
    dispatch(database, tmp_path, recorder)
    first, second = recorder.arrived
    assert first == second
    assert first.files["application.pdf"].startswith(b"%PDF")


def test_several_dispatchers_share_the_work(database, tmp_path) -> None:
    for number in range(6):
        cases.submitted(database, tmp_path, cases.QUOTE, f"c{number}")
    recorder = Recorder()
    threads = [
        threading.Thread(target=dispatch, args=(database, tmp_path, recorder)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    references = [parcel.reference for parcel in recorder.arrived]
    assert len(references) == len(set(references)) == 6


def test_a_long_attempt_is_left_to_whoever_began_it(database, tmp_path, reference) -> None:
    recorder = Recorder()

    class Slow(Recorder):
        def deliver(self, parcel: Parcel) -> None:
            # Meanwhile another server looks for what is due.
            assert dispatch(database, tmp_path, recorder, timedelta(minutes=1)).delivered == 0
            super().deliver(parcel)

    slow = Slow()
    assert dispatch(database, tmp_path, slow).delivered == 1
    assert (len(slow.arrived), len(recorder.arrived)) == (1, 0)


def test_what_arrived_is_noted_when_the_database_is_back(
    database, tmp_path, reference, monkeypatch
) -> None:
    noted = Outbox.delivered
    failures = [DatabaseUnavailable("away"), DatabaseUnavailable("away")]

    def delivered(*arguments: object) -> None:
        if failures:
            raise failures.pop()
        noted(*arguments)

    monkeypatch.setattr("bot.handoff.dispatch._NOTING_PAUSES_SECONDS", (0, 0, 0))
    monkeypatch.setattr(Outbox, "delivered", delivered)
    assert dispatch(database, tmp_path, Recorder()).delivered == 1
    assert delivery(database).state == "delivered"


def test_what_was_under_way_when_the_process_ended_is_taken_up(
    database, tmp_path, reference
) -> None:
    outbox = Outbox(database)
    assert outbox.claim(delivery(database), clock.now(), clock.now() + timedelta(hours=1))
    recorder = Recorder()
    assert dispatch(database, tmp_path, recorder).delivered == 0
    outbox.resume(clock.now())
    assert dispatch(database, tmp_path, recorder).delivered == 1


def test_a_clock_that_was_wrong_for_a_while_does_not_hold_up_a_delivery(
    database, tmp_path, reference
) -> None:
    recorder = Recorder(OSError())
    dispatch(database, tmp_path, recorder, timedelta(days=400))
    assert dispatch(database, tmp_path, recorder, timedelta(seconds=1)).delivered == 1


def test_in_the_background_it_delivers_when_woken(database, tmp_path, monkeypatch) -> None:
    arrived = threading.Event()

    class Signalling(Recorder):
        def deliver(self, parcel: Parcel) -> None:
            super().deliver(parcel)
            arrived.set()

    recorder = Signalling()
    documents = cases.documents_folder(tmp_path)
    dispatcher = Dispatcher(database, [recorder], documents, pause=60)
    dispatcher.start()
    try:
        cases.submitted(database, tmp_path, cases.QUOTE)
        dispatcher.wake()
        assert arrived.wait(20)
    finally:
        dispatcher.stop()
    assert delivery(database).state == "delivered"


def test_the_log_names_the_reference_and_nothing_personal(
    database, tmp_path, reference, caplog
) -> None:
    caplog.set_level(logging.DEBUG)
    dispatch(database, tmp_path, Recorder(OSError(f"cannot write {cases.DETAILS}")))
    dispatch(database, tmp_path, Recorder(), timedelta(minutes=1))
    assert reference in caplog.text
    assert "OSError" in caplog.text
    for personal in ("Platzwart", "Oberp", cases.IBAN, "Satzung"):
        assert personal not in caplog.text
