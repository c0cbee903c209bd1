"""The database goes away in the middle of a conversation and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from conversation_driver import NOW, Bot, Conversation, environment
from journeys import JURVEREIN, walk
from postgres_server import PostgresServer

from bot.server.logs import configure_structlog
from bot.server.models import ensure_model
from bot.server.quiet import quieten
from bot.settings import PROJECT, settings
from bot.storage import Database, DatabaseUnavailable


@pytest.fixture(params=["applications", "tracker"])
def away(request: pytest.FixtureRequest) -> str:
    """Which of the two databases is the one that goes away."""
    return str(request.param)


@pytest.fixture
def bot(away: str, postgres: PostgresServer, tmp_path: Path) -> Iterator[Bot]:
    quieten()
    configure_structlog()
    from actions.services import stores
    from bot.engine.agent import load_agent

    url = postgres.new_database()
    name = {"applications": "BOT_DATABASE_URL", "tracker": "BOT_TRACKER_URL"}[away]
    variables = {"BOT_DATA_DIR": str(tmp_path), "BOT_NOW": NOW, "BOT_ACTIONS": "inline", name: url}
    model = ensure_model(PROJECT / "var" / "models", print)
    loop = asyncio.new_event_loop()
    with environment(variables):
        stores.cache_clear()
        database = Database(settings().database_address, settings().data_keys)
        database.upgrade()
        database.close()
        agent = load_agent(model, settings())
        yield Bot(agent, loop)
        agent.tracker_store.database.close()
        stores().database.close()
        stores.cache_clear()
    loop.close()


def test_a_database_that_is_away_fails_the_turn_and_loses_nothing(
    bot: Bot, away: str, postgres: PostgresServer
) -> None:
    conversation = Conversation(bot).begin()
    walk(conversation, JURVEREIN, until="member_count")
    before = conversation.answers
    events = len(conversation.bot.agent.tracker_store.database.history(conversation.id))
    postgres.stop()
    try:
        for _ in range(2):
            if away == "tracker":
                with pytest.raises(DatabaseUnavailable):
                    conversation.say("230", message_id="while-away")
            else:
                conversation.say("230", message_id="while-away")
                assert "noch einmal" in conversation.text
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
    assert len(bot.agent.tracker_store.database.history(conversation.id)) > events
    walk(conversation, JURVEREIN, until="address")
    assert conversation.answers["employee_count"] == 2
