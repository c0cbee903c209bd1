"""The web widget's channel: a blueprint inside the Rasa server under /webhooks/widget."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Optional

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic

from bot.channels.broker_calls import BrokerCalls
from bot.channels.conversations import Conversations
from bot.channels.document_calls import DocumentCalls
from bot.channels.health import Health
from bot.channels.message_calls import MessageCalls
from bot.channels.pages import CHANNEL, WidgetPages
from bot.channels.rate_limits import RateLimits
from bot.channels.routing import ChannelBlueprint, Route, is_first
from bot.channels.session_calls import SessionCalls
from bot.channels.turn_watch import TurnWatch
from bot.conversation.reviewing import describe
from bot.handoff.destinations import dispatcher
from bot.handoff.retention import RetentionJob, RetentionTimes
from bot.observability.event_stream import EventStream
from bot.settings import Settings, settings
from bot.storage.shared_memory import SharedMemory
from bot.storage.stores import Stores
from bot.threads import in_thread


class WidgetInput(InputChannel):
    """The input channel that credentials.yml names."""

    @classmethod
    def name(cls) -> str:
        """The channel's name and the last part of its address."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: Optional[dict[str, Any]]) -> InputChannel:
        """The channel with the settings of this process."""
        return cls(settings())

    def __init__(self, used: Settings) -> None:
        self._settings = used
        self._app: Optional[Sanic] = None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the API, of the widget's files and of the health checks."""
        used = self._settings
        stores = Stores.open(used)
        memory = SharedMemory(used.redis_url) if used.redis_url else None
        limits = RateLimits(used, memory)
        events = _event_stream(used)
        watch = TurnWatch(CHANNEL, used.session_secret, events.tell if events else None)
        conversations = Conversations(used, stores, describe, on_new_message, limits, watch)
        pages = WidgetPages(used)
        health = Health(used, stores.database, self._agent, memory)
        blueprint = ChannelBlueprint(CHANNEL, used.allowed_origins, limits.calls)
        blueprint.add([*api_routes(conversations, used, limits), *page_routes(pages)])
        blueprint.add_at_root(root_routes(pages, health))
        self._deliver_while_serving(blueprint, stores)
        self._retire_while_serving(blueprint, stores)
        if memory is not None:
            _close_after_serving(blueprint, memory)
        if events is not None:
            _publish_while_serving(blueprint, events)
        return blueprint

    def _deliver_while_serving(self, blueprint: Blueprint, stores: Stores) -> None:
        deliveries = dispatcher(stores, self._settings)

        async def start(app: Sanic, _loop: Any) -> None:
            self._app = app
            await in_thread(deliveries.start)

        async def stop(_app: Sanic, _loop: Any) -> None:
            await in_thread(deliveries.stop)
            stores.database.close()

        blueprint.listener(start, "before_server_start")
        blueprint.listener(stop, "after_server_stop")

    def _retire_while_serving(self, blueprint: Blueprint, stores: Stores) -> None:
        job = RetentionJob(stores, RetentionTimes.of(self._settings))

        async def start(app: Sanic, _loop: Any) -> None:
            if is_first(app):
                job.start()

        async def stop(_app: Sanic, _loop: Any) -> None:
            await in_thread(job.stop)

        blueprint.listener(start, "after_server_start")
        blueprint.listener(stop, "before_server_stop")

    def _agent(self) -> Any:
        # Rasa replaces the agent when it loads another model.
        return None if self._app is None else getattr(self._app.ctx, "agent", None)


def _event_stream(used: Settings) -> EventStream | None:
    if used.rabbitmq_url and used.events_queue:
        return EventStream(used.rabbitmq_url, used.events_queue)
    return None


def _publish_while_serving(blueprint: Blueprint, events: EventStream) -> None:
    async def start(_app: Sanic, _loop: Any) -> None:
        await events.start()

    async def stop(_app: Sanic, _loop: Any) -> None:
        await events.stop()

    blueprint.listener(start, "before_server_start")
    blueprint.listener(stop, "after_server_stop")


def _close_after_serving(blueprint: Blueprint, memory: SharedMemory) -> None:
    async def close(_app: Sanic, _loop: Any) -> None:
        await memory.close()

    blueprint.listener(close, "after_server_stop")


def api_routes(conversations: Conversations, settings: Settings, limits: RateLimits) -> list[Route]:
    """The calls of the API."""
    sessions = SessionCalls(conversations, settings, limits)
    messages = MessageCalls(conversations)
    documents = DocumentCalls(conversations, settings.upload_max_bytes)
    broker = BrokerCalls(conversations.stores, settings, limits)
    return [
        Route("POST", "/sessions", sessions.open, streams=True),
        Route("DELETE", "/session", sessions.erase),
        Route("POST", "/messages", messages.send, streams=True),
        Route("GET", "/messages", messages.show),
        Route("GET", "/application", messages.show_application),
        Route("GET", "/application.pdf", messages.download_application),
        Route("POST", "/documents", documents.upload, streams=True),
        Route("GET", "/applications", broker.list),
        Route("GET", "/applications/<reference>/application.pdf", broker.download),
    ]


def page_routes(pages: WidgetPages) -> list[Route]:
    """The description of the API, the widget's files and the demonstration portal."""
    return [
        Route("GET", "/openapi.json", pages.openapi),
        Route("GET", "/portal", pages.to_portal),
        Route("GET", "/portal/", pages.portal),
        Route("GET", "/portal/token", pages.token),
        Route("GET", "/<name:path>", pages.file),
    ]


def root_routes(pages: WidgetPages, health: Health) -> list[Route]:
    """What people type, and whoever watches the server asks."""
    return [
        Route("GET", "/portal", pages.to_portal),
        Route("GET", "/portal/", pages.to_portal),
        Route("GET", "/health/live", health.live),
        Route("GET", "/health/ready", health.ready),
        Route("GET", "/metrics", health.metrics),
    ]
