"""The policy: rules about the intent of a turn, as a table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, RULE_SNIPPET_ACTION_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import InvalidConfigException

_RULES_FILE = "rules.json"


class Step(NamedTuple):
    """Where a turn stands: what was meant, and the actions that ran for it so far."""

    intent: str
    actions: tuple[str, ...] = ()


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class IntentPolicy(Policy):
    """Does what the rules of ``data/rules`` say about an intent.

    They say which actions follow it, one after the other. Rasa's RulePolicy, which matches every
    rule against all states of the conversation for every action, would take longer than all the
    rest of a turn.
    """

    @staticmethod
    def supported_data() -> SupportedData:
        """It learns from rules and from nothing else."""
        return SupportedData.RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"priority": 1}

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentPolicy:
        policy = cls(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            rows = json.loads((Path(folder) / _RULES_FILE).read_text(encoding="utf-8"))
        policy._rules = {Step(intent, tuple(actions)): action for intent, actions, action in rows}
        return policy

    _rules: dict[Step, str]

    def train(
        self, training_trackers: Sequence[DialogueStateTracker], domain: Domain, **kwargs: Any
    ) -> Resource:
        """Learn the rules.

        Raises:
            InvalidConfigException: a rule is about more than an intent and its actions, or two
                rules say different things.
        """
        self._rules = {}
        for tracker in training_trackers:
            for step, action in _steps(tracker.events):
                if self._rules.setdefault(step, action) != action:
                    raise InvalidConfigException(f"two rules for the intent {step.intent}")
        rows = [[*step, action] for step, action in self._rules.items()]
        with self._model_storage.write_to(self._resource) as folder:
            (Path(folder) / _RULES_FILE).write_text(json.dumps(rows), encoding="utf-8")
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The next action of the rule for this intent; to listen where there is none."""
        action = self._rules.get(present_step(tracker), ACTION_LISTEN_NAME)
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities)


def _steps(events: Sequence[Event]) -> Iterator[tuple[Step, str]]:
    step: Step | None = None
    for event in events:
        if isinstance(event, UserUttered):
            step = Step(str(event.intent_name))
        elif not isinstance(event, ActionExecuted):
            raise InvalidConfigException(f"a rule with {event.type_name}")
        elif step is not None and event.action_name != RULE_SNIPPET_ACTION_NAME:
            action = str(event.action_name)
            yield step, action
            step = Step(step.intent, (*step.actions, action))


def present_step(tracker: DialogueStateTracker) -> Step:
    """What the latest message meant, and the actions that ran since."""
    actions: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return Step(str(event.intent_name), tuple(reversed(actions)))
        if isinstance(event, ActionExecuted):
            actions.append(str(event.action_name))
    return Step("", tuple(reversed(actions)))
