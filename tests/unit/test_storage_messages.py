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


def say(log: MessageLog, conversation: str, client: str, words: str | None, *said: str) -> None:
    message, replies = {"text": words} if words else None, [{"text": each} for each in said]
    log.append_turn(log.sealed_turn(conversation, client, message, replies, clock.now()))


def test_messages_come_back_in_order_with_sender_and_time(log: MessageLog) -> None:
    say(log, "c1", "m0", None, "Guten Tag")
    say(log, "c2", "m1", "andere", "andere?")
    say(log, "c1", "m1", "Grüß Gott", "Gut.")
    assert log.messages("c1") == [
        {"sender": "bot", "client_id": "m0", "at": NOW, "body": {"text": "Guten Tag"}},
        {"sender": "user", "client_id": "m1", "at": NOW, "body": {"text": "Grüß Gott"}},
        {"sender": "bot", "client_id": "m1", "at": NOW, "body": {"text": "Gut."}},
    ]


def test_a_message_is_answered_by_its_replies(log: MessageLog) -> None:
    assert log.answered("c1", "m1") is None
    say(log, "c1", "m1", "ja", "Gut.", "Weiter?")
    assert log.answered("c1", "m1") == [{"text": "Gut."}, {"text": "Weiter?"}]
    assert log.answered("c2", "m1") is None
    assert log.answered("c1", "m2") is None


def test_a_turn_is_stored_once(log: MessageLog) -> None:
    for _ in range(2):
        say(log, "c1", "m1", "ja", "Gut.")
    assert bodies(log) == ["ja", "Gut."]


def test_deleting_takes_only_that_conversation(log: MessageLog) -> None:
    say(log, "c1", "m1", None, "a")
    say(log, "c2", "m1", None, "b")
    log.delete("c1")
    assert bodies(log) == []
    assert bodies(log, "c2") == ["b"]


def test_the_latest_replies_come_first_and_are_opened_one_by_one(
    log: MessageLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        say(log, "c1", f"m{number}", "ja", f"Nr. {number}")
    latest = log.latest_replies("c1", most=4)
    assert [body["text"] for body in latest] == ["Nr. 4", "Nr. 3"]
    assert len(list(log.latest_replies("c1", most=99))) == 5
    some = log.latest_replies("c1", most=99)
    assert next(some)["text"] == "Nr. 4"
    monkeypatch.setattr(Vault, "open_json", None)
    with pytest.raises(TypeError):
        next(some)
