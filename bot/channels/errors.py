"""What a channel answers when it cannot do what was asked: a status, a code and a sentence."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from bot.texts import text

SOURCE = Path(__file__).resolve().parent.parent.parent

STATUS = {
    "session_missing": 401,
    "session_invalid": 401,
    "session_expired": 401,
    "session_too_old": 401,
    "session_link_used": 401,
    "portal_token_invalid": 401,
    "portal_token_expired": 401,
    "conversation_ended": 410,
    "not_json": 400,
    "invalid_request": 400,
    "not_found": 404,
    "message_too_large": 413,
    "too_fast": 429,
    "busy": 503,
    "conversation_too_long": 422,
    "file_missing": 400,
    "file_empty": 422,
    "file_too_large": 413,
    "file_type": 415,
    "file_damaged": 422,
    "file_harmful": 422,
    "file_pages": 422,
    "document_kind": 422,
    "too_many_documents": 422,
    "internal_error": 500,
    "service_unavailable": 503,
}
RETRY_AFTER_SECONDS = {"service_unavailable": 5, "busy": 5, "too_fast": 1}


class ChannelError(Exception):
    """A request that is not carried out; ``code`` is for programs, ``message`` for people."""

    def __init__(self, code: str, *, retry_after: int | None = None, **parameters: object) -> None:
        super().__init__(code)
        self._given = (code, retry_after, parameters)
        self.code = code
        self.status = STATUS[code]
        self.message = text(f"channels.errors.{code}", **parameters)
        self.retry_after = retry_after or RETRY_AFTER_SECONDS.get(code)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, self._given

    @property
    def body(self) -> dict[str, Any]:
        return {"error": {"code": self.code, "message": self.message}}

    @property
    def headers(self) -> dict[str, str]:
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return headers


def _again(code: str, retry_after: int | None, parameters: dict[str, object]) -> ChannelError:
    return ChannelError(code, retry_after=retry_after, **parameters)


def log_failure(logger: logging.Logger, doing: str, error: BaseException) -> None:
    """Log an exception by type and place only: its message may hold what a person typed."""
    logger.error("%s failed: %s at %s", doing, type(error).__name__, place_of(error))


def place_of(error: BaseException) -> str:
    """File and line of our own code that the exception came through last."""
    place = "unknown place"
    trace = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(SOURCE) and "site-packages" not in file.parts:
            place = f"{file.relative_to(SOURCE)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
