"""Where custom actions run: in an action server, or inside the Rasa server's process.

Either way, an action that cannot be run answers with the response ``utter_service_unavailable``
and no events: the person is told to send the message again, and nothing is stored.
"""

from __future__ import annotations

import json
import logging
from functools import partial
from typing import Any

import httpx
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.conversation.turn_context import CONTEXT, TurnContext, context_of
from bot.observability.tracing import headers_for_next_process
from bot.settings import Settings
from bot.storage import UnreadablePayload
from bot.storage.vault import Vault
from bot.threads import in_thread

logger = logging.getLogger(__name__)

ACTION_PACKAGE = "actions"
UNAVAILABLE_RESPONSE = "utter_service_unavailable"
REJECTED = 400
# A little less than the action server keeps a connection that nobody uses.
_KEPT_SECONDS = 4.0


def action_endpoint(settings: Settings) -> EndpointConfig:
    """The endpoint that the settings ask for."""
    if settings.actions == "inline":
        return InlineActions(ACTION_PACKAGE)
    vault = Vault(settings.data_keys, settings.data_format)
    return ActionServer(settings.action_server_url, settings.actions_timeout, vault)


def unavailable() -> dict[str, Any]:
    """The answer of an action that could not be run."""
    return {"events": [], "responses": [{"response": UNAVAILABLE_RESPONSE}]}


class ActionServer(EndpointConfig):
    """An action server; the context of the turn goes to it and comes back sealed.

    Its connections are kept. A call holds up the thread of its turn.
    """

    def __init__(self, url: str, timeout_seconds: float, vault: Vault) -> None:
        super().__init__(url=url, **{SELECTIVE_DOMAIN: True})
        self._vault = vault
        kept = httpx.Limits(keepalive_expiry=_KEPT_SECONDS)
        self._client = httpx.Client(timeout=timeout_seconds, limits=kept, trust_env=False)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Run the action; an unreachable, slow or failing server is ``unavailable()``.

        Raises:
            ClientResponseError: the action rejected to run (status 400), as Rasa expects it.
        """
        call = kwargs["json"]
        latest = call["tracker"]["latest_message"]
        context = context_of(latest["metadata"])
        if context is None:
            return unavailable()
        sealed = {CONTEXT: context.sealed(self._vault)}
        # The events of the turn hold the context as it is.
        state = {**call["tracker"], "events": []}
        tracker = {**state, "latest_message": {**latest, "metadata": sealed}}
        try:
            response = await in_thread(self._post, {**call, "tracker": tracker})
        except httpx.HTTPError as error:
            logger.error("No answer from the action server: %s", type(error).__name__)
            return unavailable()
        if response.status_code == REJECTED:
            raise ClientResponseError(REJECTED, "rejected", response.text)
        try:
            answer: dict[str, Any] = response.raise_for_status().json()
            context.become(TurnContext.opened(answer.pop(CONTEXT), self._vault))
        except (httpx.HTTPError, ValueError, KeyError, TypeError, UnreadablePayload):
            logger.error("The action server failed with status %s", response.status_code)
            return unavailable()
        return answer

    def _post(self, call: dict[str, Any]) -> httpx.Response:
        send = partial(self._client.post, self.url, json=call, headers=headers_for_next_process())
        try:
            return send()
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            # A kept connection may have been closed meanwhile; a turn is safe to repeat.
            return send()

    def close(self) -> None:
        """Close the kept connections."""
        self._client.close()


class InlineActions(EndpointConfig):
    """The SDK's executor in this process: the same actions, without a second server."""

    def __init__(self, package: str) -> None:
        super().__init__(url=f"inline://{package}", **{SELECTIVE_DOMAIN: True})
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Run the action; one that raises is ``unavailable()``.

        Raises:
            ClientResponseError: the action rejected to run (status 400), as Rasa expects it.
        """
        call = kwargs["json"]
        try:
            answer: dict[str, Any] = await self._executor.run(call)
        except ActionExecutionRejection as rejection:
            body = {"error": rejection.message, "action_name": rejection.action_name}
            raise ClientResponseError(REJECTED, "rejected", json.dumps(body)) from None
        except Exception:
            logger.exception("The action %s failed", call["next_action"])
            return unavailable()
        return answer

    def close(self) -> None:
        """There is no connection to close."""
