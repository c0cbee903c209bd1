"""The calls of one platform: Meta's webhooks, and the page on which a conversation goes on."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import requests
from bot.channels.errors import ChannelError
from bot.channels.meta.connector import Connector
from bot.channels.meta.qr_code import qr_code
from bot.channels.meta.signature import is_same, is_signed
from bot.channels.rate_limits import SharedRateLimit
from bot.channels.responses import json_answer
from bot.channels.routing import Route
from bot.channels.web_headers import PAGE_POLICY
from bot.texts import text
from bot.threads import in_thread

logger = logging.getLogger(__name__)

# Meta puts up to 1,000 events into one call.
MOST_BYTES = 4 * 1024 * 1024
FOLDER = Path(__file__).resolve().parent
LINKS_PER_SECOND, LINKS_AT_ONCE = 0.2, 5


class Webhook:
    """What the connector answers over HTTP."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        secret = connector.settings.session_secret
        self._limit = SharedRateLimit("links", LINKS_PER_SECOND, LINKS_AT_ONCE, None, secret)
        name = connector.platform.name
        page = (FOLDER / "continue.html").read_text(encoding="utf-8")
        words = {
            "back": text(f"meta.back.{name}"),
            "here": text("meta.back.here"),
            "scan": text("meta.back.scan"),
            "close": text("meta.back.close"),
        }
        for place, said in words.items():
            page = page.replace(f"{{{place}}}", said)
        self._page = page.encode()
        self._script = (FOLDER / "continue.js").read_bytes()
        self._style = (FOLDER / "continue.css").read_bytes()

    def routes(self) -> list[Route]:
        """The routes under the channel's address."""
        return [
            Route("GET", "/webhook", self.verify),
            Route("POST", "/webhook", self.receive, streams=True),
            Route("GET", "/continue", self.page),
            Route("GET", "/continue.js", self.script),
            Route("GET", "/continue.css", self.style),
            Route("POST", "/back", self.back, streams=True),
        ]

    # GET /webhook
    async def verify(self, request: Request) -> HTTPResponse:
        """Meta's handshake: the challenge back to whoever knows the token."""
        expected = str(self._connector.settings.meta_verify_token)
        challenge = request.args.get("hub.challenge", "")
        known = is_same(request.args.get("hub.verify_token"), expected)
        if not known or request.args.get("hub.mode") != "subscribe" or not challenge.isalnum():
            return _refused()
        return HTTPResponse(challenge, 200, content_type="text/plain; charset=utf-8")

    # POST /webhook
    async def receive(self, request: Request) -> HTTPResponse:
        """Store what Meta delivers; only then it is told that we have it."""
        body = await requests.body(request, MOST_BYTES, ChannelError("message_too_large"))
        given = request.headers.get("x-hub-signature-256")
        if not is_signed(body, given, str(self._connector.settings.meta_app_secret)):
            logger.warning("%s: a call without Meta's signature", self._connector.platform.name)
            return _refused()
        payload = _json_object(body)
        if payload.get("object") != self._connector.platform.webhook_object:
            raise ChannelError("not_found")
        events = list(self._connector.platform.events(payload))
        await self._connector.inbox.receive(events)
        return HTTPResponse("EVENT_RECEIVED", 200, content_type="text/plain; charset=utf-8")

    # GET /continue
    async def page(self, _request: Request) -> HTTPResponse:
        """The page that redeems a link and shows the conversation."""
        headers = {"Content-Security-Policy": PAGE_POLICY}
        return HTTPResponse(self._page, 200, headers, content_type="text/html; charset=utf-8")

    # GET /continue.js
    async def script(self, _request: Request) -> HTTPResponse:
        """The script of that page."""
        return HTTPResponse(self._script, 200, content_type="text/javascript; charset=utf-8")

    # GET /continue.css
    async def style(self, _request: Request) -> HTTPResponse:
        """The looks of that page."""
        return HTTPResponse(self._style, 200, content_type="text/css; charset=utf-8")

    # POST /back
    async def back(self, request: Request) -> HTTPResponse:
        """A link that carries the conversation into the messenger once, and its QR code."""
        session = self._connector.sessions.session(requests.session_token(request))
        await self._limit.refuse_hurry(session.conversation_id)
        draft = await in_thread(self._connector.stores.drafts.load, session.conversation_id)
        if draft is None:
            raise ChannelError("conversation_ended")
        token = self._connector.links.issue(session.conversation_id)
        url = self._connector.platform.way_back(token)
        return json_answer({"url": url, "qr_code": await in_thread(qr_code, url)})


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise ChannelError("not_json") from None
    if not isinstance(payload, dict):
        raise ChannelError("invalid_request")
    return payload


def _refused() -> HTTPResponse:
    return HTTPResponse(status=403)
