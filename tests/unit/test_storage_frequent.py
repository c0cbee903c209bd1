"""A frequent statement does what SQLAlchemy does with it, on either database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage import Database
from bot.storage.frequent import Frequent
from bot.storage.tables import drafts, messages

_INSERT = insert(drafts)
_SELECT = (
    select(drafts.c.conversation_id, drafts.c.reference, drafts.c.version, drafts.c.payload)
    .where(drafts.c.status == bindparam("is"))
    .order_by(drafts.c.conversation_id)
)
_UPDATE = update(drafts).where(drafts.c.conversation_id == bindparam("named"))
_FREQUENT_INSERT, _FREQUENT_SELECT = Frequent(_INSERT), Frequent(_SELECT)


@pytest.fixture
def database(database_url: str) -> Database:
    database = Database(database_url, [Fernet.generate_key().decode()])
    database.upgrade()
    return database


def row(conversation: str = "c", **values: Any) -> dict[str, Any]:
    at = datetime.fromisoformat("2026-11-20T10:00")
    return {
        "conversation_id": conversation,
        "status": "open",
        "channel": "widget",
        "open_question": None,
        "broker_number": None,
        "reference": None,
        "version": 1,
        "created_at": at,
        "updated_at": at,
        "payload": b"\x00sealed",
        **values,
    }


def stored(database: Database) -> list[dict[str, Any]]:
    with database.reading() as unit:
        rows = unit.execute(select(drafts).order_by(drafts.c.conversation_id)).all()
    return [dict(each._mapping) for each in rows]


_TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(
        st.builds(
            row,
            _TEXTS.map(lambda name: name[:200]),
            reference=st.none() | _TEXTS.map(lambda text: text[:20]),
            version=st.integers(0, 2**31 - 1),
            created_at=st.datetimes(),
            payload=st.binary(max_size=50),
        ),
        unique_by=lambda each: each["conversation_id"],
        min_size=1,
        max_size=4,
    )
)
def test_it_stores_and_finds_the_same(database: Database, rows: list[dict[str, Any]]) -> None:
    results = []
    for insertion, selection in ((_INSERT, _SELECT), (_FREQUENT_INSERT, _FREQUENT_SELECT)):
        with database.transaction() as unit:
            unit.execute(delete(drafts))
            unit.execute(insertion, rows)
        with database.reading() as unit:
            found = [tuple(each) for each in unit.execute(selection, {"is": "open"}).all()]
            first = unit.execute(selection, {"is": "open"}).first()
            none = unit.execute(selection, {"is": "submitted"}).first()
        results.append((stored(database), found, first.conversation_id, bytes(first.payload), none))
    assert results[0] == results[1]
    assert len(results[0][0]) == len(rows)


def test_it_tells_how_many_rows_it_changed(database: Database) -> None:
    change = Frequent(_UPDATE)
    with database.transaction() as unit:
        unit.execute(_FREQUENT_INSERT, row("a"))
        assert unit.execute(change, {"named": "a", "version": 2}).rowcount == 1
        assert unit.execute(change, {"named": "b", "version": 3}).rowcount == 0
    assert [each["version"] for each in stored(database)] == [2]


def test_a_row_that_is_there_already_is_refused_without_its_values(database: Database) -> None:
    with database.transaction() as unit:
        unit.execute(_FREQUENT_INSERT, row("a", reference="secret"))
    with pytest.raises(IntegrityError) as refused:
        _store(database, row("b"), row("a", reference="secret"))
    assert "secret" not in str(refused.value)
    assert [each["conversation_id"] for each in stored(database)] == ["a"]


def _store(database: Database, *rows: dict[str, Any]) -> None:
    with database.transaction() as unit:
        for each in rows:
            unit.execute(_FREQUENT_INSERT, each)


def test_it_cannot_give_times() -> None:
    with pytest.raises(TypeError):
        Frequent(select(messages))
