"""Commands about what is stored: run on the stores of the settings, failing with one line."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from bot.commands.arguments import CommandParser, UsageError, fail
from bot.handoff.references import read_reference
from bot.settings import settings
from bot.storage import Database, DatabaseUnavailable, UnreadablePayload
from bot.storage.applications import ApplicationStore, UnknownApplication
from bot.storage.stores import Stores
from bot.texts import text

Command = Callable[[argparse.Namespace, Stores], int]


def run(command: Command, parser: CommandParser, argv: list[str]) -> int:
    """Carry a command out with the options in ``argv``.

    Returns:
        The command's exit code; 1 if the application is unknown or what is stored cannot be read
        or written now; 2 for a wrong call.
    """
    try:
        options = parser.parse_args(argv)
        return command(options, Stores.open(settings()))
    except UsageError as error:
        return fail(error, 2)
    except UnknownApplication as error:
        return fail(text("handoff.command.unknown", reference=error.args[0]))
    except UnreadablePayload:
        return fail(text("handoff.command.unreadable"))
    except DatabaseUnavailable as error:
        return fail(text("handoff.command.unavailable", error=error))
    except OSError as error:
        return fail(text("handoff.command.unavailable", error=type(error).__name__))


def conversation_of(subject: str, database: Database) -> str:
    """The conversation itself, or the one from which a reference was submitted.

    Raises:
        UnknownApplication: nothing was submitted under this reference.
    """
    reference = read_reference(subject)
    if reference is None:
        return subject
    return ApplicationStore(database).row(reference).conversation_id
