"""The steps that create and change the tables."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import text

# Any number that no other application on the same server uses for its own lock.
_POSTGRES_LOCK = 4_711_190_515


def upgrade(connection: Any, folder: Path) -> None:
    """Take the steps in ``folder`` on ``connection``, inside its transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _POSTGRES_LOCK})
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # There is no ini file to keep in step.
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
