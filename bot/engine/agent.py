"""Rasa's agent, loaded the same way by the server and by the conversation tests."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Union

from rasa.core.agent import Agent
from rasa.core.lock_store import LockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain

from bot.engine.action_endpoints import action_endpoint
from bot.engine.processor import TurnProcessor
from bot.settings import PROJECT, Settings

ENDPOINTS_FILE = PROJECT / "endpoints.yml"


class ModelCannotBeLoaded(RuntimeError):
    """The model file is damaged or does not fit this version of the code."""


class ClubAgent(Agent):
    """An agent that fails visibly where Rasa's carries on.

    Rasa wraps the tracker store so that a failed save continues in memory and a failed read
    begins a new conversation. Here both fail the turn: the channel says so, the message can be
    sent again.
    """

    @staticmethod
    def _create_tracker_store(
        store: Optional[TrackerStore], domain: Optional[Domain]
    ) -> TrackerStore:
        if store is None:
            return InMemoryTrackerStore(domain)
        store.domain = domain
        return store

    def load_model(self, model_path: Union[str, Path], fingerprint: Optional[str] = None) -> None:
        """Load a model with this project's own processor."""
        self.processor = TurnProcessor(
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


def load_agent(model: Path, settings: Settings, endpoints_file: Path = ENDPOINTS_FILE) -> ClubAgent:
    """The agent for ``model`` with the stores of ``endpoints_file``.

    Raises:
        ModelCannotBeLoaded: the model is damaged or was trained by other code.
        RuntimeError: the tracker store of the endpoints is not one of a module here.
    """
    endpoints = AvailableEndpoints.read_endpoints(str(endpoints_file))
    agent = ClubAgent(
        tracker_store=_tracker_store(endpoints),
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=action_endpoint(settings),
    )
    try:
        agent.load_model(model)
    except Exception as error:
        raise ModelCannotBeLoaded(f"{model.name}: {type(error).__name__}") from error
    return agent


def _tracker_store(endpoints: AvailableEndpoints) -> TrackerStore:
    store = TrackerStore.create(endpoints.tracker_store)
    # Rasa takes a class that it cannot import for the wish to keep conversations in memory.
    if isinstance(store, InMemoryTrackerStore):
        raise RuntimeError("endpoints.yml names no tracker store that can be imported")
    return store
