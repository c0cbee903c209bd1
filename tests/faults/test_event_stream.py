"""The course of conversations reaches RabbitMQ, also after it was away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import aio_pika
import pytest
from conversation_driver import free_port
from rabbitmq_server import RabbitServer

from bot.observability import event_stream
from bot.observability.event_stream import EventStream

QUEUE = "events"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitServer]:
    server = RabbitServer(tmp_path_factory.mktemp("rabbitmq"))
    server.start()
    yield server
    server.close()


def event(number: int) -> dict[str, str]:
    return {"id": f"event-{number}", "asked": "iban"}


async def take(url: str, count: int) -> list[tuple[str, dict[str, str]]]:
    """The next events of the queue, waiting for those that are still to come."""
    found = []
    async with await aio_pika.connect(url) as connection, connection.channel() as channel:
        queue = await channel.declare_queue(QUEUE, durable=True)
        async with queue.iterator(no_ack=True) as messages:
            async for message in messages:
                found.append((str(message.message_id), json.loads(message.body)))
                if len(found) == count:
                    break
    return found


def test_events_wait_for_the_broker(broker: RabbitServer) -> None:
    async def course() -> list[tuple[str, dict[str, str]]]:
        stream = EventStream(broker.url, QUEUE, pause=0.1)
        await stream.start()
        stream.tell(event(1))
        before = await take(broker.url, 1)
        broker.stop()
        for number in (2, 3, 4):
            stream.tell(event(number))
        # Long enough to try in vain.
        await asyncio.sleep(0.5)
        broker.start()
        after = await take(broker.url, 3)
        stream.tell(event(5))
        await stream.stop()
        return before + after + await take(broker.url, 1)

    found = asyncio.run(asyncio.wait_for(course(), 200))
    assert found == [(f"event-{n}", event(n)) for n in range(1, 6)]


def test_a_server_stops_although_the_broker_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "LAST_CHANCE_SECONDS", 0.2)

    async def course() -> None:
        stream = EventStream(f"amqp://127.0.0.1:{free_port()}/", QUEUE, pause=0.05)
        await stream.start()
        stream.tell(event(1))
        await asyncio.wait_for(stream.stop(), 30)

    asyncio.run(course())


def test_too_many_waiting_events_cost_the_oldest(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(event_stream, "MOST_WAITING", 3)

    async def course() -> list[str]:
        stream = EventStream("amqp://127.0.0.1:9/", QUEUE)
        for number in range(6):
            stream.tell(event(number))
        return [(await stream._waiting.get())["id"] for _ in range(3)]

    assert asyncio.run(course()) == ["event-3", "event-4", "event-5"]
    said = [record for record in caplog.records if "dropped" in record.getMessage()]
    assert len(said) == 1
