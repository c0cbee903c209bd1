"""A running ``python -m bot serve``."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from bot.settings import PROJECT

START_SECONDS = 120


class Served:
    """A running ``python -m bot serve`` and the lines it prints."""

    def __init__(self, variables: dict[str, str]) -> None:
        self.variables = variables
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=PROJECT,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(line.rstrip("\n") for line in self.process.stdout)

    def wait_for(self, beginning: str, seconds: float = START_SECONDS) -> None:
        """Wait for a line."""
        wait_until(lambda: any(line.startswith(beginning) for line in self.lines), seconds, self)

    def servers(self) -> list[int]:
        """Process ids of its server processes, which are copies of itself."""
        return sorted(pid for pid, module in self._children().items() if module == "bot")

    def action_servers(self) -> list[int]:
        """Process ids of its action server, if one is running."""
        found = self._children().items()
        return [pid for pid, module in found if module == "bot.server.action_process"]

    def _children(self) -> dict[int, str]:
        """The modules that its running children were started as."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                command = (folder / "cmdline").read_text().split("\0")
            except OSError:
                continue
            if int(parent) == self.process.pid and state != "Z" and "-m" in command:
                found[int(folder.name)] = command[command.index("-m") + 1]
        return found

    def healthy(self, setting: str, path: str) -> bool:
        """Whether a server answers."""
        address = f"http://127.0.0.1:{self.variables[setting]}{path}"
        try:
            with urllib.request.urlopen(address, timeout=2) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def descendants(self) -> dict[int, int]:
        """Process ids of everything that it started, each with its parent."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
        found = {self.process.pid: 0}
        while True:
            more = {child: of for child, of in parents.items() if of in found}
            if more.keys() <= found.keys():
                del found[self.process.pid]
                return found
            found |= more

    def end(self) -> int:
        """The exit code, after at most a minute."""
        code = self.process.wait(60)
        self._reader.join(10)
        return code


def wait_until(condition: Callable[[], bool], seconds: float, served: Served) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "\n".join(served.lines)
        time.sleep(0.1)


def is_running(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
