"""The widget's API over real HTTP: what it answers, and what it does when things go wrong.

Rasa is replaced by a double that keeps drafts as the actions do; everything else is real.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import jsonschema
import jwt
import pytest
from channel_server import ChannelServer
from prometheus_client.parser import text_string_to_metric_families
from pypdf import PdfReader
from rasa.core.channels.channel import UserMessage

from bot import clock
from bot.application.draft import Broker
from bot.channels import session_calls
from bot.channels.pages import openapi_document
from bot.channels.routing import ChannelBlueprint
from bot.channels.widget import WidgetInput
from bot.conversation.turn_context import CONTEXT
from bot.settings import Settings
from bot.storage.applications import ApplicationStore
from bot.storage.stores import Stores
from bot.texts import text
from tests import handoff_cases as cases
from tests.handoff_cases import submit

PORTAL_SECRET = "portal-secret-of-more-than-32-characters"
SESSION_SECRET = "session-secret-of-more-than-32-characters"
PORTAL = "https://portal.example"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40 + b"IEND\xaeB`\x82"
QUESTION = {"field": "club_name", "type": "text", "section": "club", "label": "Vereinsname"}
IBAN = "DE89 3704 0044 0532 0130 00"


class RasaDouble:
    """Takes turns as Rasa with this project's actions does; ``mood`` makes it fail."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self.mood = "well"
        self.turns: list[UserMessage] = []
        self.running = 0
        self.most_at_once = 0
        self.action_endpoint = SimpleNamespace(url="inline://actions")
        self.loaded = True

    def is_ready(self) -> bool:
        return self.loaded

    async def handle_message(self, message: UserMessage) -> None:
        self.turns.append(message)
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            await self._turn(message)
        finally:
            self.running -= 1

    async def _turn(self, message: UserMessage) -> None:
        send = message.output_channel.send_response
        if self.mood == "raises":
            raise RuntimeError(f"secret words: {message.text}")
        if self.mood == "silent":
            return
        if self.mood == "unavailable":
            reply = {"text": "…", "utter_action": "utter_service_unavailable", "buttons": []}
            await send(message.sender_id, reply)
            return
        if self.mood == "slow":
            await asyncio.sleep(0.4)
        if self.mood == "erases":
            message.metadata[CONTEXT].erased = True
            await send(message.sender_id, {"text": "Alles ist gelöscht."})
            return
        self._keep(message)
        await send(message.sender_id, {"text": "Aha.", "buttons": [], "custom": {}})
        await send(
            message.sender_id,
            {
                "text": f"Zug {len(self.turns)}: Wie heißt Ihr Verein?",
                "buttons": [
                    {"title": "Überspringen", "payload": "answer:club_name:skip", "type": "x"}
                ],
                "custom": {"question": QUESTION},
            },
        )

    def _keep(self, message: UserMessage) -> None:
        draft, sent = message.metadata[CONTEXT].draft, message.metadata[CONTEXT].message
        if sent.broker:
            draft.broker = Broker(**sent.broker)
        if sent.document:
            kind, identifier = sent.document["kind"], sent.document["id"]
            known = draft.answers.get(kind, {}).get("documents", [])
            draft.answers[kind] = {"delivery": "uploaded", "documents": [*known, identifier]}
        if message.text:
            draft.answers["club_name"] = message.text
        draft.open_question = "club_name"


class Server(ChannelServer):
    """The widget's channel."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stores = Stores.open(settings)
        self.rasa = RasaDouble(self.stores)
        super().__init__([WidgetInput(settings)], self.rasa)


class Visitor:
    """A browser with one session."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.http = httpx.Client(
            base_url=f"{server.address}/webhooks/widget", trust_env=False, timeout=30
        )
        self.session = ""

    def begin(self, **body: Any) -> httpx.Response:
        answer = self.http.post("/sessions", json=body)
        if answer.status_code == 200:
            self.session = answer.json()["session"]
        return answer

    @property
    def conversation_id(self) -> str:
        claims = jwt.decode(self.session, options={"verify_signature": False})
        return str(claims["sub"])

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.session}", **options.pop("headers", {})}
        if "json" in options:
            # Unlike httpx, a browser also sends half characters.
            options["content"] = json.dumps(options.pop("json"))
            headers["Content-Type"] = "application/json"
        return self.http.request(method, path, headers=headers, **options)

    def say(self, words: Any, identity: Any = "m1", **more: Any) -> httpx.Response:
        return self.call("POST", "/messages", json={"id": identity, "text": words, **more})

    def tap(self, payload: Any, identity: Any = "m1") -> httpx.Response:
        return self.call("POST", "/messages", json={"id": identity, "choice": payload})

    def upload(
        self, content: bytes, name: str = "satzung.pdf", kind: str = "statutes", **fields: str
    ) -> httpx.Response:
        files = {"file": (name, io.BytesIO(content), "text/html")}
        return self.call("POST", "/documents", data={"kind": kind, **fields}, files=files)

    def history(self) -> list[dict[str, Any]]:
        answer = self.call("GET", "/messages")
        assert answer.status_code == 200
        return list(answer.json()["messages"])


