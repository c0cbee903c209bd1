"""What a typed message is, given what is open: the intent that decides which action runs."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import clock
from bot.application.questions import UnknownField, application_fields, question
from bot.conversation.interpreting import Interpretation, interpret
from bot.conversation.utterance import Situation
from bot.engine.intent_classifier import IntentClassifier

_FIELDS = application_fields()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TurnInterpreter(IntentClassifier):
    """The intent classifier, asked again with the open question in mind.

    A message with several parts ("230, aber was heißt fallend?") gets the intent of its answer;
    the entity ``answer_part`` holds what may answer the question, ``topic`` what is asked besides.
    """

    def process(  # type: ignore[override] # Rasa passes what the signature asks for
        self, messages: List[Message], tracker: DialogueStateTracker
    ) -> List[Message]:
        """Set intent and entities of each message."""
        situation = _situation(tracker)
        for message in messages:
            found = interpret(message.get(TEXT) or "", situation, self.rank)
            message.set(
                INTENT,
                {"name": found.intent, "confidence": float(found.confidence)},
                add_to_output=True,
            )
            message.set(ENTITIES, _entities(found), add_to_output=True)
        return messages

    def rank(self, text: str) -> list[tuple[str, float]]:
        """The likeliest intents of a text by itself, with their confidence."""
        return [(each["name"], each["confidence"]) for each in self.ranking(text)]


def _situation(tracker: DialogueStateTracker) -> Situation:
    slots: Dict[str, Any] = tracker.current_slot_values()
    return Situation(
        open_question=_still_asked(slots.get("open_question")),
        pending=slots.get("pending"),
        answers={name: each for name in _FIELDS if (each := slots.get(name)) is not None},
        today=clock.today(),
    )


def _still_asked(key: Any) -> Optional[str]:
    """The question, unless it was one of an earlier release only."""
    try:
        return question(key).key if key else None
    except UnknownField:
        return None


def _entities(found: Interpretation) -> List[Dict[str, Any]]:
    entities: List[Dict[str, Any]] = [{"entity": "topic", "value": topic} for topic in found.topics]
    if found.answer is not None:
        entities.append({"entity": "answer_part", "value": found.answer})
    return entities
