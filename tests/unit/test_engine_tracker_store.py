"""The tracker store against Rasa's own stores, and what it refuses."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Coroutine, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from bot.engine.course import USUAL
from bot.engine.tracker_database import StaleTracker, TrackerDatabase
from bot.engine.tracker_redaction import redacted
from bot.storage.turn_drafts import TurnDraft, turn_with
from cryptography.fernet import Fernet
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import create_engine, text

from bot import clock
from bot.application.draft import Draft
from bot.engine.tracker_store import ConversationTracker, PrivateTrackerStore

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["inform"],
        "slots": {
            name: {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
            for name in ("one", "two", "three")
        }
        | {
            "level": {
                "type": "any",
                "initial_value": 1,
                "influence_conversation": False,
                "mappings": [{"type": "custom"}],
            }
        },
        "forms": {"form": {"required_slots": []}},
    }
)
KEY = Fernet.generate_key().decode()

Result = TypeVar("Result")


def run[Result](work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


@pytest.fixture
def database(database_url: str) -> Iterator[TrackerDatabase]:
    opened = TrackerDatabase(database_url, [KEY])
    yield opened
    opened.close()


@pytest.fixture
def store(database: TrackerDatabase) -> PrivateTrackerStore:
    return PrivateTrackerStore(DOMAIN, database=database)


def beginning() -> list[Event]:
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]


def turn(*events: Event, text: str = "typed") -> list[Event]:
    intent = {"name": "inform", "confidence": 0.9}
    return [
        UserUttered(text, intent, metadata={"choice": "payload", "message_id": "m"}),
        ActionExecuted("action_turn"),
        *events,
        BotUttered("said", {"buttons": []}, {"utter_action": "utter_x"}),
        ActionExecuted("action_listen"),
    ]


def visible(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What policies and actions can tell from a tracker, typed text aside."""
    latest = tracker.latest_message
    assert latest is not None
    return {
        "slots": tracker.current_slot_values(),
        "loop": tracker.active_loop_name,
        "intent": latest.intent_name,
        "latest_action": tracker.latest_action_name,
        "paused": tracker.is_paused(),
        "followup": tracker.followup_action,
    }


def random_turn(dice: random.Random) -> list[Event]:
    changes: list[Event] = []
    for _ in range(dice.randrange(4)):
        name = dice.choice(["one", "two", "three", "level"])
        changes.append(SlotSet(name, dice.choice([None, 1, 2, "drei", {"list": [1]}, [True]])))
    extra: list[Event] = [ActiveLoop("form"), ActiveLoop(None), AllSlotsReset(), Restarted()]
    if dice.random() < 0.3:
        changes.insert(dice.randrange(len(changes) + 1), dice.choice(extra))
    return turn(*changes)


@pytest.mark.parametrize("seed", range(10))
def test_long_conversations_look_the_same_as_in_rasas_own_store(
    store: PrivateTrackerStore, seed: int
) -> None:
    dice = random.Random(seed)
    reference = InMemoryTrackerStore(DOMAIN)

    async def converse() -> None:
        for number in range(40):
            events = [*(beginning() if number == 0 else []), *random_turn(dice)]
            trackers = []
            for each in (store, reference):
                tracker = await each.get_or_create_tracker("c", append_action_listen=False)
                for event in events:
                    tracker.update(event, DOMAIN)
                await each.save(tracker)
                trackers.append(await each.retrieve("c"))
            assert visible(trackers[0]) == visible(trackers[1])

    run(converse())
    whole = run(store.retrieve_full_tracker("c"))
    stock = run(reference.retrieve_full_tracker("c"))
    assert whole is not None
    assert stock is not None
    assert [redacted(e.as_dict()) for e in whole.events] == [
        redacted(e.as_dict()) for e in stock.events
    ]


def changed(tracker: DialogueStateTracker, dice: random.Random) -> None:
    undoing: list[Event] = [ActionReverted(), UserUtteranceReverted(), SessionStarted()]
    for event in [*random_turn(dice), *(undoing if dice.random() < 0.2 else [])]:
        tracker.update(event)


@pytest.mark.parametrize("seed", range(10))
def test_a_copy_and_its_original_change_by_themselves(
    store: PrivateTrackerStore, seed: int
) -> None:
    dice = random.Random(seed)
    tracker = run(store.create_tracker("c"))
    initial = {slot.name: slot.value for slot in DOMAIN.slots}
    for _ in range(5):
        changed(tracker, dice)
    for _ in range(10):
        twin = tracker.copy()
        assert visible(twin) == visible(tracker)
        for changing, other in [(tracker, twin), (twin, tracker)]:
            before, replayed = visible(other), DialogueStateTracker("c", DOMAIN.slots)
            changed(changing, dice)
            assert visible(other) == before
            for event in changing.events:
                replayed.update(event)
            assert visible(changing) == visible(replayed)
    assert {slot.name: slot.value for slot in DOMAIN.slots} == initial


