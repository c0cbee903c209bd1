"""The OpenAPI document of the widget's API."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("openapi.yml")


@lru_cache(maxsize=1)
def openapi_document() -> dict[str, Any]:
    """The description of every route of the widget, as it is served."""
    document: dict[str, Any] = yaml.load(FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return document
