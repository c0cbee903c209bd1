"""The Rasa server: ``python -m bot.server.rasa_process MODEL``.

It serves the channels of ``credentials.yml`` and nothing else: neither Rasa's own HTTP API nor
its stock channels.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from pathlib import Path
from typing import Any

from bot.observability import tracing
from bot.server.lifeline import hold_on
from bot.server.logs import configure
from bot.server.quiet import quieten
from bot.server.serve import EXIT_MODEL
from bot.settings import PROJECT, Settings, settings

CREDENTIALS_FILE = PROJECT / "credentials.yml"
SERVICE = "club-application"
CHANNELS_ADDRESS = "/webhooks/"
REQUEST_SECONDS = 30
# What a form holds besides the largest document.
FORM_OVERHEAD_BYTES = 64 * 1024


def main(model: str) -> int:
    """Load the model and serve until a signal comes; ``EXIT_MODEL`` if it cannot be loaded."""
    quieten()
    chosen = settings()
    configure(chosen.log_level, chosen.log_format)
    tracing.configure(chosen.otlp_url, SERVICE)
    hold_on()
    from bot.engine.agent import ModelCannotBeLoaded, load_agent

    # Importing Rasa sets up logging of its own.
    configure(chosen.log_level, chosen.log_format)
    try:
        agent = load_agent(Path(model), chosen)
    except ModelCannotBeLoaded as error:
        print(f"The model cannot be loaded: {error}", file=sys.stderr)
        return EXIT_MODEL
    app = rasa_app(agent, chosen)
    _settle_memory()
    app.run(host=chosen.host, port=chosen.port, access_log=False, motd=False)
    return 0


def rasa_app(agent: Any, chosen: Settings) -> Any:
    """The Sanic application with the channels of ``credentials.yml``.

    Which other origins may call is each channel's own to say; nothing else shares anything.
    """
    from rasa.core.channels.channel import register
    from rasa.core.constants import DEFAULT_KEEP_ALIVE_TIMEOUT
    from rasa.core.run import create_http_input_channels
    from rasa.server import add_root_route
    from sanic import Sanic

    # Rasa's `configure_app` does the same, but has Sanic-CORS look at every call and answer.
    app = Sanic(SERVICE, configure_logging=False)
    add_root_route(app)
    register(create_http_input_channels(None, str(CREDENTIALS_FILE)), app, CHANNELS_ADDRESS)
    app.ctx.agent = agent
    app.config.KEEP_ALIVE_TIMEOUT = DEFAULT_KEEP_ALIVE_TIMEOUT
    if sys.platform == "darwin":
        # As Rasa does: uvloop breaks reading and writing on Apple silicon.
        app.config.USE_UVLOOP = False
        asyncio.set_event_loop_policy(None)
    app.config.PROXIES_COUNT = chosen.proxies or None
    # A sender that dawdles or sends without end is cut off before it costs anything.
    app.config.REQUEST_MAX_SIZE = chosen.upload_max_bytes + FORM_OVERHEAD_BYTES
    app.config.REQUEST_TIMEOUT = REQUEST_SECONDS

    @app.after_server_stop
    async def close(_app: Any, _loop: Any) -> None:
        await agent.action_endpoint.close()
        if agent.lock_store.memory is not None:
            await agent.lock_store.memory.close()
        tracing.flush()

    return app


def _settle_memory() -> None:
    # What is loaded by now lives as long as the process: the collector need not look at it
    # again, which otherwise stops every conversation for a quarter of a second now and then.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
