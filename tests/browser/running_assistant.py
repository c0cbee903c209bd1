"""The whole product, started as an operator starts it, with a clock of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from conversation_driver import free_port

from bot.server.models import ensure_model
from bot.settings import PROJECT

NOW = "2026-11-20T10:00:00+01:00+"
START_SECONDS = 180
HAND_OFF_SECONDS = 30


class RunningAssistant:
    """``python -m bot serve`` on free ports, with a data folder that outlives a restart."""

    def __init__(self, data_dir: Path) -> None:
        models = PROJECT / "var" / "models"
        ensure_model(models, print)
        (data_dir / "models").symlink_to(models)
        self.data_dir = data_dir
        self.port = free_port()
        self._variables = {
            "BOT_DATA_DIR": str(data_dir),
            "BOT_PORT": str(self.port),
            "BOT_ACTIONS_PORT": str(free_port()),
            "BOT_NOW": NOW,
        }
        self.lines: list[str] = []
        self._process: subprocess.Popen[str] | None = None

    @property
    def portal(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/widget/portal/"

    def start(self) -> None:
        """Start, and wait until it is ready.

        Raises:
            RuntimeError: it did not become ready; what it printed is in the message.
        """
        self.lines.clear()
        process = self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=PROJECT,
            env={**os.environ, **self._variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, args=[process], daemon=True).start()
        give_up = time.monotonic() + START_SECONDS
        while not any(line.startswith("Ready: ") for line in self.lines):
            if process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError("\n".join(self.lines))
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop as Ctrl-C does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)
            self._process = None

    def handed_off(self, reference: str) -> dict[str, Any]:
        """The application of this reference, which is handed off soon after its submission.

        Raises:
            TimeoutError: it was not.
        """
        path = self.data_dir / "handoff" / reference / "application.json"
        give_up = time.monotonic() + HAND_OFF_SECONDS
        while not path.is_file():
            if time.monotonic() > give_up:
                raise TimeoutError(reference)
            time.sleep(0.2)
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.lines.extend(line.rstrip("\n") for line in process.stdout)
