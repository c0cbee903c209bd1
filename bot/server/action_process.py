"""The action server: ``python -m bot.server.action_process [PACKAGE]``.

The SDK's own server answers a failing action with the whole conversation; this one with nothing
but the status.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json, raw

from bot.conversation.turn_context import CONTEXT, TurnContext
from bot.observability import tracing
from bot.observability.conversation_mark import conversation_mark, working_for
from bot.observability.metrics import exposition
from bot.server.logs import configure
from bot.server.processes import hold_on
from bot.server.quiet import quieten
from bot.settings import settings
from bot.storage.vault import Vault

logger = logging.getLogger("bot.server.action_process")

SERVICE = "club-application-actions"


def action_app(executor: ActionExecutor) -> Sanic:
    """POST /webhook runs an action as the SDK's server does.

    GET /health tells that it is up, GET /metrics gives its figures for Prometheus.
    """
    app = Sanic("actions", configure_logging=False)
    vault = Vault(settings().data_keys, settings().data_format)

    @app.get("/health")
    async def health(_request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    @app.get("/metrics")
    async def metrics(_request: Request) -> HTTPResponse:
        return raw(exposition(), content_type=CONTENT_TYPE_LATEST)

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        call = request.json
        if not isinstance(call, dict) or "next_action" not in call:
            return empty(status=422)
        mark = conversation_mark(str(call.get("sender_id") or ""), settings().session_secret)
        with working_for(mark), tracing.joining(request.headers):
            return await answer(call)

    async def answer(call: dict[str, Any]) -> HTTPResponse:
        metadata = call["tracker"]["latest_message"]["metadata"]
        try:
            context = metadata[CONTEXT] = TurnContext.opened(metadata[CONTEXT], vault)
            result = await executor.run(call)
            return json({**result, CONTEXT: context.sealed(vault)})
        except ActionExecutionRejection as rejection:
            body = {"error": rejection.message, "action_name": rejection.action_name}
            return json(body, status=400)
        except ActionNotFoundException:
            logger.error("There is no action %s", call["next_action"])
            return empty(status=404)
        except Exception:
            logger.exception("The action %s failed", call["next_action"])
            return empty(status=500)

    return app


def main(package: str = "actions", *, held_by_parent: bool = True) -> int:
    """Serve the actions of a package until a signal comes, or until the parent is gone."""
    quieten()
    chosen = settings()
    configure(chosen.log_level, chosen.log_format)
    tracing.configure(chosen.otlp_url, SERVICE)
    if held_by_parent:
        hold_on()
    executor = ActionExecutor()
    executor.register_package(package)
    action_app(executor).run(
        host=chosen.actions_host, port=chosen.actions_port, access_log=False, motd=False
    )
    tracing.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
