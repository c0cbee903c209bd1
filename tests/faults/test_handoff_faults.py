"""Whatever ends in the middle: no application lost, none handed over twice or in part."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from killing import Kill, killed_at
from postgres_server import PostgresServer
from webhook_receiver import Receiver

from bot import clock
from bot.handoff import dispatch as dispatch_module
from bot.handoff import folder as folder_module
from bot.handoff import submission as submission_module
from bot.handoff.dispatch import Dispatcher, Patience, dispatch_pending
from bot.handoff.folder import FolderDestination
from bot.handoff.verification import verify
from bot.handoff.webhook import WebhookDestination
from bot.storage import Database, DatabaseUnavailable, DocumentStore, DraftStore, StaleDraft
from bot.storage.applications import ApplicationStore
from bot.storage.outbox import Outbox
from tests import handoff_cases as cases
from tests.handoff_cases import submit

KEY = Fernet.generate_key().decode()
NOW = "2026-11-20T10:00"
# Names the file in a data directory that holds the address of a database on a server.
URL = "database-url"
CALM = Patience(jitter=0)
EVIDENCE = len(cases.draft_of(cases.EVERYTHING).new_evidence)


@pytest.fixture(autouse=True)
def _frozen(monkeypatch) -> None:
    monkeypatch.setenv("BOT_NOW", NOW)
    # Quick, for these tests make many; and never the same twice, so that one made anew shows.
    monkeypatch.setattr("bot.handoff.parcel.render_pdf", lambda _: b"%PDF " + os.urandom(8))
    # As many attempts at noting an outcome, without the minute between them.
    pauses = [0.01] * len(dispatch_module._NOTING_PAUSES_SECONDS)
    monkeypatch.setattr(dispatch_module, "_NOTING_PAUSES_SECONDS", pauses)


@dataclass(frozen=True)
class Prepared:
    """A data directory to copy, with its database on a server if it has one."""

    folder: Path
    server: PostgresServer | None

    def copy(self, target: Path) -> Path:
        shutil.copytree(self.folder, target)
        if self.server is not None:
            template = (target / URL).read_text().rpartition("/")[2]
            (target / URL).write_text(self.server.new_database(template))
        return target


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def prepared(request, tmp_path_factory) -> Prepared:
    """A data directory with a draft that is ready to be submitted, and its document."""
    folder = tmp_path_factory.mktemp("prepared")
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    if server is not None:
        (folder / URL).write_text(server.new_database())
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("BOT_NOW", NOW)
        database = open_database(folder)
        database.upgrade()
        draft = cases.draft_of(cases.EVERYTHING)
        cases.upload(database, folder, draft)
        DraftStore(database).save(draft)
    database.close()
    return Prepared(folder, server)


@pytest.fixture
def data_dir(prepared: Prepared, tmp_path: Path) -> Path:
    return prepared.copy(tmp_path / "data")


def open_database(folder: Path) -> Database:
    place = folder / URL
    return Database(
        place.read_text() if place.exists() else f"sqlite:///{folder}/bot.sqlite3", [KEY]
    )


def submit_stored(data_dir: Path, database: Database, to: str = "folder") -> str:
    """What a turn does: load, submit; a repeated turn does the same."""
    draft = DraftStore(database).load("c1")
    if draft.status == "submitted":
        return draft.reference
    documents = DocumentStore(database, cases.documents_folder(data_dir)).list("c1")
    quote = cases.quote_of(cases.EVERYTHING)
    application = cases.application_of(draft)
    done = submit(draft, application, quote, documents, database, destinations=[to])
    return done.reference


def submitted_in_turn(data_dir: Path, database: Database) -> str:
    """A turn that came too late is done again."""
    while True:
        try:
            return submit_stored(data_dir, database)
        except StaleDraft:
            continue


def deliver(data_dir: Path, database: Database, later: timedelta = timedelta(0)):
    Outbox(database).resume(clock.now())
    return dispatch_pending(
        database,
        [FolderDestination(data_dir / "handoff")],
        cases.documents_folder(data_dir),
        clock.now() + later,
        CALM,
    )


def handed_over(data_dir: Path) -> dict[str, bytes]:
    folder = data_dir / "handoff"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.relative_to(folder).parts[0].startswith(".")
    }


def assert_complete(data_dir: Path, database: Database) -> None:
    """Exactly one application, sound, with all its evidence, handed over once."""
    (row,) = ApplicationStore(database).rows()
    envelope = ApplicationStore(database).envelope(row.reference)
    assert len(envelope["evidence"]) == EVIDENCE
    findings = verify(row.reference, database, cases.documents_folder(data_dir))
    assert {finding.state for finding in findings} == {"sound"}
    (delivery,) = Outbox(database).all()
    assert delivery.state == "delivered"
    assert [path.name for path in (data_dir / "handoff").iterdir()] == [row.reference]
    names = {name.partition("/")[2] for name in handed_over(data_dir)}
    expected = {"application.json", "application.pdf", "protocol.json"}
    assert names == expected | {each["file"] for each in envelope["documents"]}


def whole_way(data_dir: Path, _kill: Kill | None = None) -> None:
    database = open_database(data_dir)
    submit_stored(data_dir, database)
    deliver(data_dir, database)


def test_killed_at_every_step_nothing_is_lost_or_doubled(
    prepared: Prepared, tmp_path: Path
) -> None:
    step = 0
    while True:
        step += 1
        data_dir = prepared.copy(tmp_path / str(step))
        if not killed_at(step, lambda kill, at=data_dir: whole_way(at, kill)):
            break
        before = handed_over(data_dir)
        database = open_database(data_dir)
        applications = ApplicationStore(database).rows()
        draft = DraftStore(database).load("c1")
        assert (draft.status == "submitted") == (len(applications) == 1)
        assert len(Outbox(database).all()) == len(applications)
        reference = submit_stored(data_dir, database)
        assert [reference] == [row.reference for row in ApplicationStore(database).rows()]
        assert all(row.reference == reference for row in applications)
        deliver(data_dir, database)
        assert_complete(data_dir, database)
        assert before in ({}, handed_over(data_dir))
        database.close()
        shutil.rmtree(data_dir)
    assert step > 40


def test_killed_again_and_again(data_dir: Path) -> None:
    chance = random.Random(7)
    for _ in range(12):
        killed_at(chance.randrange(1, 60), lambda kill: whole_way(data_dir, kill))
    whole_way(data_dir)
    assert_complete(data_dir, open_database(data_dir))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.close()


def post(data_dir: Path, url: str, kill: Kill | None = None) -> None:
    """Submit and deliver by webhook, as a process does that begins after another one ended."""
    if kill is not None:
        kill.wrap(WebhookDestination, "deliver")
        kill.wrap(WebhookDestination, "_confirmation")
    database = open_database(data_dir)
    submit_stored(data_dir, database, "webhook")
    Outbox(database).resume(clock.now())
    destination = WebhookDestination(url, "secret", seconds=10)
    folder = cases.documents_folder(data_dir)
    dispatch_pending(database, [destination], folder, clock.now(), CALM)
    database.close()


def test_killed_at_every_step_a_webhook_gets_one_content_under_one_key(
    prepared: Prepared, tmp_path: Path, receiver: Receiver
) -> None:
    step, repeated = 0, 0
    while True:
        step += 1
        data_dir = prepared.copy(tmp_path / str(step))
        receiver.requests.clear()
        killed = killed_at(step, lambda kill, at=data_dir: post(at, receiver.url, kill))
        if killed:
            post(data_dir, receiver.url)
        assert receiver.requests
        assert len({body for _, body in receiver.requests}) == 1
        assert len({headers["Idempotency-Key"] for headers, _ in receiver.requests}) == 1
        repeated += len(receiver.requests) - 1
        (delivery,) = Outbox(open_database(data_dir)).all()
        assert delivery.state == "delivered"
        shutil.rmtree(data_dir)
        if not killed:
            break
    assert step > 30
    # Killed between the confirmation and noting it: that cannot be known, so it is sent again.
    assert repeated > 0


@pytest.mark.parametrize(
    "step",
    [
        (DraftStore, "save"),
        (submission_module, "open_evidence"),
        (submission_module, "sealed_envelope"),
        (ApplicationStore, "insert"),
        (submission_module, "assign_evidence"),
        (submission_module, "assign_documents"),
        (Outbox, "enqueue"),
    ],
    ids=lambda step: step[1],
)
@pytest.mark.parametrize("error", [RuntimeError, DatabaseUnavailable, MemoryError])
def test_a_submission_that_fails_leaves_everything_as_it_was(
    data_dir: Path, monkeypatch, step, error
) -> None:
    database = open_database(data_dir)
    draft = DraftStore(database).load("c1")
    draft.record(clock.now(), "declared", "submission")
    before = draft.copy(deep=True)

    def fail(*_args: object, **_options: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(*step, fail)
        with pytest.raises(error):
            submit(draft, cases.application_of(draft), None, [], database)
    assert draft == before
    assert ApplicationStore(database).rows() == []
    assert Outbox(database).all() == []
    assert DraftStore(database).load("c1").status == "open"
    result = submit(draft, cases.application_of(draft), None, [], database)
    envelope = ApplicationStore(database).envelope(result.reference)
    assert len(envelope["evidence"]) == EVIDENCE + 1


@pytest.mark.parametrize("call", range(1, 6))
def test_a_full_disk_leaves_nothing_half_written_and_is_tried_again(
    data_dir: Path, monkeypatch, caplog, call: int
) -> None:
    database = open_database(data_dir)
    submit_stored(data_dir, database)
    written = iter(range(1, 1000))
    original = folder_module.write_synced

    def full(path: Path, content: bytes) -> None:
        if next(written) == call:
            path.write_bytes(content[:3])
            raise OSError(28, "No space left on device")
        original(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(folder_module, "write_synced", full)
        result = deliver(data_dir, database)
    if call > 4:
        assert result.delivered == 1
        return
    assert (result.delivered, result.failed) == (0, 1)
    assert list((data_dir / "handoff").iterdir()) == []
    (delivery,) = Outbox(database).all()
    assert (delivery.state, delivery.last_error) == ("pending", "OSError ENOSPC")
    assert "to folder, attempt 1: failed, will be tried again (OSError ENOSPC)" in caplog.text
    assert "Platzwart" not in caplog.text
    assert deliver(data_dir, database, CALM.wait(1)).delivered == 1
    assert_complete(data_dir, database)


def test_an_outcome_that_could_not_be_noted_is_not_delivered_differently(
    data_dir: Path, monkeypatch
) -> None:
    database = open_database(data_dir)
    submit_stored(data_dir, database)

    def away(*_args: object) -> None:
        raise DatabaseUnavailable("OperationalError")

    with monkeypatch.context() as patched:
        patched.setattr(Outbox, "delivered", away)
        patched.setattr(Outbox, "failed", away)
        assert deliver(data_dir, database).failed == 1
    before = handed_over(data_dir)
    assert len(before) == 4
    assert deliver(data_dir, database).delivered == 1
    assert handed_over(data_dir) == before
    assert_complete(data_dir, database)


def test_a_handoff_folder_that_is_away_is_waited_for(data_dir: Path) -> None:
    database = open_database(data_dir)
    submit_stored(data_dir, database)
    (data_dir / "handoff").write_text("not mounted")
    assert deliver(data_dir, database).failed == 1
    (data_dir / "handoff").unlink()
    assert deliver(data_dir, database, CALM.wait(1)).delivered == 1
    assert_complete(data_dir, database)


def test_a_pdf_that_cannot_be_made_does_not_lose_the_application(
    data_dir: Path, monkeypatch
) -> None:
    database = open_database(data_dir)
    submit_stored(data_dir, database)

    def fail(_envelope: object) -> bytes:
        raise ValueError("Oberpöring does not fit")

    with monkeypatch.context() as patched:
        patched.setattr("bot.handoff.parcel.render_pdf", fail)
        assert deliver(data_dir, database).failed == 1
    (delivery,) = Outbox(database).all()
    assert delivery.last_error == "ValueError"
    assert deliver(data_dir, database, CALM.wait(1)).delivered == 1


def wait_for(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_a_database_that_goes_away_holds_up_the_dispatcher_and_nothing_else(
    data_dir: Path, postgres: PostgresServer, caplog
) -> None:
    if not (data_dir / URL).exists():
        pytest.skip("a file does not go away")
    database = open_database(data_dir)
    reference = submit_stored(data_dir, database)
    postgres.stop()
    running = Dispatcher(
        database,
        [FolderDestination(data_dir / "handoff")],
        cases.documents_folder(data_dir),
        pause=0.05,
    )
    running.start()
    try:
        wait_for(lambda: "hand-off to folder paused: DatabaseUnavailable" in caplog.text)
        postgres.start()
        wait_for(lambda: (data_dir / "handoff" / reference / "application.json").exists())
        wait_for(lambda: Outbox(database).all()[0].state == "delivered")
    finally:
        running.stop()
    assert_complete(data_dir, database)
    assert "Platzwart" not in caplog.text


def test_submitted_twice_and_delivered_twice_at_the_same_instant(data_dir: Path) -> None:
    barrier = threading.Barrier(4)
    references, failures = [], []

    def run() -> None:
        database = open_database(data_dir)
        try:
            barrier.wait()
            references.append(submitted_in_turn(data_dir, database))
            deliver(data_dir, database)
        except Exception as error:
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(set(references)) == 1
    database = open_database(data_dir)
    deliver(data_dir, database, timedelta(hours=1))
    assert_complete(data_dir, database)
