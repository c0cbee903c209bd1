"""Rasa's component for the intents of typed messages; no TensorFlow involved."""

from __future__ import annotations

from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.intents import OneMessageModel, trained

_RANKING_LENGTH = 5
_MODEL_FILE = "intents.joblib"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    """Sets intent, confidence and ranking of a message.

    Below ``threshold``, or if nothing in the message is known, the intent is ``nlu_fallback``
    with the confidence that none of the intents fits.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"threshold": 0.45, "regularisation": 20.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        with model_storage.read_from(resource) as folder:
            pipeline = joblib.load(folder / _MODEL_FILE)
        return cls(config, model_storage, resource, OneMessageModel(pipeline))

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: OneMessageModel | None = None,
    ) -> None:
        self._threshold = float(config["threshold"])
        self._regularisation = float(config["regularisation"])
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the NLU examples.

        Raises:
            ValueError: they show fewer than two intents.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        model = trained(
            [e.get(TEXT) for e in examples],
            [e.get(INTENT) for e in examples],
            self._regularisation,
        )
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump(model, folder / _MODEL_FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing that later components learn from is added."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of each message."""
        for message in messages:
            ranking = self.ranking(message.get(TEXT) or "")
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def ranking(self, text: str) -> list[dict[str, Any]]:
        """The likeliest intents of a text by itself, the best first."""
        assert self._model is not None, "loaded by Rasa before it processes anything"  # noqa: S101
        confidences = self._model.confidences(text)
        if confidences is None:
            return [_intent(DEFAULT_NLU_FALLBACK_INTENT_NAME, 1.0)]
        best = confidences.argsort()[::-1][:_RANKING_LENGTH]
        ranking = [_intent(self._model.intents[i], confidences[i]) for i in best]
        if ranking[0]["confidence"] < self._threshold:
            return [
                _intent(DEFAULT_NLU_FALLBACK_INTENT_NAME, 1.0 - ranking[0]["confidence"]),
                *ranking,
            ]
        return ranking


def _intent(name: str, confidence: float) -> dict[str, Any]:
    return {"name": str(name), "confidence": float(confidence)}
