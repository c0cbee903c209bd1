"""Writes the JSON Schema of the present version; those of released versions stay as they are."""

from __future__ import annotations

from bot.application.model import SCHEMA_VERSION
from bot.handoff.schema import path_of, schema_text

path_of(SCHEMA_VERSION).write_text(schema_text(), encoding="utf-8")
