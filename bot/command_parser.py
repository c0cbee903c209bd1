"""A parser for our commands that says in German what it could not understand."""

from __future__ import annotations

import argparse
from typing import NoReturn

from bot.texts import text


class UsageError(ValueError):
    """The options cannot be understood; ``str()`` is a German sentence."""


class CommandParser(argparse.ArgumentParser):
    """Reports what it cannot parse as a German sentence instead of English usage."""

    def error(self, message: str) -> NoReturn:  # noqa: ARG002
        command = self.prog.removeprefix("python -m bot ").split()[0]
        raise UsageError(text("commands.usage_error", command=command))
