"""Rasa's view of a conversation: made from its draft when Rasa asks for it, stored nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.application.draft import Draft
from bot.conversation.slots import slot_values
from bot.settings import settings
from bot.storage import DraftStore
from bot.storage.stores import Stores
from bot.threads import in_thread


class DerivedTrackerStore(TrackerStore):
    """Gives a tracker for each stored draft; keeps nothing.

    The turn under way stores its draft by itself, together with what was said.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        drafts: Callable[[], DraftStore] | None = None,
        **kwargs: dict[str, Any],
    ) -> None:
        super().__init__(domain, event_broker)
        self._drafts = drafts or (lambda: Stores.open(settings()).drafts)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as its draft tells it, or none if it is new.

        Raises:
            DatabaseUnavailable: the draft cannot be read.
        """
        draft = await in_thread(lambda: self._drafts().load(sender_id))
        return None if draft is None else tracker_of(draft, self.domain)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Nothing: whoever carries out the turn stores the draft."""

    async def keys(self) -> Iterable[str]:
        """Every stored conversation."""
        return await in_thread(lambda: self._drafts().conversation_ids())


def tracker_of(draft: Draft, domain: Domain) -> DialogueStateTracker:
    """A tracker in which a session has begun, what was answered is set and a message awaited."""
    tracker = DialogueStateTracker(draft.conversation_id, domain.slots)
    tracker.update(ActionExecuted(ACTION_SESSION_START_NAME))
    tracker.update(SessionStarted())
    for name, value in slot_values(draft).items():
        if value is not None and name in tracker.slots:
            tracker.update(SlotSet(name, value))
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    return tracker
