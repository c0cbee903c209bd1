"""Intents of typed messages, told from character and word n-grams; no TensorFlow involved."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union

_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
# Intents show early: the rest of a long message only costs time.
_CONSIDERED_CHARACTERS = 500
_RANKING_LENGTH = 5
_WORD = r"\w+"
_MODEL_FILE = "intents.joblib"
# The former comes near the solution in cheap steps, the latter goes on from there in a few good
# ones: then of a thousand messages one still has another intent than after any number of them.
_COURSE = (("saga", 10), ("newton-cg", 4))


def fold(text: str) -> str:
    """The text without what German spellings of the same word differ in: case and umlauts."""
    return text[:_CONSIDERED_CHARACTERS].casefold().translate(_FOLDED)


def _trained(texts: list[str], intents: list[str], regularisation: float) -> Pipeline:
    # Single precision is quicker and changes no intent.
    features = make_union(
        TfidfVectorizer(
            preprocessor=fold, analyzer="char_wb", ngram_range=(2, 4), dtype=np.float32
        ),
        TfidfVectorizer(
            preprocessor=fold,
            analyzer="word",
            ngram_range=(1, 2),
            token_pattern=_WORD,
            dtype=np.float32,
        ),
    )
    vectors = features.fit_transform(texts)
    classifier = LogisticRegression(
        C=regularisation, class_weight="balanced", warm_start=True, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for solver, iterations in _COURSE:
            classifier.set_params(solver=solver, max_iter=iterations).fit(vectors, intents)
    return make_pipeline(features, classifier)


class OneMessageModel:
    """The same confidences as scikit-learn's ``predict_proba``, an order of magnitude sooner.

    Args:
        trained: a union of tf-idf vectorizers, then a multinomial logistic regression.
    """

    def __init__(self, trained: Pipeline) -> None:
        union, classifier = trained[0], trained[-1]
        self.intents: list[str] = [str(each) for each in classifier.classes_]
        self._features = [_Features(each) for _, each in union.transformer_list]
        self._intercept = classifier.intercept_
        # One row for each n-gram: what it says about every intent.
        weights = np.ascontiguousarray(classifier.coef_.T)
        ends = np.cumsum([each.size for each in self._features])
        self._weights = np.split(weights, ends[:-1])

    def confidences(self, text: str) -> Any | None:
        """A confidence for each of ``intents``; none if nothing in the text is known."""
        scores = self._intercept.copy()
        known = False
        for features, weights in zip(self._features, self._weights):
            found, values = features.of(text)
            if len(found):
                known = True
                scores += values @ weights.take(found, axis=0)
        if not known:
            return None
        likelihood = np.exp(scores - scores.max())
        return likelihood / likelihood.sum()


class _Features:
    def __init__(self, vectorizer: TfidfVectorizer) -> None:
        self._analyze: Callable[[str], list[str]] = vectorizer.build_analyzer()
        self._columns: dict[str, int] = vectorizer.vocabulary_
        self._weights = vectorizer.idf_
        self.size = len(self._columns)

    def of(self, text: str) -> tuple[Any, Any]:
        """The known n-grams of the text, by column, with their tf-idf values."""
        columns = self._columns
        counts = Counter(columns[each] for each in self._analyze(text) if each in columns)
        found = np.fromiter(counts, np.intp, len(counts))
        values = np.fromiter(counts.values(), float, len(counts)) * self._weights.take(found)
        return found, values / np.sqrt(values @ values) if counts else values


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
            trained: Pipeline = joblib.load(folder / _MODEL_FILE)
        return cls(config, model_storage, resource, OneMessageModel(trained))

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
        model = _trained(
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
