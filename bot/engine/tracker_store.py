"""Rasa's conversation state: bounded to read, private to store, never overwritten unnoticed."""

from __future__ import annotations

import copy
import itertools
import json
import logging
from collections import deque
from typing import Any, Dict, Iterable, List, Optional, Sequence, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.course import USUAL, Course, Part, as_stored, parts_of
from bot.engine.tracker_database import StaleTracker, StoredState, TrackerDatabase, TurnHistory
from bot.settings import settings
from bot.storage import UnreadablePayload
from bot.storage.recent import RecentlyStored
from bot.storage.turn_drafts import follows_own
from bot.threads import in_thread

logger = logging.getLogger(__name__)

Kind = TypeVar("Kind")


class ConversationTracker(DialogueStateTracker):
    """A tracker that knows what it continues.

    Attributes:
        stored: the state that it continues, if any is stored; of an origin: its own.
        origin: that state as it was read, which nobody changes.
        known: how many of its first events are stored.
        course: of an origin: what is stored of it.
        domain: of an origin: the domain whose slots it has.
    """

    slots: Dict[str, Slot]
    stored: Optional[StoredState] = None
    origin: ConversationTracker
    known: int = 0
    course: Course = Course()
    domain: Optional[Domain] = None
    _shares_slots = False

    def copy(self) -> DialogueStateTracker:
        """A duplicate, without Rasa's replay of every event.

        Of many slots few change afterwards: only these are no longer shared then.
        """
        twin = _twin(self)
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
        if not USUAL.issuperset(map(type, self.events)):
            return super().applied_events()
        events = list(self.events)
        begun = [i for i, event in enumerate(events) if type(event) is SessionStarted]
        return events[begun[-1] + 1 :] if begun else events


def _twin[Kind](original: Kind) -> Kind:
    # `copy.copy` takes five times as long, for each of many slots.
    twin: Kind = object.__new__(type(original))
    twin.__dict__.update(original.__dict__)
    return twin


