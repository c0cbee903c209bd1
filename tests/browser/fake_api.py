"""The widget API without the product behind it: the component can be tested alone for every state.

Typing the name of a question type or a card brings that reply; any other answer to an open question
is taken, except one that holds "falsch", which is refused at its control.
"""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from browser.fake_replies import GREETING, QUOTE, REPLIES, Message

WIDGET = Path(__file__).resolve().parents[2] / "bot" / "widget"
BASE = "/webhooks/widget"
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
AT = "2026-11-20T10:42:00+01:00"


@dataclass
class FakeConversation:
    """What one session has said and been told."""

    messages: list[Message] = field(default_factory=list)
    answered: dict[str, list[Message]] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=lambda: {"status": "open"})
    turns: int = 0


@dataclass
class FakeApi:
    """A server on a free port.

    ``failures`` are statuses to answer with before it works again, ``lose_answers`` how many
    answers get lost on their way, ``pages`` further pages by path, each with its policy.
    """

    conversations: dict[str, FakeConversation] = field(default_factory=dict)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    lose_answers: int = 0
    delay: float = 0.0
    token_delay: float = 0.0
    allow_origins: bool = False
    refuse_tokens: bool = False
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    expired: set[str] = field(default_factory=set)
    documents: list[tuple[str, str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        api = self

        class Handler(_Handler):
            owner = api

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # Looks often whether it is to end: there is a server for each test.
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def portal(self) -> str:
        return f"{self.address}{BASE}/portal/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def the_conversation(self) -> FakeConversation:
        """The only conversation there is."""
        (found,) = self.distinct()
        return found

    def distinct(self) -> list[FakeConversation]:
        """The conversations; several sessions may lead to the same one."""
        return list({id(each): each for each in self.conversations.values()}.values())

    def expire(self) -> None:
        """Let all sessions expire; they can be resumed."""
        self.expired.update(self.conversations)

    def begin(self) -> tuple[str, list[Message]]:
        session = f"session-{len(self.requests)}"
        conversation = self.conversations[session] = FakeConversation()
        return session, _told(conversation, "begin", GREETING)

    def reply(self, conversation: FakeConversation, message_id: str, shown: str) -> list[Message]:
        """The replies to a message; the same ones if it comes again."""
        if message_id in conversation.answered:
            return conversation.answered[message_id]
        asked = _open_question(conversation)
        conversation.turns += 1
        conversation.messages.append({"id": message_id, "sender": "user", "at": AT, "text": shown})
        replies = self._replies(conversation, asked, shown)
        told = conversation.answered[message_id] = _told(conversation, message_id, replies)
        conversation.state = _state(conversation)
        return told

    def _replies(
        self, conversation: FakeConversation, asked: Message | None, shown: str
    ) -> list[Message]:
        if shown in REPLIES:
            return REPLIES[shown]
        if asked and "falsch" in shown:
            error = "Das habe ich nicht verstanden. Bitte prüfen Sie Ihre Angabe."
            question = {**asked["question"], "error": error}
            return [{**asked, "text": f"{error}\n\n{asked['text']}", "question": question}]
        return [{"text": f"Verstanden: {shown}"}]


class _Handler(BaseHTTPRequestHandler):
    owner: FakeApi
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read what was asked in ``FakeApi.requests``."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path in self.owner.pages:
            policy, page = self.owner.pages[path]
            self._send(200, page.encode(), "text/html; charset=utf-8", policy)
        elif path == f"{BASE}/messages":
            self._handle(None)
        elif path == f"{BASE}/application.pdf":
            self._send(200, b"%PDF-1.4 fake", "application/pdf")
        elif path == f"{BASE}/portal/token":
            time.sleep(self.owner.token_delay)
            self._json(
                200,
                {
                    "portal_token": "e30.eyJicm9rZXJfbnVtYmVyIjoiNDcxMSIsICJicm9rZXJ"
                    "fbmFtZSI6Ik1ha2xlcmLDvHJvIEJlaXNwaWVsIn0.c2ln"
                },
            )
        elif path == f"{BASE}/portal/":
            self._file("portal.html")
        elif path.startswith(f"{BASE}/") and path.rsplit(".")[-1] in ("js", "css"):
            self._file(path.removeprefix(f"{BASE}/"))
        else:
            self._send(404, b"", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.endswith("/documents"):
            self._handle(self._form(body))
        else:
            self._handle(json.loads(body))

    def do_OPTIONS(self) -> None:
        self._send(204, b"", "text/plain")

    def do_DELETE(self) -> None:
        self._handle(None)

    def _form(self, body: bytes) -> dict[str, Any]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = BytesParser(policy=HTTP).parsebytes(head + body)
        form: dict[str, Any] = {}
        for part in parts.iter_parts():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            form[name] = (part.get_filename(), content) if part.get_filename() else content.decode()
        return form

    def _handle(self, body: Any) -> None:
        owner = self.owner
        path = urlsplit(self.path).path.removeprefix(BASE)
        owner.requests.append((self.command, path, body))
        time.sleep(owner.delay)
        if owner.failures:
            self._refuse(owner.failures.pop(0))
            return
        status, answer = self._answer(path, body)
        if owner.lose_answers and path != "/sessions":
            owner.lose_answers -= 1
            self.close_connection = True
            self.connection.close()
            return
        self._json(status, answer)

    def _answer(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        owner = self.owner
        if path == "/sessions":
            return self._session(body)
        session = self.headers.get("Authorization", "").removeprefix("Bearer ")
        conversation = owner.conversations.get(session)
        if conversation is None:
            return 410, _problem("conversation_ended", "Dieses Gespräch wurde beendet.")
        if session in owner.expired:
            return 401, _problem("session_expired", "Ihre Sitzung ist abgelaufen.")
        if path == "/session":
            for each in [name for name, of in owner.conversations.items() if of is conversation]:
                del owner.conversations[each]
            return 204, {}
        if path == "/messages" and body is None:
            return 200, {"messages": conversation.messages, "state": conversation.state}
        if path == "/documents":
            name, content = body["file"]
            if not content.startswith((b"%PDF", b"\x89PNG")):
                return 415, _problem("file_type", "Diese Art von Datei kann ich nicht annehmen.")
            owner.documents.append((body["kind"], name, content))
            shown = f"{name} hochgeladen"
        else:
            shown = body.get("text") or _title(conversation, body["choice"])
        return 200, {
            "messages": owner.reply(conversation, body["id"], shown),
            "state": conversation.state,
        }

    def _session(self, body: Any) -> tuple[int, dict[str, Any]]:
        owner = self.owner
        if owner.refuse_tokens:
            return 401, _problem(
                "portal_token_expired", "Die Anmeldung des Portals ist abgelaufen."
            )
        if not body.get("resume"):
            session, messages = owner.begin()
            return 200, {"session": session, "messages": messages, "state": {"status": "open"}}
        known = owner.conversations.get(body["resume"])
        if known is None:
            return 410, _problem("conversation_ended", "Dieses Gespräch wurde beendet.")
        session = f"session-{len(owner.requests)}"
        owner.conversations[session] = known
        return 200, {"session": session, "messages": known.messages, "state": known.state}

    def _refuse(self, status: int) -> None:
        self._json(status, _problem("service_unavailable", "Bitte gleich noch einmal."))

    def _file(self, name: str) -> None:
        path = (WIDGET / name).resolve()
        if not path.is_relative_to(WIDGET) or not path.is_file():
            self._send(404, b"", "text/plain")
        else:
            self._send(200, path.read_bytes(), f"{MEDIA_TYPES[path.suffix]}; charset=utf-8")

    def _json(self, status: int, body: dict[str, Any]) -> None:
        self._send(status, b"" if status == 204 else json.dumps(body).encode(), "application/json")

    def _send(self, status: int, content: bytes, media_type: str, policy: str = POLICY) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Cache-Control", "no-store")
        if self.owner.allow_origins and self.headers.get("Origin"):
            self.send_header("Access-Control-Allow-Origin", self.headers["Origin"])
            self.send_header("Access-Control-Allow-Headers", "Authorization, Content-Type")
            self.send_header("Access-Control-Allow-Methods", "GET, POST, DELETE")
        if status == 503:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(content)


def _problem(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


def _told(conversation: FakeConversation, message_id: str, replies: list[Message]) -> list[Message]:
    told = [
        {"id": f"{message_id}:{number}", "sender": "bot", "at": AT, **reply}
        for number, reply in enumerate(replies, start=1)
    ]
    conversation.messages.extend(told)
    return told


def _open_question(conversation: FakeConversation) -> Message | None:
    for message in reversed(conversation.messages):
        if message["sender"] == "user":
            return None
        if message.get("question"):
            return {key: message[key] for key in ("text", "choices", "question") if key in message}
    return None


def _title(conversation: FakeConversation, payload: str) -> str:
    text = json.dumps(conversation.messages, ensure_ascii=False)
    pattern = r'"title": "([^"]*)", "(?:payload|total)": [^}]*"' + re.escape(payload)
    found = re.search(pattern, text)
    return found[1] if found else payload


def _state(conversation: FakeConversation) -> dict[str, Any]:
    last = conversation.messages[-1]
    shown = {message["card"]["type"] for message in conversation.messages if "card" in message}
    if last["text"] == "Verstanden: alles löschen":
        return {"status": "erased"}
    return {
        "status": "submitted" if "done" in shown else "open",
        "progress": {
            "section": "club",
            "title": "Verein",
            "answered": conversation.turns,
            "total": 38,
        },
        "question": last.get("question"),
        "quote": QUOTE if "quote" in shown else None,
        "reference": "VR-7K3M-9XQ4" if "done" in shown else None,
        "outstanding_documents": [],
    }
