"""What this project does differently from Rasa between a message and its answer."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)


class CustomAction(RemoteAction):
    """A custom action whose answer is checked for its form without a JSON schema.

    The JSON schema check takes longer than all the rest of a turn, and the answer comes from
    this project's own actions.
    """

    def _validate_action_result(self, result: Dict[str, Any]) -> bool:
        well_formed = isinstance(result, dict) and all(
            isinstance(result.get(part, []), list) for part in ("events", "responses")
        )
        if not well_formed:
            raise RasaException(f"The custom action '{self.name()}' gave a malformed answer")
        return True


class TurnProcessor(MessageProcessor):
    """Rasa's processor, for typed messages that are never commands to Rasa."""

    def _parse_message_with_graph(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker,
        only_output_properties: bool = True,
    ) -> Dict[str, Any]:
        # Rasa's last node reads a typed "/intent{...}" as a payload. Whoever may give an intent
        # passes `parse_data`, so the graph runs up to the node before it.
        target = self._last_own_component()
        results = self.graph_runner.run(
            inputs={PLACEHOLDER_MESSAGE: [message], PLACEHOLDER_TRACKER: tracker},
            targets=[target],
        )
        parsed = results[target][0].as_dict(only_output_properties=only_output_properties)
        return {
            TEXT: "",
            INTENT: {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0},
            ENTITIES: [],
            **parsed,
        }

    def _last_own_component(self) -> str:
        nodes = self.model_metadata.predict_schema.nodes
        name: str = nodes[self.model_metadata.nlu_target].needs["messages"]
        return name

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> Tuple[Action, PolicyPrediction]:
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        return _checked(action), prediction

    def _get_action(self, action_name: str) -> Optional[Action]:
        return _checked(super()._get_action(action_name))


def _checked(action: Optional[Action]) -> Optional[Action]:
    if action is not None and type(action) is RemoteAction:
        return CustomAction(action.name(), action.action_endpoint)
    return action
