"""The set-ups that are compared: how each is prepared, started and asked something."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from benchmarks.people import PEOPLE
from benchmarks.processes import Running, free_port, wait_for
from benchmarks.stock_bot import write_bot
from bot.server.quiet import LIBRARY_ENVIRONMENT
from bot.settings import PREFIX, PROJECT

# It installs TensorFlow: only the benchmark needs it, and only here.
STOCK_ENVIRONMENT = (
    *("--folder", ".venv-stock", "--python", "3.10"),
    "benchmarks/requirements-stock.lock",
)
STOCK_PYTHON = str(PROJECT / ".venv-stock" / "bin" / "python")

# Everybody speaks from one address and without a pause, which the product's limits forbid.
UNLIMITED = {
    "BOT_MESSAGES_PER_SECOND": "1000000",
    "BOT_MESSAGE_BURST": "1000000",
    "BOT_SESSIONS_PER_SECOND": "1000000",
    "BOT_CALLS_PER_SECOND": "0",
    "BOT_TURNS_AT_ONCE": "1000",
}


class Subject(ABC):
    """A set-up under ``folder``; ``training_seconds`` is known once it is prepared.

    ``kind`` says who can speak to it and how long it is measured, ``title`` what it is called.
    """

    kind: ClassVar[str]
    title: str

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder = folder / self.title.replace(" ", "-")
        self.folder.mkdir(parents=True)
        self.quick = quick
        self.port = free_port()
        self.running: list[Running] = []
        self.training_seconds: float | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Train, if there is something to train."""
        return

    @abstractmethod
    def start(self) -> None:
        """Start everything; it may still be loading afterwards."""

    def start_to_first_answer(self) -> float:
        """Seconds from the command to the answer to the first message."""
        began = time.perf_counter()
        self.start()
        wait_for(self.running, [f"{self.address}/"])
        asyncio.run(self._one_turn())
        return time.perf_counter() - began

    async def _one_turn(self) -> None:
        with closing(PEOPLE[self.kind](self.address)) as person:
            await person.arrive()
            await person.turn()

    def stop(self) -> None:
        for each in self.running:
            each.stop()
        self.running = []

    def memory(self) -> float:
        """MB of all its processes together."""
        return sum(each.memory() for each in self.running)

    def processor_seconds(self) -> float:
        return sum(each.processor_seconds() for each in self.running)

    def stored_bytes(self) -> int:
        """Size of its databases."""
        databases = [*self.folder.rglob("*.sqlite3"), *self.folder.rglob("*.db")]
        for path in databases:
            with sqlite3.connect(path, timeout=30) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
        return sum(path.stat().st_size for path in databases)

    def _run(self, *command: str, **environment: str) -> None:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
        os.environ.clear()
        os.environ.update(inherited)
        log = self.folder.with_suffix(".log")
        settings = {**LIBRARY_ENVIRONMENT, **environment}
        self.running.append(Running(command, self._work_folder, settings, log))

    @property
    def _work_folder(self) -> Path:
        return self.folder


class Stock(Subject):
    """What ``rasa init`` gives, with a form, an action server, SQLite and the REST channel.

    It runs on the Python and the packages that Rasa demands, in an environment of its own.
    """

    kind = "stock"
    title = "stock Rasa"

    def prepare(self) -> None:
        prepare = PROJECT / "scripts" / "prepare-environment"
        subprocess.run([prepare, *STOCK_ENVIRONMENT], cwd=PROJECT, stdout=sys.stderr, check=True)
        self._action_port = free_port()
        write_bot(self.folder, self._action_port, quick=self.quick)
        began = time.perf_counter()
        subprocess.run(
            [STOCK_PYTHON, "-m", "rasa", "train", "--quiet"],
            cwd=self.folder,
            env={**os.environ, **LIBRARY_ENVIRONMENT},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        self.training_seconds = time.perf_counter() - began

    def start(self) -> None:
        port = str(self._action_port)
        self._run(STOCK_PYTHON, "-m", "rasa_sdk", "--actions", "actions.actions", "-p", port)
        files = ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
        self._run(STOCK_PYTHON, "-m", "rasa", "run", "-p", str(self.port), *files)


class Product(Subject):
    """This product as ``make run`` starts it; ``checkout`` is another one of it to be measured."""

    kind = "product"
    title = "this product"

    def __init__(self, folder: Path, *, quick: bool, checkout: Path | None = None) -> None:
        self._project = checkout or PROJECT
        self._python = sys.executable
        if checkout is not None:
            self.title = f"product of {checkout.name}"
            self._python = str(checkout / ".venv" / "bin" / "python")
        super().__init__(folder, quick=quick)

    def prepare(self) -> None:
        inputs = [self._project / name for name in ("config.yml", "domain.yml", "data")]
        parts = [*inputs, self.folder / "trained.tar.gz"]
        began = time.perf_counter()
        subprocess.run(
            [self._python, "-m", "bot.server.training", *map(str, parts)],
            cwd=self._project,
            env={**os.environ, **LIBRARY_ENVIRONMENT},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        self.training_seconds = time.perf_counter() - began

    def start(self) -> None:
        own = {"BOT_DATA_DIR": str(self.folder), "BOT_PORT": str(self.port)}
        self._run(self._python, "-m", "bot", "serve", **UNLIMITED, **own)

    @property
    def _work_folder(self) -> Path:
        return self._project


class Floor(Subject):
    """A bare Sanic handler with the same commit."""

    kind = "floor"
    title = "bare Sanic"

    def start(self) -> None:
        self._run(sys.executable, "-m", "benchmarks.floor", str(self.port), str(self.folder))

    @property
    def _work_folder(self) -> Path:
        return PROJECT