class PrivateTrackerStore(TrackerStore):
    """Stores a conversation's present state with its last turns, and its whole course.

    A turn reads one row, however long the conversation is. Neither what was typed nor what was
    said is stored, and everything stored is sealed. Of two turns that continue the same version
    the second fails (``StaleTracker``), as does a turn that cannot be stored. What this process
    stored last of a conversation is remembered, so that its next turn need not open it.
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
        self._remembered: RecentlyStored[ConversationTracker] = RecentlyStored()
        self.database.when_erased(self._remembered.forget)

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The conversation as its next turn needs it, or none if it is new."""
        return await in_thread(self._retrieved, sender_id)

    def _retrieved(self, sender_id: str) -> Optional[DialogueStateTracker]:
        own = self._remembered.latest(sender_id) if follows_own(sender_id) else None
        if own is not None and own.domain is self.domain:
            # If somebody else did store another version, it is noticed when this one is stored.
            return self._tracker(own, own.stored)
        stored = self.database.state(sender_id)
        if stored is None:
            # Another process may have erased it.
            self._remembered.forget(sender_id)
            return None
        origin = self._remembered.content(sender_id, stored.state)
        if origin is None or origin.domain is not self.domain:
            origin = self._origin(sender_id, self._read(sender_id, stored.state))
        return self._tracker(origin, stored)

    @staticmethod
    def _tracker(origin: ConversationTracker, stored: Optional[StoredState]) -> ConversationTracker:
        tracker = _continuing(origin)
        tracker.stored = stored
        return tracker

    def _read(self, sender_id: str, sealed: bytes) -> Course:
        course = self._opened(sealed)
        if course is None:
            logger.warning("A conversation's state cannot be read; it is replayed from its course")
            course = Course(None, parts_of(self.database.history(sender_id)))
        return course

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """The whole course of the conversation, for looking at it."""
        events = await in_thread(self.database.history, conversation_id)
        if not events:
            return None
        return _continuing(self._origin(conversation_id, Course(None, parts_of(events))))

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """A new conversation; it is stored with its first turn."""
        tracker = _continuing(self._origin(sender_id, Course()))
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
        added = list(itertools.islice(tracker.events, tracker.known, None))
        new = as_stored(added)
        course = tracker.origin.course.continued(new, self.domain.slots)
        sealed = self.database.vault.seal(course.text().encode())
        try:
            tracker.stored = self.database.store(
                tracker.sender_id, tracker.stored, sealed, _history_of(new)
            )
        except StaleTracker:
            self._remembered.forget(tracker.sender_id)
            raise
        tracker.origin = self._next_origin(tracker.origin, new, course)
        tracker.origin.stored = tracker.stored
        tracker.known += len(added)
        self._remembered.note(tracker.sender_id, sealed, tracker.origin)

    async def keys(self) -> Iterable[str]:
        """Every stored conversation."""
        return await in_thread(self.database.conversation_ids)

    def _origin(self, sender_id: str, course: Course) -> ConversationTracker:
        tracker = ConversationTracker(sender_id, [])
        tracker.slots = {slot.name: _twin(slot) for slot in self.domain.slots}
        for event in course.events():
            # `update` would look for what only new events lack.
            tracker.events.append(event)
            event.apply_to(tracker)
        tracker.course = course
        tracker.domain = self.domain
        return tracker

    def _next_origin(
        self, origin: ConversationTracker, new: Sequence[Part], course: Course
    ) -> ConversationTracker:
        """What reading ``course`` would give: the origin continued by what is new."""
        kept = list(course.kept_events())
        if origin.domain is not self.domain or not USUAL.issuperset(map(type, kept)):
            return self._origin(origin.sender_id, course)
        following = origin.copy()
        for part in new:
            for event in part.events:
                event.apply_to(following)
        following.events = deque(course.events())
        following.course = course
        for name in Course(None, [*origin.course.kept, *new]).slots_set() - course.slots_set():
            if name in following.slots:
                slot = following.slots[name] = _twin(following.slots[name])
                slot.reset()
        said = [event for event in kept if type(event) is BotUttered]
        following.latest_bot_utterance = said[-1] if said else BotUttered.empty()
        return following

    def _opened(self, sealed: bytes) -> Optional[Course]:
        try:
            return Course.read(json.loads(self.database.vault.open(sealed)))
        except (UnreadablePayload, ValueError, KeyError, TypeError):
            return None


def _continuing(origin: ConversationTracker) -> ConversationTracker:
    """A tracker for whoever goes on from this origin; nothing they change is the origin's."""
    tracker = origin.copy()
    for i in range(-sum(len(part.events) for part in origin.course.kept), 0):
        event = origin.events[i]
        if type(event) is UserUttered:
            tracker.events[i] = _own(event)
            if event is origin.latest_message:
                tracker.latest_message = tracker.events[i]
    if tracker.latest_message is origin.latest_message:
        tracker.latest_message = _own(origin.latest_message)
    tracker.latest_action = dict(origin.latest_action)
    for name, slot in origin.slots.items():
        if isinstance(slot._value, (list, dict)):
            changeable = tracker.slots[name] = _twin(slot)
            changeable._value = copy.deepcopy(slot._value)
    tracker.origin, tracker.known, tracker.course = origin, len(origin.events), Course()
    return tracker


def _own(message: UserUttered) -> UserUttered:
    # Rasa adds entities to a message and notes how it is featurized, both in place.
    own = _twin(message)
    own.entities = message.entities.copy()
    own.parse_data = message.parse_data.copy()
    return own


def _history_of(new: Sequence[Part]) -> Optional[TurnHistory]:
    if not new:
        return None
    events = [event for part in new for event in part.events]
    texts = ", ".join(part.text for part in new)
    return TurnHistory(f"[{texts}]", len(events), events[0].timestamp)
