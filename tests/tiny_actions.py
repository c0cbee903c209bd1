"""Custom actions of the tiny bot that the engine is tested with."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection


class ActionCount(Action):
    def name(self) -> str:
        return "action_count"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[Any]:
        count = tracker.get_slot("counter") + 1
        typed = tracker.latest_message.get("text")
        dispatcher.utter_message(
            text=f"Nummer {count}: {typed}",
            buttons=[{"title": "Weiter", "payload": "command:next"}],
            json_message={"question": {"field": "counter", "type": "number"}},
        )
        return [SlotSet("counter", count), SlotSet("remark", f"secret {typed}")]


class ActionFail(Action):
    def name(self) -> str:
        return "action_fail"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[Any]:
        raise ValueError(tracker.latest_message["text"])


class ActionReject(Action):
    def name(self) -> str:
        return "action_reject"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[Any]:
        raise ActionExecutionRejection(self.name())
