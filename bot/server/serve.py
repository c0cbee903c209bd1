"""``python -m bot serve``: everything the assistant needs, started, watched and stopped."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from bot.server.logs import configure
from bot.server.models import TrainingFailed, ensure_model
from bot.server.processes import Child, Fork, Program, Restarts, listening, stop_all
from bot.server.quiet import quieten
from bot.server.rasa_server import CannotServeChannels, loaded, serve
from bot.settings import Settings, SettingsError, browser_host, settings, unknown_names
from bot.storage import Database, DatabaseUnavailable, UnreadablePayload
from bot.storage.key_check import check_keys

START_SECONDS = 180.0
WATCH_SECONDS = 0.2
# Read by prometheus-client, see bot/observability/metrics.py.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
PORTAL_PATH = "/portal/"
# Where a former release kept Rasa's state.
FORMER_STATE = "tracker.sqlite3"


class CannotServe(RuntimeError):
    """Something is missing or in the way; the message is one line for the operator."""


class Stopped(Exception):
    """The operator asked to stop."""


def main(arguments: Sequence[str]) -> int:
    """Serve until Ctrl-C or SIGTERM; returns 0 after a stop that was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m bot serve",
        description="Train the model if its inputs changed, then start the server processes and "
        "keep them running. Ctrl-C stops them. Settings come from the environment: "
        "docs/configuration.md",
    )
    parser.parse_args(arguments)
    try:
        Assistant(settings()).run()
    except Stopped:
        say("Stopped.")
    except (CannotServe, CannotServeChannels, SettingsError, TrainingFailed) as error:
        for line in str(error).splitlines():
            print(f"bot: {line}", file=sys.stderr, flush=True)
        return 1
    return 0


def say(line: str) -> None:
    """Tell the operator."""
    print(line, flush=True)


class Assistant:
    """The running whole."""

    def __init__(self, chosen: Settings) -> None:
        self._settings = chosen
        self._stop = threading.Event()
        self._children: list[Child] = []

    def run(self) -> None:
        """Prepare, start and watch until asked to stop.

        Raises:
            Stopped: asked to stop, and everything is stopped.
            CannotServe: it could not start.
        """
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._on_signal)
        self._prepare()
        with counting_together():
            try:
                self._start()
                say(f"Ready: {self._settings.address}{PORTAL_PATH}  (Ctrl-C stops)")
                self._watch()
            finally:
                stop_all(self._children)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        # Raised wherever the main thread is: nothing below waits longer than it should.
        if not self._stop.is_set():
            self._stop.set()
            raise Stopped

    def _prepare(self) -> None:
        chosen = self._settings
        quieten()
        configure(chosen.log_level, chosen.log_format)
        for name in unknown_names():
            say(f"There is no setting {name}; see docs/configuration.md")
        check_writable(chosen.data_dir)
        check_port_free(chosen.host, chosen.port, "BOT_PORT")
        if chosen.action_server_is_ours:
            check_port_free(chosen.actions_host, chosen.actions_port, "BOT_ACTIONS_PORT")
        # Generated now, so that an action server finds the same.
        _ = chosen.data_keys, chosen.session_secret, chosen.portal_secret
        upgrade_database(chosen)

    def _start(self) -> None:
        app = self._loaded()
        self._children = self._new_children(app)
        for child in self._children:
            child.start()
        self._wait_until_healthy()

    def _loaded(self) -> Any:
        """The application that all server processes share; a model that is refused is replaced."""
        from bot.engine.agent import ModelCannotBeLoaded

        chosen = self._settings
        for attempt in (1, 2):
            model = ensure_model(chosen.models_folder, say)
            if attempt == 1:
                say("Starting: a few seconds …")
            try:
                return loaded(model, chosen)
            except ModelCannotBeLoaded:
                say(f"The model {model.name} cannot be used; it is trained anew.")
                model.unlink(missing_ok=True)
        raise CannotServe("the model that was just trained cannot be loaded")

    def _new_children(self, app: Any) -> list[Child]:
        chosen = self._settings
        port = listening(chosen.host, chosen.port)
        children: list[Child] = [
            Fork(f"server process {number}", partial(serve, app, chosen, port, number))
            for number in range(1, chosen.server_processes + 1)
        ]
        if chosen.action_server_is_ours:
            health = f"http://{browser_host(chosen.actions_host)}:{chosen.actions_port}/health"
            children.append(Program("action server", "bot.server.action_process", [], health))
        return children

    def _wait_until_healthy(self) -> None:
        waiting = list(self._children)
        give_up = time.monotonic() + START_SECONDS
        while waiting:
            for child in waiting:
                if child.exit_code is not None:
                    raise CannotServe(f"the {child.name} ended while starting")
            if time.monotonic() > give_up:
                raise CannotServe(f"the {waiting[0].name} did not start in time")
            waiting = [child for child in waiting if not child.is_healthy()]
            time.sleep(WATCH_SECONDS if waiting else 0)

    def _watch(self) -> None:
        restarts = {child.name: Restarts() for child in self._children}
        while True:
            for child in self._children:
                keep_running(child, restarts[child.name])
            time.sleep(WATCH_SECONDS)


@contextmanager
def counting_together() -> Iterator[None]:
    """The processes started inside count their figures in one place: either shows all of them."""
    with tempfile.TemporaryDirectory(prefix="bot-figures-") as folder:
        os.environ[FOLDER_VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER_VARIABLE]


def keep_running(child: Child, restarts: Restarts) -> None:
    """Start a child that ended again, when its pause is over."""
    now = time.monotonic()
    if child.exit_code is None:
        return
    if restarts.due is None:
        pause = restarts.ended(now)
        say(f"The {child.name} ended; it is started again in {pause:.1f} s.")
    elif now >= restarts.due:
        child.start()
        restarts.started_again(now)


def check_writable(folder: Path) -> None:
    """
    Raises:
        CannotServe: nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CannotServe(f"cannot write to BOT_DATA_DIR {folder}: {error.strerror}") from None


def check_port_free(host: str, port: int, setting: str) -> None:
    """
    Raises:
        CannotServe: something listens there already, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServe(
                f"cannot listen on {host}:{port}: {error.strerror}; set {setting} to another port"
            ) from None


def upgrade_database(chosen: Settings) -> None:
    """Bring the database up to date, and see that the present keys open it, before it is used.

    Raises:
        CannotServe: it cannot be reached or upgraded, or was sealed under other keys.
    """
    try:
        database = Database(chosen.database_address, chosen.data_keys, chosen.data_format)
        database.upgrade()
        check_keys(database)
        database.close()
    except DatabaseUnavailable as error:
        raise CannotServe(f"the database is not available: {error}") from None
    except UnreadablePayload:
        raise CannotServe(
            "what is stored was sealed under other keys than BOT_DATA_KEYS has now; "
            "start with those keys, or with another BOT_DATA_DIR"
        ) from None
    forget_former_state(chosen.data_dir)


def forget_former_state(data_dir: Path) -> None:
    """Remove what a former release stored of Rasa's state, which is derived from drafts now."""
    for file in data_dir.glob(f"{FORMER_STATE}*"):
        file.unlink(missing_ok=True)
