"""The processes that ``serve`` starts, watches and stops."""

from __future__ import annotations

import logging
import os
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.server.quiet import LIBRARY_ENVIRONMENT
from bot.settings import PROJECT

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
STOP_SECONDS = 15.0
GRACE_SECONDS = 10
STANDARD_INPUT = 0


class Child(ABC):
    """A process that never outlives this one, and that Ctrl-C reaches through ``stop_all`` only."""

    name: str

    @abstractmethod
    def start(self) -> None:
        """Start it; ``is_healthy`` tells when it is up."""

    @property
    @abstractmethod
    def process_id(self) -> int | None:
        """Its identifier once it was started."""

    @property
    @abstractmethod
    def exit_code(self) -> int | None:
        """The exit code, or none while it runs."""

    @abstractmethod
    def is_healthy(self) -> bool:
        """Whether it is up."""

    def ask_to_stop(self) -> None:
        """Send SIGTERM, once and without waiting."""
        if self.process_id is not None and self.exit_code is None:
            os.kill(self.process_id, signal.SIGTERM)

    def wait_for_end(self, seconds: float) -> None:
        """Wait for the process to end; after ``seconds`` it is killed."""
        give_up = time.monotonic() + seconds
        while self.process_id is not None and self.exit_code is None:
            if time.monotonic() >= give_up:
                os.kill(self.process_id, signal.SIGKILL)
            time.sleep(0.01)


class Program(Child):
    """A Python module of its own; it holds the reading end of a pipe that closes with this one."""

    def __init__(self, name: str, module: str, arguments: Sequence[str], health: str) -> None:
        self.name = name
        self._command = [sys.executable, "-m", module, *arguments]
        self._health = health
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            cwd=PROJECT,
            env={**os.environ, **LIBRARY_ENVIRONMENT},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    @property
    def process_id(self) -> int | None:
        return None if self._process is None else self._process.pid

    @property
    def exit_code(self) -> int | None:
        return None if self._process is None else self._process.poll()

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(self._health, timeout=2) as response:  # noqa: S310
                return bool(response.status == 200)
        except (OSError, ValueError):
            return False


class Fork(Child):
    """A copy of this process that does some work; it starts at once and shares this one's memory.

    Args:
        work: what it does until SIGTERM; it is given what to call once it is up.
    """

    def __init__(self, name: str, work: Callable[[Callable[[], None]], None]) -> None:
        self.name = name
        self._work = work
        self._process_id: int | None = None
        self._exit_code: int | None = None
        self._up = -1

    def start(self) -> None:
        if self._up >= 0:
            os.close(self._up)
        self._up, up = os.pipe()
        _LIFELINE.extend(() if _LIFELINE else os.pipe())
        self._exit_code = None
        self._process_id = os.fork()
        if self._process_id == 0:
            self._be_a_copy(up)
        os.close(up)

    def _be_a_copy(self, up: int) -> None:
        """Work and end: whatever happens, the copy never goes on as a second parent."""
        code = 1
        try:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            # A copy must not hold it open for itself and the others.
            os.close(_LIFELINE[1])
            hold_on(_LIFELINE[0])
            random.seed()
            self._work(lambda: os.close(up))
            code = 0
        except BaseException as error:
            # Its text may hold what a person typed.
            logger.error("The %s ended: %s", self.name, type(error).__name__)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    @property
    def process_id(self) -> int | None:
        return self._process_id

    @property
    def exit_code(self) -> int | None:
        if self._process_id is not None and self._exit_code is None:
            found, status = os.waitpid(self._process_id, os.WNOHANG)
            if found:
                self._exit_code = os.waitstatus_to_exitcode(status)
        return self._exit_code

    def is_healthy(self) -> bool:
        # The other end is closed when it is up, or has ended.
        readable, _, _ = select.select([self._up], [], [], 0)
        return bool(readable) and self.exit_code is None


# Both ends of a pipe whose second one nobody but the parent keeps open.
_LIFELINE: list[int] = []


def hold_on(lifeline: int = STANDARD_INPUT) -> None:
    """End this process as soon as what its parent holds open is closed, however that ended."""
    threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()


def _end_with_parent(lifeline: int) -> None:
    # Not through sys.stdin, whose lock a waiting thread would hold while Python shuts down.
    while os.read(lifeline, 1024):
        pass
    # A server that is already stopping needs no second signal; one that hangs is ended.
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Timer(GRACE_SECONDS, os._exit, (1,)).start()


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


def listening(host: str, port: int) -> socket.socket:
    """The socket that all server processes accept from: whichever has time takes what waits.

    A process that is killed takes nothing along but what it had accepted.

    Raises:
        OSError: the port cannot be had.
    """
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((host, port))
    made.listen(1024)
    return made
