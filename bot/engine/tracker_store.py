"""Rasa's conversation state: bounded to read, private to store, never overwritten unnoticed."""

from __future__ import annotations

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
    ActiveLoop,
    ConversationPaused,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.engine.tracker_database import StoredState, TrackerDatabase
from bot.engine.tracker_redaction import redacted
from bot.settings import settings
from bot.storage import UnreadablePayload

logger = logging.getLogger(__name__)

STATE_FORMAT = 1
KEPT_TURNS = 2

_EVENT_CLASSES = {event.type_name: event for event in all_subclasses(Event)}


class ConversationTracker(DialogueStateTracker):
    """A tracker that knows what it continues; the first ``loaded_events`` events are stored."""

    stored: Optional[StoredState] = None
    loaded_events: int = 0


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
        stored = self.database.state(sender_id)
        if stored is None:
            return None
        events = self._opened(stored.state)
        if events is None:
            logger.warning("A conversation's state cannot be read; it is replayed from its course")
            events = self.database.history(sender_id)
        tracker = self._tracker(sender_id, [_event(data) for data in events])
        tracker.stored = stored
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """The whole course of the conversation, for looking at it."""
        events = self.database.history(conversation_id)
        if not events:
            return None
        return self._tracker(conversation_id, [_event(data) for data in events])

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
        new = itertools.islice(tracker.events, tracker.loaded_events, None)
        tracker.stored = self.database.store(
            tracker.sender_id,
            tracker.stored,
            self._sealed(compacted(list(tracker.events), self.domain.slots)),
            [redacted(event.as_dict()) for event in new],
        )
        tracker.loaded_events = len(tracker.events)

    async def keys(self) -> Iterable[str]:
        """Every stored conversation."""
        return self.database.conversation_ids()

    def _tracker(self, sender_id: str, events: List[Event]) -> ConversationTracker:
        tracker = ConversationTracker(sender_id, self.domain.slots)
        for event in events:
            tracker.update(event)
        tracker.loaded_events = len(tracker.events)
        return tracker

    def _sealed(self, events: List[Event]) -> bytes:
        state = {"format": STATE_FORMAT, "events": [redacted(e.as_dict()) for e in events]}
        return self.database.vault.seal_json(state)

    def _opened(self, sealed: bytes) -> Optional[list[dict[str, Any]]]:
        try:
            state = json.loads(self.database.vault.open(sealed))
            return state["events"] if state["format"] == STATE_FORMAT else None
        except (UnreadablePayload, ValueError, KeyError, TypeError):
            return None


def compacted(events: List[Event], slots: List[Slot]) -> List[Event]:
    """The same state in few events: what held before the last turns, then those turns."""
    turns = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= KEPT_TURNS:
        return events
    cut = turns[-KEPT_TURNS]
    before = DialogueStateTracker("", slots)
    for event in events[:cut]:
        before.update(event)
    return [*_standing(before, slots, events[cut - 1].timestamp), *events[cut:]]


def _standing(tracker: DialogueStateTracker, slots: List[Slot], at: float) -> List[Event]:
    initial = {slot.name: slot.initial_value for slot in slots}
    changed = [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if slot.value != initial.get(name)
    ]
    standing = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), *changed]
    if tracker.active_loop is not None:
        standing.append(ActiveLoop(tracker.active_loop.name))
        if tracker.active_loop.is_interrupted:
            standing.append(LoopInterrupted(is_interrupted=True))
    if tracker.is_paused():
        standing.append(ConversationPaused())
    standing.append(ActionExecuted(ACTION_LISTEN_NAME))
    for event in standing:
        event.timestamp = at
    return standing


def _event(data: dict[str, Any]) -> Event:
    return _EVENT_CLASSES[data["event"]]._from_parameters(data)