@pytest.mark.parametrize("seed", range(10))
def test_the_same_events_count_as_with_rasas_tracker(store: PrivateTrackerStore, seed: int) -> None:
    dice = random.Random(seed)
    tracker = run(store.create_tracker("c"))
    for _ in range(20):
        changed(tracker, dice)
        assert tracker.applied_events() == DialogueStateTracker.applied_events(tracker)
    assert tracker.copy().applied_events() == tracker.applied_events()
    plain = run(store.create_tracker("d"))
    for event in [*beginning(), *turn(SlotSet("one", 1)), *beginning(), *turn(), *turn()]:
        plain.update(event)
        assert plain.applied_events() == DialogueStateTracker.applied_events(plain)


# What the store itself notes on a tracker.
_NOTED = {"origin", "course", "stored", "domain", "_shares_slots"}


def everything(value: Any) -> Any:
    """Whatever an object of Rasa's consists of, by name."""
    if isinstance(value, (list, tuple, deque)):
        return [everything(each) for each in value]
    if isinstance(value, dict):
        return {name: everything(each) for name, each in value.items() if name not in _NOTED}
    if hasattr(value, "__dict__"):
        return type(value).__name__, everything(vars(value))
    return value


def all_of(tracker: DialogueStateTracker | None) -> Any:
    """Everything about a tracker that its events say."""
    assert tracker is not None
    assert isinstance(tracker, ConversationTracker)
    found: Any = everything(tracker)[1]
    for name in ("latest_message", "latest_bot_utterance"):
        event = getattr(tracker, name)
        found[f"{name} is at"] = [i for i, each in enumerate(tracker.events) if each is event]
        # Where there was none, Rasa makes an empty one at a time of its own.
        if not found[f"{name} is at"]:
            del found[name][1]["timestamp"]
    return found


def scribbled(tracker: DialogueStateTracker) -> None:
    """Change whatever can be reached in place."""
    for slot in tracker.slots.values():
        for change in ("append", "setdefault"):
            if hasattr(slot.value, change):
                getattr(slot.value, change)("scribbled")
    latest = tracker.latest_message
    assert latest is not None
    messages = [event for event in tracker.events if isinstance(event, UserUttered)]
    assert latest.is_empty() or latest is messages[-1]
    for message in (latest, *messages):
        message.entities.append({"entity": "scribbled", "value": 1})
        message.parse_data["text"] = "scribbled"
        message.use_text_for_featurization = True
    assert tracker.latest_action is not None
    tracker.latest_action["action_name"] = "scribbled"
    if tracker.active_loop is not None:
        tracker.active_loop.rejected = True
    tracker.update(SlotSet("one", "scribbled"))
    tracker.update(Restarted())


def unopened(monkeypatch: pytest.MonkeyPatch, database: TrackerDatabase) -> None:
    monkeypatch.setattr(database.vault, "open", refuse)


def refuse(_asked: Any) -> Any:
    raise AssertionError("it was read or opened")


def following_own() -> AbstractContextManager[TurnDraft]:
    """A turn of "c" whose draft is as this process stored it."""
    now = clock.now()
    draft = Draft(conversation_id="c", created_at=now, updated_at=now)
    return turn_with(draft, follows_own=True)


