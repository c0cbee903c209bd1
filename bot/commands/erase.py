"""``python -m bot erase``: forget a conversation, and say what has to be kept."""

from __future__ import annotations

import argparse

from bot.commands import stored_data
from bot.commands.arguments import CommandParser
from bot.handoff.erasure import erase
from bot.storage.stores import Stores
from bot.texts import text

_WORDS = "handoff.command.erase"


def main(argv: list[str]) -> int:
    """Erase what is stored about a conversation; may be repeated.

    Returns:
        0; 1 if something could not be erased; 2 for a wrong call.
    """
    parser = CommandParser(prog="python -m bot erase", description=text(f"{_WORDS}.description"))
    parser.add_argument("subject", metavar="CONVERSATION_OR_REF", help=text(f"{_WORDS}.subject"))
    return stored_data.run(_erase, parser, argv)


def _erase(options: argparse.Namespace, stores: Stores) -> int:
    conversation_id = stored_data.conversation_of(options.subject, stores.database)
    erased = erase(conversation_id, stores.database, stores.documents_folder)
    print(text(f"{_WORDS}.done"))
    for reference in erased.kept:
        print(text(f"{_WORDS}.kept", reference=reference))
    for reference in erased.undelivered:
        print(text(f"{_WORDS}.undelivered", reference=reference))
    return 0
