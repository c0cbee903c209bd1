"""``python -m bot export``: everything that is stored about a person, in a zip file."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.command_parser import CommandParser, UsageError
from bot.command_subject import conversation_of
from bot.handoff.personal_data import everything_about
from bot.settings import settings
from bot.storage import DatabaseUnavailable, UnreadablePayload
from bot.storage.applications import UnknownApplication
from bot.storage.durable_files import write_synced
from bot.storage.stores import Stores
from bot.texts import text

_WORDS = "handoff.command.export"


def main(argv: list[str]) -> int:
    """Write the file, readable by its owner only.

    Returns:
        0; 1 if there is nothing, it cannot be read or not be written; 2 for a wrong call.
    """
    try:
        subject, output = _options(argv)
        packed = _packed(subject)
        if packed is None:
            return _fail(text(f"{_WORDS}.nothing"))
        write_synced(output, packed)
    except UsageError as error:
        return _fail(str(error), 2)
    except UnknownApplication as error:
        return _fail(text("handoff.command.unknown", reference=error.args[0]))
    except UnreadablePayload:
        return _fail(text("handoff.command.unreadable"))
    except FileExistsError:
        return _fail(text(f"{_WORDS}.exists", path=output))
    except (DatabaseUnavailable, OSError) as error:
        return _fail(text("handoff.command.unavailable", error=type(error).__name__))
    print(text(f"{_WORDS}.done", path=output))
    return 0


def _options(argv: list[str]) -> tuple[str, Path]:
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
    options = parser.parse_args(argv)
    return options.subject, options.output


def _packed(subject: str) -> bytes | None:
    stores = Stores.open(settings())
    return everything_about(conversation_of(subject, stores.database), stores)


def _fail(words: str, code: int = 1) -> int:
    print(words, file=sys.stderr)
    return code
