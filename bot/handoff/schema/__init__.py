"""The JSON Schema of ``application.json``, generated from the model and committed.

``python -m bot.handoff.schema`` writes it anew after the model has changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.schema import get_flat_models_from_model, get_model_name_map, model_schema

from bot.handoff.envelope import DERIVED, Envelope, HandedApplication

PATH = Path(__file__).parent / "application-v1.schema.json"
_DIALECT = "http://json-schema.org/draft-07/schema#"
_DEFINITIONS = "#/definitions/"


def application_schema() -> dict[str, Any]:
    """The schema as the model now has it."""
    schema = model_schema(Envelope, by_alias=True, ref_prefix=_DEFINITIONS)
    for name, model in _models().items():
        definition = schema if model is Envelope else schema["definitions"].get(name)
        if definition is not None:
            _say_what_is_always_there(definition, model)
    return {"$schema": _DIALECT, **schema}


def schema_text() -> str:
    """The schema as it is committed."""
    return json.dumps(application_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


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