def new_settings(folder: Path, **more: Any) -> Settings:
    given = {
        "data_dir": folder,
        "given_session_secret": SESSION_SECRET,
        "given_portal_secret": PORTAL_SECRET,
        "allowed_origins": (PORTAL,),
        "message_burst": 1000,
        "sessions_per_second": 1000.0,
        "upload_max_bytes": 200_000,
        **more,
    }
    return Settings.construct(
        **{
            name: given.get(name, given.get(field.alias, field.get_default()))
            for name, field in Settings.__fields__.items()
        }
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(new_settings(tmp_path_factory.mktemp("widget")))
    yield running
    running.stop()


@pytest.fixture
def visitor(server: Server) -> Iterator[Visitor]:
    server.rasa.mood = "well"
    someone = Visitor(server)
    assert someone.begin().status_code == 200
    yield someone
    server.rasa.mood = "well"
    someone.http.close()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def code_of(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    parameters = {"megabytes": "0", "most": 30}
    assert error["message"] == text(f"channels.errors.{error['code']}", **parameters) or (
        "{" not in error["message"] and len(error["message"]) > 20
    )
    return str(error["code"])


def conforms(answer: httpx.Response, path: str, method: str) -> None:
    document = openapi_document()
    described = document["paths"][path][method]["responses"][str(answer.status_code)]
    if "$ref" in described:
        described = document["components"]["responses"][described["$ref"].rsplit("/", 1)[1]]
    schema = described["content"]["application/json"]["schema"]
    resolver = jsonschema.RefResolver.from_schema(_json_schema(document))
    jsonschema.Draft4Validator(_json_schema(schema), resolver=resolver).validate(answer.json())


def _json_schema(value: Any) -> Any:
    """OpenAPI 3.0 says ``nullable`` where JSON Schema lists the type."""
    if isinstance(value, list):
        return [_json_schema(each) for each in value]
    if not isinstance(value, dict):
        return value
    plain = {key: _json_schema(each) for key, each in value.items() if key != "nullable"}
    if value.get("nullable"):
        plain["type"] = [plain["type"], "null"]
    return plain


# Conversations


def test_a_conversation_begins_with_a_turn(visitor: Visitor) -> None:
    answer = visitor.begin()
    conforms(answer, "/sessions", "post")
    begun = visitor.server.rasa.turns[-1]
    assert begun.text == ""
    assert begun.parse_data["intent"]["name"] == "begin"
    assert begun.sender_id == visitor.conversation_id
    assert begun.input_channel == begun.output_channel.name() == "widget"
    first, second = answer.json()["messages"]
    assert (first["sender"], first["text"]) == ("bot", "Aha.")
    assert second["question"] == QUESTION
    assert second["choices"] == [{"title": "Überspringen", "payload": "answer:club_name:skip"}]
    assert answer.json()["state"]["status"] == "open"


def test_a_typed_message_is_understood_by_rasa(visitor: Visitor) -> None:
    answer = visitor.say("  TSV Nord\x00 e.V.\ud83d ", "m1")
    conforms(answer, "/messages", "post")
    turn = visitor.server.rasa.turns[-1]
    assert turn.text == "TSV Nord e.V."
    assert turn.parse_data is None
    sent = turn.metadata[CONTEXT].message
    assert (sent.id, sent.text) == ("m1", turn.text)
    assert (sent.choice, sent.document, sent.broker, sent.prefill) == (None, None, None, None)
    assert [each["id"] for each in answer.json()["messages"]] == ["m1:1", "m1:2"]


def test_a_tapped_choice_is_not_typed(visitor: Visitor) -> None:
    answer = visitor.tap("answer:club_name:skip")
    assert answer.status_code == 200
    turn = visitor.server.rasa.turns[-1]
    assert (turn.text, turn.metadata[CONTEXT].message.choice) == ("", "answer:club_name:skip")
    assert turn.parse_data["intent"]["name"] == "choose"
    shown = [each for each in visitor.history() if each["sender"] == "user"]
    assert [(each["text"], each["choice"]) for each in shown] == [
        ("Überspringen", "answer:club_name:skip")
    ]


@pytest.mark.parametrize("words", ["/restart", '  /choose{"x":1}', "/begin", "//"])
def test_a_typed_payload_stays_text(visitor: Visitor, words: str) -> None:
    assert visitor.say(words).status_code == 200
    turn = visitor.server.rasa.turns[-1]
    assert turn.text == words.strip()
    assert turn.metadata[CONTEXT].message.choice is None
    assert turn.parse_data["intent"]["name"] == "nlu_fallback"


def test_the_history_comes_back_as_it_was_shown(visitor: Visitor) -> None:
    answers = [visitor.say("TSV Nord", "m1"), visitor.tap("answer:club_name:skip", "m2")]
    history = visitor.call("GET", "/messages")
    conforms(history, "/messages", "get")
    messages = history.json()["messages"]
    assert len({each["id"] for each in messages}) == len(messages)
    for answer in answers:
        for reply in answer.json()["messages"]:
            assert reply in messages
    assert [each["sender"] for each in messages] == [
        "bot",
        "bot",
        "user",
        "bot",
        "bot",
        "user",
        "bot",
        "bot",
    ]


def test_html_stays_text(visitor: Visitor) -> None:
    words = '<img src=x onerror="alert(1)">'
    visitor.say(words)
    assert visitor.server.rasa.turns[-1].text == words
    assert words in [each["text"] for each in visitor.history()]


def test_an_iban_is_masked_in_the_history_only(visitor: Visitor, log: Any) -> None:
    visitor.say(f"meine ist {IBAN}, danke")
    assert visitor.server.rasa.turns[-1].text == f"meine ist {IBAN}, danke"
    history = json.dumps(visitor.history(), ensure_ascii=False)
    assert "meine ist •••• 3000, danke" in history
    assert "0044" not in history
    assert "3704" not in log.text


def test_the_application_shows_answers_and_state(visitor: Visitor) -> None:
    visitor.say("TSV Nord")
    answer = visitor.call("GET", "/application")
    conforms(answer, "/application", "get")
    assert answer.json()["answers"] == {"club_name": "TSV Nord"}
    assert answer.json()["reference"] is None


def test_the_application_is_a_pdf_before_it_is_submitted(visitor: Visitor) -> None:
    visitor.say("TSV Nord")
    answer = visitor.call("GET", "/application.pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="antrag-entwurf.pdf"'
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "TSV Nord" in words


# Repeated and simultaneous messages


def test_the_same_message_is_one_turn(visitor: Visitor) -> None:
    first = visitor.say("TSV Nord", "same")
    turns = len(visitor.server.rasa.turns)
    second = visitor.say("TSV Nord", "same")
    assert second.status_code == 200
    assert len(visitor.server.rasa.turns) == turns
    without_time = [
        [{**each, "at": ""} for each in answer.json()["messages"]] for answer in (first, second)
    ]
    assert without_time[0] == without_time[1]


def test_simultaneous_repeats_are_one_turn(visitor: Visitor) -> None:
    visitor.server.rasa.mood = "slow"
    turns = len(visitor.server.rasa.turns)
    with ThreadPoolExecutor(5) as several:
        answers = list(several.map(lambda _: visitor.say("TSV Nord", "same"), range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(visitor.server.rasa.turns) == turns + 1
    assert len([each for each in visitor.history() if each["sender"] == "user"]) == 1


def test_one_conversation_takes_one_turn_at_a_time(visitor: Visitor) -> None:
    visitor.server.rasa.mood = "slow"
    visitor.server.rasa.most_at_once = 0
    with ThreadPoolExecutor(3) as several:
        answers = list(several.map(lambda n: visitor.say("Nord", f"m{n}"), range(3)))
    assert {answer.status_code for answer in answers} == {200}
    assert visitor.server.rasa.most_at_once == 1


def test_conversations_do_not_wait_for_each_other(server: Server, visitor: Visitor) -> None:
    others = [Visitor(server) for _ in range(3)]
    for other in others:
        other.begin()
    server.rasa.mood = "slow"
    server.rasa.most_at_once = 0
    with ThreadPoolExecutor(3) as several:
        list(several.map(lambda other: other.say("Nord"), others))
    assert server.rasa.most_at_once == 3


def test_a_turn_is_finished_when_the_client_goes_away(visitor: Visitor) -> None:
    visitor.server.rasa.mood = "slow"
    turns = len(visitor.server.rasa.turns)
    with pytest.raises(httpx.ReadTimeout):
        visitor.call("POST", "/messages", json={"id": "m9", "text": "Nord"}, timeout=0.15)
    again = visitor.say("Nord", "m9")
    assert again.status_code == 200
    assert len(visitor.server.rasa.turns) == turns + 1


# Rasa in trouble


@pytest.mark.parametrize("mood", ["silent", "raises", "unavailable"])
def test_a_failed_turn_can_be_repeated(visitor: Visitor, mood: str, log: Any) -> None:
    visitor.server.rasa.mood = mood
    answer = visitor.say("Geheimer Vereinsname", "m1")
    conforms(answer, "/messages", "post")
    assert code_of(answer, 503) == "service_unavailable"
    assert int(answer.headers["Retry-After"]) > 0
    assert [each for each in visitor.history() if each["sender"] == "user"] == []
    visitor.server.rasa.mood = "well"
    assert visitor.say("Geheimer Vereinsname", "m1").status_code == 200
    assert "Geheimer" not in log.text
    assert "secret words" not in log.text


def test_a_turn_that_takes_too_long_is_given_up_waiting_for(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.turns.TURN_SECONDS", 0.1)
    visitor.server.rasa.mood = "slow"
    taken = len(visitor.server.rasa.turns)
    assert code_of(visitor.say("Nord", "m1"), 503) == "service_unavailable"
    monkeypatch.undo()
    assert visitor.say("Nord", "m1").status_code == 200
    assert len(visitor.server.rasa.turns) == taken + 1


def test_no_session_is_given_out_when_rasa_is_down(visitor: Visitor) -> None:
    visitor.server.rasa.mood = "silent"
    assert code_of(visitor.begin(), 503) == "service_unavailable"


def test_a_locked_database_is_a_clear_refusal(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, log: Any
) -> None:
    from bot.storage import DatabaseUnavailable

    def locked(*_: Any) -> Any:
        raise DatabaseUnavailable("OperationalError")

    log_class = type(visitor.server.stores.messages)
    monkeypatch.setattr(log_class, "append_turn", locked)
    assert code_of(visitor.say("Nord"), 503) == "service_unavailable"
    assert "A turn was put off: the database is away (OperationalError)" in log.text
    assert "Nord" not in log.text
    monkeypatch.setattr(log_class, "messages", locked)
    assert code_of(visitor.call("GET", "/messages"), 503) == "service_unavailable"
    monkeypatch.undo()
    assert visitor.say("Nord").status_code == 200


def test_an_unexpected_error_is_logged_without_its_words(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, log: Any
) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("Erika Mustermann, DE89370400440532013000")

    monkeypatch.setattr(type(visitor.server.stores.messages), "messages", broken)
    assert code_of(visitor.call("GET", "/messages"), 500) == "internal_error"
    assert "Mustermann" not in log.text
    assert re.search(r"MessageCalls.show failed: ValueError at tests/faults/\w+\.py:\d+", log.text)


# Bad input


@pytest.mark.parametrize("words", ["", "   ", "\x00\x01", "\u200b\n"])
def test_an_empty_message_asks_again(visitor: Visitor, words: str) -> None:
    turns = len(visitor.server.rasa.turns)
    answer = visitor.say(words)
    conforms(answer, "/messages", "post")
    reply = answer.json()["messages"][0]
    problem = text("channels.replies.empty_message")
    assert reply["text"].startswith(problem)
    assert reply["text"].endswith("Wie heißt Ihr Verein?")
    assert reply["question"] == {**QUESTION, "error": problem}
    assert reply["choices"]
    assert len(visitor.server.rasa.turns) == turns


def test_a_long_message_asks_again_and_its_limit_is_still_read(visitor: Visitor) -> None:
    turns = len(visitor.server.rasa.turns)
    answer = visitor.say("x" * 10_001)
    assert "10.000" in answer.json()["messages"][0]["text"]
    assert answer.json()["messages"][0]["question"]["field"] == "club_name"
    assert len(visitor.server.rasa.turns) == turns
    assert visitor.say("x" * 10_000, "m2").status_code == 200
    assert len(visitor.server.rasa.turns) == turns + 1


@pytest.mark.parametrize("words", ["😀" * 300, "🙈", "‮gnal", "'; DROP TABLE drafts;--", "{{7*7}}"])
def test_odd_texts_are_turns_like_any_other(visitor: Visitor, words: str) -> None:
    assert visitor.say(words).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"id": "m1"},
        {"text": "Nord"},
        {"id": "", "text": "Nord"},
        {"id": "x" * 65, "text": "Nord"},
        {"id": "mit leer", "text": "Nord"},
        {"id": "a:b", "text": "Nord"},
        {"id": 7, "text": "Nord"},
        {"id": None, "text": "Nord"},
        {"id": "m1", "text": 7},
        {"id": "m1", "text": ["Nord"]},
        {"id": "m1", "text": {"$gt": ""}},
        {"id": "m1", "choice": 7},
        {"id": "m1", "choice": ""},
        {"id": "m1", "choice": "x" * 501},
        {"id": "m1", "choice": "command:review", "text": "Nord"},
        [],
        ["id"],
        "id",
        7,
        None,
    ],
)
def test_a_wrong_shape_is_refused(visitor: Visitor, body: Any) -> None:
    turns = len(visitor.server.rasa.turns)
    answer = visitor.call("POST", "/messages", json=body)
    assert code_of(answer, 400) == "invalid_request"
    conforms(answer, "/messages", "post")
    assert len(visitor.server.rasa.turns) == turns


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 50_000, "application/json"),
        (b'{"id":"m1","text":"Nord"}', "text/plain"),
        (b"id=m1&text=Nord", "application/x-www-form-urlencoded"),
    ],
)
def test_what_is_not_json_is_refused(visitor: Visitor, content: bytes, kind: str) -> None:
    answer = visitor.call("POST", "/messages", content=content, headers={"Content-Type": kind})
    assert code_of(answer, 400) == "not_json"


