"""Blueprints: which call is answered where, and what every answer carries."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.errors import ChannelError
from bot.channels.rate_limits import SharedRateLimit, caller_address
from bot.channels.responses import Handler, refusal, refusing
from bot.channels.web_headers import secure, share_with


def is_first(app: Sanic) -> bool:
    """Whether this is the one of a server's processes that does what one process has to do."""
    return bool(getattr(app.ctx, "process_number", 1) == 1)


class Route(NamedTuple):
    """One call; ``streams`` if its handler reads the body itself, within its own limits."""

    method: str
    path: str
    handler: Handler
    streams: bool = False


class ChannelBlueprint(Blueprint):
    """A channel's routes under its own address, and others beside it at the server's root.

    ``calls`` limits how many calls of the channel come from one address.
    """

    def __init__(
        self,
        name: str,
        allowed_origins: tuple[str, ...],
        calls: SharedRateLimit | None = None,
    ) -> None:
        super().__init__(name)
        self.ctx.at_root = Blueprint(f"{name}_at_root")

        # Sanic only takes plain functions here, no methods.
        async def finish(request: Request, response: HTTPResponse) -> None:
            secure(response.headers)
            origin = request.headers.get("origin")
            share_with(response.headers, origin, allowed_origins, request.method)

        for blueprint in (self, self.ctx.at_root):
            blueprint.middleware(finish, "response")
        if calls is not None:
            self.middleware(_refusing_hurry(calls), "request")

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


def _refusing_hurry(calls: SharedRateLimit) -> Callable[[Request], Awaitable[Any]]:
    async def refuse_hurry(request: Request) -> HTTPResponse | None:
        try:
            await calls.refuse_hurry(caller_address(request))
        except ChannelError as error:
            return refusal(error)
        return None

    return refuse_hurry


def _add(blueprint: Blueprint, routes: list[Route]) -> None:
    for route in routes:
        _add_one(blueprint, route.method, route.path, refusing(route.handler), route.streams)
    # A browser asks before it calls from a page of another origin.
    for path in sorted({route.path for route in routes}):
        _add_one(blueprint, "OPTIONS", path, _preflight, streams=False)


def _add_one(blueprint: Blueprint, method: str, path: str, handler: Handler, streams: bool) -> None:
    name = re.sub(r"\W+", "_", method + path)
    blueprint.add_route(
        handler, path, methods=[method], strict_slashes=True, name=name, stream=streams
    )


async def _preflight(_request: Request, **_parameters: Any) -> HTTPResponse:
    return HTTPResponse(status=204)
