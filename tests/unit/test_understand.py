"""``python -m bot understand``: JSON lines in, JSON lines out."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from bot.commands.understand import answer, main, run

TODAY = date(2026, 11, 20)


def lines(*given: str) -> list[dict[str, Any]]:
    output = io.StringIO()
    run(io.StringIO("\n".join(given)), output, TODAY)
    return [json.loads(line) for line in output.getvalue().splitlines()]


def asked(field: str, text: str) -> dict[str, Any]:
    return answer(json.dumps({"field": field, "text": text}), TODAY)


def test_single_field_answers_with_the_plain_value() -> None:
    assert asked("iban", "DE89370400440532013000")["value"] == "DE89370400440532013000"
    assert asked("representative_salutation", "Frau Anna Müller")["value"] == "frau"
    assert asked("payment_frequency", "1/4")["value"] == "quarterly"
    assert asked("natural_persons_only", "nein")["value"] is False


def test_several_fields_answer_with_an_object() -> None:
    assert asked("address", "Hauptstr. 7, 50667 Köln")["value"] == {
        "street": "Hauptstr. 7",
        "postal_code": "50667",
        "city": "Köln",
    }
    assert asked("representative_name", "Frau Anna Müller")["value"] == {
        "representative_salutation": "frau",
        "representative_first_name": "Anna",
        "representative_last_name": "Müller",
    }
    assert asked("period", "seit 2018")["value"] == {"start_date": "2018-01-01", "end_date": None}


def test_one_part_of_a_question_can_be_asked_for() -> None:
    assert asked("representative_last_name", "Müller")["value"] == "Müller"
    assert asked("representative_last_name", "Müller, Anna")["value"] == "Müller"
    assert asked("representative_first_name", "Anna")["value"] == "Anna"
    assert asked("postal_code", "50667 Köln")["value"] == "50667"
    assert asked("postal_code", "Köln")["status"] == "reject"
    assert asked("broker_number", "4711")["value"] == "4711"


def test_question_back_has_no_value_but_options() -> None:
    result = asked("deductible", "flex")
    assert result["status"] == "ask_back"
    assert result["value"] is None
    assert [option["value"] for option in result["options"]] == ["flex_800_400", "flex_600_300"]


def test_skipped_optional_question_is_null() -> None:
    assert asked("landline_phone", "habe ich nicht") == {
        "status": "ok",
        "value": None,
        "message": "",
    }
    assert asked("club_name", "keine Angabe")["status"] == "reject"


@pytest.mark.parametrize(
    "line",
    [
        "kein json",
        "[]",
        '"text"',
        "{}",
        '{"field": "member_count"}',
        '{"field": "member_count", "text": 230}',
        '{"field": "unbekannt", "text": "ja"}',
        '{"field": null, "text": null}',
        "[" * 100_000,
    ],
)
def test_bad_line_is_refused_and_the_run_goes_on(line: str) -> None:
    results = lines(line, '{"field": "member_count", "text": "230"}')
    assert results[0]["status"] == "reject"
    assert results[0]["value"] is None
    assert len(results[0]["message"]) > 20
    assert results[1]["value"] == 230


def test_empty_lines_are_passed_over() -> None:
    assert len(lines("", "  ", '{"field": "member_count", "text": "230"}', "")) == 1


def test_half_a_character_does_not_break_the_output() -> None:
    [result] = lines('{"field": "club_name", "text": "TSV \\ud83d Musterstadt"}')
    assert result["value"] == "TSV Musterstadt"


def test_command_reads_and_writes_utf8() -> None:
    given = json.dumps({"field": "start_date", "text": "nächsten Ersten"}, ensure_ascii=False)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "understand", "--today", "2026-11-20"],
        input=given.encode(),
        capture_output=True,
        check=True,
        env={"LC_ALL": "C", "PATH": ""},
    )
    result = json.loads(done.stdout.decode("utf-8"))
    assert result["value"] == "2026-12-01"
    assert "Dienstag, 1. Dezember 2026" in result["message"]


def test_wrong_day_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--today", "gestern"])
    assert caught.value.code == 2
    assert "JJJJ-MM-TT" in capsys.readouterr().err
