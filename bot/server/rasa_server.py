"""The Rasa server: loaded once, forked into identical processes that share the port.

It serves the channels of ``credentials.yml`` and nothing else: neither Rasa's own HTTP API nor
its stock channels.
"""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bot.observability import tracing
from bot.server.logs import configure
from bot.settings import PROJECT, Settings

CREDENTIALS_FILE = PROJECT / "credentials.yml"
SERVICE = "club-application"
REQUEST_SECONDS = 30
# What a form holds besides the largest document.
FORM_OVERHEAD_BYTES = 64 * 1024


class CannotServeChannels(RuntimeError):
    """``credentials.yml`` names no channel that can be served; the message is one line."""


def loaded(model: Path, chosen: Settings) -> Any:
    """The Sanic application with everything that its processes will share in memory.

    Raises:
        ModelCannotBeLoaded: the model is damaged or was trained by other code.
        CannotServeChannels: ``credentials.yml`` is not right.
    """
    from bot.engine.agent import load_agent

    # Importing Rasa sets up logging of its own.
    configure(chosen.log_level, chosen.log_format)
    app = rasa_app(load_agent(model, chosen), chosen)
    _settle_memory()
    return app


def serve(
    app: Any, chosen: Settings, port: socket.socket, number: int, on_ready: Callable[[], None]
) -> None:
    """Serve on this listening socket until SIGTERM comes; to be called in a process of its own.

    Args:
        number: of this process, from 1; the first does what only one of them has to do.
    """
    tracing.configure(chosen.otlp_url, SERVICE)
    app.ctx.process_number = number

    @app.after_server_start
    async def ready(_app: Any, _loop: Any) -> None:
        on_ready()

    app.run(sock=port, access_log=False, motd=False)
    tracing.flush()


def rasa_app(agent: Any, chosen: Settings) -> Any:
    """The Sanic application with the channels of ``credentials.yml``.

    Which other origins may call is each channel's own to say; Rasa itself shares nothing.

    Raises:
        CannotServeChannels: ``credentials.yml`` is not right.
    """
    from rasa.core.run import configure_app, create_http_input_channels

    _check_credentials()
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
        agent.action_endpoint.close()

    return app


def _check_credentials() -> None:
    from bot.engine.left_out import LEFT_OUT

    try:
        named = yaml.safe_load(CREDENTIALS_FILE.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise CannotServeChannels(
            f"{CREDENTIALS_FILE} cannot be read: {type(error).__name__}"
        ) from None
    if not isinstance(named, dict) or not named:
        raise CannotServeChannels(f"{CREDENTIALS_FILE} names no channel")
    for name in named:
        stock = f"rasa.core.channels.{name}"
        if stock in LEFT_OUT or any(str(name).startswith(f"{left}.") for left in LEFT_OUT):
            raise CannotServeChannels(f"{CREDENTIALS_FILE}: Rasa's channel {name} is not installed")


def _settle_memory() -> None:
    # What is loaded by now lives as long as the processes, which share it while nobody touches
    # it; looking through it would stop every conversation for a quarter of a second now and then.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