def test_a_huge_body_is_refused(visitor: Visitor) -> None:
    assert code_of(visitor.say("x" * 70_000), 413) == "message_too_large"
    assert code_of(visitor.begin(resume="x" * 70_000), 413) == "message_too_large"
    assert visitor.say("Nord").status_code == 200


def test_a_huge_chunked_body_is_refused(visitor: Visitor) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 4096

    answer = visitor.call(
        "POST", "/messages", content=chunks(), headers={"Content-Type": "application/json"}
    )
    assert code_of(answer, 413) == "message_too_large"


def test_ten_messages_in_a_second_are_too_many(tmp_path: Path) -> None:
    server = Server(new_settings(tmp_path, message_burst=6, messages_per_second=3.0))
    try:
        hasty, calm = Visitor(server), Visitor(server)
        hasty.begin()
        calm.begin()
        answers = [hasty.say("Nord", f"m{n}") for n in range(10)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused
        assert code_of(refused[0], 429) == "too_fast"
        conforms(refused[0], "/messages", "post")
        assert calm.say("Süd").status_code == 200
        time.sleep(int(refused[0].headers["Retry-After"]))
        assert hasty.say("Nord", "m99").status_code == 200
    finally:
        server.stop()


def test_many_new_sessions_at_once_are_refused(tmp_path: Path) -> None:
    server = Server(new_settings(tmp_path, sessions_per_second=0.2))
    try:
        answers = [Visitor(server).begin() for _ in range(4)]
        assert [answer.status_code for answer in answers][:2] == [200, 200]
        assert code_of(answers[-1], 429) == "too_fast"
    finally:
        server.stop()


# Sessions


SIGNED_CALLS = [
    ("POST", "/messages"),
    ("GET", "/messages"),
    ("GET", "/application"),
    ("GET", "/application.pdf"),
    ("POST", "/documents"),
    ("DELETE", "/session"),
]


@pytest.mark.parametrize(("method", "path"), SIGNED_CALLS)
def test_every_call_needs_a_session(visitor: Visitor, method: str, path: str) -> None:
    missing = visitor.http.request(method, path, json={"id": "m1", "text": "Nord"})
    assert code_of(missing, 401) == "session_missing"
    assert missing.headers["WWW-Authenticate"] == "Bearer"
    in_address = visitor.http.request(method, path, params={"session": visitor.session})
    assert code_of(in_address, 401) == "session_missing"
    claims = jwt.decode(visitor.session, options={"verify_signature": False})
    for forged in (
        jwt.encode(claims, "not-the-secret-of-this-server-at-all", "HS256"),
        jwt.encode(claims, None, "none"),
        jwt.encode({**claims, "exp": 1}, SESSION_SECRET, "HS256"),
        visitor.session[:-3] + "abc",
        "Bearer",
    ):
        visitor_headers = {"Authorization": f"Bearer {forged}"}
        answer = visitor.http.request(method, path, headers=visitor_headers)
        assert code_of(answer, 401) in {"session_invalid", "session_expired"}


def test_a_session_shows_its_own_conversation_only(server: Server, visitor: Visitor) -> None:
    other = Visitor(server)
    other.begin()
    other.say("Anderer Verein", "m1")
    visitor.say("Mein Verein", "m1")
    mine = json.dumps(visitor.history(), ensure_ascii=False)
    assert "Mein Verein" in mine
    assert "Anderer Verein" not in mine


def test_a_former_session_is_resumed(visitor: Visitor, server: Server) -> None:
    visitor.say("TSV Nord")
    returning = Visitor(server)
    turns = len(server.rasa.turns)
    answer = returning.begin(resume=visitor.session)
    conforms(answer, "/sessions", "post")
    assert returning.conversation_id == visitor.conversation_id
    assert answer.json()["messages"] == visitor.history()
    assert len(server.rasa.turns) == turns


def test_after_a_while_a_returning_person_is_greeted(
    visitor: Visitor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_calls, "ABSENCE", timedelta(0))
    turns = len(server.rasa.turns)
    answer = Visitor(server).begin(resume=visitor.session)
    assert len(server.rasa.turns) == turns + 1
    assert server.rasa.turns[-1].parse_data["intent"]["name"] == "begin"
    assert len(answer.json()["messages"]) == 4


def test_an_expired_session_is_resumed(visitor: Visitor, server: Server) -> None:
    claims = jwt.decode(visitor.session, options={"verify_signature": False})
    yesterday = clock.now().timestamp() - 86_400
    expired = jwt.encode({**claims, "exp": int(yesterday)}, SESSION_SECRET, "HS256")
    long_ago = jwt.encode({**claims, "exp": int(yesterday) - 30 * 86_400}, SESSION_SECRET, "HS256")
    assert Visitor(server).begin(resume=expired).status_code == 200
    assert code_of(Visitor(server).begin(resume=long_ago), 401) == "session_too_old"


@pytest.mark.parametrize("given", ["x", 7, ["a"], {"a": 1}, "a.b.c"])
def test_nonsense_cannot_be_resumed(server: Server, given: Any) -> None:
    assert code_of(Visitor(server).begin(resume=given), 401) == "session_invalid"


def portal_token(secret: str = PORTAL_SECRET, **claims: Any) -> str:
    moment = int(clock.now().timestamp())
    return jwt.encode(
        {"exp": moment + 300, "broker_number": "1234", "broker_name": "Süd", **claims},
        secret,
        "HS256",
    )


def test_a_portal_passes_on_its_broker(server: Server) -> None:
    visitor = Visitor(server)
    visitor.begin(portal_token=portal_token(prefill={"club_name": "TSV"}))
    sent = server.rasa.turns[-1].metadata[CONTEXT].message
    assert sent.broker == {"broker_number": "1234", "broker_name": "Süd"}
    assert sent.prefill == {"club_name": "TSV"}


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("x", "portal_token_invalid"),
        (7, "portal_token_invalid"),
        (portal_token("some-other-secret-of-32-characters!!"), "portal_token_invalid"),
        (portal_token(exp=1), "portal_token_expired"),
    ],
    ids=["no token", "no text", "another secret", "expired"],
)
def test_a_bad_portal_token_begins_nothing(server: Server, token: Any, code: str) -> None:
    turns = len(server.rasa.turns)
    answer = Visitor(server).begin(portal_token=token)
    assert code_of(answer, 401) == code
    conforms(answer, "/sessions", "post")
    assert len(server.rasa.turns) == turns


