"""Processes under measurement: started, watched through /proc, stopped."""

from __future__ import annotations

import os
import platform
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

STOP_SECONDS = 30.0
_TICKS = os.sysconf("SC_CLK_TCK")


class Running:
    """A command in a session of its own, with everything that it starts."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path
    ) -> None:
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def stop(self) -> None:
        """Stop it as an operator would, and whatever it left running."""
        family = self.family()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait()
        self._log.close()

    @property
    def ended(self) -> bool:
        """Whether it is not running any more."""
        return self._process.poll() is not None

    def family(self) -> list[int]:
        """It and its descendants."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                if fields[0] != "Z":
                    parents[int(stat.parent.name)] = int(fields[1])
        found = [self._process.pid] if self._process.pid in parents else []
        for process in found:
            found += [child for child, parent in parents.items() if parent == process]
        return found

    def memory(self) -> float:
        """Resident memory of all of them together, in MB; what they share counts once."""
        kilobytes = 0
        for process in self.family():
            with suppress(OSError):
                rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
                # The proportional set: a page counts in parts for each process that has it.
                kilobytes += int(rollup.partition("Pss:")[2].split()[0])
        return kilobytes * 1024 / 1e6

    def processor_seconds(self) -> float:
        """Processor time that all of them have used."""
        ticks = 0
        for process in self.family():
            with suppress(OSError):
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / _TICKS


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(address: str) -> bool:
    """Whether something answers there with success."""
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310 - own servers
            return bool(response.status == 200)
    except OSError:
        return False


def wait_for(running: Sequence[Running], addresses: Sequence[str], seconds: float = 300.0) -> None:
    """Wait until all addresses answer.

    Raises:
        RuntimeError: a process ended, or it takes too long.
    """
    give_up = time.monotonic() + seconds
    while not all(map(answers, addresses)):
        if any(each.ended for each in running) or time.monotonic() > give_up:
            raise RuntimeError(f"nothing answers at {', '.join(addresses)}")
        time.sleep(0.05)


def machine() -> str:
    """Processor, cores, memory, system and Python."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system, python = platform.system(), platform.python_version()
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {system}, Python {python}"


def busy() -> float:
    """How many other processes want a core at the moment (load average of the last minute)."""
    return os.getloadavg()[0]
