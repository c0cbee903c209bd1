"""Logging in which nothing that a person wrote can appear, whichever library logs it.

Rasa puts messages, slots and whole trackers into log lines and exception texts. So only lines
of this project keep their words; of all others, and of every exception, only the place and the
type are logged. A line that belongs to a conversation carries its mark, never its identifier.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
import warnings
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, Optional, Union

from bot.observability.conversation_mark import current_mark
from bot.observability.tracing import trace_id

OWN_LOGGERS = ("bot", "actions")

_ExcInfo = Union[
    tuple[type[BaseException], BaseException, Optional[TracebackType]], tuple[None, None, None]
]


class PrivateFormatter(logging.Formatter):
    """Time, level, logger and words of own lines; place instead of words of all others."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        if not is_own(record.name):
            record = _without_words(record)
        # Formatters share a record's cached traceback; this one must not inherit a wordy one.
        record.exc_text = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        about = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        return super().formatMessage(record) + (f" {about}" if about else "")

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the name is logging's
        _, error, _ = ei
        return "" if error is None else "\n".join(exception_places(error))

    def formatStack(self, stack_info: str) -> str:  # noqa: ARG002, N802 - logging's names
        return ""


class JsonFormatter(PrivateFormatter):
    """The same as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        if not is_own(record.name):
            record = _without_words(record)
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if trace_id():
            line["trace"] = trace_id()
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["exception"] = exception_places(error)
        return json.dumps(line, ensure_ascii=False, default=str)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What belongs to the line besides its words: the conversation, and what its author added."""
    fields: dict[str, Any] = dict(getattr(record, "fields", {})) if is_own(record.name) else {}
    mark = current_mark()
    return {**fields, "conversation": mark} if mark else fields


def is_own(logger_name: str) -> bool:
    """Whether the logger belongs to this project."""
    return logger_name.split(".", 1)[0] in OWN_LOGGERS


def exception_places(error: BaseException) -> list[str]:
    """The chain of exceptions as types and places, without their texts."""
    lines: list[str] = []
    seen: set[int] = set()
    current: Optional[BaseException] = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(f"  {type(current).__module__}.{type(current).__qualname__}")
        lines.extend(
            f"    {frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__, limit=-8)
        )
        current = current.__cause__ or current.__context__
    return lines


def _without_words(record: logging.LogRecord) -> logging.LogRecord:
    private = logging.makeLogRecord(record.__dict__)
    private.msg = f"{record.funcName}, line {record.lineno}"
    private.args = ()
    return private


def configure(level: str, form: Literal["text", "json"] = "text") -> None:
    """Log own lines from ``level`` on, those of libraries from WARNING on, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else PrivateFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OWN_LOGGERS:
        logging.getLogger(name).setLevel(level)
    # A warning's text may quote what could not be parsed; libraries set the filters back.
    warnings.showwarning = _no_warning
    configure_structlog()


def _no_warning(*_arguments: Any, **_options: Any) -> None:
    """Show nothing."""


def configure_structlog() -> None:
    """Send what Rasa logs through structlog, from WARNING on, the way of all other lines."""
    import structlog

    structlog.configure(
        processors=[_event_name_only],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=True,
    )


def _event_name_only(
    _logger: Any, _method: str, event: dict[str, Any]
) -> tuple[tuple[str], dict[str, Any]]:
    return (str(event.get("event")),), {"exc_info": event.get("exc_info")}
