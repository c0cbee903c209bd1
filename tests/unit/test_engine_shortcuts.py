"""What the engine does its own way comes to the same as Rasa's and scikit-learn's."""

from __future__ import annotations

import random
from pathlib import Path

import joblib
import numpy as np
import pytest
from bot.engine.graph_runner import OrderedGraphRunner
from bot.engine.one_message import OneMessageModel
from bot.engine.processor import messages_fill_slots
from bot.engine.rule_policy import IntentRulePolicy, intent_rules, present_step
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine import loader
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from bot.server.models import ModelInputs, ensure_model
from bot.settings import PROJECT

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


@pytest.fixture(scope="module")
def policy(parts) -> IntentRulePolicy:
    _, runner, _ = parts
    nodes = runner._instantiated_nodes.items()
    (found,) = [node._component for name, node in nodes if "IntentRulePolicy" in name]
    return found


def user(intent: str | None) -> UserUttered:
    return UserUttered("", {"name": intent, "confidence": 1.0})


def random_tracker(policy: IntentRulePolicy, domain, dice: random.Random) -> DialogueStateTracker:
    """A conversation that mostly follows the rules and sometimes does anything."""
    tracker = DialogueStateTracker("c", domain.slots)
    events: list[Event] = [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]
    strange: list[Event] = [
        ActiveLoop("a_form"),
        ActionReverted(),
        UserUtteranceReverted(),
        Restarted(),
        FollowupAction("action_listen"),
        ActionExecuted(None, action_text="said"),
        ActionExecuted("action_listen"),
        user(None),
    ]
    for _ in range(dice.randrange(4)):
        events.append(user(dice.choice([*domain.intents, "nlu_fallback"])))
        events.append(DefinePrevUserUtteredFeaturization(False))
        for _ in range(dice.randrange(3)):
            events.append(ActionExecuted(dice.choice(domain.action_names_or_texts)))
            events += [SlotSet("counter", 1), BotUttered("said")]
        if dice.random() < 0.8:
            events.append(ActionExecuted("action_listen"))
    events.append(user(dice.choice(domain.intents)))
    if dice.random() < 0.5:
        events.append(ActionExecuted(dice.choice(list(policy.lookup[RULES].values()))))
    if dice.random() < 0.3:
        events.insert(dice.randrange(3, len(events) + 1), dice.choice(strange))
    for event in events:
        tracker.update(event, domain)
    return tracker


def test_rules_about_intents_are_found_as_rasa_finds_them(parts, policy) -> None:
    metadata, _, _ = parts
    dice = random.Random(7)
    quick = 0
    for _ in range(400):
        tracker = random_tracker(policy, metadata.domain, dice)
        quick += present_step(tracker) in intent_rules(policy.lookup[RULES])
        found = policy._find_action_from_rules(tracker, metadata.domain, False)
        rasas = RulePolicy._find_action_from_rules(policy, tracker, metadata.domain, False)
        assert found[0] == rasas[0], [str(event) for event in tracker.events]
        if found[0] is not None:
            assert found == rasas
    assert quick > 100


@pytest.mark.parametrize(
    "rule",
    [
        '[{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "a"}, '
        '"slots": {"s": [1.0]}}]',
        '[{"prev_action": {"action_name": "action_listen"}, "user": {"text": "a"}}]',
        '[{"prev_action": {"action_name": "action_other"}, "user": {"intent": "a"}}]',
        '[{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "a"}}, '
        '{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "b"}}]',
        '[{}, {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "a"}}]',
    ],
)
def test_other_rules_are_left_to_rasa(rule: str) -> None:
    plain = '[{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "x"}}]'
    assert len(intent_rules({plain: "action_x"})) == 1
    assert intent_rules({plain: "action_x", rule: "action_a"}) == {}


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


def test_slots_that_messages_fill_are_noticed(parts) -> None:
    from rasa.shared.core.domain import Domain

    metadata, _, _ = parts
    assert not messages_fill_slots(metadata.domain)
    for mapping in ({"type": "from_text"}, {"type": "custom", "action": "action_x"}):
        slots = {"name": {"type": "text", "mappings": [mapping]}}
        assert messages_fill_slots(Domain.from_dict({"slots": slots, "actions": ["action_x"]}))
    assert messages_fill_slots(Domain.from_dict({"actions": ["action_validate_slot_mappings"]}))
