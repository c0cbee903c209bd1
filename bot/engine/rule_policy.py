"""Rules that look at intents only."""

from __future__ import annotations

import json
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

# Events that no rule looks at.
_UNSEEN = (BotUttered, SlotSet, DefinePrevUserUtteredFeaturization)


class Step(NamedTuple):
    """Where a turn stands: what was meant, and the actions that ran for it so far."""

    intent: str
    actions: Tuple[str, ...] = ()


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class IntentRulePolicy(RulePolicy):
    """Rasa's RulePolicy, quick where rules say what to do with an intent and nothing else.

    Rasa computes all states of the conversation and matches every rule against them, twice for
    every action. If each rule is about the intent of one turn, these rules are a table.
    Whatever else a turn holds (a loop, a reverted message) is left to Rasa's own way.
    """

    _table: Optional[Dict[Step, Tuple[str, str]]] = None

    def _find_action_from_rules(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool,
    ) -> Tuple[Optional[str], Optional[str], bool]:
        # No rule of this project quotes what a user typed.
        if use_text_for_last_user_input:
            return None, None, False
        if self._table is None:
            self._table = intent_rules(self.lookup[RULES])
        step = present_step(tracker)
        if step in self._table:
            action, rule = self._table[step]
            return action, rule, False
        found: Tuple[Optional[str], Optional[str], bool] = super()._find_action_from_rules(
            tracker, domain, use_text_for_last_user_input
        )
        return found


def intent_rules(rules: Dict[str, str]) -> Dict[Step, Tuple[str, str]]:
    """Action and rule by step; nothing if any rule looks at more than the intent of one turn."""
    table: Dict[Step, Tuple[str, str]] = {}
    for rule, action in rules.items():
        step = _step_of(json.loads(rule))
        if step is None:
            return {}
        table[step] = (action, rule)
    return table


def _step_of(states: List[Dict[str, Any]]) -> Optional[Step]:
    intents, actions = set(), []
    for state in states:
        user, previous = state.get(USER, {}), state.get(PREVIOUS_ACTION, {})
        if set(state) != {USER, PREVIOUS_ACTION} or set(user) != {INTENT}:
            return None
        intents.add(user[INTENT])
        actions.append(previous.get(ACTION_NAME))
    if len(intents) != 1 or actions[0] != ACTION_LISTEN_NAME or ACTION_LISTEN_NAME in actions[1:]:
        return None
    return Step(intents.pop(), tuple(actions[1:]))


def present_step(tracker: DialogueStateTracker) -> Optional[Step]:
    """Where the tracker stands, or none if its last turn holds more than actions."""
    if tracker.active_loop is not None or tracker.latest_message is None:
        return None
    actions: List[str] = []
    backwards = reversed(tracker.events)
    for event in backwards:
        if isinstance(event, UserUttered):
            intent = event.intent_name
            return Step(intent, tuple(actions[::-1])) if intent and _listened(backwards) else None
        if isinstance(event, ActionExecuted) and event.action_name:
            actions.append(event.action_name)
        elif not isinstance(event, _UNSEEN):
            return None
    return None


def _listened(backwards: Any) -> bool:
    """Whether a message came after ``action_listen``, as all but a few of Rasa's own do."""
    event: Event
    for event in backwards:
        if isinstance(event, ActionExecuted):
            return bool(event.action_name == ACTION_LISTEN_NAME)
        if not isinstance(event, _UNSEEN):
            return False
    return False
