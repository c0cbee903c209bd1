"""``python -m bot rotate-keys``: seal everything stored under the first key."""

from __future__ import annotations

import sys

from bot.command_parser import CommandParser, UsageError
from bot.settings import settings
from bot.storage import DatabaseUnavailable, UnreadablePayload
from bot.storage.rotation import reseal_files, reseal_table
from bot.storage.stores import Stores
from bot.storage.tables import METADATA
from bot.texts import text

_WORDS = "handoff.command.rotate_keys"


def main(argv: list[str]) -> int:
    """Seal everything anew; may be repeated, and run beside a server with the same keys.

    Returns:
        0; 1 if something could not be opened or written; 2 for a wrong call.
    """
    try:
        CommandParser(
            prog="python -m bot rotate-keys", description=text(f"{_WORDS}.description")
        ).parse_args(argv)
        payloads, documents = _rotate()
    except UsageError as error:
        return _fail(str(error), 2)
    except UnreadablePayload:
        return _fail(text("handoff.command.unreadable"))
    except (DatabaseUnavailable, OSError) as error:
        return _fail(text("handoff.command.unavailable", error=type(error).__name__))
    print(text(f"{_WORDS}.done", payloads=payloads, documents=documents))
    return 0


def _rotate() -> tuple[int, int]:
    stores = Stores.open(settings())
    payloads = sum(reseal_table(stores.database, table) for table in METADATA.sorted_tables)
    return payloads, reseal_files(stores.documents_folder, stores.database.vault)


def _fail(words: str, code: int = 1) -> int:
    print(words, file=sys.stderr)
    return code
