"""The webhook: signed, confirmed, and never taken in by an answer that is none."""

from __future__ import annotations

import json
import logging
import re
import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from webhook_receiver import Behaviour, Receiver, confirm

from bot import clock
from bot.handoff.dispatch import Patience, dispatch_pending
from bot.handoff.parcel import pack
from bot.handoff.webhook import LONGEST_CONFIRMATION, WebhookDestination
from bot.settings import PROJECT
from bot.storage import Database
from bot.storage.outbox import Delivery, Outbox
from tests import handoff_cases as cases

SECRET = "shared-with-the-receiver-and-nobody-else"
CALM = Patience(jitter=0)


def garbage(handler) -> None:
    handler.reply(200, b"<html>Wartungsarbeiten</html>")


def another_key(handler) -> None:
    handler.reply(200, b'{"idempotency_key": "KS-0000-0000:webhook"}')


def nesting(handler) -> None:
    handler.reply(200, b"[" * 10_000)


def endless(handler) -> None:
    handler.reply(200, b" " * (LONGEST_CONFIRMATION + 1))


def moved(handler) -> None:
    handler.reply(301, Location=handler.receiver.url + "/elsewhere")


def gone(handler) -> None:
    handler.reply(410)


def failing(handler) -> None:
    handler.reply(503)


def hanging(handler) -> None:
    handler.receiver.released.wait(20)


def dripping(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    while not handler.receiver.released.wait(0.1):
        try:
            handler.wfile.write(b" ")
        except OSError:
            return


def cutting_off(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"idempotency_key": ')
    handler.connection.shutdown(socket.SHUT_RDWR)


def saying_nothing(handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def receiver(monkeypatch) -> Iterator[Receiver]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def database(tmp_path: Path, monkeypatch) -> Database:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00")
    return cases.open_database(tmp_path)


@pytest.fixture
def reference(database: Database, tmp_path: Path) -> str:
    return cases.submitted(database, tmp_path, cases.EVERYTHING, destinations=["webhook"]).reference


def delivery(database: Database) -> Delivery:
    (only,) = Outbox(database).all()
    return only


def deliver(database, tmp_path, url, later=timedelta(0)):
    destination = WebhookDestination(url, SECRET, seconds=0.4)
    folder = cases.documents_folder(tmp_path)
    return dispatch_pending(database, [destination], folder, clock.now() + later, CALM)


def documented_check() -> Callable[..., bool]:
    """The function that the documentation offers to receivers."""
    page = (PROJECT / "docs" / "hand-off.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Callable[..., bool]] = {}
    exec(snippet, names)
    return names["is_genuine"]


def test_a_confirmed_application_is_delivered_with_all_its_files(
    database, tmp_path, reference, receiver
) -> None:
    assert deliver(database, tmp_path, receiver.url).delivered == 1
    ((headers, body),) = receiver.requests
    message = json.loads(body)
    assert message["reference"] == reference
    assert headers["Idempotency-Key"] == message["idempotency_key"] == f"{reference}:webhook"
    packed = pack(reference, "", database, cases.documents_folder(tmp_path)).files
    assert [each["name"] for each in message["files"]] == list(packed)
    assert delivery(database).state == "delivered"


def test_the_documented_check_accepts_what_we_send_and_nothing_else(
    database, tmp_path, reference, receiver, monkeypatch
) -> None:
    deliver(database, tmp_path, receiver.url)
    ((headers, body),) = receiver.requests
    genuine = documented_check()
    sent = clock.now().timestamp()
    monkeypatch.setattr(time, "time", lambda: sent + 10)
    assert genuine(SECRET, headers, body)
    assert not genuine("another secret", headers, body)
    assert not genuine(SECRET, headers, body.replace(b"KS-", b"KX-", 1))
    assert not genuine(SECRET, {**headers, "X-Handoff-Timestamp": str(int(sent) + 1)}, body)
    assert not genuine(SECRET, {}, body)
    monkeypatch.setattr(time, "time", lambda: sent + 301)
    assert not genuine(SECRET, headers, body)


@pytest.mark.parametrize(
    ("behaviour", "noted"),
    [
        (garbage, "HTTP 200 without confirmation"),
        (another_key, "HTTP 200 without confirmation"),
        (nesting, "HTTP 200 without confirmation"),
        (endless, "answer too long"),
        (moved, "HTTP 301"),
        (failing, "HTTP 503"),
        (hanging, "ReadTimeout"),
        (dripping, "answer too slow"),
        (cutting_off, "RemoteProtocolError"),
        (saying_nothing, "RemoteProtocolError"),
    ],
    ids=lambda given: getattr(given, "__name__", None),
)
def test_what_is_no_confirmation_is_tried_again_with_the_same_content_and_key(
    database, tmp_path, reference, receiver, caplog, behaviour: Behaviour, noted: str
) -> None:
    caplog.set_level(logging.INFO, "bot")
    receiver.behave = behaviour
    assert deliver(database, tmp_path, receiver.url).failed == 1
    assert (delivery(database).state, delivery(database).last_error) == ("pending", noted)
    assert (
        f"{reference} to webhook, attempt 1: failed, will be tried again ({noted})" in caplog.text
    )
    assert receiver.redirected == 0
    receiver.behave = confirm
    assert deliver(database, tmp_path, receiver.url, timedelta(minutes=1)).delivered == 1
    (first, body), (second, again) = receiver.requests
    assert body == again
    assert first["Idempotency-Key"] == second["Idempotency-Key"]


def test_410_ends_the_attempts_until_somebody_redelivers(
    database, tmp_path, reference, receiver, caplog
) -> None:
    receiver.behave = gone
    assert deliver(database, tmp_path, receiver.url).given_up == 1
    assert (delivery(database).state, delivery(database).last_error) == ("dead", "HTTP 410")
    assert f"{reference} to webhook, attempt 1: given up (HTTP 410)" in caplog.text
    assert deliver(database, tmp_path, receiver.url, timedelta(days=1)).delivered == 0
    receiver.behave = confirm
    Outbox(database).revive(reference, clock.now())
    assert deliver(database, tmp_path, receiver.url).delivered == 1


def test_a_server_that_is_away_loses_nothing(database, tmp_path, reference, receiver) -> None:
    receiver.close()
    assert deliver(database, tmp_path, receiver.url).failed == 1
    assert delivery(database).last_error == "ConnectError"


def test_nothing_personal_is_logged(database, tmp_path, reference, receiver, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.behave = garbage
    deliver(database, tmp_path, receiver.url)
    assert reference in caplog.text
    for personal in ("Platzwart", "Oberp", cases.IBAN, SECRET, "Wartung"):
        assert personal not in caplog.text
