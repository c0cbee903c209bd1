"""Where this project departs from Rasa's public extension points, all of it and with its reason.

======================  ===============================================================  ==========
departure               reason                                                           of a turn
======================  ===============================================================  ==========
``DraftProcessor``
  fetch_tracker…        a turn works on the draft that its channel loaded, not on        protects
                        another reading
  _parse_message…       a typed ``/intent{…}`` is text: Rasa's last node takes it for a  protects
                        payload
  predict_next…,        custom actions are ``CustomAction``; Rasa looks actions up
  _get_action           without asking ``_get_action``
  _log…, extract slots,  Rasa copies every event and slot deeply for a debug line nobody may  0.3 ms
  _check_for_unseen…    see, looks for slots that messages fill and for unknown intents, and
                        makes all its own actions anew to find one
``CustomAction``        the answer of this project's own actions needs no JSON schema    24 ms
``OrderedGraphRunner``  Rasa plans the same few nodes anew for each of three runs        0.6 ms
``ClubAgent``           a model that cannot be loaded fails visibly; no store falls      protects
                        back to memory
``bot.engine.left_out``  what is not installed of Rasa, see there                        starts
======================  ===============================================================  ==========

A turn takes 2.7 ms of processor time with all of them, 25 to 30 ms without. What is measured to
gain less than a twentieth of that and protects nothing does not belong here.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine import loader
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)

from bot.conversation.turn_context import context_of
from bot.engine.tracker_store import tracker_of


class CustomAction(RemoteAction):
    """A custom action whose answer is checked for its form, without a JSON schema."""

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        well_formed = isinstance(result, dict) and all(
            isinstance(result.get(part, []), list) for part in ("events", "responses")
        )
        if not well_formed:
            raise RasaException(f"The custom action '{self.name()}' gave a malformed answer")
        return True


class DraftProcessor(MessageProcessor):
    """Rasa's processor, for turns on a draft and typed messages that are never commands to Rasa."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._actions: dict[str, Action] = {}

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        model = Path(model_path)
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), model, LocalModelStorage, OrderedGraphRunner
            )
        return model.name, metadata, runner

    async def fetch_tracker_and_update_session(
        self,
        sender_id: str,
        output_channel: OutputChannel | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> DialogueStateTracker:
        context = context_of(metadata)
        if context is None:
            return await super().fetch_tracker_and_update_session(
                sender_id, output_channel, metadata
            )
        return tracker_of(context.draft, self.domain)

    def _parse_message_with_graph(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        # Whoever may give an intent passes `parse_data`: the graph runs up to the node before
        # the one that reads payloads.
        nodes = self.model_metadata.predict_schema.nodes
        target = nodes[self.model_metadata.nlu_target].needs["messages"]
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

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        goes_on = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, goes_on):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        name = self.domain.action_names_or_texts[prediction.max_confidence_index]
        return self._get_action(name), prediction

    def _get_action(self, action_name: str) -> Action:
        action = self._actions.get(action_name)
        if action is None:
            action = super()._get_action(action_name)
            if type(action) is RemoteAction:
                action = CustomAction(action.name(), action.action_endpoint)
            self._actions[action_name] = action
        return action

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        return tracker

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        events = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Nothing to warn of: intents and entities are those of the domain that was trained."""

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Nothing: slots hold what people said."""


class OrderedGraphRunner(DaskGraphRunner):
    """Rasa's runner without planning the same few nodes anew for every message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[tuple[str, ...], list[tuple[str, GraphNode, tuple[str, ...]]]] = {}

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        results: dict[str, Any] = {name: (name, given) for name, given in (inputs or {}).items()}
        for name, node, needs in self._plans[wanted]:
            # A node names what it misses itself.
            results[name] = node(*(results.get(need, need) for need in needs))
        return {name: results[name][1] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, GraphNode, tuple[str, ...]]]:
        schema = self._graph_schema.minimal_graph_schema(list(targets))
        planned: dict[str, tuple[str, GraphNode, tuple[str, ...]]] = {}

        def add(name: str) -> None:
            # What is no node is an input.
            if name in planned or name not in schema.nodes:
                return
            needs = tuple(schema.nodes[name].needs.values())
            for need in needs:
                add(need)
            planned[name] = (name, self._instantiated_nodes[name], needs)

        for target in targets:
            add(target)
        return list(planned.values())


class ClubAgent(Agent):
    """An agent with this project's processor, which fails visibly where Rasa's carries on."""

    @staticmethod
    def _create_tracker_store(store: TrackerStore, domain: Domain | None) -> TrackerStore:
        # Rasa would wrap it, to go on in memory where it fails.
        store.domain = domain
        return store

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a model.

        Raises:
            Exception: whatever is wrong with it.
        """
        self.processor = DraftProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
            http_interpreter=self.http_interpreter,
        )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        if isinstance(self.nlg, TemplatedNaturalLanguageGenerator):
            self.nlg.responses = self.domain.responses
