"""OpenTelemetry traces, if a collector is configured; else every call here costs next to nothing.

No span carries anything but names, marks and counts: an exception is noted by its type alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import context as contexts
from opentelemetry import propagate, trace
from opentelemetry.trace import Status, StatusCode

from bot.observability.conversation_mark import current_mark

_tracer: trace.Tracer | None = None
_EXPORT_SECONDS = 5


def configure(otlp_url: str | None, service: str) -> None:
    """Send traces of this process to the collector from now on; without an address, none."""
    global _tracer
    if otlp_url is None:
        return
    # The exporter takes a while to import and most installations have no collector.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    address = f"{otlp_url.rstrip('/')}/v1/traces"
    exporter = OTLPSpanExporter(endpoint=address, timeout=_EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    _tracer = provider.get_tracer("bot")


def flush() -> None:
    """Send what was not sent yet; to be called before the process ends."""
    shutdown = getattr(trace.get_tracer_provider(), "shutdown", None)
    if shutdown is not None:
        shutdown()


@contextmanager
def span(name: str, **attributes: str | int | float | bool) -> Iterator[Any]:
    """A step of the work; it belongs to the conversation that is worked for."""
    if _tracer is None:
        yield trace.INVALID_SPAN
        return
    with _tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        mark = current_mark()
        if mark:
            current.set_attribute("conversation", mark)
        try:
            yield current
        except BaseException as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def headers_for_next_process() -> dict[str, str]:
    """Headers with which a call's work joins this trace."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier


@contextmanager
def joining(headers: Mapping[str, str]) -> Iterator[None]:
    """Work inside joins the trace that the caller's headers name, if they do."""
    token = contexts.attach(propagate.extract({"traceparent": headers.get("traceparent", "")}))
    try:
        yield
    finally:
        contexts.detach(token)


def trace_id() -> str:
    """The present trace in hexadecimal; empty if there is none."""
    found = trace.get_current_span().get_span_context()
    return format(found.trace_id, "032x") if found.is_valid else ""