@pytest.mark.parametrize("seed", range(20))
def test_a_conversation_that_is_remembered_is_the_same_as_one_that_is_read(
    store: PrivateTrackerStore, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    plain_only = seed % 2 == 0

    async def converse() -> None:
        for number in range(20):
            tracker = await store.get_or_create_tracker("c")
            tracker.model_id = "model"
            for event in [*(beginning() if number == 0 else []), *random_turn(dice)]:
                if not plain_only or type(event) in USUAL:
                    tracker.update(event, DOMAIN)
                    if isinstance(event, UserUttered):
                        tracker.update(DefinePrevUserUtteredFeaturization(dice.random() < 0.5))
            await store.save(tracker)
            if dice.random() < 0.3:
                tracker.update(SlotSet("two", dice.random()))
                await store.save(tracker)
            read = all_of(await PrivateTrackerStore(DOMAIN, database=store.database).retrieve("c"))
            with monkeypatch.context() as patched:
                unopened(patched, store.database)
                remembered = await store.retrieve("c")
                assert all_of(remembered) == read
                scribbled(remembered)
                assert all_of(await store.retrieve("c")) == read
                patched.setattr(store.database, "state", refuse)
                with following_own():
                    assert all_of(await store.retrieve("c")) == read

    run(converse())


def test_a_conversation_that_somebody_else_stored_or_erased_is_not_remembered(
    store: PrivateTrackerStore,
) -> None:
    saved(store, 2)
    other = PrivateTrackerStore(DOMAIN, database=store.database)
    saved(other, 5)
    tracker = run(store.retrieve("c"))
    assert tracker is not None
    assert tracker.get_slot("one") == 4
    assert "c" in store._remembered
    store.database.delete("c")
    assert "c" not in store._remembered
    assert run(store.retrieve("c")) is None


def test_what_somebody_else_stored_unnoticed_is_not_overwritten(
    store: PrivateTrackerStore,
) -> None:
    saved(store, 2)
    saved(PrivateTrackerStore(DOMAIN, database=store.database), 5)
    with following_own():
        tracker = run(store.retrieve("c"))
        assert tracker is not None
        assert tracker.get_slot("one") == 1
        tracker.update(SlotSet("one", "older"))
        with pytest.raises(StaleTracker):
            run(store.save(tracker))
        tracker = run(store.retrieve("c"))
        assert tracker is not None
        assert tracker.get_slot("one") == 4
        saved(store, 7)
    tracker = run(store.retrieve("c"))
    assert tracker is not None
    assert tracker.get_slot("one") == 6


def test_what_another_process_erased_is_forgotten_when_it_is_looked_for(
    store: PrivateTrackerStore, database_url: str
) -> None:
    saved(store, 2)
    other = TrackerDatabase(database_url, [KEY])
    other.delete("c")
    other.close()
    assert run(store.retrieve("c")) is None
    assert "c" not in store._remembered


def test_a_remembered_conversation_gets_the_slots_of_a_new_model(
    store: PrivateTrackerStore,
) -> None:
    saved(store, 3)
    slot = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
    store.domain = DOMAIN.merge(Domain.from_dict({"slots": {"four": slot}}))
    tracker = run(store.retrieve("c"))
    assert tracker is not None
    assert "four" in tracker.slots
    assert tracker.get_slot("one") == 2
    saved(store, 1)
    tracker = run(store.retrieve("c"))
    assert tracker is not None
    assert "four" in tracker.slots


def test_what_is_remembered_is_what_may_be_stored(store: PrivateTrackerStore) -> None:
    saved(store, 3)
    tracker = run(store.retrieve("c"))
    assert tracker is not None
    found = repr(everything([tracker, tracker.origin, tracker.origin.course.text()]))
    assert "typed" not in found
    assert "said" not in found
    assert "payload" not in found


def saved(store: PrivateTrackerStore, turns: int) -> None:
    async def converse() -> None:
        for number in range(turns):
            tracker = await store.get_or_create_tracker("c", append_action_listen=False)
            first = beginning() if number == 0 else []
            for event in [*first, *turn(SlotSet("one", number))]:
                tracker.update(event)
            await store.save(tracker)

    run(converse())


def test_reading_stays_bounded_while_the_course_is_kept(store: PrivateTrackerStore) -> None:
    saved(store, 50)
    tracker = run(store.retrieve("c"))
    assert tracker is not None
    assert tracker.get_slot("one") == 49
    assert len(tracker.events) < 20
    assert len(store.database.history("c")) == 3 + 50 * 5


def test_the_second_of_two_turns_that_continue_the_same_state_fails(
    store: PrivateTrackerStore,
) -> None:
    saved(store, 3)

    async def both() -> None:
        first, second = await store.retrieve("c"), await store.retrieve("c")
        assert first is not None
        assert second is not None
        for tracker, value in ((first, "first"), (second, "second")):
            for event in turn(SlotSet("one", value)):
                tracker.update(event)
        await store.save(first)
        with pytest.raises(StaleTracker):
            await store.save(second)

    run(both())
    assert len(store.database.history("c")) == 3 + 4 * 5
    tracker = run(store.retrieve("c"))
    assert tracker is not None
    assert tracker.get_slot("one") == "first"


def test_two_first_turns_at_once_do_not_both_count(store: PrivateTrackerStore) -> None:
    async def both() -> None:
        first, second = await store.create_tracker("c"), await store.create_tracker("c")
        await store.save(first)
        with pytest.raises(StaleTracker):
            await store.save(second)

    run(both())


def test_a_new_conversation_is_not_stored_before_its_first_turn(
    store: PrivateTrackerStore,
) -> None:
    run(store.get_or_create_tracker("c"))
    assert run(store.retrieve("c")) is None
    assert not run(store.exists("c"))
    assert list(run(store.keys())) == []


@pytest.mark.parametrize("damage", [b"damaged", None])
def test_a_damaged_or_newer_state_is_replayed_from_the_course(
    store: PrivateTrackerStore, damage: bytes | None
) -> None:
    saved(store, 5)
    state = damage or store.database.vault.seal_json({"format": 3, "turns": []})
    store.database.store("c", store.database.state("c"), state, None)
    tracker = run(store.retrieve("c"))
    assert tracker is not None
    assert tracker.get_slot("one") == 4
    saved(store, 1)
    assert len(store.database.history("c")) == 3 + 5 * 5 + 3 + 5


def test_the_state_that_an_earlier_release_stored_is_read(
    store: PrivateTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(store, 5)
    before = run(store.retrieve("c"))
    assert isinstance(before, ConversationTracker)
    events = [event.as_dict() for event in before.origin.events]
    state = store.database.vault.seal_json({"format": 1, "events": events})
    store.database.store("c", store.database.state("c"), state, None)
    # It is not replayed.
    monkeypatch.setattr(store.database, "history", None)
    tracker = run(store.retrieve("c"))
    assert all_of(tracker) == all_of(before)
    saved(store, 3)
    tracker = run(store.retrieve("c"))
    assert tracker is not None
    assert tracker.get_slot("one") == 2
    assert len(tracker.events) < 20


def test_the_course_that_an_earlier_release_stored_event_by_event_is_read(
    store: PrivateTrackerStore, database_url: str
) -> None:
    saved(store, 2)
    course = store.database.history("c")
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM tracker_events"))
        for position, event in enumerate(course):
            connection.execute(
                text("INSERT INTO tracker_events VALUES ('c', :position, :type, :at, :data)"),
                {
                    "position": position,
                    "type": event["event"],
                    "at": event["timestamp"],
                    "data": store.database.vault.seal_json(event),
                },
            )
    engine.dispose()
    saved(store, 1)
    assert store.database.history("c")[: len(course)] == course
    assert len(store.database.history("c")) == len(course) + 3 + 5


def test_only_trackers_of_the_store_can_be_stored(store: PrivateTrackerStore) -> None:
    with pytest.raises(TypeError):
        run(store.save(DialogueStateTracker("c", DOMAIN.slots)))


def test_a_conversation_can_be_erased(store: PrivateTrackerStore) -> None:
    saved(store, 2)
    store.database.delete("c")
    assert store.database.history("c") == []
    assert run(store.retrieve("c")) is None


def test_what_is_stored_is_sealed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/tracker.sqlite3"
    store = PrivateTrackerStore(DOMAIN, database=TrackerDatabase(url, [KEY]))

    async def converse() -> None:
        tracker = await store.create_tracker("c")
        for event in turn(SlotSet("one", "DE89370400440532013000")):
            tracker.update(event)
        await store.save(tracker)

    run(converse())
    store.database.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"DE89370400440532013000" not in stored
    other = TrackerDatabase(url, [Fernet.generate_key().decode(), KEY])
    tracker = run(PrivateTrackerStore(DOMAIN, database=other).retrieve("c"))
    other.close()
    assert tracker is not None
    assert tracker.get_slot("one") == "DE89370400440532013000"


def test_redaction_leaves_the_course_and_takes_the_words() -> None:
    user = UserUttered(
        "Zaunkönig",
        {"name": "inform", "confidence": 0.9},
        [{"entity": "name", "value": "Zaunkönig"}],
        parse_data={"intent_ranking": [], "answer": "Zaunkönig"},
        metadata={"choice": "answer:x:Zaunkönig", "message_id": "m1", "broker": {"n": "Zaunkönig"}},
    )
    bot = BotUttered("Zaunkönig", {"buttons": ["Zaunkönig"]}, {"utter_action": "utter_x"})
    metadata = SlotSet("session_started_metadata", {"broker": "Zaunkönig"})
    kept = [redacted(event.as_dict()) for event in (user, bot, metadata)]
    assert "Zaunkönig" not in str(kept)
    assert kept[0]["parse_data"]["intent"] == {"name": "inform", "confidence": 0.9}
    assert kept[0]["metadata"] == {"message_id": "m1"}
    assert kept[1]["metadata"] == {"utter_action": "utter_x"}


def test_the_tables_come_by_migrations(database_url: str) -> None:
    from sqlalchemy import create_engine, inspect, text

    TrackerDatabase(database_url, [KEY]).close()
    engine = create_engine(database_url)
    assert {"tracker_states", "tracker_events", "tracker_version"} <= set(
        inspect(engine).get_table_names()
    )
    # As before there were migrations: the tables, and no note of their version.
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE tracker_version"))
    older = TrackerDatabase(database_url, [KEY])
    older.upgrade()
    older.upgrade()
    assert older.conversation_ids() == []
    older.close()
    assert "tracker_version" in inspect(engine).get_table_names()
    engine.dispose()


def test_servers_that_start_together_make_the_tables_once(database_url: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: TrackerDatabase(database_url, [KEY]), range(4)))
    assert [each.conversation_ids() for each in opened] == [[]] * 4
    for each in opened:
        each.close()
