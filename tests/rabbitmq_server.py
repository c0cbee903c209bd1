"""A RabbitMQ broker of the tests' own, in a temporary folder on free ports."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from conversation_driver import free_port
from debian_programs import need

PROGRAMS = Path("/usr/lib/rabbitmq/bin")
START_SECONDS = 90


class RabbitServer:
    """Can be stopped and started again; what it confirmed as stored is there afterwards."""

    def __init__(self, folder: Path) -> None:
        need(PROGRAMS / "rabbitmq-server", "rabbitmq-server")
        self.port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/"
        self._folder = folder
        epmd = str(free_port())
        self._environment = {
            **os.environ,
            "HOME": str(folder),
            "ERL_EPMD_PORT": epmd,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"test{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
            "RABBITMQ_LOGS": "-",
        }
        self._epmd = subprocess.Popen(
            ["/usr/bin/epmd", "-port", epmd], env=self._environment, stderr=subprocess.DEVNULL
        )
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        self._server = subprocess.Popen(
            [PROGRAMS / "rabbitmq-server"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        waited = subprocess.run(
            [PROGRAMS / "rabbitmqctl", "await_startup", "--timeout", str(START_SECONDS)],
            env=self._environment,
            capture_output=True,
            check=False,
        )
        give_up = time.monotonic() + START_SECONDS
        while waited.returncode != 0 and time.monotonic() < give_up:
            time.sleep(0.5)
            waited = subprocess.run(waited.args, env=self._environment, capture_output=True)
        if waited.returncode != 0:
            pytest.fail(f"RabbitMQ did not start: {waited.stderr.decode()}", pytrace=False)

    def stop(self) -> None:
        """Stop it as an operator would."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(60)
            self._server = None

    def close(self) -> None:
        """Stop it for good."""
        self.stop()
        self._epmd.terminate()
        self._epmd.wait(10)
