"""From Rasa to the dialogue and back: what every custom action does around its capability."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.services import services
from bot import clock
from bot.application.catalogue import note_catalogue
from bot.conversation.asking import ask
from bot.conversation.renewing import renew
from bot.conversation.slots import changed_slots
from bot.conversation.turn import Message, Turn
from bot.conversation.turn_context import CONTEXT, TurnContext
from bot.observability.metrics import timed_action
from bot.observability.tracing import span


class TurnAction(Action, ABC):
    """One capability: lets ``handle`` work on the draft of the turn and sends the replies.

    Whoever began the turn stores the draft. What ``takes_answers`` is not handled when the open
    question is another one since a new release.
    """

    action: ClassVar[str]
    takes_answers: ClassVar[bool] = False

    @abstractmethod
    def handle(self, turn: Turn) -> None:
        """Do what this action is for; replies and answers end up in ``turn``."""

    def name(self) -> str:
        return self.action

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        with timed_action(self.action), span(self.action):
            return self._run(dispatcher, tracker)

    def _run(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        context: TurnContext = tracker.latest_message["metadata"][CONTEXT]
        turn = Turn(context.draft, _understood(context.message, tracker), services(), clock.now())
        may_take_answers = renew(turn)
        if may_take_answers or not self.takes_answers:
            self.handle(turn)
        else:
            ask(turn)
        note_catalogue(turn.draft)
        context.erased, context.discarded = turn.erased, turn.discarded
        _send(dispatcher, [reply.as_message() for reply in turn.replies])
        return [SlotSet(name, value) for name, value in changed_slots(turn.draft, tracker.slots)]


def _understood(message: Message, tracker: Tracker) -> Message:
    """The message with what Rasa's pipeline, or the channel, understood."""
    latest = tracker.latest_message
    entities = latest.get("entities") or []
    parts = [each["value"] for each in entities if each.get("entity") == "answer_part"]
    return replace(
        message,
        intent=(latest.get("intent") or {}).get("name") or "",
        answer=parts[0] if parts else None,
        topics=tuple(each["value"] for each in entities if each.get("entity") == "topic"),
    )


def _send(dispatcher: CollectingDispatcher, replies: list[dict[str, Any]]) -> None:
    for reply in replies:
        structured = {key: reply[key] for key in ("question", "card") if key in reply}
        dispatcher.utter_message(
            text=reply.get("text", ""),
            buttons=reply.get("choices"),
            json_message=structured or None,
        )
