"""The shown messages come back in order, and a repeated message is known."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from bot import clock
from bot.storage import Database, MessageLog, Vault

NOW = "2026-11-20T10:00:00+01:00"


@pytest.fixture
def log(database_url: str, monkeypatch) -> MessageLog:
    monkeypatch.setenv("BOT_NOW", NOW)
    database = Database(database_url, [Fernet.generate_key().decode()])
    database.upgrade()
    return MessageLog(database)


def bodies(log: MessageLog, conversation: str = "c1") -> list[str]:
    return [message["body"]["text"] for message in log.messages(conversation)]


def test_messages_come_back_in_order_with_sender_and_time(log: MessageLog) -> None:
    log.append("c1", None, "bot", {"text": "Guten Tag"}, clock.now())
    log.append("c1", "m1", "user", {"text": "Grüß Gott"}, clock.now())
    log.append("c2", None, "bot", {"text": "andere"}, clock.now())
    assert log.messages("c1") == [
        {"sender": "bot", "client_id": None, "at": NOW, "body": {"text": "Guten Tag"}},
        {"sender": "user", "client_id": "m1", "at": NOW, "body": {"text": "Grüß Gott"}},
    ]


def test_a_message_counts_as_answered_once_its_replies_are_stored(log: MessageLog) -> None:
    log.append("c1", "m1", "user", {"text": "ja"}, clock.now())
    assert log.answered("c1", "m1") is None
    log.append("c1", "m1", "bot", {"text": "Gut."}, clock.now())
    log.append("c1", "m1", "bot", {"text": "Weiter?"}, clock.now())
    assert log.answered("c1", "m1") == [{"text": "Gut."}, {"text": "Weiter?"}]
    assert log.answered("c2", "m1") is None


def test_a_repeated_message_is_kept_once(log: MessageLog) -> None:
    for _ in range(2):
        log.append("c1", "m1", "user", {"text": "ja"}, clock.now())
    assert bodies(log) == ["ja"]


def test_messages_without_identifier_are_all_kept(log: MessageLog) -> None:
    for _ in range(2):
        log.append("c1", None, "user", {"text": "ja"}, clock.now())
    assert bodies(log) == ["ja", "ja"]


def test_a_turn_is_stored_once_also_after_its_message_alone(log: MessageLog) -> None:
    log.append("c1", "m1", "user", {"text": "ja"}, clock.now())
    for _ in range(2):
        log.append_turn(
            log.sealed_turn("c1", "m1", {"text": "ja"}, [{"text": "Gut."}], clock.now())
        )
    log.append_turn(log.sealed_turn("c1", None, None, [{"text": "Erinnerung"}], clock.now()))
    assert bodies(log) == ["ja", "Gut.", "Erinnerung"]


def test_deleting_takes_only_that_conversation(log: MessageLog) -> None:
    log.append("c1", None, "bot", {"text": "a"}, clock.now())
    log.append("c2", None, "bot", {"text": "b"}, clock.now())
    log.delete("c1")
    assert bodies(log) == []
    assert bodies(log, "c2") == ["b"]


def test_the_latest_replies_come_first_and_are_opened_one_by_one(
    log: MessageLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        log.append("c1", None, "bot", {"text": f"Nr. {number}"}, clock.now())
        log.append("c1", None, "user", {"text": "ja"}, clock.now())
    latest = log.latest_replies("c1", most=4)
    assert [body["text"] for body in latest] == ["Nr. 4", "Nr. 3"]
    assert len(list(log.latest_replies("c1", most=99))) == 5
    some = log.latest_replies("c1", most=99)
    assert next(some)["text"] == "Nr. 4"
    monkeypatch.setattr(Vault, "open_json", None)
    with pytest.raises(TypeError):
        next(some)
