"""Units of work: all or nothing, several at once, and the same tables by code and by migration."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.util import CommandError
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, insert, select, text, update

from bot.clock import BERLIN
from bot.storage import Database, DatabaseUnavailable
from bot.storage import database as database_module
from bot.storage.tables import METADATA, messages
from bot.storage.times import to_column

ROW = {"conversation_id": "c", "sender": "user", "payload": b"x"}

ONE_MORE_STEP = """
import sqlalchemy as sa
from alembic import op
revision = "9999"
down_revision = "0004"
def upgrade():
    op.create_table("one_more", sa.Column("id", sa.Integer, primary_key=True))
"""


@pytest.fixture
def database(database_url: str) -> Database:
    database = Database(database_url, [Fernet.generate_key().decode()])
    database.upgrade()
    return database


def count(database: Database) -> int:
    with database.reading() as unit:
        return len(unit.execute(select(messages.c.id)).all())


def add(unit, at) -> None:
    unit.execute(insert(messages), {**ROW, "at": at})


@pytest.fixture
def moment() -> datetime:
    return to_column(datetime(2026, 11, 20, 10, tzinfo=BERLIN))


def test_the_migrations_make_exactly_the_tables_that_the_code_uses(database_url: str) -> None:
    Database(database_url, [Fernet.generate_key().decode()]).upgrade()
    with create_engine(database_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_what_is_up_to_date_is_left_alone_until_there_is_a_new_step(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("alembic.command.upgrade", None)
        database.upgrade()
    steps = shutil.copytree(database_module.MIGRATIONS, tmp_path / "steps")
    (steps / "versions" / "9999_one_more.py").write_text(ONE_MORE_STEP)
    with monkeypatch.context() as patched:
        patched.setattr(database_module, "MIGRATIONS", steps)
        database.upgrade()
    with database.reading() as unit:
        assert unit.execute(text("SELECT * FROM one_more")).all() == []
    with pytest.raises(CommandError):
        # An older release does not know this step.
        database.upgrade()


def test_upgrading_again_and_from_two_threads_changes_nothing(database_url: str) -> None:
    url = database_url
    keys = [Fernet.generate_key().decode()]
    failures = []

    def start() -> None:
        try:
            Database(url, keys).upgrade()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    Database(url, keys).upgrade()
    assert failures == []
    assert count(Database(url, keys)) == 0


def test_an_exception_undoes_everything_and_runs_no_after_commit(database, moment) -> None:
    ran = []

    def write_and_fail() -> None:
        with database.transaction() as unit:
            add(unit, moment)
            unit.after_commit(lambda: ran.append(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert count(database) == 0
    assert ran == []


def test_a_savepoint_undoes_only_its_own_part(database, moment) -> None:
    def add_and_fail(unit) -> None:
        with unit.savepoint():
            add(unit, moment)
            raise RuntimeError

    with database.transaction() as unit:
        add(unit, moment)
        with pytest.raises(RuntimeError):
            add_and_fail(unit)
    assert count(database) == 1


def test_readers_do_not_wait_for_a_writer_and_see_only_what_is_stored(database, moment) -> None:
    with database.transaction() as unit:
        add(unit, moment)
        assert count(database) == 0
    assert count(database) == 1


def test_writers_take_turns(database, moment) -> None:
    def write() -> None:
        for _ in range(20):
            with database.transaction() as unit:
                unit.execute(select(messages.c.id)).all()
                add(unit, moment)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(database) == 80


def test_a_locked_database_is_reported_as_unavailable(tmp_path, monkeypatch, moment) -> None:
    monkeypatch.setattr(database_module, "SQLITE_WAIT_MILLISECONDS", 50)
    path = tmp_path / "bot.sqlite3"
    database = Database(f"sqlite:///{path}", [Fernet.generate_key().decode()])
    database.upgrade()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable) as caught, database.transaction() as unit:
        add(unit, moment)
    assert "INSERT" not in str(caught.value)
    other.execute("ROLLBACK")
    with database.transaction() as unit:
        add(unit, moment)
    assert count(database) == 1


def test_a_full_disk_is_reported_as_unavailable_and_loses_nothing(tmp_path, moment) -> None:
    database = Database(f"sqlite:///{tmp_path}/bot.sqlite3", [Fernet.generate_key().decode()])
    database.upgrade()
    with database.transaction() as unit:
        add(unit, moment)
        pages = unit._connection.exec_driver_sql("PRAGMA page_count").scalar()
    large = {**ROW, "payload": b"x" * 1_000_000, "at": moment}

    def fill_up() -> None:
        with database.transaction() as unit:
            unit._connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
            unit.execute(insert(messages), large)

    with pytest.raises(DatabaseUnavailable) as caught:
        fill_up()
    assert "INSERT" not in str(caught.value)
    assert count(database) == 1
    database.close()
    with database.transaction() as unit:
        unit.execute(insert(messages), large)
    assert count(database) == 2


def test_a_row_that_stays_locked_is_reported_as_unavailable(postgres, monkeypatch, moment) -> None:
    monkeypatch.setattr(database_module, "POSTGRES_LOCK_MILLISECONDS", 50)
    keys = [Fernet.generate_key().decode()]
    url = postgres.new_database()
    database, other = Database(url, keys), Database(url, keys)
    database.upgrade()
    with database.transaction() as unit:
        add(unit, moment)
    change = update(messages).values(sender="bot")
    with other.transaction() as holding:
        holding.execute(change)
        with pytest.raises(DatabaseUnavailable), database.transaction() as unit:
            unit.execute(change)
    with database.transaction() as unit:
        unit.execute(change)


def test_a_server_that_was_away_is_found_again(postgres, moment) -> None:
    database = Database(postgres.new_database(), [Fernet.generate_key().decode()])
    database.upgrade()
    with database.transaction() as unit:
        add(unit, moment)
    postgres.stop()
    try:
        with pytest.raises(DatabaseUnavailable), database.transaction() as unit:
            add(unit, moment)
    finally:
        postgres.start()
    with database.transaction() as unit:
        add(unit, moment)
    assert count(database) == 2


def test_errors_of_the_database_do_not_show_what_was_to_be_stored(database, moment) -> None:
    with (
        pytest.raises(Exception, match=r"NOT NULL|NotNull") as caught,
        database.transaction() as unit,
    ):
        unit.execute(
            insert(messages),
            {**ROW, "sender": None, "client_id": "Anna Beispiel", "at": moment},
        )
    assert "Anna" not in str(caught.value)


def test_a_forked_process_speaks_over_connections_of_its_own(database, moment) -> None:
    with database.transaction() as unit:
        add(unit, moment)
    assert database._engine.pool.checkedin() == 1
    child = os.fork()
    if child == 0:
        try:
            inherited = database._engine.pool.checkedin()
            with database.transaction() as unit:
                add(unit, moment)
            os._exit(inherited)
        finally:
            os._exit(9)
    assert os.waitpid(child, 0)[1] == 0
    assert count(database) == 2
