"""Logs that cannot quote what a person wrote."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator

import pytest

from bot.observability.conversation_mark import working_for
from bot.server.logs import JsonFormatter, PrivateFormatter, configure


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure("DEBUG")
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)


def test_own_lines_keep_their_words(written: io.StringIO) -> None:
    logging.getLogger("bot.engine.x").info("started in %s ms", 12)
    assert written.getvalue().endswith("INFO bot.engine.x: started in 12 ms\n")


def test_lines_of_libraries_are_only_a_place(written: io.StringIO) -> None:
    logging.getLogger("rasa.core.processor").error("text: %s", "Zaunkönig")
    logging.getLogger("sanic.root").info("Zaunkönig")
    assert "Zaunkönig" not in written.getvalue()
    assert written.getvalue().endswith(
        "ERROR rasa.core.processor: test_lines_of_libraries_are_only_a_place, "
        f"line {test_lines_of_libraries_are_only_a_place.__code__.co_firstlineno + 1}\n"
    )


def test_a_name_that_only_begins_alike_is_not_ours(written: io.StringIO) -> None:
    logging.getLogger("botocore.client").error("Zaunkönig")
    assert "Zaunkönig" not in written.getvalue()


def test_exceptions_are_types_and_places_along_the_chain(written: io.StringIO) -> None:
    try:
        try:
            raise ValueError("Zaunkönig")
        except ValueError as error:
            raise RuntimeError("about Zaunkönig") from error
    except RuntimeError:
        logging.getLogger("bot").exception("A turn failed")
    shown = written.getvalue()
    assert "Zaunkönig" not in shown
    assert "builtins.RuntimeError" in shown
    assert "builtins.ValueError" in shown
    assert "test_server_logs.py:" in shown


def test_a_traceback_that_another_handler_rendered_is_not_reused(written: io.StringIO) -> None:
    try:
        raise ValueError("Zaunkönig")
    except ValueError as error:
        record = logging.LogRecord(
            "bot", logging.ERROR, __file__, 1, "failed", (), (type(error), error, None)
        )
    logging.Formatter().format(record)
    assert "Zaunkönig" not in PrivateFormatter().format(record)


def test_warnings_are_not_shown(written: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("Zaunkönig", UserWarning, stacklevel=1)
    assert written.getvalue() == ""


def test_structured_lines_lose_their_fields(written: io.StringIO) -> None:
    import structlog

    structlog.get_logger().error("processor.message.parse", text="Zaunkönig")
    assert "ERROR" in written.getvalue()
    assert "Zaunkönig" not in written.getvalue()


def test_a_line_names_its_conversation_and_what_was_added(written: io.StringIO) -> None:
    with working_for("4f1d"):
        logging.getLogger("bot.x").info("turn", extra={"fields": {"asked": "iban"}})
    assert written.getvalue().endswith("INFO bot.x: turn asked=iban conversation=4f1d\n")


def test_lines_for_machines(written: io.StringIO) -> None:
    logging.getLogger().handlers[0].setFormatter(JsonFormatter())
    with working_for("4f1d"):
        logging.getLogger("bot.x").info("turn", extra={"fields": {"asked": "iban"}})
        try:
            raise ValueError("Zaunkönig")
        except ValueError:
            logging.getLogger("rasa.core").exception("about %s", "Zaunkönig")
    first, second = (json.loads(line) for line in written.getvalue().splitlines())
    assert first.pop("at").endswith("+00:00")
    assert first == {
        "level": "INFO",
        "logger": "bot.x",
        "message": "turn",
        "asked": "iban",
        "conversation": "4f1d",
    }
    assert "Zaunkönig" not in written.getvalue()
    assert second["exception"][0].strip() == "builtins.ValueError"
    assert second["conversation"] == "4f1d"


def test_the_form_is_a_setting(written: io.StringIO) -> None:
    configure("INFO", "json")
    assert isinstance(logging.getLogger().handlers[0].formatter, JsonFormatter)
    configure("INFO")
    assert not isinstance(logging.getLogger().handlers[0].formatter, JsonFormatter)


def test_what_libraries_add_to_their_lines_is_left_out(written: io.StringIO) -> None:
    logging.getLogger().handlers[0].setFormatter(JsonFormatter())
    logging.getLogger("rasa.core").error("x", extra={"fields": {"text": "Zaunkönig"}})
    assert "Zaunkönig" not in written.getvalue()
