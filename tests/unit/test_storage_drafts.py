"""Drafts are stored with their evidence, encrypted, and never over somebody else's change."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import delete, select, update
from stored_data import everything_stored

from bot import clock
from bot.application.draft import Broker, Draft, LastTurn, Pending
from bot.storage import Database, DraftStore, StaleDraft, UnreadablePayload
from bot.storage import drafts as drafts_module
from bot.storage.evidence import open_evidence
from bot.storage.recent import RecentlyStored
from bot.storage.turn_drafts import draft_found, follows_own, stored_with_turn, turn_with


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
    draft.last_turn = LastTurn(message_id="m1", replies=[{"text": "Grüß Gott", "choices": [{}]}])
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
    with database.reading() as unit:
        (row,) = unit.execute(select(drafts_module.drafts.c.payload))
    assert database.vault.open_json(row.payload) == json.loads(draft.json())
    assert store.load("c1") == draft


def by_another_process(store: DraftStore) -> Draft | None:
    """The draft as somebody loads it who did not store it."""
    store._texts.forget("c1")
    return store.load("c1")


def unopened(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    def refuse(_sealed: bytes) -> bytes:
        raise AssertionError("it was opened")

    monkeypatch.setattr(database.vault, "open", refuse)


def test_a_draft_that_is_remembered_is_the_same_as_one_that_is_opened(
    store: DraftStore, database: Database, monkeypatch
) -> None:
    draft = full_draft()
    for _ in range(2):
        store.save(draft)
        with monkeypatch.context() as patched:
            unopened(patched, database)
            remembered = DraftStore(database).load("c1")
        opened = by_another_process(store)
        assert remembered == opened == draft
        assert repr(remembered) == repr(opened)
        assert list(vars(remembered)) == list(vars(opened))
        assert remembered.__fields_set__ == opened.__fields_set__
        draft = remembered


def test_nobody_changes_what_is_remembered(store: DraftStore) -> None:
    draft = full_draft()
    store.save(draft)
    before = store.load("c1")
    for theirs in (draft, store.load("c1")):
        theirs.answers["address"]["lines"].append("b")
        theirs.broker.broker_number = "4712"
        theirs.last_turn.replies.clear()
        theirs.record(clock.now(), "asked", "iban")
    assert store.load("c1") == before


def test_what_somebody_else_stored_sealed_anew_or_erased_is_not_remembered(
    store: DraftStore, database: Database
) -> None:
    store.save(new_draft())
    old = payload(database)
    draft = store.load("c1")
    draft.failures = 1
    store.save(draft)
    assert store.load("c1").failures == 1
    assert store.is_own("c1")
    replace_payload(database, database.vault.reseal(payload(database)))
    assert store.load("c1").failures == 1
    assert not store.is_own("c1")
    replace_payload(database, old)
    assert store.load("c1").failures == 0
    with database.transaction() as unit:
        unit.execute(delete(drafts_module.drafts))
    assert store.load("c1") is None
    assert "c1" not in store._texts


def test_without_the_key_nothing_is_read_by_memory(store: DraftStore, database_url: str) -> None:
    store.save(new_draft())
    other = Database(database_url, [Fernet.generate_key().decode()])
    with pytest.raises(UnreadablePayload):
        DraftStore(other).load("c1")
    other.close()


def test_erasing_forgets(store: DraftStore) -> None:
    store.save(new_draft())
    assert "c1" in store._texts
    store.delete("c1")
    assert "c1" not in store._texts


def test_what_was_not_stored_is_not_remembered(store: DraftStore, database: Database) -> None:
    store.save(new_draft())
    draft = store.load("c1")
    draft.failures = 7

    def save_and_fail() -> None:
        with database.transaction() as unit:
            store.save(draft, within=unit)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail()
    assert store._texts.content("c1", payload(database)) is not None
    assert store.load("c1").failures == 0


def test_the_conversations_left_the_longest_are_no_longer_remembered() -> None:
    recent: RecentlyStored[str] = RecentlyStored(conversations=2)
    recent.note("a", b"1", "first")
    recent.note("b", b"2", "second")
    assert recent.content("a", b"1") == "first"
    recent.note("c", b"3", "third")
    assert recent.content("a", b"1") == "first"
    assert recent.content("b", b"2") is None
    recent.note("a", b"4", "fourth")
    assert recent.content("a", b"1") is None
    assert recent.content("a", b"4") == "fourth"


def test_a_conversation_left_for_long_goes_with_the_next_turn_of_anybody(monkeypatch) -> None:
    moment = [0.0]
    monkeypatch.setattr("bot.storage.recent.time.monotonic", lambda: moment[0])
    recent: RecentlyStored[str] = RecentlyStored(seconds=10)
    recent.note("a", b"1", "first")
    recent.note("b", b"2", "second")
    moment[0] = 9
    assert recent.content("a", b"1") == "first"
    moment[0] = 11
    recent.note("c", b"3", "third")
    assert ["a" in recent, "b" in recent, "c" in recent] == [True, False, True]


def payload(database: Database) -> bytes:
    with database.reading() as unit:
        return bytes(unit.execute(select(drafts_module.drafts.c.payload)).scalar())


def replace_payload(database: Database, sealed: bytes) -> None:
    with database.transaction() as unit:
        unit.execute(update(drafts_module.drafts).values(payload=sealed))


def test_an_action_gets_a_draft_of_its_own(store: DraftStore) -> None:
    store.save(full_draft())
    found = store.load("c1")
    for original in (full_draft(), found):
        before = deepcopy(original)
        with turn_with(original):
            copied = draft_found("c1")
        assert copied == original
        assert copied.__fields_set__ == original.__fields_set__
        copied.answers["address"]["lines"].append("b")
        copied.broker.broker_number = "4712"
        copied.pending.options[0]["value"].append("y")
        copied.last_turn.replies[0]["choices"].clear()
        copied.what_if["deductible"]["kind"] = "falling"
        copied.order.append("iban")
        copied.record(clock.now(), "asked", "iban")
        assert original == before


def test_a_second_action_of_a_turn_goes_on_from_the_first() -> None:
    assert not stored_with_turn(full_draft())
    with turn_with(full_draft()) as turn:
        first = draft_found("c1")
        first.answers["club_type"] = "Sportverein"
        assert stored_with_turn(first)
        assert draft_found("c1") == first == turn.changed
        assert draft_found("c1") is not first


def test_a_turn_tells_whether_it_follows_one_of_this_process() -> None:
    draft = full_draft()
    with turn_with(draft, follows_own=True):
        assert follows_own("c1")
        assert not follows_own("c2")
    with turn_with(draft):
        assert not follows_own("c1")
    with turn_with(None, follows_own=True):
        assert not follows_own("c1")
    assert not follows_own("c1")


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
