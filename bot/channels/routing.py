"""Blueprints: which call is answered where, and what every answer carries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.responses import Handler, refusing
from bot.channels.web_headers import secure, share_with


class Route(NamedTuple):
    """One call; ``streams`` if its handler reads the body itself, within its own limits."""

    method: str
    path: str
    handler: Handler
    streams: bool = False


class ChannelBlueprint(Blueprint):
    """A channel's routes under its own address, and others beside it at the server's root."""

    def __init__(self, name: str, allowed_origins: tuple[str, ...]) -> None:
        super().__init__(name)
        self.ctx.at_root = Blueprint(f"{name}_at_root")

        # Sanic only takes plain functions here, no methods.
        async def finish(request: Request, response: HTTPResponse) -> None:
            secure(response.headers)
            origin = request.headers.get("origin")
            share_with(response.headers, origin, allowed_origins, request.method)

        for blueprint in (self, self.ctx.at_root):
            blueprint.middleware(finish, "response")

    def add(self, routes: Iterable[Route]) -> None:
        """Add routes under the channel's address."""
        _add(self, list(routes))

    def add_at_root(self, routes: Iterable[Route]) -> None:
        """Add routes at the server's root."""
        _add(self.ctx.at_root, list(routes))

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Register both."""
        super().register(app, options)
        app.blueprint(self.ctx.at_root)


def _add(blueprint: Blueprint, routes: list[Route]) -> None:
    for route in routes:
        blueprint.add_route(
            refusing(route.handler),
            route.path,
            methods=[route.method],
            strict_slashes=True,
            name=route.handler.__name__,
            stream=route.streams,
        )
    # A browser asks before it calls from a page of another origin.
    for path, name in {route.path: route.handler.__name__ for route in routes}.items():
        blueprint.add_route(
            _preflight,
            path,
            methods=["OPTIONS"],
            strict_slashes=True,
            name=f"before_{name}",
        )


async def _preflight(_request: Request, **_parameters: Any) -> HTTPResponse:
    return HTTPResponse(status=204)
