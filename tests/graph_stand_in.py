"""A stand-in for Meta's Graph API and its file hosts.

It refuses what Meta's documentation of the Messenger Platform and of WhatsApp's Cloud API does not
allow, notes every such request in ``violations``, and can be told to fail, to be slow and to limit
the rate.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
from collections import deque
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from sanic.request import parse_multipart_form

APP_SECRET = "app-secret-of-the-tests"
TOKEN = "access-token-of-the-tests"
PAGE = "1000200030004"
PHONE = "500060007000"
VERSION = "v25.0"
HANGING_SECONDS = 1.0
FILE_HOST = "https://lookaside.fbsbx.com"


class Violation(Exception):
    """Meta would not take this request."""


class GraphStandIn:
    """``sent`` are the messages that were taken, as Meta got them, in order."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.actions: list[dict[str, Any]] = []
        self.violations: list[str] = []
        self.requests = 0
        self.files: dict[str, bytes] = {}
        self.file_requests: list[httpx.Request] = []
        self.redirects: dict[str, str] = {}
        self.delay = 0.0
        self.file_delay = 0.0
        self._hanging = 0
        self._failures: deque[tuple[int, int, dict[str, str]]] = deque()
        self._media: dict[str, bytes] = {}
        self._numbers = count(1)

    # What a test arranges

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self.answer))

    def fail(
        self, status: int, code: int = 2, times: int = 1, headers: dict[str, str] | None = None
    ) -> None:
        """Answer the next messages with an error; status 0 breaks the connection."""
        self._failures.extend([(status, code, headers or {})] * times)

    def hang(self, times: int = 1) -> None:
        """Leave the next messages without an answer and do not take them."""
        self._hanging += times

    def offer(self, content: bytes) -> tuple[str, str]:
        """Keep a file that somebody sent: its address (Messenger) and identifier (WhatsApp)."""
        number = str(next(self._numbers))
        self.files[f"{FILE_HOST}/file/{number}"] = content
        return f"{FILE_HOST}/file/{number}", number

    @property
    def texts(self) -> list[str]:
        return [words_of(each) for each in self.sent]

    # What Meta does

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        parts = urlsplit(str(request.url))
        if parts.hostname != "graph.facebook.com":
            await asyncio.sleep(self.file_delay)
            return self._file(request)
        if self.delay:
            await asyncio.sleep(self.delay)
        is_message = request.method == "POST" and not self._is_action(request)
        if is_message and self._hanging:
            self._hanging -= 1
            await asyncio.sleep(HANGING_SECONDS)
            return _error(503, 2, {})
        if is_message and self._failures:
            status, code, headers = self._failures.popleft()
            if not status:
                raise httpx.ConnectError("broken", request=request)
            return _error(status, code, headers)
        try:
            return self._graph(request, parts.path)
        except Violation as violation:
            self.violations.append(str(violation))
            return _error(400, 100, {})

    def _is_action(self, request: httpx.Request) -> bool:
        content = request.content
        return b"sender_action" in content or b"typing_indicator" in content

    def _graph(self, request: httpx.Request, path: str) -> httpx.Response:
        _check(request.url.scheme == "https", "HTTPS")
        _check(request.headers.get("authorization") == f"Bearer {TOKEN}", "access token")
        expected = hmac.new(APP_SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
        query = parse_qs(urlsplit(str(request.url)).query)
        _check(query.get("appsecret_proof") == [expected], "appsecret_proof")
        _, version, *rest = path.split("/")
        _check(version == VERSION, "version")
        if request.method == "GET":
            return self._describe_media(rest[0])
        body, files = _body(request)
        if rest == [PAGE, "messages"]:
            return self._messenger(body, files)
        if rest == [PHONE, "messages"]:
            return self._whatsapp(body)
        if rest == [PHONE, "media"]:
            return self._upload(body, files)
        raise Violation(f"unknown path {path}")

    def _messenger(self, body: dict[str, Any], files: dict[str, Any]) -> httpx.Response:
        check_messenger(body, files)
        if "sender_action" in body:
            self.actions.append(body)
            return httpx.Response(200, json={"recipient_id": body["recipient"]["id"]})
        self.sent.append({**body, "files": files} if files else body)
        identity = f"m_sent{next(self._numbers)}"
        answer = {"recipient_id": body["recipient"]["id"], "message_id": identity}
        return httpx.Response(200, json=answer)

    def _whatsapp(self, body: dict[str, Any]) -> httpx.Response:
        check_whatsapp(body)
        if body.get("status") == "read":
            self.actions.append(body)
            return httpx.Response(200, json={"success": True})
        if body["type"] == "document":
            _check(body["document"]["id"] in self._media, "document was not uploaded")
            body = {**body, "content": self._media[body["document"]["id"]]}
        self.sent.append(body)
        identity = f"wamid.sent{next(self._numbers)}"
        answer = {"messaging_product": "whatsapp", "messages": [{"id": identity}]}
        return httpx.Response(200, json=answer)

    def _upload(self, body: dict[str, Any], files: dict[str, Any]) -> httpx.Response:
        _check(body.get("messaging_product") == "whatsapp", "messaging_product")
        _check(body.get("type") == "application/pdf", "type")
        _check(files["file"][1].startswith(b"%PDF-"), "the file is no PDF")
        identity = str(next(self._numbers))
        self._media[identity] = files["file"][1]
        return httpx.Response(200, json={"id": identity})

    def _describe_media(self, identity: str) -> httpx.Response:
        address = f"{FILE_HOST}/file/{identity}"
        if address not in self.files and address not in self.redirects:
            return _error(400, 100, {})
        size = len(self.files.get(address, b""))
        media = {"messaging_product": "whatsapp", "url": address, "id": identity}
        return httpx.Response(200, json={**media, "file_size": size})

    def _file(self, request: httpx.Request) -> httpx.Response:
        self.file_requests.append(request)
        address = str(request.url)
        if address in self.redirects:
            return httpx.Response(302, headers={"location": self.redirects[address]})
        if address not in self.files:
            return httpx.Response(404)
        return httpx.Response(200, content=self.files[address])


def check_messenger(body: dict[str, Any], files: dict[str, Any]) -> None:
    """Send API: https://developers.facebook.com/docs/messenger-platform/reference/send-api"""
    _text(body["recipient"]["id"], 64, "recipient")
    if "sender_action" in body:
        _check(set(body) == {"recipient", "sender_action"}, "an action stands alone")
        _check(body["sender_action"] in ("mark_seen", "typing_on", "typing_off"), "sender_action")
        return
    _check(body["messaging_type"] in ("RESPONSE", "UPDATE", "MESSAGE_TAG"), "messaging_type")
    message = body["message"]
    _check(("text" in message) != ("attachment" in message), "either text or attachment")
    if "text" in message:
        _text(message["text"], 2000, "text")
    else:
        _attachment(message["attachment"], files)
    replies = message.get("quick_replies", [{}])
    _check(1 <= len(replies) <= 13, "number of quick replies")
    for each in message.get("quick_replies", []):
        _check(each["content_type"] == "text", "content_type")
        _text(each["title"], 20, "title of a quick reply")
        _text(each["payload"], 1000, "payload")


def _attachment(attachment: dict[str, Any], files: dict[str, Any]) -> None:
    if attachment["type"] == "file":
        name, content, media_type = files["filedata"]
        _check(bool(name) and media_type == "application/pdf", "file")
        _check(content.startswith(b"%PDF-") and len(content) < 25_000_000, "file's content")
        return
    payload = attachment["payload"]
    _check((attachment["type"], payload["template_type"]) == ("template", "button"), "template")
    _text(payload["text"], 640, "text of a template")
    _check(1 <= len(payload["buttons"]) <= 3, "number of buttons")
    for each in payload["buttons"]:
        _text(each["title"], 20, "title of a button")
        if each["type"] == "web_url":
            _check(each["url"].startswith("https://"), "address")
        else:
            _check(each["type"] == "postback", "type of a button")
            _text(each["payload"], 1000, "payload")


def check_whatsapp(body: dict[str, Any]) -> None:
    """Cloud API: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages"""
    _check(body["messaging_product"] == "whatsapp", "messaging_product")
    if "status" in body:
        _check(body["status"] == "read" and body["message_id"].startswith("wamid."), "status")
        _check(body["typing_indicator"] == {"type": "text"}, "typing_indicator")
        return
    _check(body["recipient_type"] == "individual", "recipient_type")
    _check(re.fullmatch(r"\d{6,15}", body["to"]) is not None, "recipient")
    if body["type"] == "text":
        _text(body["text"]["body"], 4096, "text")
    elif body["type"] == "interactive":
        _interactive(body["interactive"])
    else:
        _check(body["type"] == "document", "type")
        _text(body["document"]["filename"], 240, "filename")
        _check(len(body["document"].get("caption", "")) <= 1024, "caption")


def _interactive(interactive: dict[str, Any]) -> None:
    _text(interactive["body"]["text"], 1024, "body")
    action = interactive["action"]
    if interactive["type"] == "button":
        replies = [each["reply"] for each in action["buttons"]]
        _check(1 <= len(replies) <= 3, "number of buttons")
        _distinct([each["title"] for each in replies])
        _distinct([each["id"] for each in replies])
        for each in replies:
            _text(each["title"], 20, "title of a button")
            _text(each["id"], 256, "id of a button")
    elif interactive["type"] == "list":
        _text(action["button"], 20, "button of a list")
        _check(len(action["sections"]) == 1, "sections")
        rows = action["sections"][0]["rows"]
        _check(1 <= len(rows) <= 10, "number of rows")
        _distinct([each["id"] for each in rows])
        for each in rows:
            _text(each["title"], 24, "title of a row")
            _text(each["id"], 200, "id of a row")
            _check(len(each.get("description", "")) <= 72, "description of a row")
    else:
        _check((interactive["type"], action["name"]) == ("cta_url", "cta_url"), "type")
        _text(action["parameters"]["display_text"], 20, "display_text")
        _check(action["parameters"]["url"].startswith("https://"), "address")


def words_of(sent: dict[str, Any]) -> str:
    """What a person reads in a message."""
    if "message" in sent:
        message = sent["message"]
        payload = message.get("attachment", {}).get("payload", {})
        return str(message.get("text") or payload.get("text") or "")
    if sent["type"] == "interactive":
        return str(sent["interactive"]["body"]["text"])
    return str(sent.get("text", {}).get("body", ""))


def taps_of(sent: dict[str, Any]) -> dict[str, str]:
    """What a person can tap below a message: title to payload, or to the address of a link."""
    if "message" in sent:
        message = sent["message"]
        buttons = message.get("attachment", {}).get("payload", {}).get("buttons", [])
        both = [*message.get("quick_replies", []), *buttons]
        return {each["title"]: each.get("payload") or each["url"] for each in both}
    interactive = sent.get("interactive", {})
    action = interactive.get("action", {})
    if interactive.get("type") == "cta_url":
        return {action["parameters"]["display_text"]: action["parameters"]["url"]}
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    rows += [each["reply"] for each in action.get("buttons", [])]
    return {each["title"]: each["id"] for each in rows}


def _body(request: httpx.Request) -> tuple[dict[str, Any], dict[str, Any]]:
    declared = request.headers["content-type"]
    if declared == "application/json":
        return json.loads(request.content), {}
    boundary = re.search(r"boundary=(\S+)", declared)
    if boundary is None:
        raise Violation("content type")
    fields, found = parse_multipart_form(request.content, boundary.group(1).encode())
    files = {name: (each[0].name, each[0].body, each[0].type) for name, each in found.items()}
    return {name: _decoded(values[0]) for name, values in fields.items()}, files


def _decoded(value: str) -> Any:
    return json.loads(value) if value.startswith("{") else value


def _text(value: Any, most: int, what: str) -> None:
    _check(isinstance(value, str) and len(value.strip()) > 0 and len(value) <= most, what)


def _distinct(values: list[str]) -> None:
    _check(len(set(values)) == len(values), "not distinct")


def _check(condition: bool, what: str) -> None:
    if not condition:
        raise Violation(what)


def _error(status: int, code: int, headers: dict[str, str]) -> httpx.Response:
    error = {"message": "(#x) trouble", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return httpx.Response(status, json={"error": error}, headers=headers)
