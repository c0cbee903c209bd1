"""Channels in a server of their own, as Rasa serves them, with a double in Rasa's place."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from typing import Any

from rasa.core.channels.channel import InputChannel, register
from sanic import Sanic
from sanic_cors import CORS

WAIT_SECONDS = 20


class ChannelServer:
    """A Sanic server in a thread of its own, on a free port; ``address`` is where it answers."""

    def __init__(self, channels: Sequence[InputChannel], agent: Any) -> None:
        # Sanic rewrites its own code when it starts; this lets it start more than once.
        Sanic.test_mode = True
        self.app = Sanic(f"channels_{id(self)}", configure_logging=False)
        # As `rasa.server.configure_cors` sets it up around every channel.
        self.app.config.CORS_AUTOMATIC_OPTIONS = True
        self.app.config.CORS_SUPPORTS_CREDENTIALS = True
        self.app.config.CORS_EXPOSE_HEADERS = "filename"
        CORS(self.app, resources={r"/*": {"origins": ""}}, automatic_options=True)
        register(list(channels), self.app, "/webhooks/")
        self.app.ctx.agent = agent
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._ready.wait(WAIT_SECONDS)

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
        closed = server.close()
        # Else their keep-alive would be waited for.
        for connection in list(server.connections):
            connection.close_if_idle()
        await closed
        await server.after_stop()

    def stop(self) -> None:
        """Stop it as a signal would."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(WAIT_SECONDS)
        assert not self._thread.is_alive()
