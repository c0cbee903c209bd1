"""What a browser fetches without a session: the widget's files and the demonstration portal."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.channels.errors import ChannelError
from bot.channels.openapi import openapi_document
from bot.channels.responses import file_answer, json_answer
from bot.channels.sessions import PortalTokens
from bot.channels.static_files import StaticFiles
from bot.channels.web_headers import PAGE_POLICY
from bot.settings import Settings

PORTAL_PAGE = "portal.html"
# Portals of other origins load the script and what it imports; the policy of their own page
# decides whether they may.
EMBEDDABLE = {"Cross-Origin-Resource-Policy": "cross-origin"}


class WidgetPages:
    """The widget's files, its description and the demonstration portal."""

    def __init__(self, settings: Settings, files: StaticFiles | None = None) -> None:
        self._files = files or StaticFiles()
        self._production = settings.production
        self._portal_tokens = PortalTokens(settings.portal_secret)

    # GET /openapi.json
    async def openapi(self, _request: Request) -> HTTPResponse:
        """The description of this API."""
        return json_answer(openapi_document())

    # GET /portal/token
    async def token(self, _request: Request) -> HTTPResponse:
        """What the portal of an example broker would pass on."""
        if self._production:
            raise ChannelError("not_found")
        return json_answer({"portal_token": self._portal_tokens.demonstration()})

    # GET /portal/
    async def portal(self, request: Request) -> HTTPResponse:
        """The demonstration portal page."""
        if not request.path.endswith("/"):
            return redirect("portal/", status=308)
        found = self._files.find(PORTAL_PAGE)
        if found is None:
            raise ChannelError("not_found")
        return file_answer(found, request, {"Content-Security-Policy": PAGE_POLICY})

    # GET /widget.js and the files beside it
    async def file(self, request: Request, name: str) -> HTTPResponse:
        """One of the widget's files."""
        found = self._files.find(name)
        if found is None or name == PORTAL_PAGE:
            raise ChannelError("not_found")
        return file_answer(found, request, EMBEDDABLE)
