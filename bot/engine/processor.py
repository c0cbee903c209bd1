"""What this project does differently from Rasa between a message and its answer."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, Union

import rasa
from rasa.core.actions.action import (
    Action,
    ActionExecutionRejection,
    ActionListen,
    RemoteAction,
)
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, MAPPING_TYPE
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, Event, UserUttered
from rasa.shared.core.slot_mappings import SlotMappingType
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.utils.endpoints import ClientResponseError

from bot.engine.events import event_of
from bot.engine.graph_runner import OrderedGraphRunner


class CustomAction(RemoteAction):
    """A custom action that is sent its turn and no history, and answers without a JSON schema.

    The JSON schema check takes longer than all the rest of a turn, and the answer comes from
    this project's own actions.
    """

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> Dict[str, Any]:
        state = tracker.current_state(EventVerbosity.NONE)
        turn: List[Dict[str, Any]] = []
        for event in reversed(tracker.events):
            turn.insert(0, event.as_dict())
            if isinstance(event, UserUttered):
                break
        call = {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": {**state, "events": turn},
            "version": rasa.__version__,
        }
        if domain.does_custom_action_explicitly_need_domain(self.name()):
            call["domain"] = domain.as_dict()
        return call

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> List[Event]:
        """Run the action and take its answer.

        Raises:
            ActionExecutionRejection: the action rejected to run.
            RasaException: its answer is malformed.
        """
        call = self._action_call_format(tracker, domain)
        try:
            answer = await self.action_endpoint.request(json=call)
        except ClientResponseError as rejected:
            body = json.loads(rejected.text)
            raise ActionExecutionRejection(body["action_name"], body.get("error")) from None
        self._validate_action_result(answer)
        said = await self._utter_responses(
            answer.get("responses", []), output_channel, nlg, tracker
        )
        return [*said, *map(event_of, answer.get("events", []))]

    def _validate_action_result(self, result: Dict[str, Any]) -> bool:
        well_formed = isinstance(result, dict) and all(
            isinstance(result.get(part, []), list) for part in ("events", "responses")
        )
        if not well_formed:
            raise RasaException(f"The custom action '{self.name()}' gave a malformed answer")
        return True


class TurnProcessor(MessageProcessor):
    """Rasa's processor, for typed messages that are never commands to Rasa.

    It leaves out what Rasa prepares for its debug log: copies of every event and slot.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._messages_fill_slots = messages_fill_slots(self.domain)
        self._lasting_actions: Dict[str, Action] = {}

    @staticmethod
    def _load_model(model_path: Union[str, Path]) -> Tuple[str, ModelMetadata, GraphRunner]:
        model = Path(model_path)
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), model, LocalModelStorage, OrderedGraphRunner
            )
        return model.name, metadata, runner

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

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        if not self._messages_fill_slots:
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> Tuple[Action, PolicyPrediction]:
        goes_on = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, goes_on):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        name = self.domain.action_names_or_texts[prediction.max_confidence_index]
        return self._get_action(name), prediction

    def _get_action(self, action_name: str) -> Action:
        # To find one action, Rasa makes all of its own anew.
        action = self._lasting_actions.get(action_name)
        if action is None:
            action = _checked(super()._get_action(action_name))
            if type(action) in _WITHOUT_STATE:
                self._lasting_actions[action_name] = action
        return action

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: Optional[List[Event]],
        prediction: PolicyPrediction,
    ) -> None:
        events = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)

    def _check_for_unseen_features(self, parse_data: Dict[str, Any]) -> None:
        """Nothing: intents and entities are those that the domain was trained with."""

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Nothing: slots hold what people said."""


def messages_fill_slots(domain: Domain) -> bool:
    """Whether Rasa itself fills slots from messages; where only actions do, it need not look."""
    if ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions:
        return True
    return any(
        mapping.get(MAPPING_TYPE) != str(SlotMappingType.CUSTOM) or "action" in mapping
        for slot in domain.slots
        for mapping in slot.mappings
    )


def _checked(action: Action) -> Action:
    if type(action) is RemoteAction:
        return CustomAction(action.name(), action.action_endpoint)
    return action


_WITHOUT_STATE = (ActionListen, CustomAction)
