"""A Redis server of the tests' own, on a free port, that keeps nothing on disk."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import redis
from conversation_driver import free_port
from debian_programs import need

PROGRAM = Path("/usr/bin/redis-server")
START_SECONDS = 30


class RedisServer:
    """Can be stopped and started again; it is empty afterwards."""

    def __init__(self) -> None:
        need(PROGRAM, "redis-server")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._process = subprocess.Popen(
            [PROGRAM, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        give_up = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError("Redis did not come up")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it without a chance to finish anything."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False
