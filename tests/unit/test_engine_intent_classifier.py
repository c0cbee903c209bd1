"""The intent classifier: trained on a handful of examples, stored, loaded, asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.intent_classifier import IntentClassifier
from bot.understanding.intents import fold

EXAMPLES = {
    "greet": ["hallo", "guten Tag", "grüß Gott", "servus"],
    "cancel": ["abbrechen", "ich möchte aufhören", "Schluss jetzt", "beenden"],
    "ask_price": ["was kostet das", "wie teuer ist das", "wie hoch ist der Beitrag", "Preis"],
}


def classifier(folder: Path, threshold: float = 0.5) -> IntentClassifier:
    storage = LocalModelStorage(folder)
    context = ExecutionContext(GraphSchema({}), node_name="intents")
    config = {**IntentClassifier.get_default_config(), "threshold": threshold}
    resource = Resource("intents")
    data = TrainingData(
        [
            Message.build(text=text, intent=intent)
            for intent, texts in EXAMPLES.items()
            for text in texts
        ]
    )
    IntentClassifier.create(config, storage, resource, context).train(data)
    return IntentClassifier.load(config, storage, resource, context)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> IntentClassifier:
    return classifier(tmp_path_factory.mktemp("model"))


def intent_of(model: IntentClassifier, text: str) -> dict[str, object]:
    [message] = IntentClassifier.process(model, [Message({"text": text})])
    found: dict[str, object] = message.get("intent")
    assert message.get("intent_ranking")[0] == found
    return found


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Guten Tag!", "greet"),
        ("GRUESS GOTT", "greet"),
        ("ich moechte bitte aufhoeren", "cancel"),
        ("abbrechn", "cancel"),
        ("und was kostet es?", "ask_price"),
    ],
)
def test_spelling_case_and_umlauts_do_not_matter(
    trained: IntentClassifier, text: str, intent: str
) -> None:
    assert intent_of(trained, text)["name"] == intent


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "ΩΩΩ"])
def test_text_without_anything_known_is_a_fallback(trained: IntentClassifier, text: str) -> None:
    assert intent_of(trained, text) == {"name": "nlu_fallback", "confidence": 1.0}


def test_an_uncertain_guess_is_a_fallback_and_ranks_behind_it(tmp_path: Path) -> None:
    strict = classifier(tmp_path, threshold=0.999)
    [message] = IntentClassifier.process(strict, [Message({"text": "hallo Preis abbrechen"})])
    ranking = message.get("intent_ranking")
    assert ranking[0]["name"] == "nlu_fallback"
    assert {each["name"] for each in ranking[1:]} == set(EXAMPLES)
    assert ranking[0]["confidence"] == pytest.approx(1 - ranking[1]["confidence"])


def test_a_long_message_is_read_as_far_as_intents_reach(trained: IntentClassifier) -> None:
    assert intent_of(trained, "guten Tag " * 5000)["name"] == "greet"


def test_folding() -> None:
    assert fold("Größe ÄÖÜ") == "groesse aeoeue"
