"""Drafts are stored with their evidence, encrypted, and never over somebody else's change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update
from stored_data import everything_stored

from bot import clock
from bot.application.draft import Broker, Draft, Pending
from bot.storage import Database, DraftStore, StaleDraft, UnreadablePayload
from bot.storage import drafts as drafts_module
from bot.storage.evidence import open_evidence


@pytest.fixture
def database(tmp_path: Path, monkeypatch, database_url: str) -> Database:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00")
    database = Database(database_url, [Fernet.generate_key().decode()])
    database.upgrade()
    return database


@pytest.fixture
def store(database: Database) -> DraftStore:
    return DraftStore(database)


def new_draft(conversation_id: str = "c1") -> Draft:
    draft = Draft(conversation_id=conversation_id, created_at=clock.now(), updated_at=clock.now())
    draft.answers = {"club_name": "Schützenverein Łódź e.V.", "landline_phone": None}
    draft.broker = Broker(broker_number="4711")
    return draft


def stored_evidence(database: Database) -> list[tuple[str, object]]:
    with database.reading() as unit:
        return [(each.item, each.value) for each in open_evidence(unit, database.vault, "c1")]


def test_what_is_saved_comes_back(store: DraftStore) -> None:
    draft = new_draft()
    store.save(draft)
    loaded = store.load("c1")
    assert loaded is not None
    assert loaded.answers == draft.answers
    assert loaded.version == draft.version == 1
    assert store.load("somebody else") is None


def test_saving_notes_the_time(store: DraftStore, monkeypatch) -> None:
    draft = new_draft()
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:05")
    store.save(draft)
    loaded = store.load("c1")
    assert loaded is not None
    assert loaded.updated_at == draft.updated_at == clock.now()
    assert loaded.created_at < loaded.updated_at


def full_draft() -> Draft:
    draft = new_draft()
    draft.answers |= {"address": {"street": "Hauptstr.", "lines": ["a", 1, None]}, "share": 0.5}
    draft.pending = Pending(kind="reading", question="iban", options=[{"value": ["x"]}])
    draft.what_if = {"deductible": {"kind": "fixed"}}
    draft.record(clock.now(), "answered", "club_name", value=["x"])
    return draft


def test_the_draft_is_stored_as_its_own_json_without_evidence(
    store: DraftStore, database: Database
) -> None:
    draft = full_draft()
    store.save(draft)
    draft.failures = 1
    store.save(draft)
    content = database.vault.open_json(payload(database))
    assert isinstance(content.pop("form"), int)
    assert content == json.loads(draft.json())
    assert store.load("c1") == draft


def test_what_this_release_stored_is_read_as_if_it_were_checked(
    store: DraftStore, database: Database
) -> None:
    store.save(full_draft())
    content = database.vault.open_json(payload(database))
    checked = Draft.parse_obj({name: each for name, each in content.items() if name != "form"})
    read = store.load("c1")
    assert read == checked
    assert repr(read) == repr(checked)
    assert list(vars(read)) == list(vars(checked))
    assert read.__fields_set__ == checked.__fields_set__


def test_what_an_earlier_release_stored_is_checked_and_completed(
    store: DraftStore, database: Database
) -> None:
    draft = new_draft()
    store.save(draft)
    content = database.vault.open_json(payload(database))
    for name in ("form", "what_if", "asked_as"):
        del content[name]
    content["last_turn"] = {"message_id": "m1", "replies": []}
    replace_payload(database, database.vault.seal_json(content))
    assert store.load("c1") == draft


def test_without_the_key_nothing_is_read(store: DraftStore, database_url: str) -> None:
    store.save(new_draft())
    other = Database(database_url, [Fernet.generate_key().decode()])
    with pytest.raises(UnreadablePayload):
        DraftStore(other).load("c1")
    other.close()


def payload(database: Database) -> bytes:
    with database.reading() as unit:
        return bytes(unit.execute(select(drafts_module.drafts.c.payload)).scalar())


def replace_payload(database: Database, sealed: bytes) -> None:
    with database.transaction() as unit:
        unit.execute(update(drafts_module.drafts).values(payload=sealed))


def test_evidence_is_appended_once_and_in_order(store: DraftStore, database: Database) -> None:
    draft = new_draft()
    draft.record(clock.now(), "asked", "club_name", version="2026-01")
    draft.record(clock.now(), "answered", "club_name", value="Łódź")
    store.save(draft)
    assert draft.new_evidence == []
    draft.record(clock.now(), "corrected", "club_name", value="Lodz")
    store.save(draft)
    assert stored_evidence(database) == [
        ("club_name", None),
        ("club_name", "Łódź"),
        ("club_name", "Lodz"),
    ]


def test_a_change_by_somebody_else_is_not_overwritten(store, database) -> None:
    draft = new_draft()
    store.save(draft)
    mine, theirs = store.load("c1"), store.load("c1")
    theirs.answers["club_name"] = "Neu"
    store.save(theirs)
    mine.record(clock.now(), "answered", "club_name", value="verloren")
    with pytest.raises(StaleDraft):
        store.save(mine)
    assert store.load("c1").answers["club_name"] == "Neu"
    assert stored_evidence(database) == []


def test_two_first_saves_do_not_both_win(store: DraftStore) -> None:
    store.save(new_draft())
    with pytest.raises(StaleDraft):
        store.save(new_draft())


def test_an_erased_draft_does_not_come_back(store: DraftStore, database: Database) -> None:
    draft = new_draft()
    draft.record(clock.now(), "answered", "club_name", value="x")
    store.save(draft)
    store.delete("c1")
    with pytest.raises(StaleDraft):
        store.save(draft)
    assert store.load("c1") is None
    assert stored_evidence(database) == []


def test_a_failed_save_leaves_draft_and_database_as_they_were(
    store: DraftStore, database: Database, monkeypatch
) -> None:
    draft = new_draft()
    store.save(draft)
    draft.answers["club_name"] = "Neu"
    draft.record(clock.now(), "answered", "club_name", value="Neu")

    def fail(*_args: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(drafts_module, "append_evidence", fail)
        with pytest.raises(RuntimeError):
            store.save(draft)
    assert draft.version == 1
    assert len(draft.new_evidence) == 1
    assert store.load("c1").answers["club_name"] != "Neu"
    store.save(draft)
    assert stored_evidence(database) == [("club_name", "Neu")]


def test_a_save_inside_a_unit_of_work_counts_only_once_that_is_stored(
    store: DraftStore, database: Database
) -> None:
    draft = new_draft()

    def save_and_fail() -> None:
        with database.transaction() as unit:
            store.save(draft, within=unit)
            assert draft.version == 0
            raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail()
    assert draft.version == 0
    assert store.load("c1") is None
    with database.transaction() as unit:
        store.save(draft, within=unit)
    assert draft.version == 1


def test_nothing_personal_stands_readable_where_it_is_stored(
    store, database, tmp_path: Path
) -> None:
    draft = new_draft()
    draft.answers["iban"] = "DE02120300000000202051"
    draft.record(clock.now(), "answered", "iban", value="DE02120300000000202051")
    store.save(draft)
    stored = everything_stored(database, tmp_path)
    assert b"c1" in stored
    assert b"DE02120300000000202051" not in stored
    assert b"tzenverein" not in stored
