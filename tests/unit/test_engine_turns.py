"""The engine on a tiny bot: real training, real agent, actions in a server and inline."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from conversation_driver import ActionServer, Bot, Conversation, environment, free_port
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.channels.errors import ChannelError
from bot.server.logs import configure, configure_structlog
from bot.server.models import ModelInputs, ensure_model
from bot.server.quiet import quieten
from bot.settings import PROJECT, settings
from bot.storage.stores import Stores

TINY = PROJECT / "tests" / "unit" / "data" / "tiny_bot"
INPUTS = ModelInputs(TINY / "config.yml", TINY / "domain.yml", TINY / "data")


@pytest.fixture(scope="module")
def model() -> Path:
    quieten()
    configure_structlog()
    return ensure_model(PROJECT / "var" / "models" / "tests", print, INPUTS)


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        "BOT_DATA_DIR": str(tmp_path_factory.mktemp("tiny")),
        "BOT_ACTIONS_PORT": str(free_port()),
        "BOT_ACTIONS_TIMEOUT": "3",
    }


@pytest.fixture(scope="module")
def action_server(variables: dict[str, str]) -> Iterator[ActionServer]:
    server = ActionServer(variables, "tiny_actions")
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["server", "inline"])
def bot(
    request: pytest.FixtureRequest,
    model: Path,
    variables: dict[str, str],
    action_server: ActionServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Bot]:
    from bot.engine import action_endpoints
    from bot.engine.agent import load_agent

    monkeypatch.setattr(action_endpoints, "ACTION_PACKAGE", "tiny_actions")
    loop = asyncio.new_event_loop()
    with environment({**variables, "BOT_ACTIONS": request.param}):
        Stores.open(settings()).database.close()
        agent = load_agent(model, settings())
        yield Bot(agent, loop)
        agent.action_endpoint.close()
    loop.close()


@pytest.fixture
def conversation(bot: Bot, request: pytest.FixtureRequest) -> Conversation:
    return Conversation(bot, request.node.name).begin()


def test_typed_text_gets_an_intent_and_an_action_gets_the_text(conversation: Conversation) -> None:
    assert conversation.say("Guten Tag").text == "Guten Tag!"
    assert conversation.say("bitte weiterzählen").text == "Nummer 2: bitte weiterzählen"
    assert conversation.say("weiterzählen").text == "Nummer 3: weiterzählen"
    assert conversation.choices == {"Weiter": "command:next"}
    assert conversation.question == {"field": "counter", "type": "number"}


def test_a_given_intent_skips_understanding(conversation: Conversation) -> None:
    assert conversation.text == "Guten Tag!"
    assert conversation.send_choice("anything").text == "Nummer 2: "


@pytest.mark.parametrize("typed", ["/begin", " /fail", '/choose{"counter": 99}', "/restart"])
def test_a_typed_payload_is_only_text(conversation: Conversation, typed: str) -> None:
    assert conversation.say(typed).text == f"Nummer 2: {typed.strip()}"
    assert conversation.slots()["member_count"] == 2


@pytest.mark.parametrize("typed", ["/begin", "/restart"])
def test_a_payload_is_only_text_for_rasas_own_way_in_too(bot: Bot, typed: str) -> None:
    message = UserMessage(typed, CollectingOutputChannel(), "somebody")
    parsed = bot.run(bot.agent.processor.parse_message(message))
    assert parsed["intent"]["name"] == "nlu_fallback"
    assert parsed["entities"] == []


@pytest.mark.parametrize("intent", ["fail", "reject"])
def test_an_action_that_fails_asks_to_send_again_and_keeps_the_state(
    conversation: Conversation, intent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation.say("weiterzählen")
    with monkeypatch.context() as patched:
        patched.setattr("bot.channels.turns.CHOSEN", intent)
        with pytest.raises(ChannelError, match="service_unavailable"):
            conversation.send_choice("anything")
    assert conversation.slots()["member_count"] == 2
    assert conversation.say("weiterzählen").text == "Nummer 3: weiterzählen"


def test_while_the_action_server_is_down_people_are_told_to_send_again(
    conversation: Conversation, action_server: ActionServer
) -> None:
    if settings().actions == "inline":
        pytest.skip("there is no server to be down")
    conversation.say("weiterzählen")
    with action_server.stopped():
        with pytest.raises(ChannelError, match="service_unavailable"):
            conversation.say("weiterzählen")
        assert conversation.slots()["member_count"] == 2
    assert conversation.say("weiterzählen").text == "Nummer 3: weiterzählen"


def test_what_no_channel_of_ours_sent_reaches_no_draft(conversation: Conversation) -> None:
    output = CollectingOutputChannel()
    message = UserMessage("weiterzählen", output, conversation.id)
    conversation.bot.run(conversation.bot.agent.handle_message(message))
    [said] = output.messages
    assert said["text"] == "Bitte senden Sie Ihre Nachricht gleich noch einmal."
    assert "member_count" not in conversation.answers


def test_nothing_typed_is_logged(
    conversation: Conversation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure("DEBUG")
    try:
        conversation.say("Zaunkönig weiterzählen")
        conversation.say("/Zaunkönig{")
        monkeypatch.setattr("bot.channels.turns.NOT_UNDERSTOOD", "fail")
        with pytest.raises(ChannelError):
            conversation.say("/Zaunkönig")
        logging.getLogger("rasa.core.processor").error("typed: Zaunkönig")
    finally:
        root.handlers[:], root.level = before
    logged = "".join(capsys.readouterr())
    assert "rasa.core.processor" in logged
    assert "Zaunkönig" not in logged
