"""The course of conversations for whoever evaluates it: events in a RabbitMQ queue.

They are kept in memory until the broker has confirmed them. What is in memory when a server is
killed is lost; an event may arrive twice and then carries the same ``id``.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from typing import Any

import aio_pika

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/json"
MOST_WAITING = 20_000
PAUSE_SECONDS = 3.0
ANSWER_SECONDS = 15.0
LAST_CHANCE_SECONDS = 5.0


class EventStream:
    """Publishes to the durable ``queue`` of the broker under ``url``, from start to stop."""

    def __init__(self, url: str, queue: str, *, pause: float = PAUSE_SECONDS) -> None:
        self._url = url
        self._queue = queue
        self._pause = pause
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_WAITING)
        self._task: asyncio.Task[None] | None = None
        self._dropping = False

    def tell(self, event: dict[str, Any]) -> None:
        """Take an event; the oldest is dropped when too many are waiting."""
        if self._waiting.full():
            self._waiting.get_nowait()
            self._waiting.task_done()
            if not self._dropping:
                self._dropping = True
                logger.error("Conversation events are dropped: RabbitMQ has been away too long")
        self._waiting.put_nowait(event)

    async def start(self) -> None:
        """Publish from now on."""
        self._task = asyncio.ensure_future(self._publish_all())

    async def stop(self) -> None:
        """Publish what is waiting, for a short while, and end."""
        if self._task is None:
            return
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._waiting.join(), LAST_CHANCE_SECONDS)
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _publish_all(self) -> None:
        held: list[dict[str, Any]] = []
        while True:
            try:
                await self._publish_while_connected(held)
            except Exception as error:
                logger.warning("Conversation events have to wait: %s", type(error).__name__)
            await asyncio.sleep(self._pause)

    async def _publish_while_connected(self, held: list[dict[str, Any]]) -> None:
        """``held`` is the event that was taken but not confirmed; it goes first."""
        connecting = aio_pika.connect(self._url)
        async with (
            await asyncio.wait_for(connecting, ANSWER_SECONDS) as connection,
            connection.channel(publisher_confirms=True, on_return_raises=True) as channel,
        ):
            await channel.declare_queue(self._queue, durable=True)
            while True:
                if not held:
                    held.append(await self._waiting.get())
                published = channel.default_exchange.publish(
                    _message(held[0]), self._queue, mandatory=True
                )
                await asyncio.wait_for(published, ANSWER_SECONDS)
                held.clear()
                self._waiting.task_done()
                self._dropping = False


def _message(event: dict[str, Any]) -> aio_pika.Message:
    return aio_pika.Message(
        json.dumps(event, ensure_ascii=False).encode(),
        content_type=MEDIA_TYPE,
        message_id=event["id"],
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )
