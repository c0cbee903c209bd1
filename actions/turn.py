"""From Rasa to the dialogue and back: what every custom action does around its capability."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.services import services, stores
from actions.slots import changed_slots
from bot import clock
from bot.application.catalogue import note_catalogue
from bot.application.draft import Draft, LastTurn
from bot.conversation.asking import ask
from bot.conversation.renewing import renew
from bot.conversation.turn import Message, Turn
from bot.observability.metrics import timed_action
from bot.observability.tracing import span
from bot.storage.turn_drafts import draft_found, stored_with_turn


class TurnAction(Action, ABC):
    """One capability: loads the draft, lets ``handle`` work on it, stores it, sends the replies.

    A message that arrives a second time is answered from the stored draft, not handled again.
    What ``takes_answers`` is not handled when the open question is another one since a new release.
    """

    action: ClassVar[str]
    takes_answers: ClassVar[bool] = False

    @abstractmethod
    def handle(self, turn: Turn) -> None:
        """Do what this action is for; replies and answers end up in ``turn``."""

    def name(self) -> str:
        return self.action

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        with timed_action(self.action), span(self.action):
            return self._run(dispatcher, tracker)

    def _run(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> List[EventType]:
        message = _message(tracker)
        draft = _draft(tracker)
        answered = draft.last_turn
        if answered is not None and message.id and answered.message_id == message.id:
            _send(dispatcher, answered.replies)
            return _slot_events(draft, tracker)
        turn = Turn(draft=draft, message=message, services=services(), now=clock.now())
        may_take_answers = renew(turn)
        if may_take_answers or not self.takes_answers:
            self.handle(turn)
        else:
            ask(turn)
        replies = [reply.as_message() for reply in turn.replies]
        if not turn.erased:
            note_catalogue(draft)
            draft.last_turn = LastTurn(message_id=message.id, replies=replies)
            if not stored_with_turn(draft):
                stores().drafts.save(draft)
        _send(dispatcher, replies)
        return _slot_events(draft, tracker)


def _draft(tracker: Tracker) -> Draft:
    found = draft_found(tracker.sender_id) or stores().drafts.load(tracker.sender_id)
    if found is None:
        moment = clock.now()
        found = Draft(conversation_id=tracker.sender_id, created_at=moment, updated_at=moment)
    found.channel = tracker.get_latest_input_channel() or found.channel
    return found


def _message(tracker: Tracker) -> Message:
    latest = tracker.latest_message
    metadata = latest.get("metadata") or {}
    entities = latest.get("entities") or []
    parts = [each["value"] for each in entities if each.get("entity") == "answer_part"]
    return Message(
        id=str(metadata.get("message_id") or ""),
        text=latest.get("text") or "",
        intent=(latest.get("intent") or {}).get("name") or "",
        answer=parts[0] if parts else None,
        topics=tuple(each["value"] for each in entities if each.get("entity") == "topic"),
        choice=metadata.get("choice"),
        document=metadata.get("document"),
        broker=metadata.get("broker"),
        prefill=metadata.get("prefill"),
    )


def _send(dispatcher: CollectingDispatcher, replies: List[Dict[str, Any]]) -> None:
    for reply in replies:
        structured = {key: reply[key] for key in ("question", "card") if key in reply}
        dispatcher.utter_message(
            text=reply.get("text", ""),
            buttons=reply.get("choices"),
            json_message=structured or None,
        )


def _slot_events(draft: Draft, tracker: Tracker) -> List[EventType]:
    return [SlotSet(name, value) for name, value in changed_slots(draft, tracker.slots)]
