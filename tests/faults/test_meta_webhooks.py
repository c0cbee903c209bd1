"""Meta's webhooks over real HTTP: who is let in, what is stored, and what is refused."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from graph_stand_in import GraphStandIn
from meta_connection import PUBLIC, meta_settings
from meta_payloads import MessengerPerson, WhatsAppPerson, signed
from meta_server import Server

from bot.channels.meta import platforms
from bot.storage import DatabaseUnavailable
from bot.storage.inbound import InboundEvents


@pytest.fixture(scope="module")
def graph() -> GraphStandIn:
    return GraphStandIn()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, graph: GraphStandIn) -> Iterator[Server]:
    patch = pytest.MonkeyPatch()
    patch.setattr(platforms, "_new_client", graph.client)
    patch.setenv("BOT_NOW", "2026-11-20T10:00:00+01:00")
    settings = meta_settings(
        tmp_path_factory.mktemp("meta"),
        given_portal_secret="portal-secret-of-more-than-32-characters",
        message_burst=1000,
    )
    running = Server(settings)
    yield running
    running.stop()
    patch.undo()


def wait_for(graph: GraphStandIn, address: str, number: int) -> list[str]:
    give_up = time.monotonic() + 15
    while time.monotonic() < give_up:
        mine = [
            words
            for sent, words in zip(graph.sent, graph.texts)
            if (sent.get("to") or sent["recipient"]["id"]) == address
        ]
        if len(mine) >= number:
            return mine
        time.sleep(0.02)
    raise AssertionError(f"only {mine} came")


PEOPLE: list[Any] = [MessengerPerson, WhatsAppPerson]
both = pytest.mark.parametrize("kind", PEOPLE, ids=lambda each: each.channel)


@both
def test_the_handshake_answers_whoever_knows_the_token(server: Server, kind: Any) -> None:
    address = f"{server.webhooks}/{kind.channel}/webhook"
    right = {
        "hub.mode": "subscribe",
        "hub.verify_token": "verify-token",
        "hub.challenge": "1158201444",
    }
    answer = server.http.get(address, params=right)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    for wrong in (
        {**right, "hub.verify_token": "verify-tokem"},
        {**right, "hub.mode": "unsubscribe"},
        {**right, "hub.challenge": "<script>"},
        {"hub.mode": "subscribe", "hub.challenge": "1"},
        {},
    ):
        refused = server.http.get(address, params=wrong)
        assert refused.status_code == 403
        assert refused.text == ""


@both
def test_only_metas_signature_over_the_raw_body_is_accepted(
    server: Server, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"{server.webhooks}/{kind.channel}/webhook"
    payload = kind.batch([kind("4917099").says("geheime Worte")])
    body, headers = signed(payload)
    right = headers["X-Hub-Signature-256"]
    reformatted = json.dumps(payload, indent=1).encode()
    for content, given in [
        (body, None),
        (body, ""),
        (body, right[:-1]),
        (body, right.upper()),
        (body, right.replace("sha256=", "sha1=")),
        (body, "sha256=" + "ö" * 64),
        (body + b" ", right),
        (reformatted, right),
        (b"", right),
    ]:
        own = {} if given is None else {"X-Hub-Signature-256": given.encode()}
        own["Content-Type"] = b"application/json"
        answer = server.http.post(address, content=content, headers=own)
        assert answer.status_code == 403
        assert answer.text == ""
    assert "geheime" not in caplog.text
    with server.stores.database.reading() as unit:
        rows = unit._connection.exec_driver_sql("SELECT count(*) FROM inbound_events").all()
    before = rows[0][0]
    assert server.http.post(address, content=body, headers=headers).status_code == 200
    with server.stores.database.reading() as unit:
        rows = unit._connection.exec_driver_sql("SELECT count(*) FROM inbound_events").all()
    assert rows[0][0] == before + 1


@both
def test_a_message_is_answered_in_the_background(
    server: Server, graph: GraphStandIn, kind: Any
) -> None:
    person = kind(f"4917011122{len(kind.channel)}")
    answer = server.post(kind.channel, kind.batch([person.says("eins")]))
    assert (answer.status_code, answer.text) == (200, "EVENT_RECEIVED")
    assert wait_for(graph, person.address, 2) == ["Guten Tag.", "Frage 1?"]
    assert graph.actions
    assert graph.violations == []


@both
def test_nothing_is_thanked_for_while_it_cannot_be_stored(
    server: Server, kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise DatabaseUnavailable("away")

    monkeypatch.setattr(InboundEvents, "receive", broken)
    answer = server.post(kind.channel, kind.batch([kind("4917055").says("eins")]))
    assert answer.status_code == 503


@both
@pytest.mark.parametrize(
    ("payload", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b"\xff\xfe", 400),
        ([], 400),
        ({}, 404),
        ({"object": "instagram"}, 404),
    ],
    ids=["empty", "broken", "deep", "binary", "list", "nothing", "other"],
)
def test_signed_nonsense_is_refused_without_an_error(
    server: Server, kind: Any, payload: Any, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert server.post(kind.channel, payload).status_code == status
    assert not caplog.records


def test_a_call_that_is_too_large_is_refused(server: Server) -> None:
    assert server.post("messenger", b" " * (4 * 1024 * 1024 + 1)).status_code == 413


@both
def test_the_link_leads_to_the_same_conversation_in_the_widget_once_and_back(
    server: Server, graph: GraphStandIn, kind: Any
) -> None:
    person = kind(f"4917033344{len(kind.channel)}")
    server.rasa.question = {"field": "iban", "type": "iban"}
    server.post(kind.channel, kind.batch([person.says("eins")]))
    wait_for(graph, person.address, 3)
    server.rasa.question = {"field": "remarks", "type": "text"}
    link = next(
        part
        for sent in graph.sent
        if person.address in str(sent)
        for part in json.dumps(sent, default=str).split('"')
        if part.startswith(f"{PUBLIC}/webhooks/{kind.channel}/continue#")
    )
    page = server.http.get(f"{server.webhooks}/{kind.channel}/continue")
    assert page.status_code == 200
    assert "continue.js" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    script = server.http.get(f"{server.webhooks}/{kind.channel}/continue.js")
    assert "memoryKey" in script.text
    style = server.http.get(f"{server.webhooks}/{kind.channel}/continue.css")
    assert style.headers["content-type"].startswith("text/css")
    for needed in ("widget.js", "src/memory.js"):
        assert server.http.get(f"{server.webhooks}/widget/{needed}").status_code == 200

    token = link.partition("#")[2]
    opened = server.http.post(f"{server.webhooks}/widget/sessions", json={"resume": token})
    assert opened.status_code == 200
    session = opened.json()["session"]
    assert [m["text"] for m in opened.json()["messages"] if m["sender"] == "user"] == ["eins"]
    again = server.http.post(f"{server.webhooks}/widget/sessions", json={"resume": token})
    assert again.status_code == 401
    assert again.json()["error"]["code"] == "session_link_used"

    own = {"Authorization": f"Bearer {session}"}
    back = server.http.post(f"{server.webhooks}/{kind.channel}/back", headers=own)
    host = "m.me" if kind.channel == "messenger" else "wa.me"
    assert httpx.URL(back.json()["url"]).host == host
    assert back.json()["qr_code"].startswith("data:image/svg+xml,")
    assert server.http.post(f"{server.webhooks}/{kind.channel}/back").status_code == 401


def test_an_expired_or_forged_link_leads_nowhere(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = {"aud": "vereins-antrag-link", "sub": "x", "jti": "1", "exp": 1_795_165_200}
    secret = "session-secret-of-more-than-32-characters"
    monkeypatch.setenv("BOT_NOW", "2026-11-20T13:00:00+01:00")
    for key in (secret, "another-secret-of-more-than-32-characters"):
        token = jwt.encode(claims, key, algorithm="HS256")
        answer = server.http.post(f"{server.webhooks}/widget/sessions", json={"resume": token})
        assert answer.status_code == 401


def test_without_settings_the_channels_are_off_and_say_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    off = {
        f"meta_{name}": None
        for name in ("app_secret", "verify_token", "public_url", "messenger_token")
    }
    settings = meta_settings(
        tmp_path,
        given_portal_secret="portal-secret-of-more-than-32-characters",
        **off,
        meta_messenger_page=None,
    )
    with caplog.at_level(logging.INFO, "bot.channels.meta"):
        server = Server(settings)
    lines = [record.getMessage() for record in caplog.records if "is off" in record.getMessage()]
    assert lines == [
        "The channel messenger is off: set BOT_META_APP_SECRET, BOT_META_VERIFY_TOKEN, "
        "BOT_META_PUBLIC_URL, BOT_META_MESSENGER_TOKEN, BOT_META_MESSENGER_PAGE",
        "The channel whatsapp is off: set BOT_META_APP_SECRET, BOT_META_VERIFY_TOKEN, "
        "BOT_META_PUBLIC_URL",
    ]
    for channel in ("messenger", "whatsapp"):
        assert server.http.get(f"{server.webhooks}/{channel}/webhook").status_code == 404
        assert server.post(channel, {"object": "page"}).status_code == 404
    assert server.http.post(f"{server.webhooks}/widget/sessions", json={}).status_code == 200
    server.stop()
