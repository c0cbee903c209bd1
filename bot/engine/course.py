"""What is stored of a conversation: what held before its last turns, and those turns."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Set

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
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
from bot.engine.tracker_redaction import redacted

STATE_FORMAT = 2
# Had what held before as events among the others.
_ONLY_EVENTS = 1
KEPT_TURNS = 2

# Events that change nothing that lasts beyond their turn.
_OF_A_TURN = (ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, UserUttered)
USUAL = frozenset({*_OF_A_TURN, SlotSet, SessionStarted})
_TAKING_BACK = frozenset({ActionReverted, UserUtteranceReverted})
_JSON = json.JSONEncoder(ensure_ascii=False)

Data = Dict[str, Any]


@dataclass(frozen=True)
class Part:
    """Events from one message up to the next, as they come back from where they are stored.

    ``text`` is their JSON without the brackets around it. The events belong to whoever read them.
    """

    events: Sequence[Event]
    text: str

    @classmethod
    def of(cls, data: Sequence[Data]) -> Part:
        """
        Raises:
            KeyError: an event is none of Rasa's.
        """
        text = _JSON.encode(data)
        return cls([event_of(each) for each in json.loads(text)], text[1:-1])

    def data(self) -> List[Data]:
        """The events as Rasa's ``as_dict`` gives them."""
        found: List[Data] = json.loads(f"[{self.text}]")
        return found


def parts_of(data: Sequence[Data]) -> List[Part]:
    """The same events, apart at each message."""
    starts = [i for i, each in enumerate(data) if i and each["event"] == UserUttered.type_name]
    if not data:
        return []
    return [Part.of(data[at:to]) for at, to in pairwise([0, *starts, len(data)])]


def as_stored(events: Sequence[Event]) -> List[Part]:
    """What will be stored of the events: not what was typed or said."""
    return parts_of([redacted(event.as_dict()) for event in events])


@dataclass(frozen=True)
class Standing:
    """What held before: what set each slot that is not as at first; all at the beginning."""

    at: float
    slots: Mapping[str, SlotSet]

    def events(self) -> List[Event]:
        """The same state in few events."""
        return [
            ActionExecuted(ACTION_SESSION_START_NAME, timestamp=self.at),
            SessionStarted(self.at),
            *self.slots.values(),
            ActionExecuted(ACTION_LISTEN_NAME, timestamp=self.at),
        ]

    def values(self) -> Dict[str, Any]:
        """The slots' values by name."""
        return {name: event.value for name, event in self.slots.items()}


@dataclass(frozen=True)
class Course:
    """The state of a conversation in few events: what held before the last turns, then those."""

    standing: Optional[Standing] = None
    kept: Sequence[Part] = ()

    @classmethod
    def read(cls, state: Any) -> Optional[Course]:
        """The course from its stored form; nothing if another release stored it so.

        Raises:
            KeyError, TypeError: it is damaged.
        """
        if state["format"] not in (_ONLY_EVENTS, STATE_FORMAT):
            return None
        kept = parts_of(state["events"])
        if "slots" not in state:
            return cls(None, kept)
        at = state["at"]
        slots = {name: SlotSet(name, value, at) for name, value in state["slots"].items()}
        return cls(Standing(at, slots), kept)

    def text(self) -> str:
        """What ``read`` takes, as JSON."""
        # The turns before were encoded when they were new.
        events = ", ".join(part.text for part in self.kept)
        before = ""
        if self.standing is not None:
            values = _JSON.encode(self.standing.values())
            before = f'"at": {_JSON.encode(self.standing.at)}, "slots": {values}, '
        return f'{{"format": {STATE_FORMAT}, {before}"events": [{events}]}}'

    def kept_events(self) -> Iterator[Event]:
        """The events of the last turns."""
        return (event for part in self.kept for event in part.events)

    def events(self) -> List[Event]:
        """Everything that a tracker of this state holds."""
        return [*(self.standing.events() if self.standing else ()), *self.kept_events()]

    def slots_set(self) -> Set[str]:
        """The slots that something in it sets."""
        kept = {event.key for event in self.kept_events() if type(event) is SlotSet}
        return kept.union(self.standing.slots if self.standing else ())

    def continued(self, new: Sequence[Part], slots: List[Slot]) -> Course:
        """The same course with what is new, and only so many turns kept.

        Args:
            slots: those of the domain.
        """
        parts = [*self.kept, *new]
        turns = [i for i, part in enumerate(parts) if type(part.events[0]) is UserUttered]
        # What is taken back later must still be there; nobody can ask for it in this product.
        if len(turns) <= KEPT_TURNS or any(
            type(event) in _TAKING_BACK for part in parts for event in part.events
        ):
            return Course(self.standing, parts)
        before, kept = parts[: turns[-KEPT_TURNS]], parts[turns[-KEPT_TURNS] :]
        standing = _standing(self.standing, before, slots)
        if standing is not None:
            return Course(standing, kept)
        earlier = self.standing.events() if self.standing else []
        data = [
            *(event.as_dict() for event in earlier),
            *(each for p in before for each in p.data()),
        ]
        return Course(None, [Part.of(_replayed(data, slots)), *kept])


def _standing(
    earlier: Optional[Standing], before: Sequence[Part], slots: List[Slot]
) -> Optional[Standing]:
    """What held after ``before`` if only plain turns went before; nothing if Rasa has to tell."""
    at = earlier.at if earlier else before[0].events[0].timestamp
    held = dict(earlier.slots) if earlier else {}
    action = ACTION_LISTEN_NAME if earlier else None
    changed: Set[str] = set()
    for part in before:
        for event in part.events:
            kind = type(event)
            if kind is SlotSet:
                held[event.key] = event
                changed.add(event.key)
            elif kind is ActionExecuted:
                action = event.action_name
            elif kind is SessionStarted:
                held.clear()
            elif kind not in USUAL:
                return None
    if action != ACTION_LISTEN_NAME:
        return None
    initial = {slot.name: slot.initial_value for slot in slots}
    for name in changed & held.keys():
        value = held[name].value
        if value == initial.get(name):
            del held[name]
        else:
            held[name] = SlotSet(name, value, at)
    return Standing(at, held)


def _replayed(data: Sequence[Data], slots: List[Slot]) -> List[Data]:
    tracker = DialogueStateTracker("", slots)
    for each in data:
        tracker.update(event_of(each))
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
        event.timestamp = data[-1].get("timestamp")
    return [event.as_dict() for event in standing]
