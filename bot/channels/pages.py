"""What a browser fetches without a session: the widget's files and the demonstration portal."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.channels.errors import ChannelError
from bot.channels.responses import file_answer, json_answer
from bot.channels.sessions import PortalTokens
from bot.channels.static_files import StaticFiles
from bot.channels.web_headers import EMBEDDABLE, PAGE_POLICY
from bot.settings import Settings

CHANNEL = "widget"
PORTAL_PAGE = "portal.html"
OPENAPI_FILE = Path(__file__).with_name("openapi.yml")


@lru_cache(maxsize=1)
def openapi_document() -> dict[str, Any]:
    """The description of every route of the widget, as it is served."""
    document: dict[str, Any] = yaml.load(OPENAPI_FILE.read_text("utf-8"), yaml.CSafeLoader)
    return document


class WidgetPages:
    """The widget's files, the description of its API and the demonstration portal."""

    def __init__(self, settings: Settings, files: StaticFiles | None = None) -> None:
        self._files = files or StaticFiles()
        self._production = settings.production
        self._portal_tokens = PortalTokens(settings.portal_secret)

    # GET /openapi.json
    async def openapi(self, _request: Request) -> HTTPResponse:
        """The description of the API."""
        return json_answer(openapi_document())

    # GET /widget.js and the files beside it
    async def file(self, request: Request, name: str) -> HTTPResponse:
        """The script that a portal embeds, and what it and the demonstration page refer to."""
        found = None if name.endswith(".html") else self._files.find(name)
        if found is None:
            raise ChannelError("not_found")
        return file_answer(found, request, EMBEDDABLE)

    # GET /portal/
    async def portal(self, request: Request) -> HTTPResponse:
        """The demonstration portal page."""
        found = self._files.find(PORTAL_PAGE)
        if found is None:
            raise ChannelError("not_found")
        return file_answer(found, request, {"Content-Security-Policy": PAGE_POLICY})

    # GET /portal/token
    async def token(self, _request: Request) -> HTTPResponse:
        """What the portal of an example broker would pass on."""
        if self._production:
            raise ChannelError("not_found")
        return json_answer(self._portal_tokens.demonstration())

    # GET /portal, with and without a slash also at the server's root
    async def to_portal(self, _request: Request) -> HTTPResponse:
        """The way to the page, for people who type its address."""
        return redirect(f"/webhooks/{CHANNEL}/portal/", status=307)
