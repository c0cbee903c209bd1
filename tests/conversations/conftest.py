"""The real assistant for every conversation test: trained, with its actions, frozen in time.

Most tests run twice: with the actions inside the agent's process, and with an action server.
``BOT_ACTIONS=server pytest tests/conversations`` runs all of them with an action server only.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
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

# Many messages and few actions: where these run makes no difference to them.
ONE_WAY = {"test_digressions", "test_invalid_input", "test_messenger", "test_questions_in_full"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Say where the actions of each test run."""
    if "actions_place" not in metafunc.fixturenames:
        return
    places = ["inline", "server"]
    if "BOT_ACTIONS" in os.environ:
        places = [os.environ["BOT_ACTIONS"]]
    elif "action_server" in metafunc.fixturenames:
        places = ["server"]
    elif metafunc.module.__name__.rpartition(".")[2] in ONE_WAY:
        places = ["inline"]
    metafunc.parametrize("actions_place", places, scope="session")


@pytest.fixture(scope="session")
def bot_variables(actions_place: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of the assistant under test."""
    quieten()
    configure_structlog()
    return {
        "BOT_DATA_DIR": str(tmp_path_factory.mktemp("bot-data")),
        "BOT_NOW": NOW,
        "BOT_ACTIONS": actions_place,
        "BOT_ACTIONS_PORT": str(free_port()),
    }


@pytest.fixture(scope="session")
def _action_server(bot_variables: dict[str, str]) -> Iterator[ActionServer | None]:
    if bot_variables["BOT_ACTIONS"] == "inline":
        yield None
        return
    server = ActionServer(bot_variables)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _bot(bot_variables: dict[str, str], _action_server: ActionServer | None) -> Iterator[Bot]:
    from actions.services import stores
    from bot.engine.agent import load_agent

    model = ensure_model(PROJECT / "var" / "models", print)
    loop = asyncio.new_event_loop()
    # Actions in this process keep the stores that they opened first.
    stores.cache_clear()
    with environment(bot_variables):
        agent = load_agent(model, settings())
        # The tables, as the server makes them before it takes messages.
        Stores.open(settings()).database.close()
    yield Bot(agent, loop)
    stores.cache_clear()
    agent.action_endpoint.close()
    loop.close()


@pytest.fixture
def bot(_bot: Bot, bot_variables: dict[str, str]) -> Iterator[Bot]:
    """The loaded assistant, with the environment that its actions see."""
    with environment(bot_variables):
        yield _bot


@pytest.fixture
def data_dir(bot: Bot, bot_variables: dict[str, str]) -> Path:
    """Where the assistant under test keeps its data."""
    return Path(bot_variables["BOT_DATA_DIR"])


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
def action_server(bot: Bot, _action_server: ActionServer | None) -> ActionServer:
    """The running action server; a test that stops it uses ``with action_server.stopped():``."""
    if _action_server is None:
        pytest.skip("the actions run inside the agent's process")
    return _action_server
