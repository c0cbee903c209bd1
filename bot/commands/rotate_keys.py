"""``python -m bot rotate-keys``: seal everything stored under the first key."""

from __future__ import annotations

import argparse

from bot.commands import stored_data
from bot.commands.arguments import CommandParser
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
    parser = CommandParser(
        prog="python -m bot rotate-keys", description=text(f"{_WORDS}.description")
    )
    return stored_data.run(_rotate, parser, argv)


def _rotate(_: argparse.Namespace, stores: Stores) -> int:
    payloads = sum(reseal_table(stores.database, table) for table in METADATA.sorted_tables)
    documents = reseal_files(stores.documents_folder, stores.database.vault)
    print(text(f"{_WORDS}.done", payloads=payloads, documents=documents))
    return 0
