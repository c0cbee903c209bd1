"""What tests of several kinds share: the databases that the product runs on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import PostgresServer

import bot.engine  # noqa: F401 - before Rasa, which would import TensorFlow


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server; a test that stops it starts it again."""
    server = PostgresServer()
    server.start()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bot.sqlite3"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


# Where the processes that share the tests would wait for the last one: begun first, longest first.
LONGEST = (
    "browser/test_whole_product.py",
    "conversations",
    "faults/test_meta_channels.py",
    "faults/test_serve.py",
    "faults/test_meta_kills.py",
    "faults/test_benchmarks.py",
    "browser/test_widget_states.py",
    "browser/test_widget_delivery.py",
    "faults/test_meta_product.py",
    "faults/test_handoff_faults.py",
    "browser/test_widget_controls.py",
    "unit/test_handoff_pdf.py",
    "faults/test_widget_api.py",
    "conversations/test_messenger.py",
    "unit/test_documents.py",
    "unit/test_engine_imports.py",
    "unit/test_handoff_rabbitmq.py",
)


def _group(item: pytest.Item) -> str:
    """What one process runs alone: servers, browsers and models are started once for a file, the
    assistant of the conversations for all of them."""
    file = item.path.relative_to(Path(__file__).parent).as_posix()
    return "conversations" if file.startswith("conversations/") and file not in LONGEST else file


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group the tests for ``--dist loadgroup``, and let the long groups begin first."""
    begins = {group: place for place, group in enumerate(LONGEST)}
    items.sort(key=lambda item: begins.get(_group(item), len(LONGEST)))
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
