"""The JSON Schema of ``application.json``, generated from the model and committed, by version.

A version that was released never changes. A field that is new names the version that has it first
(``Question.since``); ``python -m bot.handoff.schema`` then writes that version beside the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.schema import get_flat_models_from_model, get_model_name_map, model_schema

from bot.application.model import SCHEMA_VERSION
from bot.application.questions import QUESTIONS, Version
from bot.handoff.envelope import DERIVED, Envelope, HandedApplication

_FOLDER = Path(__file__).parent
_DIALECT = "http://json-schema.org/draft-07/schema#"
_DEFINITIONS = "#/definitions/"
VERSIONS: tuple[Version, ...] = tuple(sorted({each.since for each in QUESTIONS}))


def path_of(version: Version) -> Path:
    """Where the schema of a version is committed."""
    major, minor = version
    return _FOLDER / f"application-v{major}{f'.{minor}' if minor else ''}.schema.json"


def application_schema(version: Version = SCHEMA_VERSION) -> dict[str, Any]:
    """The schema of a version as the model now has it: without the fields that came later."""
    schema = model_schema(Envelope, by_alias=True, ref_prefix=_DEFINITIONS)
    for name, model in _models().items():
        definition = schema if model is Envelope else schema["definitions"].get(name)
        if definition is not None:
            _say_what_is_always_there(definition, model)
    schema["properties"]["schema_version"]["enum"] = [".".join(map(str, version))]
    application = schema["definitions"][HandedApplication.__name__]
    for name in _later_fields(version):
        del application["properties"][name]
        application["required"].remove(name)
    return {"$schema": _DIALECT, **schema}


def schema_text(version: Version = SCHEMA_VERSION) -> str:
    """The schema of a version as it is committed."""
    schema = application_schema(version)
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _later_fields(version: Version) -> Iterable[str]:
    for each in QUESTIONS:
        if not each.internal and each.since > version:
            yield from each.fields


def _models() -> dict[str, type[BaseModel]]:
    flat: Iterable[Any] = get_flat_models_from_model(Envelope)
    names = get_model_name_map({each for each in flat if isinstance(each, type)})
    return {name: model for model, name in names.items() if issubclass(model, BaseModel)}


def _say_what_is_always_there(definition: dict[str, Any], model: type[BaseModel]) -> None:
    """Every name is always there, with ``null`` for "no entry"; pydantic leaves both unsaid."""
    left_out = DERIVED if model is HandedApplication else ()
    properties = definition["properties"]
    for name, field in model.__fields__.items():
        if name not in left_out and field.allow_none:
            properties[name] = _nullable(properties[name])
    definition["required"] = [name for name in model.__fields__ if name not in left_out]


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        key: schema.pop(key) for key in ("title", "description") if key in schema
    }
    return {**described, "anyOf": [schema, {"type": "null"}]} if schema else described
