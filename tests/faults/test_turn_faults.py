"""The database goes away in the middle of a conversation and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from conversation_driver import NOW, Bot, Conversation, environment
from journeys import JURVEREIN, walk
from postgres_server import PostgresServer

from bot.channels.errors import ChannelError
from bot.server.logs import configure_structlog
from bot.server.models import ensure_model
from bot.server.quiet import quieten
from bot.settings import PROJECT, settings
from bot.storage import Database


@pytest.fixture
def bot(postgres: PostgresServer, tmp_path: Path) -> Iterator[Bot]:
    quieten()
    configure_structlog()
    from actions.services import stores
    from bot.engine.agent import load_agent

    url = postgres.new_database()
    variables = {
        "BOT_DATA_DIR": str(tmp_path),
        "BOT_NOW": NOW,
        "BOT_ACTIONS": "inline",
        "BOT_DATABASE_URL": url,
    }
    model = ensure_model(PROJECT / "var" / "models", print)
    loop = asyncio.new_event_loop()
    with environment(variables):
        stores.cache_clear()
        database = Database(settings().database_address, settings().data_keys)
        database.upgrade()
        database.close()
        agent = load_agent(model, settings())
        yield Bot(agent, loop)
        stores.cache_clear()
    loop.close()


def test_a_database_that_is_away_fails_the_turn_and_loses_nothing(
    bot: Bot, postgres: PostgresServer
) -> None:
    conversation = Conversation(bot).begin()
    walk(conversation, JURVEREIN, until="member_count")
    before = conversation.answers
    postgres.stop()
    try:
        for _ in range(2):
            with pytest.raises(ChannelError, match="service_unavailable"):
                conversation.say("230", message_id="while-away")
    finally:
        postgres.start()
    assert conversation.answers == before
    conversation.say("230", message_id="while-away")
    assert conversation.answers == {**before, "member_count": 230}
    assert conversation.question["field"] == "employee_count"
    again = conversation.text
    conversation.say("230", message_id="while-away")
    assert conversation.text == again
    assert conversation.question["field"] == "employee_count"
    walk(conversation, JURVEREIN, until="address")
    assert conversation.answers["employee_count"] == 2
