"""``python -m bot erase``: forget a conversation, and say what has to be kept."""

from __future__ import annotations

import sys

from bot.command_parser import CommandParser, UsageError
from bot.command_subject import conversation_of
from bot.handoff.erasure import Erasure, erase
from bot.settings import settings
from bot.storage import DatabaseUnavailable
from bot.storage.applications import UnknownApplication
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
    try:
        subject: str = parser.parse_args(argv).subject
        erased = _erase(subject)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except UnknownApplication as error:
        print(text("handoff.command.unknown", reference=error.args[0]), file=sys.stderr)
        return 1
    except (DatabaseUnavailable, OSError) as error:
        kind = type(error).__name__
        print(text("handoff.command.unavailable", error=kind), file=sys.stderr)
        return 1
    _report(erased)
    return 0


def _erase(subject: str) -> Erasure:
    stores = Stores.open(settings())
    conversation_id = conversation_of(subject, stores.database)
    return erase(conversation_id, stores.database, stores.documents_folder)


def _report(erased: Erasure) -> None:
    print(text(f"{_WORDS}.done"))
    for reference in erased.kept:
        print(text(f"{_WORDS}.kept", reference=reference))
    for reference in erased.undelivered:
        print(text(f"{_WORDS}.undelivered", reference=reference))
