"""The real server with the real assistant in a process that can be killed, and Meta around it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from conversation_driver import free_port
from cryptography.fernet import Fernet
from graph_stand_in import APP_SECRET, PAGE, PHONE, TOKEN, GraphStandIn
from meta_connection import PUBLIC
from meta_payloads import signed
from meta_process import MEANT_FOR

from bot.server.models import ensure_model
from bot.server.quiet import LIBRARY_ENVIRONMENT
from bot.settings import PROJECT, Settings
from bot.storage.stores import Stores

START_SECONDS = 180
PATIENCE_SECONDS = 60
PROCESS = PROJECT / "tests" / "meta_process.py"


class GraphServer:
    """The stand-in for Meta over HTTP, for another process."""

    def __init__(self, graph: GraphStandIn) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name: value for name, value in self.headers.items() if name != "Host"}
                request = httpx.Request(
                    self.command, headers[MEANT_FOR], headers=headers, content=body
                )
                answer = asyncio.run(graph.answer(request))
                self.send_response(answer.status_code)
                for name, value in answer.headers.items():
                    if name != "content-length":
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            do_GET = do_POST = _serve

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class MetaProduct:
    """The product; everything that it leaves behind is below ``folder``."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.graph = GraphStandIn()
        self._graph_server = GraphServer(self.graph)
        self._model = ensure_model(PROJECT / "var" / "models", print)
        for name in ("data", "tmp"):
            (folder / name).mkdir()
        port = free_port()
        self.address = f"http://127.0.0.1:{port}/webhooks"
        self._health = f"http://127.0.0.1:{port}/health/ready"
        self._variables = {
            "BOT_DATA_DIR": str(folder / "data"),
            "BOT_DATA_KEYS": Fernet.generate_key().decode(),
            "BOT_PORT": str(port),
            "BOT_ACTIONS": "inline",
            "BOT_LOG_LEVEL": "DEBUG",
            "BOT_META_APP_SECRET": APP_SECRET,
            "BOT_META_VERIFY_TOKEN": "verify-token",
            "BOT_META_PUBLIC_URL": PUBLIC,
            "BOT_META_MESSENGER_TOKEN": TOKEN,
            "BOT_META_MESSENGER_PAGE": PAGE,
            "BOT_META_WHATSAPP_TOKEN": TOKEN,
            "BOT_META_WHATSAPP_PHONE": PHONE,
            "BOT_META_WHATSAPP_NUMBER": "4989123456",
            "TMPDIR": str(folder / "tmp"),
            **variables,
        }
        self.http = httpx.Client(trust_env=False, timeout=20)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> MetaProduct:
        """Start, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, PROCESS, self._graph_server.address, self._model],
                cwd=PROJECT,
                env={
                    **os.environ,
                    **LIBRARY_ENVIRONMENT,
                    **self._variables,
                    "PYTHONPATH": str(PROJECT),
                },
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.wait_until(self._answers, START_SECONDS)
        return self

    def kill(self) -> None:
        """End it without a chance to finish anything."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process = None

    def close(self) -> None:
        self.kill()
        self.http.close()
        self._graph_server.close()

    def post(self, person: Any, *events: dict[str, Any]) -> None:
        """Deliver a webhook; returns when it was thanked for."""
        body, headers = signed(person.batch(events))
        address = f"{self.address}/{person.channel}/webhook"
        answer = self.http.post(address, content=body, headers=headers)
        assert (answer.status_code, answer.text) == (200, "EVENT_RECEIVED")

    def stores(self) -> Stores:
        """What is stored, to be looked at; the caller closes its database."""
        keys = (self._variables["BOT_DATA_KEYS"],)
        return Stores.open(Settings(data_dir=self.folder / "data", given_data_keys=keys))

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def wait_until(
        self, condition: Callable[[], object], seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Wait for something that happens in the background."""
        give_up = time.monotonic() + seconds
        while not condition():
            assert self._process is None or self._process.poll() is None, self.log()
            assert time.monotonic() < give_up, self.log()
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return self.http.get(self._health).status_code == 200
        except httpx.TransportError:
            return False
