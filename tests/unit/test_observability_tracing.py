"""Traces reach a collector, hang together over processes and tell nothing that was typed."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bot.observability import tracing
from bot.settings import PROJECT

# In a process of its own: the provider of traces can be set once only.
PROGRAM = """
import sys
from bot.observability import tracing
from bot.observability.conversation_mark import working_for
tracing.configure(sys.argv[1], "a-service")
with working_for("marked"), tracing.span("turn", channel="widget"):
    headers = tracing.headers_for_next_process()
    print(headers["traceparent"].split("-")[1] == tracing.trace_id())
with tracing.joining(headers):
    try:
        with tracing.span("action_answer"):
            raise ValueError("Zaunkönig")
    except ValueError:
        pass
tracing.flush()
"""


class Collector:
    """Takes what an exporter posts."""

    def __init__(self) -> None:
        taken: list[tuple[str, bytes]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                taken.append((self.path, body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                pass

        self.taken = taken
        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    running = Collector()
    yield running
    running.stop()


def test_traces_reach_the_collector(collector: Collector) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, collector.address],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "True"
    spans = {}
    for path, body in collector.taken:
        assert path == "/v1/traces"
        assert "Zaunkönig".encode() not in body
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            names = {each.key: each.value.string_value for each in resource.resource.attributes}
            assert names["service.name"] == "a-service"
            for scope in resource.scope_spans:
                spans.update({span.name: span for span in scope.spans})
    assert set(spans) == {"turn", "action_answer"}
    told = {each.key: each.value.string_value for each in spans["turn"].attributes}
    assert told == {"channel": "widget", "conversation": "marked"}
    assert spans["action_answer"].trace_id == spans["turn"].trace_id
    assert spans["action_answer"].parent_span_id == spans["turn"].span_id
    assert spans["action_answer"].status.message == "ValueError"
    assert not spans["action_answer"].events


def test_without_a_collector_there_are_no_traces() -> None:
    tracing.configure(None, "a-service")
    with tracing.span("turn"):
        assert tracing.trace_id() == ""
        assert tracing.headers_for_next_process() == {}