def test_another_broker_does_not_see_the_former_ones_customer(server: Server) -> None:
    first, second, again = Visitor(server), Visitor(server), Visitor(server)
    first.begin(portal_token=portal_token())
    first.say("Kunde von Süd")
    second.begin(portal_token=portal_token(broker_number="9999"), resume=first.session)
    assert second.conversation_id != first.conversation_id
    again.begin(portal_token=portal_token(), resume=first.session)
    assert again.conversation_id == first.conversation_id


# Brokers


def of_broker(visitor: Visitor, path: str, **claims: Any) -> httpx.Response:
    token = portal_token(**{"scope": "applications", **claims})
    return visitor.http.get(path, headers={"Authorization": f"Bearer {token}"})


def submitted_for(server: Server, answers: dict[str, Any], number: str) -> str:
    identity = f"submitted-{uuid4().hex}"
    draft = cases.draft_of(answers, identity)
    draft.broker = Broker(broker_number=number)
    application, quote = cases.application_of(draft), cases.quote_of(answers)
    return submit(draft, application, quote, [], server.stores.database).reference


def test_a_broker_sees_what_was_begun_through_the_own_portal_and_nothing_else(
    server: Server,
) -> None:
    visitor = Visitor(server)
    number = uuid4().hex
    own = submitted_for(server, cases.QUOTE, number)
    submitted_for(server, cases.QUOTE, "somebody else")
    visitor.begin(portal_token=portal_token(broker_number=number))
    assert (
        len(of_broker(visitor, "/applications", broker_number=number).json()["applications"]) == 1
    )
    visitor.say("TSV Nord")
    answer = of_broker(visitor, "/applications", broker_number=number)
    conforms(answer, "/applications", "get")
    begun, quote = answer.json()["applications"]
    assert (begun["status"], begun["reference"], begun["pdf"]) == ("open", None, None)
    assert (quote["status"], quote["reference"]) == ("submitted", own)
    assert quote["request_type"] == "quote"
    assert visitor.conversation_id not in answer.text
    pdf = of_broker(visitor, quote["pdf"].removeprefix("/webhooks/widget"), broker_number=number)
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_the_pdf_of_another_brokers_application_is_not_found(server: Server) -> None:
    reference = submitted_for(server, cases.QUOTE, "1234")
    for path in (
        f"/applications/{reference}/application.pdf",
        "/applications/KS-7M4X-94TR/application.pdf",
    ):
        answer = of_broker(Visitor(server), path, broker_number="9999")
        assert code_of(answer, 404) == "not_found"


