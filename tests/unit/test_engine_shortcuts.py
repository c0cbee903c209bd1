"""What the engine does its own way comes to the same as Rasa's and scikit-learn's."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import joblib
import numpy as np
import pytest
from rasa.engine import loader
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from bot.engine.departures import OrderedGraphRunner
from bot.engine.intent_policy import present_step
from bot.server.models import ModelInputs, TrainingFailed, ensure_model
from bot.settings import PROJECT
from bot.understanding.intents import OneMessageModel

TINY = PROJECT / "tests" / "unit" / "data" / "tiny_bot"
MESSAGES = ["hallo", "Guten Tag, bitte weiterzählen", "", "🙂", "x" * 700, "WEITER zählen weiter"]


@pytest.fixture(scope="module")
def model() -> Path:
    inputs = ModelInputs(TINY / "config.yml", TINY / "domain.yml", TINY / "data")
    return ensure_model(PROJECT / "var" / "models" / "tests", print, inputs)


@pytest.fixture(scope="module")
def parts(model: Path, tmp_path_factory: pytest.TempPathFactory):
    """The model's metadata, its runner and its storage."""
    folder = tmp_path_factory.mktemp("unpacked")
    metadata, runner = loader.load_predict_graph_runner(
        folder, model, LocalModelStorage, OrderedGraphRunner
    )
    return metadata, runner, LocalModelStorage(folder)


def user(intent: str) -> UserUttered:
    return UserUttered("", {"name": intent, "confidence": 1.0})


def test_rules_say_the_same_as_to_rasas_rule_policy(parts, tmp_path: Path) -> None:
    """For every way in which a turn of the tiny bot can stand, over several turns."""
    metadata, own, _ = parts
    stock = tmp_path / "config.yml"
    config = (TINY / "config.yml").read_text(encoding="utf-8")
    policy = "rasa.core.policies.rule_policy.RulePolicy"
    stock.write_text(config.replace("bot.engine.intent_policy.IntentPolicy", policy))
    inputs = ModelInputs(stock, TINY / "domain.yml", TINY / "data")
    trained = ensure_model(PROJECT / "var" / "models" / "tests", print, inputs)
    _, rasas = loader.load_predict_graph_runner(
        tmp_path / "unpacked", trained, LocalModelStorage, DaskGraphRunner
    )

    def predicted(runner: DaskGraphRunner, tracker: DialogueStateTracker) -> str:
        target = metadata.core_target
        prediction = runner.run(inputs={PLACEHOLDER_TRACKER: tracker}, targets=[target])[target]
        return metadata.domain.action_names_or_texts[prediction.max_confidence_index]

    dice = random.Random(7)
    intents = [*metadata.domain.intents, "nlu_fallback"]
    for _ in range(60):
        tracker = DialogueStateTracker("c", metadata.domain.slots)
        tracker.update(ActionExecuted("action_listen"))
        for _ in range(3):
            tracker.update(user(dice.choice(intents)))
            chosen = ""
            while chosen != "action_listen":
                chosen = predicted(own, tracker)
                if present_step(tracker).intent in RULED:
                    assert chosen == predicted(rasas, tracker)
                tracker.update(ActionExecuted(chosen))
                tracker.update(BotUttered("said"))


RULED = {"greet", "stop", "begin", "count", "nlu_fallback", "choose", "fail", "reject"}


@pytest.mark.parametrize(
    "steps",
    [
        "[{intent: greet}, {action: utter_bye}]",
        "[{intent: stop}, {action: utter_bye}, {active_loop: null}]",
    ],
)
def test_a_rule_that_the_policy_cannot_follow_is_named(steps: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(TINY / "data", data)
    with (data / "rules.yml").open("a", encoding="utf-8") as rules:
        rules.write(f"- rule: another\n  steps: {steps}\n")
    inputs = ModelInputs(TINY / "config.yml", TINY / "domain.yml", data)
    with pytest.raises(TrainingFailed, match="rule"):
        ensure_model(tmp_path / "models", print, inputs)


def test_the_graph_gives_the_same_as_rasas_runner(model: Path, parts, tmp_path: Path) -> None:
    metadata, ordered, _ = parts
    _, rasas = loader.load_predict_graph_runner(tmp_path, model, LocalModelStorage, DaskGraphRunner)
    tracker = DialogueStateTracker("c", metadata.domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    for text in MESSAGES:
        from rasa.core.channels.channel import UserMessage

        for runner in (ordered, rasas):
            given = {PLACEHOLDER_MESSAGE: [UserMessage(text)], PLACEHOLDER_TRACKER: tracker}
            results = runner.run(inputs=given, targets=[metadata.nlu_target])
            (message,) = results[metadata.nlu_target]
            assert isinstance(message, Message)
            runner.seen = (message.get("intent"), message.get("text"))
        assert ordered.seen == rasas.seen
    tracker.update(user("greet"))
    predictions = [
        runner.run(inputs={PLACEHOLDER_TRACKER: tracker}, targets=[metadata.core_target])
        for runner in (ordered, rasas)
    ]
    first, second = (each[metadata.core_target] for each in predictions)
    assert first.probabilities == second.probabilities
    assert first.policy_name == second.policy_name


def test_confidences_are_scikit_learns(parts) -> None:
    _, _, storage = parts
    resource = next(
        each for each in storage._storage_path.iterdir() if (each / "intents.joblib").exists()
    )
    with storage.read_from(Resource(resource.name)) as folder:
        trained = joblib.load(folder / "intents.joblib")
    own = OneMessageModel(trained)
    for text in MESSAGES:
        features = trained[:-1].transform([text])
        confidences = own.confidences(text)
        assert (confidences is None) == (features.nnz == 0)
        if confidences is not None:
            np.testing.assert_allclose(
                confidences, trained[-1].predict_proba(features)[0], atol=1e-5
            )
