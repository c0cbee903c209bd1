"""The Rasa server: ``python -m bot.server.rasa_process MODEL``.

It serves the channels of ``credentials.yml`` and nothing else: neither Rasa's own HTTP API nor
its stock channels.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

from bot.channels.turn_workers import turn_workers
from bot.observability import tracing
from bot.server.lifeline import hold_on
from bot.server.logs import configure
from bot.server.quiet import quieten
from bot.server.serve import EXIT_MODEL
from bot.settings import PROJECT, Settings, settings

CREDENTIALS_FILE = PROJECT / "credentials.yml"
SERVICE = "club-application"
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
    if chosen.turn_workers:
        # They share what is settled; nothing is running yet that a copy would miss.
        turn_workers().start(chosen.turn_workers)
    app.run(host=chosen.host, port=chosen.port, access_log=False, motd=False)
    return 0


def rasa_app(agent: Any, chosen: Settings) -> Any:
    """The Sanic application with the channels of ``credentials.yml``.

    Which other origins may call is each channel's own to say; Rasa itself shares nothing.
    """
    from rasa.core.run import configure_app, create_http_input_channels

    app = configure_app(
        input_channels=create_http_input_channels(None, str(CREDENTIALS_FILE)),
        enable_api=False,
        port=chosen.port,
    )
    app.ctx.agent = agent
    app.config.PROXIES_COUNT = chosen.proxies or None
    # A sender that dawdles or sends without end is cut off before it costs anything.
    app.config.REQUEST_MAX_SIZE = chosen.upload_max_bytes + FORM_OVERHEAD_BYTES
    app.config.REQUEST_TIMEOUT = REQUEST_SECONDS

    @app.after_server_stop
    async def close(_app: Any, _loop: Any) -> None:
        turn_workers().close()
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