def test_what_a_person_had_erased_is_shown_to_no_broker(server: Server) -> None:
    number = uuid4().hex
    reference = submitted_for(server, cases.QUOTE, number)
    ApplicationStore(server.stores.database).request_erasure(reference, clock.now())
    visitor = Visitor(server)
    listed = of_broker(visitor, "/applications", broker_number=number)
    assert listed.json() == {"applications": []}
    pdf = of_broker(visitor, f"/applications/{reference}/application.pdf", broker_number=number)
    assert code_of(pdf, 404) == "not_found"


@pytest.mark.parametrize("claims", [{"scope": None}, {"scope": "x"}, {"broker_number": None}])
def test_a_customers_token_does_not_open_the_list(server: Server, claims: dict[str, Any]) -> None:
    answer = of_broker(Visitor(server), "/applications", **claims)
    assert code_of(answer, 401) == "portal_token_invalid"


def test_a_session_does_not_open_the_list(visitor: Visitor) -> None:
    assert code_of(visitor.call("GET", "/applications"), 401) == "portal_token_invalid"


def test_a_quote_becomes_an_application_with_its_answers(server: Server) -> None:
    reference = submitted_for(server, cases.QUOTE, "1234")
    for given in (
        {"portal_token": portal_token(from_quote=reference)},
        {"portal_token": portal_token(scope="applications"), "from_quote": reference},
    ):
        answer = Visitor(server).begin(**given)
        assert answer.status_code == 200
        prefill = server.rasa.turns[-1].metadata[CONTEXT].message.prefill
        assert prefill["request_type"] == "application"
        assert prefill["product"] == cases.QUOTE["product"]
        assert prefill["member_count"] == cases.QUOTE["member_count"]


def test_a_quote_of_somebody_else_begins_nothing(server: Server) -> None:
    quote = submitted_for(server, cases.QUOTE, "9999")
    application = submitted_for(server, cases.EVERYTHING_NO, "1234")
    for reference in (quote, application, "KS-7M4X-94TR", "x"):
        answer = Visitor(server).begin(portal_token=portal_token(from_quote=reference))
        assert code_of(answer, 404) == "not_found"
    own = submitted_for(server, cases.QUOTE, "1234")
    answer = Visitor(server).begin(portal_token=portal_token(), from_quote=own)
    assert code_of(answer, 401) == "portal_token_invalid"


