"""``python -m bot export``: everything that is stored about a person, in a zip file."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.commands import stored_data
from bot.commands.arguments import CommandParser, fail
from bot.handoff.personal_data import everything_about
from bot.storage.durable_files import write_synced
from bot.storage.stores import Stores
from bot.texts import text

_WORDS = "handoff.command.export"


def main(argv: list[str]) -> int:
    """Write the file, readable by its owner only.

    Returns:
        0; 1 if there is nothing, it cannot be read or not be written; 2 for a wrong call.
    """
    parser = CommandParser(prog="python -m bot export", description=text(f"{_WORDS}.description"))
    subject = text("handoff.command.erase.subject")
    parser.add_argument("subject", metavar="CONVERSATION_OR_REF", help=subject)
    parser.add_argument(
        "--output",
        metavar="FILE",
        type=Path,
        default=Path("auskunft.zip"),
        help=text(f"{_WORDS}.output"),
    )
    return stored_data.run(_export, parser, argv)


def _export(options: argparse.Namespace, stores: Stores) -> int:
    conversation_id = stored_data.conversation_of(options.subject, stores.database)
    packed = everything_about(conversation_id, stores)
    if packed is None:
        return fail(text(f"{_WORDS}.nothing"))
    try:
        write_synced(options.output, packed)
    except FileExistsError:
        return fail(text(f"{_WORDS}.exists", path=options.output))
    print(text(f"{_WORDS}.done", path=options.output))
    return 0
