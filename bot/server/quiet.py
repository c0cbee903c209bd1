"""Environment for the libraries below: no telemetry, no banners, no caches in the work folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

LIBRARY_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    # Of several server processes each accepts one call at a time, so that all get some.
    "UV_TCP_SINGLE_ACCEPT": "1",
    # Models are kept by fingerprint; a second cache of parts of them gains nothing.
    "RASA_MAX_CACHE_SIZE": "0",
    "RASA_CACHE_DIRECTORY": str(Path(tempfile.gettempdir()) / "rasa-cache"),
}


def quieten() -> None:
    """Set the environment; call it before Rasa is imported."""
    for name, value in LIBRARY_ENVIRONMENT.items():
        os.environ.setdefault(name, value)
