"""The command line: ``python -m bot COMMAND``, installed also ``club-application COMMAND``."""

from __future__ import annotations

import sys
from importlib import import_module

COMMANDS = {
    "serve": ("bot.server.serve", "start the assistant with everything it needs"),
    "actions": ("bot.server.actions", "start an action server by itself"),
    "quote": ("bot.commands.quote", "calculate the premium of a cover"),
    "understand": ("bot.commands.understand", "show how an answer to a question would be read"),
    "applications": ("bot.commands.applications", "list, show or redeliver applications"),
    "funnel": ("bot.commands.funnel", "draw where people stop"),
    "export": ("bot.commands.export", "give a person everything that is stored about them"),
    "erase": ("bot.commands.erase", "erase the data of a conversation or an application"),
    "retention": ("bot.commands.retention", "erase what has been kept long enough"),
    "rotate-keys": ("bot.commands.rotate_keys", "encrypt everything stored under the first key"),
}


def usage() -> str:
    """What the command line offers."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {purpose}" for name, (_, purpose) in COMMANDS.items()]
    return "\n".join(
        [
            "usage: python -m bot COMMAND [options]",
            "",
            "Guided insurance application for clubs.",
            "",
            *lines,
            "",
            "Options of a command: python -m bot COMMAND --help",
            "Settings come from the environment: docs/configuration.md",
        ]
    )


def main(arguments: list[str] | None = None) -> int:
    """Run a command with its own arguments, by default those typed; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0 if arguments else 2
    name, *rest = arguments
    if name not in COMMANDS:
        print(
            f"bot: unknown command {name!r}; known are {', '.join(COMMANDS)}",
            file=sys.stderr,
        )
        return 2
    from bot.settings import SettingsError

    # Only the chosen command is imported: a quote must not wait for the libraries of the server.
    module = import_module(COMMANDS[name][0])
    try:
        return int(module.main(rest) or 0)
    except SettingsError as error:
        for line in error.lines:
            print(f"bot: {line}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
