"""The processes that ``serve`` starts, watches and stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.server.quiet import LIBRARY_ENVIRONMENT
from bot.settings import PROJECT

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
STOP_SECONDS = 15.0


class Child:
    """A Python module that runs in a process of its own.

    It is in a session of its own, so that Ctrl-C reaches it only through ``stop``, and holds the
    reading end of a pipe that closes with this process: it never outlives it.
    """

    def __init__(self, name: str, module: str, arguments: Sequence[str], health: str) -> None:
        self.name = name
        self._command = [sys.executable, "-m", module, *arguments]
        self._health = health
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; ``is_healthy`` tells when it is up."""
        self._process = subprocess.Popen(
            self._command,
            cwd=PROJECT,
            env={**os.environ, **LIBRARY_ENVIRONMENT},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    @property
    def exit_code(self) -> int | None:
        """The exit code, or none while it runs."""
        return None if self._process is None else self._process.poll()

    def is_healthy(self) -> bool:
        """Whether it answers at its health address."""
        try:
            with urllib.request.urlopen(self._health, timeout=2) as response:  # noqa: S310
                return bool(response.status == 200)
        except (OSError, ValueError):
            return False

    def ask_to_stop(self) -> None:
        """Send SIGTERM, once and without waiting."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def wait_for_end(self, seconds: float) -> None:
        """Wait for the process to end; after ``seconds`` it is killed."""
        if self._process is None:
            return
        try:
            self._process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()


def stop_all(children: Sequence[Child]) -> None:
    """Stop every child, all at the same time."""
    for child in children:
        child.ask_to_stop()
    give_up = time.monotonic() + STOP_SECONDS
    for child in children:
        child.wait_for_end(give_up - time.monotonic())


@dataclass
class Restarts:
    """When a child that ended is started again: after pauses that double while it keeps ending."""

    started: float = field(default_factory=time.monotonic)
    due: float | None = None
    _pause: float = FIRST_PAUSE_SECONDS

    def ended(self, at: float) -> float:
        """Note that the child ended; returns the pause in seconds until it is due again."""
        if at - self.started >= STEADY_SECONDS:
            self._pause = FIRST_PAUSE_SECONDS
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        self.due = at + pause
        return pause

    def started_again(self, at: float) -> None:
        """Note that the child was started."""
        self.started, self.due = at, None
