"""``python -m bot understand``: how the assistant would read answers, without a conversation.

Reads JSON lines ``{"field": …, "text": …}`` on standard input and prints a JSON line for each.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TextIO

from bot.application.kinds import ReadingContext, Text
from bot.application.questions import Question, UnknownField, kind_of, question_for
from bot.clock import today
from bot.language.names import parse_name
from bot.language.reading import Reading, ok
from bot.language.skipping import reads_as_skip
from bot.texts import text as german

PERIOD = {"period", "end_date"}
DERIVED = {"iban", "bic", "bank_name"}
GIVEN_BY_THE_PORTAL = {
    "broker_number": Text(minimum=3, maximum=30),
    "broker_name": Text(minimum=3, maximum=120),
}
SEVERAL_FIELDS = {"address", "representative_name", "period", "end_date", "prior_insurance_period"}


class UnreadableLine(ValueError):
    """A line of the input is no JSON object with the texts ``field`` and ``text``."""


def understand(field: str, text: str, on: date) -> Reading:
    """How ``text`` is read as the answer to ``field``, nothing else being answered yet.

    Raises:
        UnknownField: there is no such field or question.
    """
    if field in GIVEN_BY_THE_PORTAL:
        return GIVEN_BY_THE_PORTAL[field].read(text, ReadingContext(field=field, today=on))
    kind = kind_of(field)
    asked = question_for("prior_insurance_period" if field in PERIOD else field)
    required = asked.required({})
    if not required and reads_as_skip(text, asked.key):
        return ok(None)
    context = ReadingContext(field=asked.key, today=on, required=required)
    return _of_one_part(field, text, asked, kind.read(text, context))


def _of_one_part(field: str, text: str, asked: Question, reading: Reading) -> Reading:
    """The reading where only one of a question's fields is looked for, such as the last name."""
    if len(asked.fields) < 2 or field not in asked.fields or field in DERIVED | PERIOD:
        return reading
    if reading.status == "ask_back" and asked.key == "representative_name":
        name = parse_name(text)
        parts = name.fields("representative_") if name is not None else {}
        return ok(parts) if list(parts) == [field] else reading
    if reading.is_ok and field not in reading.value:
        return replace(reading, status="reject", value=None)
    return reading


def _plain(field: str, value: Any) -> Any:
    """The value of the field alone, unless the question takes several fields at once."""
    if field in SEVERAL_FIELDS or not isinstance(value, Mapping):
        return value
    return value.get(field, value)


def _request(line: str) -> tuple[str, str]:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableLine(german("reading.command_line.no_json")) from error
    if not isinstance(given, dict):
        raise UnreadableLine(german("reading.command_line.no_object"))
    field, text = given.get("field"), given.get("text")
    if not isinstance(field, str) or not isinstance(text, str):
        raise UnreadableLine(german("reading.command_line.no_object"))
    return field, text


def answer(line: str, on: date) -> dict[str, Any]:
    """What is printed for a line of the input."""
    try:
        field, text = _request(line)
        reading = understand(field, text, on)
    except UnreadableLine as error:
        return {"status": "reject", "value": None, "message": str(error)}
    except UnknownField as error:
        message = german("reading.command_line.unknown_field", field=str(error.args[0])[:60])
        return {"status": "reject", "value": None, "message": message}
    result: dict[str, Any] = {
        "status": reading.status,
        "value": _plain(field, reading.value),
        "message": reading.message,
    }
    if reading.options:
        result["options"] = [
            {"title": option.title, "value": _plain(field, option.value)}
            for option in reading.options
        ]
    return result


def _encoded(result: Mapping[str, Any]) -> str:
    """One JSON line; half a character, as JSON escapes allow it, is replaced."""
    line = json.dumps(result, ensure_ascii=False)
    return line.encode("utf-8", errors="replace").decode("utf-8")


def run(lines: TextIO, output: TextIO, on: date) -> None:
    """Answer every line that is not empty."""
    for line in lines:
        if line.strip():
            print(_encoded(answer(line, on)), file=output, flush=True)


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(german("reading.command_line.no_day")) from error


def main(argv: list[str]) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m bot understand",
        description="Reads JSON lines {field, text} and prints {status, value, message} for each.",
    )
    parser.add_argument(
        "--today",
        type=_day,
        default=None,
        metavar="YYYY-MM-DD",
        help="the day that counts as today",
    )
    chosen = parser.parse_args(argv)
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    run(sys.stdin, sys.stdout, chosen.today or today())
    return 0
