"""Calls of Meta's Graph API, and which of its refusals are worth another attempt."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.channels.meta.signature import proof

ADDRESS = "https://graph.facebook.com"
SECONDS = 20.0
# Rate limits and temporary trouble: application 4, user 17, page 32, custom 613 and 80007, WhatsApp
# 130429 and 131056, unknown 1, service 2, 131000 and 131016.
PASSING_CODES = {1, 2, 4, 17, 32, 341, 613, 80006, 80007, 130429, 131000, 131016, 131056, 133016}
LONGEST_PAUSE = 3600.0


class TryAgain(Exception):
    """The call did not succeed and may later; ``pause`` is what Meta asks for, in seconds."""

    def __init__(self, kind: str, pause: float = 0.0) -> None:
        super().__init__(kind)
        self.kind = kind
        self.pause = pause


class Refused(Exception):
    """The call will not succeed however often it is made; ``kind`` names Meta's code."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Graph:
    """The Graph API with one access token.

    Args:
        client: makes a client that follows no redirects by itself; tests give another one.
    """

    version: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    client: Callable[[], httpx.AsyncClient]

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post JSON.

        Raises:
            TryAgain, Refused: it was not carried out.
        """
        return await self._call("POST", path, json=body)

    async def post_file(
        self, path: str, fields: Mapping[str, str], name: str, file: tuple[str, bytes, str]
    ) -> dict[str, Any]:
        """Post a form with a file: its field's ``name``, then file name, content and media type.

        Raises:
            TryAgain, Refused: it was not carried out.
        """
        return await self._call("POST", path, data=dict(fields), files={name: file})

    async def get(self, path: str) -> dict[str, Any]:
        """
        Raises:
            TryAgain, Refused: there is no answer.
        """
        return await self._call("GET", path)

    async def _call(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        proven = {"appsecret_proof": proof(self.token, self.app_secret)}
        address = f"{ADDRESS}/{self.version}/{path}"
        try:
            async with self.client() as client:
                answer = await client.request(
                    method, address, params=proven, headers=headers, timeout=SECONDS, **content
                )
        except httpx.HTTPError as error:
            raise TryAgain(type(error).__name__) from None
        return _result(answer)


def _result(answer: httpx.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        content = None
    if answer.is_success and isinstance(content, dict) and "error" not in content:
        return content
    error = content.get("error") if isinstance(content, dict) else None
    error = error if isinstance(error, dict) else {}
    code = error.get("code")
    # Never Meta's own words: they may repeat what was sent.
    kind = f"status {answer.status_code}, code {code if isinstance(code, int) else 'none'}"
    passing = answer.status_code == 429 or answer.status_code >= 500
    if passing or error.get("is_transient") is True or code in PASSING_CODES or answer.is_success:
        raise TryAgain(kind, _pause(answer))
    raise Refused(kind)


def _pause(answer: httpx.Response) -> float:
    try:
        return min(max(float(answer.headers.get("retry-after", 0)), 0.0), LONGEST_PAUSE)
    except ValueError:
        return 0.0
