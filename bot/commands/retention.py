"""``python -m bot retention``: erase now what the server erases hourly."""

from __future__ import annotations

import argparse

from bot import clock
from bot.commands import stored_data
from bot.commands.arguments import CommandParser
from bot.handoff.retention import RetentionTimes, retire
from bot.settings import settings
from bot.storage.stores import Stores
from bot.texts import text

_WORDS = "handoff.command.retention"


def main(argv: list[str]) -> int:
    """Erase what has been kept long enough; may be repeated.

    Returns:
        0; 1 if something could not be erased; 2 for a wrong call.
    """
    parser = CommandParser(
        prog="python -m bot retention", description=text(f"{_WORDS}.description")
    )
    return stored_data.run(_retire, parser, argv)


def _retire(_: argparse.Namespace, stores: Stores) -> int:
    retired = retire(stores, RetentionTimes.of(settings()), clock.now())
    print(text(f"{_WORDS}.done", **vars(retired)))
    return 0
