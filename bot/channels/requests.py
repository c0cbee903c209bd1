"""Reading a request: its session, its JSON or its form, within limits."""

from __future__ import annotations

import json
import re
from typing import Any

from sanic.request import Request, parse_multipart_form

from bot.channels.errors import ChannelError

JSON_MAX_BYTES = 64 * 1024
# What a form holds besides the file itself.
FORM_OVERHEAD_BYTES = 16 * 1024

_BEARER = re.compile(r"Bearer +([A-Za-z0-9_.~+/=-]+) *", re.IGNORECASE)
_BOUNDARY = re.compile(r'multipart/form-data\s*;.*?boundary="?([^";,]{1,70})"?', re.IGNORECASE)
_MESSAGE_ID = re.compile(r"[!-9;-~]{1,64}")


def session_token(request: Request) -> str:
    """The session's token, from the Authorization header and nowhere else.

    Raises:
        ChannelError: ``session_missing``.
    """
    found = _BEARER.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise ChannelError("session_missing")
    return found.group(1)


async def json_object(request: Request) -> dict[str, Any]:
    """The JSON object that is the body; an empty body is an empty object.

    Raises:
        ChannelError: ``message_too_large``, ``not_json`` or ``invalid_request``.
    """
    content = await body(request, JSON_MAX_BYTES, ChannelError("message_too_large"))
    if not content.strip():
        return {}
    # A page of another origin may send other types without asking the server first.
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise ChannelError("not_json")
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        raise ChannelError("not_json") from None
    if not isinstance(given, dict):
        raise ChannelError("invalid_request")
    return given


async def form(
    request: Request, file_max_bytes: int, too_large: ChannelError
) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    """The fields of a multipart form, and its files as name and content.

    Raises:
        ChannelError: ``invalid_request``, or ``too_large``.
    """
    declared = _BOUNDARY.match(request.headers.get("content-type", ""))
    if declared is None:
        raise ChannelError("invalid_request")
    content = await body(request, file_max_bytes + FORM_OVERHEAD_BYTES, too_large)
    try:
        fields, files = parse_multipart_form(content, declared.group(1).encode())
    except (ValueError, IndexError, LookupError):
        raise ChannelError("invalid_request") from None
    return (
        {name: values[0] for name, values in fields.items()},
        {name: (each[0].name, each[0].body) for name, each in files.items()},
    )


def message_id(given: Any) -> str:
    """The client's name for a message: up to 64 visible ASCII characters, without a colon.

    Raises:
        ChannelError: ``invalid_request``.
    """
    if not isinstance(given, str) or not _MESSAGE_ID.fullmatch(given):
        raise ChannelError("invalid_request")
    return given


async def body(request: Request, most: int, too_large: ChannelError) -> bytes:
    """The raw body.

    Raises:
        ChannelError: ``too_large``, it has more than ``most`` bytes.
    """
    parts, size = [], 0
    async for part in request.stream:
        size += len(part)
        if size > most:
            raise too_large
        parts.append(part)
    return b"".join(parts)
