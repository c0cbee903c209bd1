"""The web widget's channel: a blueprint inside the Rasa server under /webhooks/widget."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Dict, NamedTuple, Optional

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.api import CHANNEL, WidgetApi
from bot.channels.health import add_health
from bot.channels.pages import WidgetPages
from bot.channels.responses import Handler, refusing
from bot.channels.stores import Stores
from bot.channels.web_headers import secure, share_with
from bot.conversation.state import describe
from bot.settings import Settings, settings


class Route(NamedTuple):
    """One call; ``streams`` if its handler reads the body itself, within its own limits."""

    method: str
    path: str
    handler: Handler
    streams: bool = False


class WidgetInput(InputChannel):
    """The input channel that credentials.yml names."""

    @classmethod
    def name(cls) -> str:
        """The channel's name and the last part of its address."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> InputChannel:
        """The channel with the settings of this process."""
        return cls(settings())

    def __init__(self, used: Settings) -> None:
        self._settings = used
        self._app: Optional[Sanic] = None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the API, of the widget's files and of the health checks."""
        stores = Stores.open(self._settings)
        api = WidgetApi(self._settings, stores, describe, on_new_message, self._agent)
        blueprint = WidgetBlueprint(CHANNEL)
        add_routes(blueprint, api_routes(api))
        add_routes(blueprint, page_routes(WidgetPages(self._settings)))
        add_health(blueprint.ctx.beside, stores.database, self._agent)
        blueprint.on_response(self._finish)
        blueprint.listener(self._remember, "before_server_start")
        return blueprint

    async def _remember(self, app: Sanic, _loop: Any) -> None:
        self._app = app

    def _agent(self) -> Any:
        # Rasa replaces the agent when it loads another model.
        return None if self._app is None else getattr(self._app.ctx, "agent", None)

    async def _finish(self, request: Request, response: HTTPResponse) -> None:
        secure(response.headers)
        origin = request.headers.get("origin")
        share_with(response.headers, origin, self._settings.allowed_origins, request.method)


class WidgetBlueprint(Blueprint):
    """A blueprint that brings another one along, outside its own address."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.ctx.beside = Blueprint(f"{name}_health")

    def register(self, app: Sanic, options: Dict[str, Any]) -> None:
        """Register both."""
        super().register(app, options)
        app.blueprint(self.ctx.beside)


def api_routes(api: WidgetApi) -> list[Route]:
    """The calls of the API."""
    return [
        Route("POST", "/sessions", api.open_session, streams=True),
        Route("POST", "/messages", api.send_message, streams=True),
        Route("GET", "/messages", api.list_messages),
        Route("GET", "/application", api.show_application),
        Route("POST", "/documents", api.upload_document, streams=True),
        Route("DELETE", "/session", api.end_session),
    ]


def page_routes(pages: WidgetPages) -> list[Route]:
    """What a browser fetches without a session."""
    return [
        Route("GET", "/openapi.json", pages.openapi),
        Route("GET", "/portal/token", pages.token),
        Route("GET", "/portal/", pages.portal),
        Route("GET", "/<name:path>", pages.file),
    ]


def add_routes(blueprint: Blueprint, routes: list[Route]) -> None:
    """Register the routes, and for each path the browser's question before it calls."""
    for route in routes:
        blueprint.add_route(
            refusing(route.handler),
            route.path,
            methods=[route.method],
            name=route.handler.__name__,
            stream=route.streams,
        )
    for number, path in enumerate(sorted({route.path for route in routes})):
        blueprint.add_route(_preflight, path, methods=["OPTIONS"], name=f"preflight_{number}")


async def _preflight(_request: Request, **_parameters: Any) -> HTTPResponse:
    return HTTPResponse(status=204)
