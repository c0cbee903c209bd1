"""The real assistant for every conversation test: trained, with its actions, frozen in time.

The actions run inside the agent's process, and once more in an action server where a test or its
module is marked ``also_with_an_action_server``. ``BOT_ACTIONS=server pytest tests/conversations``
runs all of them with an action server.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conversation_driver import NOW, ActionServer, Bot, Conversation, environment, free_port

from bot.server.logs import configure_structlog
from bot.server.models import ensure_model
from bot.server.quiet import quieten
from bot.settings import PROJECT, settings
from bot.storage.stores import Stores

NewConversation = Callable[..., Conversation]
BOTH_WAYS = "also_with_an_action_server"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{BOTH_WAYS}: run wherever the actions may run")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Say where the actions of each test run."""
    if "actions_place" not in metafunc.fixturenames:
        return
    places = ["inline"]
    if "BOT_ACTIONS" in os.environ:
        places = [os.environ["BOT_ACTIONS"]]
    elif "action_server" in metafunc.fixturenames:
        places = ["server"]
    elif metafunc.definition.get_closest_marker(BOTH_WAYS):
        places = ["inline", "server"]
    metafunc.parametrize("actions_place", places)


@dataclass(frozen=True)
class Assistant:
    """A loaded assistant with its settings, and with an action server if it has one."""

    variables: dict[str, str]
    bot: Bot
    action_server: ActionServer | None

    @classmethod
    def start(cls, actions_place: str, data_dir: Path) -> Assistant:
        """Start it on a data folder of its own."""
        from bot.engine.agent import load_agent

        variables = {
            "BOT_DATA_DIR": str(data_dir),
            "BOT_NOW": NOW,
            "BOT_ACTIONS": actions_place,
            "BOT_ACTIONS_PORT": str(free_port()),
        }
        server = ActionServer(variables) if actions_place == "server" else None
        if server is not None:
            server.start()
        model = ensure_model(PROJECT / "var" / "models", print)
        with environment(variables):
            agent = load_agent(model, settings())
            # The tables, as the server makes them before it takes messages.
            Stores.open(settings()).database.close()
        return cls(variables, Bot(agent, asyncio.new_event_loop()), server)

    def close(self) -> None:
        self.bot.agent.action_endpoint.close()
        self.bot.close()
        if self.action_server is not None:
            self.action_server.stop()


@pytest.fixture(scope="session")
def _assistant_at(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], Assistant]]:
    """Gives the assistant whose actions run there, started when it is first asked for."""
    from actions.services import stores

    quieten()
    configure_structlog()
    # Actions in this process keep the stores that they opened first.
    stores.cache_clear()
    started: dict[str, Assistant] = {}

    def at(place: str) -> Assistant:
        if place not in started:
            started[place] = Assistant.start(place, tmp_path_factory.mktemp("bot-data"))
        return started[place]

    yield at
    stores.cache_clear()
    for assistant in started.values():
        assistant.close()


@pytest.fixture
def assistant(actions_place: str, _assistant_at: Callable[[str], Assistant]) -> Iterator[Assistant]:
    """The assistant under test, with the environment that its actions see."""
    found = _assistant_at(actions_place)
    with environment(found.variables):
        yield found


@pytest.fixture
def bot(assistant: Assistant) -> Bot:
    """The loaded assistant."""
    return assistant.bot


@pytest.fixture
def data_dir(assistant: Assistant) -> Path:
    """Where the assistant under test keeps its data."""
    return Path(assistant.variables["BOT_DATA_DIR"])


@pytest.fixture
def new_conversation(bot: Bot) -> NewConversation:
    """Makes conversations that have begun; ``broker=`` as the embedding page gives it."""

    def make(**arguments: Any) -> Conversation:
        return Conversation(bot).begin(**arguments)

    return make


@pytest.fixture
def conversation(new_conversation: NewConversation) -> Conversation:
    """A conversation that has begun."""
    return new_conversation()


@pytest.fixture
def action_server(assistant: Assistant) -> ActionServer:
    """The running action server; a test that stops it uses ``with action_server.stopped():``."""
    if assistant.action_server is None:
        pytest.skip("the actions run inside the agent's process")
    return assistant.action_server
