"""Whether the server is alive, and whether it can take part in conversations."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urljoin

import httpx
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy import literal, select

from bot.channels.errors import log_failure
from bot.channels.responses import json_answer
from bot.channels.turns import in_thread
from bot.storage import Database

logger = logging.getLogger(__name__)

ACTION_SERVER_SECONDS = 2.0


class Health:
    """The state of a server with this database and Rasa agent."""

    def __init__(self, database: Database, agent: Callable[[], Any]) -> None:
        self._database = database
        self._agent = agent

    # GET /health/live
    async def live(self, _request: Request) -> HTTPResponse:
        """It answers."""
        return json_answer({"live": True})

    # GET /health/ready
    async def ready(self, _request: Request) -> HTTPResponse:
        """Each part that a conversation needs; 503 if one is missing."""
        parts = {
            "database": await _passes("the database", self._has_database),
            "model": await _passes("the model", self._has_model),
            "actions": await _passes("the actions", self._has_actions),
        }
        return json_answer(parts, 200 if all(parts.values()) else 503)

    async def _has_database(self) -> bool:
        return await in_thread(_answers, self._database)

    async def _has_model(self) -> bool:
        agent = self._agent()
        return agent is not None and bool(agent.is_ready())

    async def _has_actions(self) -> bool:
        return await self._has_model() and await reachable(self._agent().action_endpoint)


async def reachable(endpoint: Any) -> bool:
    """Whether the action server answers; actions without an address run in this process."""
    if endpoint is None:
        return False
    if not endpoint.url.startswith(("http://", "https://")):
        return True
    try:
        async with httpx.AsyncClient(timeout=ACTION_SERVER_SECONDS, trust_env=False) as client:
            answer = await client.get(urljoin(endpoint.url, "/health"))
    except httpx.HTTPError:
        return False
    return answer.is_success


async def _passes(part: str, check: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await check()
    except Exception as error:
        log_failure(logger, f"The health check of {part}", error)
        return False


def _answers(database: Database) -> bool:
    with database.reading() as unit:
        unit.execute(select(literal(1)))
    return True
