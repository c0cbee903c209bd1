"""What is typed after a command, and saying in German what is wrong with it."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, NoReturn

from bot.texts import text


class UsageError(ValueError):
    """The options cannot be understood; ``str()`` is a German sentence."""


class CommandParser(argparse.ArgumentParser):
    """Reports what it cannot parse as a German sentence instead of English usage."""

    def error(self, message: str) -> NoReturn:  # noqa: ARG002
        command = self.prog.removeprefix("python -m bot ").split()[0]
        raise UsageError(text("commands.usage_error", command=command))


def print_json(content: Any) -> None:
    """Print a result for programs."""
    print(json.dumps(content, ensure_ascii=False, indent=2))


def fail(words: object, code: int = 1) -> int:
    """Say on standard error why a command ends; returns its exit code."""
    print(words, file=sys.stderr)
    return code
