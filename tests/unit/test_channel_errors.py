"""Every refusal has a status and a German sentence, and a failure is logged without its words."""

from __future__ import annotations

import logging
import pickle

import pytest

from bot.channels.errors import STATUS, ChannelError, log_failure
from bot.texts import entry


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    assert set(entry("channels.errors")) == set(STATUS)


@pytest.mark.parametrize("code", STATUS)
def test_a_refusal_speaks_to_people_and_programs(code: str) -> None:
    error = ChannelError(code, megabytes=10, most=30)
    assert error.body == {"error": {"code": code, "message": error.message}}
    assert error.message.endswith(".")
    assert "{" not in error.message
    assert 400 <= error.status < 600


def test_a_failure_is_logged_by_type_and_place(caplog: pytest.LogCaptureFixture) -> None:
    try:
        int("Erika Mustermann")
    except ValueError as error:
        log_failure(logging.getLogger("bot.test"), "Reading", error)
    assert "Mustermann" not in caplog.text
    assert "Reading failed: ValueError at tests/unit/test_channel_errors.py:" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        ChannelError("conversation_ended"),
        ChannelError("too_many_documents", most=30),
        ChannelError("too_fast", retry_after=7),
    ],
)
def test_a_refusal_is_the_same_after_it_came_from_another_process(error: ChannelError) -> None:
    arrived = pickle.loads(pickle.dumps(error))
    assert (arrived.body, arrived.status, arrived.headers) == (
        error.body,
        error.status,
        error.headers,
    )
