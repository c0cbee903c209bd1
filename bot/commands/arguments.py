"""What is typed after a command, and saying in German what is wrong with it."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from bot.texts import text


class UsageError(ValueError):
    """The options cannot be understood; ``str()`` is a German sentence."""


class CommandParser(argparse.ArgumentParser):
    """Reports what it cannot parse as a German sentence instead of English usage."""

    def error(self, message: str) -> NoReturn:  # noqa: ARG002
        command = self.prog.removeprefix("python -m bot ").split()[0]
        raise UsageError(text("commands.usage_error", command=command))


def fail(words: object, code: int = 1) -> int:
    """Say on standard error why a command ends; returns its exit code."""
    print(words, file=sys.stderr)
    return code
