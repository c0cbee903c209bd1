"""Erasing forgets everything but what was submitted, and that only as long as it must."""

from __future__ import annotations

from pathlib import Path

import pytest
from stored_data import everything_stored

from bot import clock
from bot.handoff.dispatch import Dispatcher
from bot.handoff.erasure import erase
from bot.handoff.folder import FolderDestination
from bot.storage import Database, DocumentStore, DraftStore, MessageLog
from bot.storage.applications import ApplicationStore
from bot.storage.evidence import open_evidence
from bot.storage.outbound import OutboundMessages
from bot.storage.people import People, Person
from tests import handoff_cases as cases


@pytest.fixture
def database(tmp_path: Path, monkeypatch, database_url: str) -> Database:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00")
    return cases.open_database(tmp_path, database_url)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    return cases.documents_folder(tmp_path)


def dispatcher(database: Database, tmp_path: Path) -> Dispatcher:
    destination = FolderDestination(tmp_path / "handoff")
    return Dispatcher(database, [destination], cases.documents_folder(tmp_path))


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_draft_goes_with_everything_that_belongs_to_it(database, documents) -> None:
    draft = cases.draft_of(cases.EVERYTHING_NO)
    DraftStore(database).save(draft)
    log = MessageLog(database)
    log.append_turn(log.sealed_turn("c1", "m1", {"text": "x"}, [], clock.now()))
    DocumentStore(database, documents).add("c1", "statutes", "a.pdf", "application/pdf", b"x")
    other = cases.draft_of(cases.QUOTE, "c2")
    DraftStore(database).save(other)
    erased = erase("c1", database, documents)
    assert erased.kept == erased.undelivered == ()
    assert DraftStore(database).load("c1") is None
    assert MessageLog(database).messages("c1") == []
    assert files(documents) == []
    with database.reading() as unit:
        assert open_evidence(unit, database.vault, "c1") == []
    assert DraftStore(database).load("c2") is not None


def test_whoever_has_the_conversation_in_a_messenger_is_forgotten(
    database, documents, tmp_path
) -> None:
    people, outbound = People(database, "whatsapp"), OutboundMessages(database, "whatsapp")
    with database.transaction() as unit:
        for conversation_id in ("c1", "c2"):
            hashed = f"hash of {conversation_id}"
            people.save(unit, Person(hashed, conversation_id, "4917099", clock.now()))
            outbound.enqueue(unit, hashed, f"to {hashed}", [{"body": "Frage"}], clock.now())
    erase("c1", database, documents)
    assert people.load("hash of c1") is None
    assert outbound.next("hash of c1") is None
    assert b"hash of c1" not in everything_stored(database, tmp_path)
    assert people.load("hash of c2") is not None
    assert outbound.next("hash of c2") is not None


def test_erasing_what_is_not_there_is_no_error(database, documents) -> None:
    assert erase("nobody", database, documents).kept == ()


def test_what_was_submitted_is_kept_and_named(database, documents, tmp_path) -> None:
    reference = cases.submitted(database, tmp_path, cases.EVERYTHING).reference
    dispatcher(database, tmp_path).run_once()
    erased = erase("c1", database, documents)
    assert erased.kept == (reference,)
    assert erased.undelivered == ()
    assert DraftStore(database).load("c1") is None
    assert ApplicationStore(database).envelope(reference)["application"]["iban"] == cases.IBAN
    assert files(documents) == []
    assert (tmp_path / "handoff" / reference / "application.json").exists()


def test_documents_that_are_not_delivered_yet_go_right_afterwards(
    database, documents, tmp_path
) -> None:
    reference = cases.submitted(database, tmp_path, cases.EVERYTHING).reference
    erased = erase("c1", database, documents)
    assert erased.undelivered == (reference,)
    assert len(files(documents)) == 1
    assert dispatcher(database, tmp_path).run_once().delivered == 1
    assert files(documents) == []
    assert len(files(tmp_path / "handoff" / reference / "documents")) == 1
    assert erase("c1", database, documents).undelivered == ()


def test_without_a_request_the_documents_stay(database, documents, tmp_path) -> None:
    cases.submitted(database, tmp_path, cases.EVERYTHING)
    dispatcher(database, tmp_path).run_once()
    assert len(files(documents)) == 1
