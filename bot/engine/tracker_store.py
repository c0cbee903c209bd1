"""Rasa's conversation state: bounded to read, private to store, never overwritten unnoticed."""

from __future__ import annotations

import copy
import itertools
import json
import logging
from typing import Any, Dict, Iterable, List, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.events import event_of
from bot.engine.tracker_database import StoredState, TrackerDatabase
from bot.engine.tracker_redaction import redacted
from bot.settings import settings
from bot.storage import UnreadablePayload
from bot.threads import in_thread

logger = logging.getLogger(__name__)

STATE_FORMAT = 1
KEPT_TURNS = 2

# Events that change nothing that lasts beyond their turn.
_OF_A_TURN = (ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, UserUttered)
_PLAIN = frozenset(each.type_name for each in _OF_A_TURN)
_USUAL = frozenset({*_OF_A_TURN, SlotSet, SessionStarted})
_TAKING_BACK = frozenset({ActionReverted.type_name, UserUtteranceReverted.type_name})
_SLOT = SlotSet.type_name


class ConversationTracker(DialogueStateTracker):
    """A tracker that knows what it continues; the first ``loaded`` of its events are stored."""

    slots: Dict[str, Slot]
    stored: Optional[StoredState] = None
    loaded: List[Dict[str, Any]]
    _shares_slots = False

    def copy(self) -> DialogueStateTracker:
        """A duplicate, without Rasa's replay of every event.

        Of many slots few change afterwards: only these are no longer shared then.
        """
        twin = copy.copy(self)
        twin.events = self.events.copy()
        twin.slots = self.slots.copy()
        twin.active_loop = copy.copy(self.active_loop)
        self._shares_slots = twin._shares_slots = True
        return twin

    def _set_slot(self, key: str, value: Any) -> None:
        if self._shares_slots and key in self.slots:
            self.slots[key] = _twin(self.slots[key])
        super()._set_slot(key, value)

    def _reset_slots(self) -> None:
        if self._shares_slots:
            self.slots = {name: _twin(slot) for name, slot in self.slots.items()}
            self._shares_slots = False
        super()._reset_slots()

    def applied_events(self) -> List[Event]:
        """The events that count; Rasa looks for what was taken back by five questions to each."""
        if not _USUAL.issuperset(map(type, self.events)):
            return super().applied_events()
        events = list(self.events)
        begun = [i for i, event in enumerate(events) if type(event) is SessionStarted]
        return events[begun[-1] + 1 :] if begun else events


def _twin(slot: Slot) -> Slot:
    # `copy.copy` takes five times as long, for each of many slots.
    twin: Slot = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin


class PrivateTrackerStore(TrackerStore):
    """Stores a conversation's present state with its last turns, and its whole course.

    A turn reads one row, however long the conversation is. Neither what was typed nor what was
    said is stored, and everything stored is sealed. Of two turns that continue the same version
    the second fails (``StaleTracker``), as does a turn that cannot be stored.
    """

    def __init__(
        self,
        domain: Optional[Domain] = None,
        event_broker: Optional[EventBroker] = None,
        host: Optional[str] = None,
        database: Optional[TrackerDatabase] = None,
        **kwargs: Dict[str, Any],
    ) -> None:
        super().__init__(domain, event_broker)
        self.database = database or TrackerDatabase.from_settings(settings())

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The conversation as its next turn needs it, or none if it is new."""
        return await in_thread(self._retrieved, sender_id)

    def _retrieved(self, sender_id: str) -> Optional[DialogueStateTracker]:
        stored = self.database.state(sender_id)
        if stored is None:
            return None
        events = self._opened(stored.state)
        if events is None:
            logger.warning("A conversation's state cannot be read; it is replayed from its course")
            events = self.database.history(sender_id)
        tracker = self._tracker(sender_id, events)
        tracker.stored = stored
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """The whole course of the conversation, for looking at it."""
        events = await in_thread(self.database.history, conversation_id)
        return self._tracker(conversation_id, events) if events else None

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """A new conversation; it is stored with its first turn."""
        tracker = self._tracker(sender_id, [])
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what happened since the tracker was retrieved.

        Raises:
            StaleTracker: another turn was stored meanwhile; nothing of this one was.
            DatabaseUnavailable: nothing was stored.
        """
        if not isinstance(tracker, ConversationTracker):
            raise TypeError("only a tracker that this store gave out can be stored")
        await self.stream_events(tracker)
        await in_thread(self._store, tracker)

    def _store(self, tracker: ConversationTracker) -> None:
        added = itertools.islice(tracker.events, len(tracker.loaded), None)
        new = [redacted(event.as_dict()) for event in added]
        events = [*tracker.loaded, *new]
        state = {"format": STATE_FORMAT, "events": compacted(events, self.domain.slots)}
        sealed = self.database.vault.seal_json(state)
        tracker.stored = self.database.store(tracker.sender_id, tracker.stored, sealed, new)
        tracker.loaded = events

    async def keys(self) -> Iterable[str]:
        """Every stored conversation."""
        return await in_thread(self.database.conversation_ids)

    def _tracker(self, sender_id: str, events: List[Dict[str, Any]]) -> ConversationTracker:
        tracker = ConversationTracker(sender_id, [])
        tracker.slots = {slot.name: _twin(slot) for slot in self.domain.slots}
        for event in map(event_of, events):
            # `update` would look for what only new events lack.
            tracker.events.append(event)
            event.apply_to(tracker)
        tracker.loaded = events
        return tracker

    def _opened(self, sealed: bytes) -> Optional[list[dict[str, Any]]]:
        try:
            state = json.loads(self.database.vault.open(sealed))
            return state["events"] if state["format"] == STATE_FORMAT else None
        except (UnreadablePayload, ValueError, KeyError, TypeError):
            return None


