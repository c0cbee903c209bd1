"""Whether the server is alive, whether it can take part in conversations, and its figures."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy import literal, select

from bot.channels.errors import ChannelError, log_failure
from bot.channels.responses import json_answer
from bot.observability.metrics import exposition
from bot.observability.stored_figures import StoredFiguresCollector, stored_figures
from bot.settings import Settings
from bot.storage import Database, DatabaseUnavailable
from bot.storage.shared_memory import SharedMemory
from bot.threads import in_thread

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 2.0
LEAST_FREE_BYTES = 100 * 1024 * 1024
AMQP_PORTS = {"amqp": 5672, "amqps": 5671}


class Missing(Exception):
    """A part is not there; the text says why, for operators."""


@dataclass(frozen=True)
class Part:
    """A part of the whole: conversations need it, or they go on without for a while."""

    name: str
    check: Callable[[], Awaitable[None]]
    needed: bool = True


class Health:
    """The state of a server with these parts."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        agent: Callable[[], Any],
        memory: SharedMemory | None,
    ) -> None:
        self._settings = settings
        self._database = database
        self._agent = agent
        self._memory = memory
        self._parts = self._own_parts()

    # GET /health/live
    async def live(self, _request: Request) -> HTTPResponse:
        """It answers."""
        return json_answer({"live": True})

    # GET /health/ready
    async def ready(self, _request: Request) -> HTTPResponse:
        """Each part with the reason if it is missing; 503 if a needed one is."""
        reasons = await self._reasons()
        ready = not any(reasons[part.name] for part in self._parts if part.needed)
        parts = {part.name: _described(part, reasons[part.name]) for part in self._parts}
        answer = {"ready": ready, "model": self._model_name(), "parts": parts}
        return json_answer(answer, 200 if ready else 503)

    # GET /metrics
    async def metrics(self, request: Request) -> HTTPResponse:
        """The figures for Prometheus, which asks the server itself and not through a proxy.

        Raises:
            ChannelError: ``not_found``, the request came through a proxy.
        """
        if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
            raise ChannelError("not_found")
        reasons = await self._reasons()
        collectors: list[Collector] = [PartsCollector(reasons)]
        try:
            figures = await in_thread(stored_figures, self._database)
            collectors.append(StoredFiguresCollector(figures))
        except DatabaseUnavailable:
            logger.warning("The figures of the database are missing: it is not available")
        text = await in_thread(exposition, *collectors)
        return HTTPResponse(text, 200, content_type=CONTENT_TYPE_LATEST)

    def _own_parts(self) -> tuple[Part, ...]:
        parts = [Part("database", lambda: in_thread(_read, self._database))]
        parts += [Part("model", self._model), Part("actions", self._actions)]
        if self._memory is not None:
            parts.append(Part("redis", self._redis, needed=False))
        if self._settings.rabbitmq_url:
            parts.append(Part("rabbitmq", self._rabbitmq, needed=False))
        parts.append(Part("disk", lambda: in_thread(_room, self._settings.data_dir), needed=False))
        return tuple(parts)

    async def _reasons(self) -> dict[str, str]:
        """Why each part is missing; empty for those that are there."""
        found = await asyncio.gather(*(_reason(part) for part in self._parts))
        return {part.name: reason for part, reason in zip(self._parts, found)}

    async def _model(self) -> None:
        agent = self._agent()
        if agent is None or not agent.is_ready():
            raise Missing("no model is loaded")

    def _model_name(self) -> str | None:
        """The fingerprint of the model, which tells an operator what a server runs."""
        processor = getattr(self._agent(), "processor", None)
        name: str = getattr(processor, "model_filename", "")
        return name.partition(".")[0] or None

    async def _actions(self) -> None:
        agent = self._agent()
        if agent is None or not await reachable(agent.action_endpoint):
            raise Missing("the action server does not answer")

    async def _redis(self) -> None:
        if self._memory is None or not await self._memory.answers():
            raise Missing("Redis does not answer")

    async def _rabbitmq(self) -> None:
        parts = urlsplit(self._settings.rabbitmq_url or "")
        port = parts.port or AMQP_PORTS.get(parts.scheme, AMQP_PORTS["amqp"])
        connecting = asyncio.open_connection(parts.hostname, port)
        try:
            _, writer = await asyncio.wait_for(connecting, ANSWER_SECONDS)
        except (TimeoutError, OSError):
            raise Missing("RabbitMQ takes no connection") from None
        writer.close()


class PartsCollector(Collector):
    """Which parts are there, for Prometheus."""

    def __init__(self, reasons: dict[str, str]) -> None:
        self._reasons = reasons

    def collect(self) -> list[GaugeMetricFamily]:
        family = GaugeMetricFamily("bot_part_up", "Whether a part is there", labels=["part"])
        for name, reason in self._reasons.items():
            family.add_metric([name], 0 if reason else 1)
        return [family]


async def reachable(endpoint: Any) -> bool:
    """Whether the action server answers; actions without an address run in this process."""
    if endpoint is None:
        return False
    if not endpoint.url.startswith(("http://", "https://")):
        return True
    try:
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as client:
            answer = await client.get(urljoin(endpoint.url, "/health"))
    except httpx.HTTPError:
        return False
    return answer.is_success


async def _reason(part: Part) -> str:
    try:
        await part.check()
    except Missing as missing:
        return str(missing)
    except DatabaseUnavailable:
        return "the database does not answer"
    except Exception as error:
        log_failure(logger, f"The health check of {part.name}", error)
        return f"the check failed: {type(error).__name__}"
    return ""


def _described(part: Part, reason: str) -> dict[str, Any]:
    described: dict[str, Any] = {"ok": not reason, "needed": part.needed}
    return described | {"reason": reason} if reason else described


def _read(database: Database) -> None:
    with database.reading() as unit:
        unit.execute(select(literal(1)))


def _room(folder: Path) -> None:
    if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
        raise Missing("less than 100 MB are free in the data folder")
