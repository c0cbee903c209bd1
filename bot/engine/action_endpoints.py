"""Where custom actions run: in an action server, or inside the Rasa server's process.

Either way, an action that cannot be run answers with the response ``utter_service_unavailable``
and no events: the person is told to send the message again, and nothing is stored.
"""

from __future__ import annotations

import asyncio
import json
import logging
from functools import partial
from typing import Any, Dict, Optional

import aiohttp
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.observability.tracing import headers_for_next_process
from bot.settings import Settings
from bot.threads import apart

logger = logging.getLogger(__name__)

ACTION_PACKAGE = "actions"
UNAVAILABLE_RESPONSE = "utter_service_unavailable"
REJECTED = 400


def action_endpoint(settings: Settings) -> EndpointConfig:
    """The endpoint that the settings ask for."""
    if settings.actions == "inline":
        return InlineActions(ACTION_PACKAGE)
    return ActionServer(settings.action_server_url, settings.actions_timeout)


def unavailable() -> Dict[str, Any]:
    """The answer of an action that could not be run."""
    return {"events": [], "responses": [{"response": UNAVAILABLE_RESPONSE}]}


class ActionServer(EndpointConfig):
    """An action server, called over one connection that is kept open."""

    def __init__(self, url: str, timeout_seconds: float) -> None:
        super().__init__(url=url, **{SELECTIVE_DOMAIN: True})
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._session: Optional[aiohttp.ClientSession] = None
        self._loop: Optional[asyncio.AbstractEventLoop] = None

    async def request(
        self,
        method: str = "post",
        subpath: Optional[str] = None,
        content_type: Optional[str] = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Dict[str, Any]:
        """Run the action; an unreachable, slow or failing server is ``unavailable()``.

        Raises:
            ClientResponseError: the action rejected to run (status 400), as Rasa expects it.
        """
        call = kwargs["json"]
        try:
            status, body = await self._post(call)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            logger.error("No answer from the action server: %s", type(error).__name__)
            return unavailable()
        if status == REJECTED:
            raise ClientResponseError(REJECTED, "rejected", body)
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if status != 200 or not isinstance(answer, dict):
            logger.error("The action server failed with status %s", status)
            return unavailable()
        return answer

    async def _post(self, call: Dict[str, Any]) -> tuple[int, str]:
        session = self._kept_session()
        try:
            return await self._send(session, call)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            # A kept connection may have been closed meanwhile; a turn is safe to repeat.
            return await self._send(session, call)

    async def _send(self, session: aiohttp.ClientSession, call: Dict[str, Any]) -> tuple[int, str]:
        headers = headers_for_next_process()
        async with session.post(
            self.url, json=call, headers=headers, timeout=self._timeout
        ) as response:
            return response.status, await response.text()

    def _kept_session(self) -> aiohttp.ClientSession:
        # Tests run several event loops one after the other; a session belongs to one.
        loop = asyncio.get_running_loop()
        if self._session is None or self._session.closed or self._loop is not loop:
            self._session, self._loop = aiohttp.ClientSession(), loop
        return self._session

    async def close(self) -> None:
        """Close the kept connection."""
        if self._session is not None:
            await self._session.close()


class InlineActions(EndpointConfig):
    """The SDK's executor in this process: the same actions, without a second server."""

    def __init__(self, package: str) -> None:
        super().__init__(url=f"inline://{package}", **{SELECTIVE_DOMAIN: True})
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(
        self,
        method: str = "post",
        subpath: Optional[str] = None,
        content_type: Optional[str] = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Dict[str, Any]:
        """Run the action; one that raises is ``unavailable()``.

        Raises:
            ClientResponseError: the action rejected to run (status 400), as Rasa expects it.
        """
        call = kwargs["json"]
        try:
            # Actions read and write the database.
            answer: Dict[str, Any] = await apart(partial(self._executor.run, call))
        except ActionExecutionRejection as rejection:
            body = {"error": rejection.message, "action_name": rejection.action_name}
            raise ClientResponseError(REJECTED, "rejected", json.dumps(body)) from None
        except Exception:
            logger.exception("The action %s failed", call["next_action"])
            return unavailable()
        return answer

    async def close(self) -> None:
        """There is no connection to close."""
