"""All channels in a server of their own, as Rasa serves them, with a double in Rasa's place."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import httpx
from meta_connection import RasaDouble
from meta_payloads import signed
from rasa.core.channels.channel import register
from sanic import Sanic

from bot.channels.meta.inputs import MessengerInput, WhatsAppInput
from bot.channels.widget import WidgetInput
from bot.settings import Settings
from bot.storage.stores import Stores


class Server:
    """All channels in a Sanic server of its own thread, registered as Rasa registers them."""

    def __init__(self, settings: Settings) -> None:
        self.stores = Stores.open(settings)
        self.rasa = RasaDouble(self.stores)
        Sanic.test_mode = True
        self.app = Sanic(f"meta_{id(self)}", configure_logging=False)
        channels = [WidgetInput(settings), MessengerInput(settings), WhatsAppInput(settings)]
        register(channels, self.app, "/webhooks/")
        self.app.ctx.agent = self.rasa
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/webhooks"
        self.http = httpx.Client(trust_env=False, timeout=20)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._ready.wait(20)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = await self.app.create_server(
            sock=self._socket, return_asyncio_server=True, access_log=False
        )
        await server.startup()
        await server.before_start()
        await server.start_serving()
        await server.after_start()
        self._ready.set()
        await self._stop.wait()
        await server.before_stop()
        await server.close()
        await server.after_stop()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        assert not self._thread.is_alive()
        self.http.close()

    def post(self, channel: str, payload: Any, **headers: str) -> httpx.Response:
        body, own = signed(payload)
        address = f"{self.address}/{channel}/webhook"
        return self.http.post(address, content=body, headers={**own, **headers})
