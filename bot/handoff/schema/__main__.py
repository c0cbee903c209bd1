"""Writes the committed JSON Schema anew."""

from __future__ import annotations

from bot.handoff.schema import PATH, schema_text

PATH.write_text(schema_text(), encoding="utf-8")
