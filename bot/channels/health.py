"""Whether the server is alive, and whether it can take part in conversations."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urljoin

import httpx
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy import literal, select

from bot.channels.errors import log_failure
from bot.channels.responses import json_answer
from bot.channels.turns import in_thread
from bot.storage import Database

logger = logging.getLogger(__name__)

ACTION_SERVER_SECONDS = 2.0
Check = Callable[[], Awaitable[bool]]


async def readiness(checks: dict[str, Check]) -> dict[str, bool]:
    """What is ready and what is not; a check that fails is not ready."""
    return {name: await _passes(name, check) for name, check in checks.items()}


async def _passes(name: str, check: Check) -> bool:
    try:
        return await check()
    except Exception as error:
        log_failure(logger, f"The health check of {name}", error)
        return False


def add_health(blueprint: Blueprint, database: Database, agent: Callable[[], Any]) -> None:
    """Routes for whoever watches the server: /health/live and /health/ready."""
    checks = checks_of(database, agent)

    async def live(_request: Request) -> HTTPResponse:
        return json_answer({"status": "live"})

    async def ready(_request: Request) -> HTTPResponse:
        found = await readiness(checks)
        return json_answer(found, 200 if all(found.values()) else 503)

    blueprint.add_route(live, "/health/live", methods=["GET"])
    blueprint.add_route(ready, "/health/ready", methods=["GET"])


def checks_of(database: Database, agent: Callable[[], Any]) -> dict[str, Check]:
    """The checks of a server with this database and Rasa agent."""

    async def model() -> bool:
        return model_is_loaded(agent)

    async def actions() -> bool:
        return model_is_loaded(agent) and await reachable(agent().action_endpoint)

    async def storage() -> bool:
        return await in_thread(_answers, database)

    return {"database": storage, "model": model, "actions": actions}


def model_is_loaded(agent: Callable[[], Any]) -> bool:
    """Whether there is an agent with a model."""
    return agent() is not None and bool(agent().is_ready())


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


def _answers(database: Database) -> bool:
    with database.reading() as unit:
        unit.execute(select(literal(1)))
    return True