# Erasing


def test_erasing_leaves_nothing(visitor: Visitor, server: Server) -> None:
    visitor.say("TSV Nord")
    visitor.upload(PDF)
    conversation_id = visitor.conversation_id
    files = server.settings.data_dir / "documents"
    before = {path for path in files.rglob("*") if path.is_file()}
    assert visitor.call("DELETE", "/session").status_code == 204
    assert server.stores.drafts.load(conversation_id) is None
    assert server.stores.messages.messages(conversation_id) == []
    assert server.stores.documents.list(conversation_id) == []
    assert len({path for path in files.rglob("*") if path.is_file()}) == len(before) - 1
    assert server.stores.drafts.load(conversation_id) is None
    assert visitor.call("DELETE", "/session").status_code == 204


def test_an_erased_conversation_does_not_come_back_by_itself(
    visitor: Visitor, server: Server
) -> None:
    visitor.call("DELETE", "/session")
    turns = len(server.rasa.turns)
    assert code_of(visitor.say("TSV Nord"), 410) == "conversation_ended"
    assert code_of(visitor.call("GET", "/messages"), 410) == "conversation_ended"
    assert code_of(visitor.call("GET", "/application"), 410) == "conversation_ended"
    assert code_of(visitor.upload(PDF), 410) == "conversation_ended"
    assert code_of(Visitor(server).begin(resume=visitor.session), 410) == "conversation_ended"
    assert len(server.rasa.turns) == turns
    assert server.stores.documents.list(visitor.conversation_id) == []


def test_erasing_in_the_conversation_leaves_nothing(server: Server) -> None:
    visitor = Visitor(server)
    visitor.begin(portal_token=portal_token())
    visitor.say("TSV Nord", "m1")
    server.rasa.mood = "erases"
    answer = visitor.say("Bitte alles löschen", "m2")
    conforms(answer, "/messages", "post")
    assert answer.json()["state"]["status"] == "erased"
    assert server.stores.messages.messages(visitor.conversation_id) == []
    assert server.stores.drafts.load(visitor.conversation_id) is None
    server.rasa.mood = "well"
    assert code_of(visitor.say("Nord", "m3"), 410) == "conversation_ended"
    assert code_of(visitor.tap("answer:club_name:skip", "m4"), 410) == "conversation_ended"
    assert visitor.tap("command:start", "m5").status_code == 200
    begun = server.rasa.turns[-1]
    assert begun.parse_data["intent"]["name"] == "begin"
    assert begun.metadata[CONTEXT].message.broker == {"broker_number": "1234", "broker_name": "Süd"}
    assert visitor.say("Nord", "m6").status_code == 200


# Documents


def test_a_document_is_kept_and_told(visitor: Visitor, server: Server) -> None:
    answer = visitor.upload(PDF, "Satzung 2026.pdf", id="u1")
    conforms(answer, "/documents", "post")
    document = answer.json()["document"]
    assert (document["name"], document["media_type"]) == ("Satzung 2026.pdf", "application/pdf")
    assert server.stores.documents.content(document["id"]) == PDF
    turn = server.rasa.turns[-1]
    assert turn.metadata[CONTEXT].message.document == {"id": document["id"], "kind": "statutes"}
    assert turn.parse_data["intent"]["name"] == "choose"
    assert visitor.history()[2]["document"] == document


def test_a_repeated_upload_is_one_document(visitor: Visitor, server: Server) -> None:
    first = visitor.upload(PDF, id="u1")
    second = visitor.upload(PDF, id="u1")
    assert first.json()["document"] == second.json()["document"]
    assert len(server.stores.documents.list(visitor.conversation_id)) == 1


def test_an_upload_whose_turn_failed_is_kept_once(visitor: Visitor, server: Server) -> None:
    server.rasa.mood = "silent"
    assert code_of(visitor.upload(PDF, id="u1"), 503) == "service_unavailable"
    server.rasa.mood = "well"
    assert visitor.upload(PDF, id="u2").status_code == 200
    assert len(server.stores.documents.list(visitor.conversation_id)) == 1


def test_an_upload_takes_no_other_messages_name(visitor: Visitor, server: Server) -> None:
    visitor.say("Nord", "m1")
    assert code_of(visitor.upload(PDF, id="m1"), 400) == "invalid_request"


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"", "statutes", 422, "file_empty"),
        (b"%PDF-1.7 cut off", "statutes", 422, "file_damaged"),
        (PNG[:20], "statutes", 422, "file_damaged"),
        (b"<html><script>alert(1)</script></html>", "statutes", 415, "file_type"),
        (b"MZ\x90\x00" + b"\x00" * 100, "statutes", 415, "file_type"),
        (b"PK\x03\x04" + b"\x00" * 100, "statutes", 415, "file_type"),
        (b"GIF89a" + b"\x00" * 100, "statutes", 415, "file_type"),
        (b"just text", "statutes", 415, "file_type"),
        (PDF + b" " * 200_000, "statutes", 413, "file_too_large"),
        (PDF + b" " * 900_000, "statutes", 413, "file_too_large"),
        (PDF, "passport", 422, "document_kind"),
        (PDF, "", 422, "document_kind"),
        (PDF, "../../etc", 422, "document_kind"),
    ],
)
def test_a_wrong_file_is_refused(
    visitor: Visitor, server: Server, content: bytes, kind: str, status: int, code: str
) -> None:
    answer = visitor.upload(content, kind=kind)
    assert code_of(answer, status) == code
    conforms(answer, "/documents", "post")
    assert server.stores.documents.list(visitor.conversation_id) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/passwd", "passwd.pdf"),
        ("C:\\fakepath\\Satzung.PDF", "Satzung.PDF"),
        ("satzung.pdf.exe", "satzung.pdf.exe.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("..", "Dokument.pdf"),
        ("Übersicht (1).pdf", "Übersicht (1).pdf"),
    ],
)
def test_a_name_is_for_display_only(
    visitor: Visitor, server: Server, name: str, shown: str
) -> None:
    boundary = b"--xyz"
    body = b"\r\n".join(
        [
            boundary,
            b'Content-Disposition: form-data; name="kind"',
            b"",
            b"statutes",
            boundary,
            b"Content-Disposition: form-data; name=\"file\"; filename*=utf-8''"
            + "".join(f"%{byte:02X}" for byte in name.encode()).encode(),
            b"Content-Type: image/png",
            b"",
            PDF,
            boundary + b"--",
            b"",
        ]
    )
    answer = visitor.call(
        "POST",
        "/documents",
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=xyz"},
    )
    assert answer.json()["document"]["name"] == shown
    stored = {path.name for path in (server.settings.data_dir / "documents").rglob("*")}
    assert not [each for each in stored if "." in each or not re.fullmatch("[0-9a-f]+", each)]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=xyz"),
        (b"--xyz\r\nnonsense\r\n--xyz--", "multipart/form-data; boundary=xyz"),
        (b"--xyz\r\n\xff\xff: x\r\n\r\nx\r\n--xyz--", "multipart/form-data; boundary=xyz"),
        (b"{}", "application/json"),
        (b"", ""),
    ],
)
def test_a_broken_form_is_refused(visitor: Visitor, content: bytes, kind: str) -> None:
    answer = visitor.call("POST", "/documents", content=content, headers={"Content-Type": kind})
    assert code_of(answer, 400) in {"invalid_request", "file_missing"}


