"""Rasa's agent, loaded the same way by the server and by the conversation tests."""

from __future__ import annotations

from pathlib import Path

from rasa.core.lock_store import InMemoryLockStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.common import class_from_module_path

from bot.engine.action_endpoints import action_endpoint
from bot.engine.departures import ClubAgent
from bot.engine.tracker_store import DerivedTrackerStore
from bot.settings import PROJECT, Settings

ENDPOINTS_FILE = PROJECT / "endpoints.yml"


class ModelCannotBeLoaded(RuntimeError):
    """The model file is damaged or does not fit this version of the code."""


def load_agent(model: Path, settings: Settings, endpoints_file: Path = ENDPOINTS_FILE) -> ClubAgent:
    """The agent for ``model`` with the tracker store of ``endpoints_file``.

    Raises:
        ModelCannotBeLoaded: the model is damaged or was trained by other code.
        RuntimeError: the tracker store of the endpoints is not the one of this project.
    """
    endpoints = AvailableEndpoints.read_endpoints(str(endpoints_file))
    # Rasa itself would take a class that it cannot import for the wish to keep all in memory.
    named = endpoints.tracker_store and class_from_module_path(endpoints.tracker_store.type)
    if named is not DerivedTrackerStore:
        raise RuntimeError("endpoints.yml does not name the tracker store of this project")
    agent = ClubAgent(
        tracker_store=DerivedTrackerStore(),
        # Nobody waits for it: turns of a conversation are in order before Rasa is asked.
        lock_store=InMemoryLockStore(),
        action_endpoint=action_endpoint(settings),
    )
    try:
        agent.load_model(model)
    except Exception as error:
        raise ModelCannotBeLoaded(f"{model.name}: {type(error).__name__}") from error
    return agent
