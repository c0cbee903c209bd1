"""Brings the databases up to date: ``python -m bot.server.upgrade``."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bot.engine.tracker_database import TrackerDatabase
from bot.settings import Settings, SettingsError, settings
from bot.storage import Database, DatabaseUnavailable


def main() -> int:
    """Upgrade both; on failure one line says which database was not available."""
    upgrades: dict[str, Callable[[Settings], None]] = {
        "the applications": _applications,
        "the conversations' state": _conversations,
    }
    for name, upgrade in upgrades.items():
        try:
            upgrade(settings())
        except SettingsError as error:
            print(error, file=sys.stderr)
            return 1
        except DatabaseUnavailable as error:
            print(f"the database of {name} is not available: {error}", file=sys.stderr)
            return 1
    return 0


def _applications(chosen: Settings) -> None:
    database = Database(chosen.database_address, chosen.data_keys)
    database.upgrade()
    database.close()


def _conversations(chosen: Settings) -> None:
    # Opening it brings it up to date.
    TrackerDatabase.from_settings(chosen).close()


if __name__ == "__main__":
    sys.exit(main())