def compacted(events: List[Dict[str, Any]], slots: List[Slot]) -> List[Dict[str, Any]]:
    """The same state in few events: what held before the last turns, then those turns."""
    turns = [i for i, event in enumerate(events) if event["event"] == UserUttered.type_name]
    # What is taken back later must still be there; nobody can ask for it in this product.
    if len(turns) <= KEPT_TURNS or any(event["event"] in _TAKING_BACK for event in events):
        return events
    before, kept = events[: turns[-KEPT_TURNS]], events[turns[-KEPT_TURNS] :]
    values = _values_after(before)
    if values is None:
        return [*_standing(before, slots), *kept]
    initial = {slot.name: slot.initial_value for slot in slots}
    changed = [(name, value) for name, value in values.items() if value != initial.get(name)]
    at = before[-1].get("timestamp")
    return [
        _action(ACTION_SESSION_START_NAME, at),
        {"event": SessionStarted.type_name, "timestamp": at},
        *({"event": _SLOT, "timestamp": at, "name": n, "value": v} for n, v in changed),
        _action(ACTION_LISTEN_NAME, at),
        *kept,
    ]


def _values_after(events: List[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    """The slots' values if only plain turns went before; nothing if it takes Rasa to tell."""
    values: Dict[str, Any] = {}
    for event in events:
        if event["event"] == _SLOT:
            values[event["name"]] = event["value"]
        elif event["event"] == SessionStarted.type_name:
            values.clear()
        elif event["event"] not in _PLAIN:
            return None
    actions = [event["name"] for event in events if event["event"] == ActionExecuted.type_name]
    return values if actions and actions[-1] == ACTION_LISTEN_NAME else None


def _action(name: str, at: Optional[float]) -> Dict[str, Any]:
    return {"event": ActionExecuted.type_name, "timestamp": at, "name": name}


def _standing(before: List[Dict[str, Any]], slots: List[Slot]) -> List[Dict[str, Any]]:
    tracker = DialogueStateTracker("", slots)
    for event in before:
        tracker.update(event_of(event))
    initial = {slot.name: slot.initial_value for slot in slots}
    standing: List[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    standing += [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if slot.value != initial.get(name)
    ]
    if tracker.active_loop is not None:
        standing.append(ActiveLoop(tracker.active_loop.name))
        if tracker.active_loop.is_interrupted:
            standing.append(LoopInterrupted(is_interrupted=True))
    if tracker.is_paused():
        standing.append(ConversationPaused())
    standing.append(ActionExecuted(ACTION_LISTEN_NAME))
    for event in standing:
        event.timestamp = before[-1].get("timestamp")
    return [event.as_dict() for event in standing]
