"""A whole cluster on one machine, from the real parts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from cluster.parts import Nginx, Process, copy_of_the_release
from conversation_driver import free_port
from cryptography.fernet import Fernet
from postgres_server import PostgresServer
from rabbitmq_server import RabbitServer
from redis_server import RedisServer

from bot.server.models import ensure_model
from bot.settings import PROJECT

EVENTS_QUEUE = "conversation-events"
# Nobody types this: it makes the model of the next release another one.
NEW_EXAMPLE = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - seien Sie ganz herzlich gegrüßt am neuen Tag
"""


class Cluster:
    """Two servers behind nginx with PostgreSQL, Redis, RabbitMQ and an action server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.models = folder / "models"
        for each in (self.data, self.models, folder / "nginx", folder / "rabbitmq"):
            each.mkdir()
        self.postgres = PostgresServer()
        self.redis = RedisServer()
        self.rabbitmq = RabbitServer(folder / "rabbitmq")
        self.ports = [free_port(), free_port()]
        self.nginx = Nginx(folder / "nginx", self.ports)
        self.servers: list[Process] = []
        self.actions: Process

    @property
    def server_addresses(self) -> list[str]:
        """The servers themselves, behind nginx."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def start(self) -> None:
        """Start everything; what takes long starts at the same time."""
        self.postgres.start()
        self.redis.start()
        self.variables = self._variables()
        model = ensure_model(PROJECT / "var" / "models", print)
        shutil.copy(model, self.models / model.name)
        actions_port = free_port()
        address = f"http://127.0.0.1:{actions_port}"
        self.variables |= {
            "BOT_ACTIONS": "server",
            "BOT_ACTIONS_PORT": str(actions_port),
            "BOT_ACTIONS_URL": f"{address}/webhook",
        }
        self.actions = Process(
            ["bot", "actions"], self.variables, f"{address}/health", self.folder / "actions.log"
        )
        self.servers = [self._server(number, port) for number, port in enumerate(self.ports)]
        release = copy_of_the_release(self.folder / "release-1")
        for process in (self.actions, *self.servers):
            process.release = release
            process.begin()
        self.rabbitmq.start()
        for process in (self.actions, *self.servers):
            process.wait()
        self.nginx.start()

    def next_release(self) -> Path:
        """Another release, whose model is trained into the folder that all servers share."""
        release = self.folder / "release-2"
        shutil.copytree(self.folder / "release-1", release)
        (release / "data" / "nlu" / "new.yml").write_text(NEW_EXAMPLE, encoding="utf-8")
        subprocess.run(
            ["nice", sys.executable, "-m", "bot.server.models"],
            cwd=release,
            env={**os.environ, **self.variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )
        return release

    def close(self) -> None:
        """Stop everything for good."""
        self.nginx.kill()
        for process in self.servers:
            process.kill()
        if hasattr(self, "actions"):
            self.actions.kill()
        self.rabbitmq.close()
        self.redis.stop()
        self.postgres.close()

    def logs(self) -> str:
        """What the servers and the action server logged."""
        found = sorted(self.folder.glob("*.log")) + sorted((self.folder / "nginx").glob("*.log"))
        return "\n".join(path.read_text(encoding="utf-8") for path in found)

    def _server(self, number: int, port: int) -> Process:
        variables = {**self.variables, "BOT_PORT": str(port)}
        log = self.folder / f"server-{number}.log"
        health = f"http://127.0.0.1:{port}/health/live"
        return Process(["bot", "serve"], variables, health, log)

    def _variables(self) -> dict[str, str]:
        return {
            "BOT_PRODUCTION": "true",
            "BOT_DATA_DIR": str(self.data),
            "BOT_MODELS_DIR": str(self.models),
            "BOT_DATABASE_URL": self.postgres.new_database(),
            "BOT_REDIS_URL": self.redis.url,
            "BOT_RABBITMQ_URL": self.rabbitmq.url,
            "BOT_EVENTS_QUEUE": EVENTS_QUEUE,
            "BOT_DESTINATIONS": "folder,rabbitmq",
            "BOT_DATA_KEYS": Fernet.generate_key().decode(),
            "BOT_SESSION_SECRET": os.urandom(32).hex(),
            "BOT_PORTAL_SECRET": os.urandom(32).hex(),
            "BOT_LOG_FORMAT": "json",
            "BOT_PROXIES": "1",
            # All the people sit at one address here.
            "BOT_SESSIONS_PER_SECOND": "20",
        }
