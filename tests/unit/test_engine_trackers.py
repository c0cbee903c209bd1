"""Rasa's tracker follows from the draft, and nothing of it is stored."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted

from bot import clock
from bot.application.draft import Broker, Draft, Pending
from bot.conversation.slots import slot_values
from bot.engine.tracker_store import DerivedTrackerStore, tracker_of
from bot.settings import PROJECT
from bot.storage import Database, DraftStore

IBAN = "DE02120300000000202051"
DOMAIN = Domain.load(PROJECT / "domain.yml")


def a_draft() -> Draft:
    now = clock.now()
    return Draft(
        conversation_id="c",
        created_at=now,
        updated_at=now,
        answers={"club_name": "TSV Zaunkönig", "member_count": 250, "iban": IBAN},
        open_question="club_type",
        pending=Pending(kind="cancel"),
        broker=Broker(broker_number="4711", broker_name="Makler Süd"),
    )


@pytest.fixture
def drafts(database_url: str, tmp_path: Path) -> DraftStore:
    database = Database(database_url, [Fernet.generate_key().decode()])
    database.upgrade()
    return DraftStore(database)


def test_slots_are_what_was_answered_and_what_is_open() -> None:
    slots = tracker_of(a_draft(), DOMAIN).current_slot_values()
    given = {name: value for name, value in slots.items() if value is not None}
    assert given == {
        "club_name": "TSV Zaunkönig",
        "member_count": 250,
        "iban": given["iban"],
        "open_question": "club_type",
        "pending": "cancel",
        "draft_status": "open",
        "broker_number": "4711",
        "broker_name": "Makler Süd",
    }
    assert "0000002020" not in given["iban"].replace(" ", "")


def test_every_slot_of_the_draft_is_one_of_the_domain() -> None:
    declared = {slot.name for slot in DOMAIN.slots}
    assert set(slot_values(a_draft())) <= declared


def test_a_session_has_begun_and_a_message_is_awaited() -> None:
    tracker = tracker_of(a_draft(), DOMAIN)
    assert any(isinstance(event, SessionStarted) for event in tracker.events)
    assert tracker.latest_action_name == "action_listen"
    assert tracker.copy().current_slot_values() == tracker.current_slot_values()


def test_rasa_gets_the_tracker_of_each_stored_draft(drafts: DraftStore) -> None:
    store = DerivedTrackerStore(DOMAIN, drafts=lambda: drafts)
    assert asyncio.run(store.retrieve("c")) is None
    drafts.save(a_draft())
    tracker = asyncio.run(store.retrieve("c"))
    assert tracker is not None
    assert tracker.get_slot("club_name") == "TSV Zaunkönig"
    assert list(asyncio.run(store.keys())) == ["c"]


def test_saving_a_tracker_stores_nothing(drafts: DraftStore) -> None:
    store = DerivedTrackerStore(DOMAIN, drafts=lambda: drafts)
    asyncio.run(store.save(asyncio.run(store.get_or_create_tracker("c"))))
    assert drafts.load("c") is None
