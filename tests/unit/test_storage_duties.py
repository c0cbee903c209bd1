"""One server at a time does what only one should do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from postgres_server import PostgresServer

from bot.storage import Database
from bot.storage.duties import on_duty

KEYS = [Fernet.generate_key().decode()]


@pytest.fixture
def servers(postgres: PostgresServer) -> Iterator[list[Database]]:
    url = postgres.new_database()
    opened = [Database(url, KEYS) for _ in range(2)]
    yield opened
    for database in opened:
        database.close()


def test_a_duty_is_had_by_one_server_at_a_time(servers: list[Database]) -> None:
    first, second = servers
    with on_duty(first, "retention") as ours:
        assert ours
        with on_duty(second, "retention") as theirs:
            assert not theirs
        with on_duty(second, "another") as theirs:
            assert theirs
    with on_duty(second, "retention") as theirs:
        assert theirs


def test_a_duty_ends_with_a_failure(servers: list[Database]) -> None:
    first, second = servers
    with pytest.raises(OSError), on_duty(first, "retention"):
        raise OSError
    with on_duty(second, "retention") as theirs:
        assert theirs
