"""The real server in a process of its own, with a stand-in in the place of Meta's hosts.

``python tests/meta_process.py ADDRESS MODEL``: what is meant for Meta goes to ``ADDRESS``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import httpx

import bot.engine  # noqa: F401 - before Rasa, parts of which it leaves out
from bot.channels.meta import connector, platforms
from bot.channels.meta.inbox import Settling
from bot.server.processes import hold_on, listening
from bot.server.quiet import quieten
from bot.server.rasa_server import loaded, serve
from bot.settings import settings

MEANT_FOR = "x-meant-for"


class Detour(httpx.AsyncBaseTransport):
    """Takes every request to ``address`` and tells there where it was meant to go."""

    def __init__(self, address: str) -> None:
        self._address = httpx.URL(address)
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers[MEANT_FOR] = str(request.url)
        request.url = self._address
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


if __name__ == "__main__":
    stand_in, model = sys.argv[1:]
    platforms._new_client = lambda: httpx.AsyncClient(transport=Detour(stand_in))
    # One message after the other: nothing that was sent earlier arrives later.
    connector.Settling = lambda: Settling(quiet=0.02)
    quieten()
    hold_on()
    app = loaded(Path(model), settings())
    serve(app, settings(), listening(settings().host, settings().port), 1, lambda: None)
