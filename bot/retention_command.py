"""``python -m bot retention``: erase now what the server erases hourly."""

from __future__ import annotations

import sys

from bot import clock
from bot.command_parser import CommandParser, UsageError
from bot.handoff.retention import RetentionTimes, Retired, retire
from bot.settings import settings
from bot.storage import DatabaseUnavailable
from bot.storage.stores import Stores
from bot.texts import text

_WORDS = "handoff.command.retention"


def main(argv: list[str]) -> int:
    """Erase what has been kept long enough; may be repeated.

    Returns:
        0; 1 if something could not be erased; 2 for a wrong call.
    """
    try:
        CommandParser(
            prog="python -m bot retention", description=text(f"{_WORDS}.description")
        ).parse_args(argv)
        retired = _retire()
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except (DatabaseUnavailable, OSError) as error:
        kind = type(error).__name__
        print(text("handoff.command.unavailable", error=kind), file=sys.stderr)
        return 1
    print(text(f"{_WORDS}.done", **vars(retired)))
    return 0


def _retire() -> Retired:
    own = settings()
    return retire(Stores.open(own), RetentionTimes.of(own), clock.now())
