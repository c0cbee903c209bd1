"""RabbitMQ: what the broker confirmed survives its restart; what it did not is tried again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import aio_pika
import pytest
from rabbitmq_server import RabbitServer

from bot import clock
from bot.handoff.dispatch import Patience, dispatch_pending
from bot.handoff.rabbitmq import RabbitDestination
from bot.storage import Database
from bot.storage.outbox import Outbox
from tests import handoff_cases as cases

CALM = Patience(jitter=0)


@pytest.fixture(scope="module")
def broker(tmp_path_factory) -> Iterator[RabbitServer]:
    server = RabbitServer(tmp_path_factory.mktemp("rabbitmq"))
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def database(tmp_path: Path, monkeypatch) -> Database:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00")
    return cases.open_database(tmp_path)


@pytest.fixture
def reference(database: Database, tmp_path: Path) -> str:
    answers, to = cases.EVERYTHING, ["rabbitmq"]
    return cases.submitted(database, tmp_path, answers, destinations=to).reference


@pytest.fixture
def queue() -> str:
    return f"applications-{uuid4().hex}"


def deliver(database, tmp_path, url, queue, later=timedelta(0)):
    destination = RabbitDestination(url, queue, seconds=10)
    folder = cases.documents_folder(tmp_path)
    return dispatch_pending(database, [destination], folder, clock.now() + later, CALM)


def received(url: str, queue: str) -> list[tuple[str, int, bytes]]:
    """Everything in the queue: message id, delivery mode, body."""

    async def fetch() -> list[tuple[str, int, bytes]]:
        found = []
        async with await aio_pika.connect(url) as connection:
            channel = await connection.channel()
            declared = await channel.declare_queue(queue, passive=True)
            while message := await declared.get(no_ack=True, fail=False):
                found.append((message.message_id, message.delivery_mode, message.body))
        return found

    return asyncio.run(fetch())


def test_an_application_waits_in_the_queue_also_after_a_restart(
    database, tmp_path, reference, broker, queue
) -> None:
    assert deliver(database, tmp_path, broker.url, queue).delivered == 1
    broker.stop()
    broker.start()
    ((message_id, mode, body),) = received(broker.url, queue)
    assert message_id == f"{reference}:rabbitmq"
    assert mode == aio_pika.DeliveryMode.PERSISTENT
    message = json.loads(body)
    assert message["reference"] == reference
    assert {"application.json", "application.pdf", "protocol.json"} < {
        each["name"] for each in message["files"]
    }


def test_a_broker_that_is_down_costs_nothing_but_time(
    database, tmp_path, reference, broker, queue
) -> None:
    broker.stop()
    assert deliver(database, tmp_path, broker.url, queue).failed == 1
    (delivery,) = Outbox(database).all()
    assert (delivery.state, delivery.last_error) == ("pending", "AMQPConnectionError ECONNREFUSED")
    broker.start()
    again = deliver(database, tmp_path, broker.url, queue, timedelta(minutes=1))
    assert again.delivered == 1
    assert len(received(broker.url, queue)) == 1


def test_a_repetition_carries_the_same_content_and_id(
    database, tmp_path, reference, broker, queue
) -> None:
    deliver(database, tmp_path, broker.url, queue)
    Outbox(database).revive(reference, clock.now())
    deliver(database, tmp_path, broker.url, queue)
    first, second = received(broker.url, queue)
    assert first == second


def test_a_wrong_password_is_noted_without_the_address(
    database, tmp_path, reference, broker, queue
) -> None:
    wrong = broker.url.replace("guest:guest", "guest:geheim")
    assert deliver(database, tmp_path, wrong, queue).failed == 1
    (delivery,) = Outbox(database).all()
    assert "geheim" not in delivery.last_error
    assert delivery.state == "pending"
