"""The committed JSON Schema is current and says what really arrives."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import pytest

from bot.application.questions import Version, application_fields
from bot.handoff.schema import VERSIONS, application_schema, path_of, schema_text
from bot.storage.applications import ApplicationStore
from tests import handoff_cases as cases

SCHEMA = json.loads(path_of(VERSIONS[-1]).read_text(encoding="utf-8"))
CASES = ("EVERYTHING", "EVERYTHING_NO", "MEMBERSHIP", "QUOTE", "LONG", "CHANGE")


@pytest.fixture
def envelope(tmp_path: Path, monkeypatch, request) -> dict:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00")
    database = cases.open_database(tmp_path)
    answers = getattr(cases, getattr(request, "param", "EVERYTHING"))
    reference = cases.submitted(database, tmp_path, answers).reference
    return ApplicationStore(database).envelope(reference)


def validate(envelope: dict) -> None:
    checker = jsonschema.FormatChecker()
    jsonschema.Draft7Validator(SCHEMA, format_checker=checker).validate(envelope)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_model_still_makes_every_version_as_it_was_released(version: Version) -> None:
    assert path_of(version).read_text(encoding="utf-8") == schema_text(version)


def test_it_is_a_valid_schema() -> None:
    jsonschema.Draft7Validator.check_schema(application_schema())


@pytest.mark.parametrize("envelope", CASES, indirect=True)
def test_every_kind_of_application_follows_it(envelope: dict) -> None:
    validate(envelope)


def test_it_names_every_field_of_the_contract() -> None:
    described = SCHEMA["definitions"]["HandedApplication"]
    expected = {*application_fields(), "broker_number", "broker_name", "signed_at"}
    assert set(described["properties"]) == set(described["required"]) == expected


@pytest.mark.parametrize(
    "spoil",
    [
        lambda it: it["application"].pop("club_name"),
        lambda it: it["application"].update(unknown=1),
        lambda it: it["application"].update(member_count=0),
        lambda it: it["application"].update(postal_code="1234"),
        lambda it: it["quote"].update(total_per_instalment="47,92"),
        lambda it: it.update(reference="4711"),
        lambda it: it["seal"].update(value="x"),
        lambda it: it.update(derived=None),
    ],
)
def test_what_breaks_the_contract_is_refused(envelope: dict, spoil) -> None:
    spoiled = copy.deepcopy(envelope)
    spoil(spoiled)
    with pytest.raises(jsonschema.ValidationError):
        validate(spoiled)
