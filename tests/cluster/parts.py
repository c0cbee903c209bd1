"""The parts of a cluster on one machine: every one can be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from conversation_driver import free_port
from debian_programs import need

from bot.settings import PROJECT

NGINX = Path("/usr/sbin/nginx")
START_SECONDS = 120
# What a release consists of, so that a copy of it can be started beside it.
RELEASE = ("bot", "actions", "data", "config.yml", "domain.yml", "endpoints.yml", "credentials.yml")


def wait_until(condition: Callable[[], object], what: str, seconds: float = START_SECONDS) -> None:
    """Wait for something that other processes do."""
    give_up = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up:
            raise TimeoutError(what)
        time.sleep(0.1)


def copy_of_the_release(folder: Path) -> Path:
    """The project as another release of it would be installed."""
    folder.mkdir()
    for name in RELEASE:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


class Process:
    """A program of this project: ``python -m bot …`` in a release's folder."""

    def __init__(
        self, command: list[str], variables: Mapping[str, str], health: str, log: Path
    ) -> None:
        self.release: Path = PROJECT
        self._command = command
        self._variables = variables
        self._health = health
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start, without waiting."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._command],
                cwd=self.release,
                env={**kept, **self._variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until it is healthy.

        Raises:
            RuntimeError: it ended; what it said is in the message.
        """

        def healthy() -> bool:
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(self._log.read_text(encoding="utf-8")[-3000:])
            return answers(self._health)

        wait_until(healthy, self._health)

    def start(self) -> None:
        """Start, and wait until it is healthy."""
        self.begin()
        self.wait()

    def stop(self) -> None:
        """Stop it as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it, and what it started, without a chance to finish anything."""
        if self._process is not None:
            children = _children(self._process.pid)
            self._end(signal.SIGKILL)
            _kill(children)

    def _end(self, by: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(by)
            self._process.wait(60)
            self._process = None


class Nginx:
    """nginx with the rules of ``deploy/``: one address with affinity, another without."""

    def __init__(self, folder: Path, server_ports: list[int]) -> None:
        need(NGINX, "nginx-light")
        self.port = free_port()
        self.port_without_affinity = free_port()
        self._folder = folder
        rules = PROJECT / "deploy" / "nginx"
        servers = "\n".join(
            f"server 127.0.0.1:{port} max_fails=2 fail_timeout=3s;" for port in server_ports
        )
        (folder / "nginx.conf").write_text(
            f"""
            daemon off;
            pid {folder}/pid;
            error_log {folder}/error.log warn;
            events {{ worker_connections 1024; }}
            http {{
                include {rules}/maps.conf;
                access_log {folder}/access.log plain;
                client_body_temp_path {folder}/body;
                proxy_temp_path {folder}/proxy;
                fastcgi_temp_path {folder}/fastcgi;
                scgi_temp_path {folder}/scgi;
                uwsgi_temp_path {folder}/uwsgi;
                upstream conversations {{ hash $conversation consistent; {servers} keepalive 16; }}
                upstream in_turns {{ {servers} keepalive 16; }}
                upstream messengers {{ {servers} }}
                server {{
                    listen 127.0.0.1:{self.port};
                    include {rules}/assistant.conf;
                }}
                server {{
                    listen 127.0.0.1:{self.port_without_affinity};
                    include {folder}/in_turns.conf;
                }}
            }}
            """,
            encoding="utf-8",
        )
        (folder / "in_turns.conf").write_text(
            (rules / "assistant.conf")
            .read_text(encoding="utf-8")
            .replace("http://conversations", "http://in_turns"),
            encoding="utf-8",
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it listens."""
        self._process = subprocess.Popen(
            [NGINX, "-p", self._folder, "-c", self._folder / "nginx.conf"],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: answers(f"http://127.0.0.1:{self.port}/", (404,)), "nginx")

    def kill(self) -> None:
        """End it without a chance to finish anything."""
        if self._process is not None:
            # First the master, which would start new workers at once.
            workers = _children(self._process.pid)
            self._process.kill()
            self._process.wait(20)
            self._process = None
            _kill(workers)


def answers(address: str, statuses: tuple[int, ...] = (200,)) -> bool:
    """Whether a server answers there."""
    try:
        return httpx.get(address, timeout=5, trust_env=False).status_code in statuses
    except httpx.HTTPError:
        return False


def ready(address: str) -> dict[str, Any]:
    """What a server says of itself and of its parts."""
    found: dict[str, Any] = httpx.get(f"{address}/health/ready", timeout=10, trust_env=False).json()
    return found


def _kill(processes: list[int]) -> None:
    for each in processes:
        # It may have ended with its parent.
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def _children(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(folder.name))
        except OSError:
            continue
    return found
