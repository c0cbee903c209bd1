"""A stand-in for the insurer's server, which takes applications by webhook."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Behaviour = Callable[["Receiver.Handler"], None]


class Receiver:
    """A stand-in for the insurer's server: notes requests, answers as told."""

    def __init__(self) -> None:
        self.behave: Behaviour = confirm
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.redirected = 0
        self.released = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            receiver = owner

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.requests.append((dict(self.headers), body))
                owner.behave(self)

            def do_GET(self) -> None:
                owner.redirected += 1
                self.send_error(404)

            def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.Handler = Handler
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/applications"

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def confirm(handler) -> None:
    key = handler.headers["Idempotency-Key"]
    handler.reply(200, json.dumps({"idempotency_key": key}).encode())
