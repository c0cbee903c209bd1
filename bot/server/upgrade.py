"""Brings the applications' database up to date: ``python -m bot.server.upgrade``."""

from __future__ import annotations

import sys

from bot.settings import SettingsError, settings
from bot.storage import Database, DatabaseUnavailable


def main() -> int:
    """Upgrade; on failure one line says which database was not available."""
    try:
        chosen = settings()
        database = Database(chosen.database_address, chosen.data_keys)
        database.upgrade()
        database.close()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    except DatabaseUnavailable as error:
        print(f"the database of the applications is not available: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
