"""Answers as Sanic sends them."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.errors import ChannelError, log_failure
from bot.channels.static_files import StaticFile
from bot.observability.metrics import REFUSALS
from bot.storage import DatabaseUnavailable

logger = logging.getLogger(__name__)

Handler = Callable[..., Awaitable[HTTPResponse]]


def json_answer(
    content: Any, status: int = 200, headers: dict[str, str] | None = None
) -> HTTPResponse:
    """``content`` as JSON."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return HTTPResponse(body, status, headers, content_type="application/json")


def pdf_answer(content: bytes, name: str) -> HTTPResponse:
    """A PDF to be saved under ``name`` (ASCII)."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HTTPResponse(content, 200, headers, content_type="application/pdf")


def refusal(error: ChannelError) -> HTTPResponse:
    """What went wrong, for the program and for the person."""
    REFUSALS.labels(error.code).inc()
    return json_answer(error.body, error.status, error.headers)


def file_answer(file: StaticFile, request: Request, headers: dict[str, str]) -> HTTPResponse:
    """A file, or that the browser's copy of it is current."""
    headers = {"Cache-Control": "no-cache", "ETag": file.etag, "Vary": "Accept-Encoding", **headers}
    if file.etag in request.headers.get("if-none-match", ""):
        return HTTPResponse(status=304, headers=headers)
    content = file.content
    if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        content = file.packed
        headers["Content-Encoding"] = "gzip"
    return HTTPResponse(content, 200, headers, content_type=file.media_type)


def refusing(handler: Handler) -> Handler:
    """``handler``, whose exceptions become answers and never show what a person typed."""

    @wraps(handler)
    async def guarded(request: Request, **parameters: Any) -> HTTPResponse:
        try:
            return await handler(request, **parameters)
        except ChannelError as error:
            return refusal(error)
        except DatabaseUnavailable as error:
            log_failure(logger, handler.__qualname__, error)
            return refusal(ChannelError("service_unavailable"))
        except Exception as error:
            log_failure(logger, handler.__qualname__, error)
            return refusal(ChannelError("internal_error"))

    return guarded
