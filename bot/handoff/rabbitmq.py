"""Handing over to RabbitMQ: persistent messages in a durable queue, confirmed by the broker."""

from __future__ import annotations

import asyncio

import aio_pika

from bot.handoff.parcel import MEDIA_TYPE, Parcel, as_message


class RabbitDestination:
    """Publishes each application to ``queue``; the message's id is the idempotency key.

    Args:
        seconds: the longest time from connecting to the broker's confirmation.
    """

    name = "rabbitmq"

    def __init__(self, url: str, queue: str, *, seconds: float = 60.0) -> None:
        self._url = url
        self._queue = queue
        self._seconds = seconds

    def deliver(self, parcel: Parcel) -> None:
        """
        Raises:
            Exception: the broker did not confirm that it has the message on disk.
        """
        asyncio.run(asyncio.wait_for(self._publish(parcel), self._seconds))

    async def _publish(self, parcel: Parcel) -> None:
        message = aio_pika.Message(
            as_message(parcel),
            content_type=MEDIA_TYPE,
            message_id=parcel.idempotency_key,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        async with (
            await aio_pika.connect(self._url) as connection,
            connection.channel(publisher_confirms=True, on_return_raises=True) as channel,
        ):
            await channel.declare_queue(self._queue, durable=True)
            # Mandatory: a message that reaches no queue comes back instead of being dropped.
            await channel.default_exchange.publish(message, self._queue, mandatory=True)