def test_only_so_many_documents(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.documents.MOST_DOCUMENTS", 2)
    statuses = [visitor.upload(PDF, id=f"u{n}").status_code for n in range(3)]
    assert statuses == [200, 200, 422]


# Origins and headers


def test_an_allowed_origin_may_read(visitor: Visitor) -> None:
    answer = visitor.call("GET", "/messages", headers={"Origin": PORTAL})
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "https://portal.example.evil", "http://portal.example"],
)
def test_another_origin_may_not(visitor: Visitor, origin: str) -> None:
    for answer in (
        visitor.call("GET", "/messages", headers={"Origin": origin}),
        visitor.http.options(
            "/messages", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
        ),
        visitor.http.get("/messages", headers={"Origin": origin}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control-allow")]


@pytest.mark.parametrize("path", ["/messages", "/sessions", "/documents", "/session"])
def test_an_allowed_origin_may_ask_first(visitor: Visitor, path: str) -> None:
    answer = visitor.http.options(
        path,
        headers={
            "Origin": PORTAL,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,cookie",
        },
    )
    assert answer.status_code in {200, 204}
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
    assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert "DELETE" in answer.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_refusal_can_be_read_by_an_allowed_origin(visitor: Visitor) -> None:
    answer = visitor.http.get("/messages", headers={"Origin": PORTAL})
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL


def test_every_answer_is_locked_down(visitor: Visitor) -> None:
    for answer in (
        visitor.call("GET", "/messages"),
        visitor.http.get("/messages"),
        visitor.http.get("/openapi.json"),
        visitor.http.get("/portal/token"),
    ):
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


# Pages and health


def test_the_description_is_that_of_the_routes(server: Server) -> None:
    served = httpx.get(f"{server.address}/webhooks/widget/openapi.json", trust_env=False).json()
    assert served == openapi_document()
    blueprint = server.app.blueprints["widget"]
    assert isinstance(blueprint, ChannelBlueprint)
    registered = {
        (method.lower(), _described_path(route.path))
        for route in blueprint.routes
        for method in route.methods
        if method != "OPTIONS"
    }
    described = {(method, path) for path, calls in served["paths"].items() for method in calls}
    assert registered == described


def _described_path(registered: str) -> str:
    return "/" + re.sub(r"<(\w+):\w+>", r"{\1}", registered.removeprefix("webhooks/widget/"))


def test_the_portal_page_and_its_files(server: Server) -> None:
    base = f"{server.address}/webhooks/widget/"
    with httpx.Client(base_url=base, trust_env=False) as http:
        page = http.get("portal/")
        assert page.status_code == 200
        policy = page.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        for address in re.findall(r'(?:src|href)="(?!data:)([^"#]+)"', page.text):
            assert http.get(page.url.join(address)).status_code == 200, address


@pytest.mark.parametrize("typed", ["/portal/", "/portal", "/webhooks/widget/portal"])
def test_the_portal_page_is_found_by_its_short_address(server: Server, typed: str) -> None:
    page = httpx.get(server.address + typed, trust_env=False, follow_redirects=True)
    assert page.status_code == 200
    assert page.url.path == "/webhooks/widget/portal/"


def test_the_script_may_be_loaded_from_a_portal_and_is_cached(server: Server) -> None:
    base = f"{server.address}/webhooks/widget"
    with httpx.Client(base_url=base, trust_env=False) as http:
        script = http.get("/widget.js", headers={"Origin": PORTAL})
        assert script.status_code == 200
        assert script.headers["Content-Type"].startswith("text/javascript")
        assert script.headers["Content-Encoding"] == "gzip"
        assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert script.headers["Access-Control-Allow-Origin"] == PORTAL
        again = http.get("/widget.js", headers={"If-None-Match": script.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        plain = http.get("/widget.js", headers={"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in plain.headers
        assert plain.text == script.text


@pytest.mark.parametrize(
    "path",
    [
        "/..%2fsettings.py",
        "/%2e%2e/settings.py",
        "/../settings.py",
        "/src/..%2f..%2fchannels/api.py",
        "/src/../../channels/api.py",
        "/portal.html",
        "/src/types.d.ts",
        "/src",
        "/" + "a" * 3000 + ".js",
    ],
)
def test_nothing_but_the_widget_is_served(server: Server, path: str) -> None:
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as raw:
        raw.sendall(
            f"GET /webhooks/widget{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b""
        while part := raw.recv(65_536):
            answer += part
    assert answer.split(b" ", 2)[1] == b"404"


def test_the_demonstration_token_begins_a_brokers_conversation(server: Server) -> None:
    given = httpx.get(f"{server.address}/webhooks/widget/portal/token", trust_env=False).json()
    visitor = Visitor(server)
    assert visitor.begin(portal_token=given["portal_token"]).status_code == 200
    assert server.rasa.turns[-1].metadata[CONTEXT].message.broker == {
        "broker_number": given["broker_number"],
        "broker_name": given["broker_name"],
    }


def test_production_signs_no_demonstration_token(tmp_path: Path) -> None:
    server = Server(new_settings(tmp_path, production=True))
    try:
        answer = httpx.get(f"{server.address}/webhooks/widget/portal/token", trust_env=False)
        assert code_of(answer, 404) == "not_found"
    finally:
        server.stop()


def test_health(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with httpx.Client(base_url=server.address, trust_env=False) as http:
        assert http.get("/health/live").status_code == 200
        ready = http.get("/health/ready")
        assert (ready.status_code, ready.json()["ready"]) == (200, True)
        assert set(ready.json()["parts"]) == {"database", "model", "actions", "disk"}
        assert all(part["ok"] for part in ready.json()["parts"].values())
        nobody = SimpleNamespace(url="http://127.0.0.1:9/webhook")
        monkeypatch.setattr(server.rasa, "action_endpoint", nobody)
        ready = http.get("/health/ready")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert ready.json()["parts"]["actions"] == {
            "ok": False,
            "needed": True,
            "reason": "the action server does not answer",
        }
        assert ready.json()["parts"]["model"] == {"ok": True, "needed": True}
        monkeypatch.setattr(server.rasa, "loaded", False)
        ready = http.get("/health/ready")
        assert ready.json()["parts"]["model"]["reason"] == "no model is loaded"
        assert http.get("/health/live").status_code == 200


def test_parts_that_can_be_done_without_do_not_make_it_unready(tmp_path: Path) -> None:
    away = {
        "redis_url": "redis://127.0.0.1:9/0",
        "rabbitmq_url": "amqp://127.0.0.1:9/",
        "events_queue": "events",
    }
    running = Server(new_settings(tmp_path, **away))
    try:
        ready = httpx.get(f"{running.address}/health/ready", trust_env=False)
        assert (ready.status_code, ready.json()["ready"]) == (200, True)
        parts = ready.json()["parts"]
        for name in ("redis", "rabbitmq"):
            assert (parts[name]["ok"], parts[name]["needed"]) == (False, False)
        # Locks, limits and events wait or do without; the conversation goes on.
        someone = Visitor(running)
        assert someone.begin().status_code == 200
        assert someone.say("TSV Nord", "m1").status_code == 200
    finally:
        running.stop()


# Figures


def figure(server: Server, name: str, **labels: str) -> float:
    answer = httpx.get(f"{server.address}/metrics", trust_env=False)
    assert answer.status_code == 200
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return float(sample.value)
    return 0.0


def test_figures_count_what_happens(visitor: Visitor) -> None:
    server = visitor.server
    answered = figure(server, "bot_turns_total", channel="widget", outcome="answered")
    refused = figure(server, "bot_refusals_total", code="session_missing")
    visitor.say("TSV Nord", "m1")
    visitor.say("TSV Nord", "m1")
    visitor.http.get("/messages")
    assert figure(server, "bot_turns_total", channel="widget", outcome="answered") == answered + 1
    assert figure(server, "bot_turns_total", channel="widget", outcome="repeated") >= 1
    assert figure(server, "bot_refusals_total", code="session_missing") == refused + 1
    assert figure(server, "bot_part_up", part="database") == 1
    assert figure(server, "bot_turn_seconds_count", channel="widget") > 0


def test_figures_are_not_for_the_internet(server: Server) -> None:
    headers = {"X-Forwarded-For": "203.0.113.7"}
    answer = httpx.get(f"{server.address}/metrics", headers=headers, trust_env=False)
    assert code_of(answer, 404) == "not_found"


# Limits


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers with limits of their own."""
    running: list[Server] = []

    def make(**limits: Any) -> Server:
        running.append(Server(new_settings(tmp_path, **limits)))
        return running[-1]

    yield make
    for server in running:
        server.stop()


def test_a_full_server_says_so_and_goes_on(limited: Callable[..., Server]) -> None:
    server = limited(turns_at_once=2)
    people = [Visitor(server) for _ in range(4)]
    for someone in people:
        assert someone.begin().status_code == 200
    server.rasa.mood = "slow"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: each.say("TSV Nord", "m1"), people))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200, 200, 503, 503]
    turned_away = next(answer for answer in answers if answer.status_code == 503)
    assert code_of(turned_away, 503) == "busy"
    assert int(turned_away.headers["Retry-After"]) > 0
    server.rasa.mood = "well"
    assert [each.say("TSV Nord", "m1").status_code for each in people] == [200] * 4


def test_a_conversation_has_an_end(limited: Callable[..., Server]) -> None:
    server = limited(conversation_turns=3)
    someone = Visitor(server)
    someone.begin()
    assert [someone.say("TSV", f"m{n}").status_code for n in (1, 2)] == [200, 200]
    full = someone.say("TSV", "m3")
    assert code_of(full, 422) == "conversation_too_long"
    conforms(full, "/messages", "post")
    # What was said stays readable, and what was answered is answered again.
    assert len(someone.history()) == 8
    assert someone.say("TSV", "m2").status_code == 200
    assert someone.begin(resume=someone.session).status_code == 200


def test_calls_from_one_address_are_limited(limited: Callable[..., Server]) -> None:
    server = limited(calls_per_second=0.5, proxies=1)
    server.app.config.PROXIES_COUNT = 1

    def ask(address: str) -> httpx.Response:
        headers = {"X-Forwarded-For": address}
        url = f"{server.address}/webhooks/widget/openapi.json"
        return httpx.get(url, headers=headers, trust_env=False)

    answers = [ask("203.0.113.7") for _ in range(6)]
    assert [answer.status_code for answer in answers[:5]] == [200] * 5
    assert code_of(answers[5], 429) == "too_fast"
    assert answers[5].headers["X-Content-Type-Options"] == "nosniff"
    assert ask("203.0.113.8").status_code == 200
    # One household's addresses of IPv6 count as one.
    assert [ask(f"2001:db8::{n}").status_code for n in range(6)] == [200] * 5 + [429]
    health = httpx.get(f"{server.address}/health/live", trust_env=False)
    assert health.status_code == 200
