"""Long random conversations with the tracker store of this project and with Rasa's own."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conversation_driver import Bot, Conversation, environment
from conversation_output import ReplyList
from rasa.core.actions.action import RemoteAction, action_for_name_or_text
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import SQLTrackerStore
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.domain import ActionNotFoundException
from rasa.shared.core.events import ActionExecuted, UserUttered

from bot.engine.processor import CustomAction
from bot.engine.tracker_redaction import redacted
from bot.server.logs import configure_structlog
from bot.server.models import ModelInputs, ensure_model
from bot.server.quiet import quieten
from bot.settings import PROJECT, settings

TINY = PROJECT / "tests" / "unit" / "data" / "tiny_bot"
TURNS = 60
TYPED = ["hallo", "Guten Tag", "bitte weiterzählen", "weiterzählen 🙂", "stopp", "", "/restart"]
GIVEN = ["greet", "count", "choose", "begin", "fail", "reject", "restart", "back"]


@pytest.fixture(params=["sqlite", "postgresql"])
def bots(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch) -> Iterator[tuple[Bot, Bot]]:
    """The same bot with this project's store, and with Rasa's SQL store on SQLite."""
    quieten()
    configure_structlog()
    from bot.engine import action_endpoints
    from bot.engine.agent import load_agent

    monkeypatch.setattr(action_endpoints, "ACTION_PACKAGE", "tiny_actions")
    variables = {"BOT_DATA_DIR": str(tmp_path), "BOT_ACTIONS": "inline"}
    if request.param == "postgresql":
        variables["BOT_TRACKER_URL"] = request.getfixturevalue("postgres").new_database()
    stock = tmp_path / "stock.yml"
    store = f"{{type: SQL, dialect: sqlite, db: {tmp_path / 'rasa.db'}}}"
    stock.write_text(f"tracker_store: {store}\nlock_store: {{type: in_memory}}\n")
    inputs = ModelInputs(TINY / "config.yml", TINY / "domain.yml", TINY / "data")
    model = ensure_model(PROJECT / "var" / "models" / "tests", print, inputs)
    loop = asyncio.new_event_loop()
    with environment(variables):
        own, rasas = load_agent(model, settings()), load_agent(model, settings(), stock)
        assert isinstance(rasas.tracker_store, SQLTrackerStore)
        yield Bot(own, loop), Bot(rasas, loop)
        own.tracker_store.database.close()
    loop.close()


def answered(bot: Bot, identity: str, number: int, dice: random.Random) -> list[Any]:
    typed = dice.random() < 0.6
    text = dice.choice(TYPED) if typed else ""
    intent = dice.choice(GIVEN)
    given = {"intent": {"name": intent, "confidence": 1.0}, "entities": [], "text": ""}
    output = ReplyList()
    message = UserMessage(
        text=text,
        output_channel=output,
        sender_id=identity,
        input_channel="test",
        message_id=f"m{number}",
        parse_data=None if typed else given,
        metadata={"message_id": f"m{number}"},
    )
    bot.run(bot.agent.handle_message(message))
    return output.replies


def course(bot: Bot, identity: str) -> list[dict[str, Any]]:
    """Every stored event as this project stores it, without when it happened."""
    tracker = bot.run(bot.agent.tracker_store.retrieve_full_tracker(identity))
    kept = []
    for event in tracker.events:
        content = redacted(event.as_dict())
        content.pop("timestamp")
        kept.append(content)
    return kept


@pytest.mark.parametrize("seed", range(3))
def test_answers_and_stored_events_are_the_same(bots: tuple[Bot, Bot], seed: int) -> None:
    dice = [random.Random(seed), random.Random(seed)]
    for number in range(TURNS):
        own, rasas = (answered(bot, "c", number, d) for bot, d in zip(bots, dice))
        assert own == rasas, number
    slots = [Conversation(bot, "c").slots() for bot in bots]
    assert slots[0] == slots[1]
    courses = [course(bot, "c") for bot in bots]
    assert courses[0] == courses[1]
    assert len(courses[0]) > TURNS * 3


def test_actions_are_found_as_rasa_finds_them(bots: tuple[Bot, Bot]) -> None:
    processor = bots[0].agent.processor
    for name in processor.domain.action_names_or_texts * 2:
        rasas = action_for_name_or_text(name, processor.domain, processor.action_endpoint)
        found = processor._get_action(name)
        assert found.name() == name
        assert type(found) is (CustomAction if type(rasas) is RemoteAction else type(rasas))
    with pytest.raises(ActionNotFoundException):
        processor._get_action("action_of_nobody")


def test_a_turn_ends_where_actions_would_not(bots: tuple[Bot, Bot]) -> None:
    bot = bots[0]
    answered(bot, "c", 0, random.Random(0))
    tracker = bot.run(bot.agent.tracker_store.retrieve("c"))
    tracker.update(UserUttered("", {"name": "greet", "confidence": 1.0}))
    for _ in range(bot.agent.processor.max_number_of_predictions):
        bot.agent.processor.predict_next_with_tracker_if_should(tracker)
        tracker.update(ActionExecuted("action_count"))
    with pytest.raises(ActionLimitReached):
        bot.agent.processor.predict_next_with_tracker_if_should(tracker)
