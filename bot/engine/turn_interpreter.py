"""What a typed message is, given what is open: the intent that decides which action runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import clock
from bot.application.draft import Draft
from bot.application.questions import UnknownField, question
from bot.conversation.interpreting import Interpretation, interpret
from bot.conversation.turn_context import context_of
from bot.conversation.utterance import Situation
from bot.engine.intent_classifier import IntentClassifier


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TurnInterpreter(IntentClassifier):
    """The intent classifier, asked again with the open question in mind.

    A message with several parts ("230, aber was heißt fallend?") gets the intent of its answer;
    the entity ``answer_part`` holds what may answer the question, ``topic`` what is asked besides.
    """

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and entities of each message."""
        for message in messages:
            context = context_of(message.get(METADATA))
            situation = _situation(context.draft if context else None)
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


def _situation(draft: Draft | None) -> Situation:
    """How things stand in the draft; without one, nothing is open or known."""
    if draft is None:
        return Situation(None, None, {}, clock.today())
    return Situation(
        open_question=_still_asked(draft.open_question) if draft.status == "open" else None,
        pending=draft.pending.kind if draft.pending else None,
        answers={name: each for name, each in draft.answers.items() if each is not None},
        today=clock.today(),
    )


def _still_asked(key: str | None) -> str | None:
    """The question, unless it was one of an earlier release only."""
    try:
        return question(key).key if key else None
    except UnknownField:
        return None


def _entities(found: Interpretation) -> list[Mapping[str, Any]]:
    entities: list[Mapping[str, Any]] = [
        {"entity": "topic", "value": topic} for topic in found.topics
    ]
    if found.answer is not None:
        entities.append({"entity": "answer_part", "value": found.answer})
    return entities
