"""Custom actions of the tiny bot that the engine is tested with."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.conversation.turn_context import CONTEXT


class ActionCount(Action):
    def name(self) -> str:
        return "action_count"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[Any]:
        context = tracker.latest_message["metadata"][CONTEXT]
        count = context.draft.answers.get("member_count", 1) + 1
        context.draft.answers["member_count"] = count
        dispatcher.utter_message(
            text=f"Nummer {count}: {tracker.latest_message['text']}",
            buttons=[{"title": "Weiter", "payload": "command:next"}],
            json_message={"question": {"field": "counter", "type": "number"}},
        )
        return [SlotSet("member_count", count)]


class ActionFail(Action):
    def name(self) -> str:
        return "action_fail"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[Any]:
        tracker.latest_message["metadata"][CONTEXT].draft.answers["member_count"] = 99
        raise ValueError(tracker.latest_message["text"])


class ActionReject(Action):
    def name(self) -> str:
        return "action_reject"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[Any]:
        raise ActionExecutionRejection(self.name())
