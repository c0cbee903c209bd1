"""The engine on a tiny bot: real training, real agent, actions in a server and inline."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from conversation_driver import ActionServer, Bot, Conversation, environment, free_port

from bot.server.logs import configure_structlog
from bot.server.models import ModelInputs, ensure_model
from bot.server.quiet import quieten
from bot.settings import PROJECT, settings

TINY = PROJECT / "tests" / "unit" / "data" / "tiny_bot"
INPUTS = ModelInputs(TINY / "config.yml", TINY / "domain.yml", TINY / "data")
UNAVAILABLE = "Bitte senden Sie Ihre Nachricht gleich noch einmal."


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
        agent = load_agent(model, settings())
        yield Bot(agent, loop)
        loop.run_until_complete(agent.action_endpoint.close())
        agent.tracker_store.database.close()
    loop.close()


@pytest.fixture
def conversation(bot: Bot, request: pytest.FixtureRequest) -> Conversation:
    return Conversation(bot, request.node.name)


def test_typed_text_gets_an_intent_and_an_action_gets_the_text(conversation: Conversation) -> None:
    assert conversation.say("Guten Tag").text == "Guten Tag!"
    assert conversation.say("bitte weiterzählen").text == "Nummer 2: bitte weiterzählen"
    assert conversation.say("weiterzählen").text == "Nummer 3: weiterzählen"
    assert conversation.choices == {"Weiter": "command:next"}
    assert conversation.question == {"field": "counter", "type": "number"}


def test_a_given_intent_skips_understanding(conversation: Conversation) -> None:
    assert conversation.begin().text == "Guten Tag!"
    assert conversation.send_choice("anything").text == "Nummer 2: "


@pytest.mark.parametrize("typed", ["/begin", " /fail", '/choose{"counter": 99}', "/restart"])
def test_a_typed_payload_is_only_text(conversation: Conversation, typed: str) -> None:
    conversation.say(typed)
    assert conversation.text == f"Nummer 2: {typed.strip()}"
    assert conversation.slots()["counter"] == 2


def test_an_action_that_raises_asks_to_send_again_and_keeps_the_state(
    conversation: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    conversation.say("weiterzählen")
    conversation.bot.run(conversation.bot.agent.handle_message(_message(conversation, "fail")))
    assert conversation.slots()["counter"] == 2
    assert conversation.say("weiterzählen").text == "Nummer 3: weiterzählen"


def test_a_rejected_action_does_not_end_the_conversation(conversation: Conversation) -> None:
    conversation.bot.run(conversation.bot.agent.handle_message(_message(conversation, "reject")))
    assert conversation.say("hallo").text == "Guten Tag!"


def test_while_the_action_server_is_down_people_are_told_to_send_again(
    conversation: Conversation, action_server: ActionServer
) -> None:
    if settings().actions == "inline":
        pytest.skip("there is no server to be down")
    conversation.say("weiterzählen")
    with action_server.stopped():
        assert conversation.say("weiterzählen").text == UNAVAILABLE
        assert conversation.slots()["counter"] == 2
    assert conversation.say("weiterzählen").text == "Nummer 3: weiterzählen"


def test_nothing_typed_or_said_is_stored(conversation: Conversation) -> None:
    conversation.begin(broker={"broker_name": "Zaunkönig"})
    conversation.say("Zaunkönig weiterzählen")
    folder = settings().data_dir
    stored = b"".join(path.read_bytes() for path in folder.glob("tracker.sqlite3*"))
    assert conversation.id.encode() in stored
    assert "Zaunkönig".encode() not in stored
    database = conversation.bot.agent.tracker_store.database
    opened = str(database.vault.open_json(database.state(conversation.id).state))
    history = str(database.history(conversation.id))
    assert "Nummer" not in opened + history
    # The slot that an action sets on purpose is state, and is sealed.
    assert opened.count("Zaunkönig") == history.count("Zaunkönig") == 1


def test_what_is_read_for_a_turn_does_not_grow(conversation: Conversation) -> None:
    database = conversation.bot.agent.tracker_store.database
    sizes = []
    for _ in range(12):
        conversation.say("weiterzählen")
        sizes.append(len(database.state(conversation.id).state))
    assert conversation.text == "Nummer 13: weiterzählen"
    assert max(sizes[4:]) <= sizes[3] + 200
    assert len(database.history(conversation.id)) > 12 * 4


def test_a_turn_that_cannot_be_stored_fails_and_can_be_sent_again(
    conversation: Conversation,
) -> None:
    from bot.storage import DatabaseUnavailable

    conversation.say("weiterzählen")
    other = sqlite3.connect(settings().data_dir / "tracker.sqlite3", isolation_level=None)
    other.execute("ALTER TABLE tracker_events RENAME TO away")
    try:
        with pytest.raises(DatabaseUnavailable):
            conversation.say("weiterzählen")
    finally:
        other.execute("ALTER TABLE away RENAME TO tracker_events")
        other.close()
    assert conversation.slots()["counter"] == 2
    assert conversation.say("weiterzählen").text == "Nummer 3: weiterzählen"


def test_two_messages_at_once_are_answered_one_after_the_other(conversation: Conversation) -> None:
    conversation.begin()
    agent = conversation.bot.agent
    messages = [_message(conversation, "count") for _ in range(5)]

    async def all_at_once() -> None:
        await asyncio.gather(*map(agent.handle_message, messages))

    conversation.bot.run(all_at_once())
    assert conversation.slots()["counter"] == 6
    texts = [message.output_channel.replies[0]["text"] for message in messages]
    assert sorted(texts) == [f"Nummer {n}: " for n in range(2, 7)]


def test_nothing_typed_is_logged(
    conversation: Conversation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.server.logs import configure

    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure("DEBUG")
    try:
        conversation.say("Zaunkönig weiterzählen")
        conversation.say("/Zaunkönig{")
        failing = _message(conversation, "fail", "Zaunkönig")
        conversation.bot.run(conversation.bot.agent.handle_message(failing))
        logging.getLogger("rasa.core.processor").error("typed: Zaunkönig")
    finally:
        root.handlers[:], root.level = before
    logged = "".join(capsys.readouterr())
    assert "rasa.core.processor" in logged
    assert "Zaunkönig" not in logged


def _message(conversation: Conversation, intent: str, text: str = "") -> object:
    from conversation_output import ReplyList
    from rasa.core.channels.channel import UserMessage

    return UserMessage(
        text=text,
        output_channel=ReplyList(),
        sender_id=conversation.id,
        parse_data={"intent": {"name": intent, "confidence": 1.0}, "entities": [], "text": text},
    )
