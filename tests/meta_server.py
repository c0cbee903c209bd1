"""All channels in a server of their own, and webhooks as Meta would call them."""

from __future__ import annotations

from typing import Any

import httpx
from channel_server import ChannelServer
from meta_connection import RasaDouble
from meta_payloads import signed

from bot.channels.meta.inputs import MessengerInput, WhatsAppInput
from bot.channels.widget import WidgetInput
from bot.settings import Settings
from bot.storage.stores import Stores


class Server(ChannelServer):
    """All channels."""

    def __init__(self, settings: Settings) -> None:
        self.stores = Stores.open(settings)
        self.rasa = RasaDouble(self.stores)
        channels = [WidgetInput(settings), MessengerInput(settings), WhatsAppInput(settings)]
        super().__init__(channels, self.rasa)
        self.webhooks = f"{self.address}/webhooks"
        self.http = httpx.Client(trust_env=False, timeout=20)

    def stop(self) -> None:
        super().stop()
        self.http.close()

    def post(self, channel: str, payload: Any, **headers: str) -> httpx.Response:
        body, own = signed(payload)
        address = f"{self.webhooks}/{channel}/webhook"
        return self.http.post(address, content=body, headers={**own, **headers})
