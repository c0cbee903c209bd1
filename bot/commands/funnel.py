"""``python -m bot funnel``: draws where people stop."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import datetime, timedelta

from bot import clock
from bot.application.display import label
from bot.commands import stored_data
from bot.commands.arguments import CommandParser
from bot.observability.funnel import Funnel, Step, funnel
from bot.storage.stores import Stores
from bot.texts import text

DEFAULT_DAYS = 30
BAR = "█"
BAR_LENGTH = 30
_WORDS = "commands.funnel"


def main(argv: list[str]) -> int:
    """Draw the funnel of the conversations of the last days.

    Returns:
        0; 1 if the database is not available; 2 for a wrong call.
    """
    return stored_data.run(_draw, _parser(), argv)


def _draw(options: argparse.Namespace, stores: Stores) -> int:
    now = clock.now()
    since = now - timedelta(days=options.days)
    found = funnel(stores.database, since, now)
    print(json.dumps(asdict(found), indent=2) if options.json else drawn(found, since))
    return 0


def _parser() -> CommandParser:
    parser = CommandParser(prog="python -m bot funnel", description=text(f"{_WORDS}.description"))
    parser.add_argument(
        "--days", type=_days, default=DEFAULT_DAYS, metavar="N", help=text(f"{_WORDS}.days")
    )
    parser.add_argument("--json", action="store_true", help=text(f"{_WORDS}.json"))
    return parser


def _days(given: str) -> int:
    days = int(given)
    if not 1 <= days <= 36_500:
        raise ValueError(given)
    return days


def drawn(found: Funnel, since: datetime) -> str:
    """The funnel as text: for each question how many came so far, and how many stopped there."""
    numbers = {name: value for name, value in asdict(found).items() if name != "steps"}
    head = text(f"{_WORDS}.head", since=since.strftime("%d.%m.%Y"), **numbers)
    if not found.begun:
        return head
    names = [label(step.question) for step in found.steps]
    width = max(map(len, names))
    title = text(f"{_WORDS}.columns", question=text(f"{_WORDS}.question").ljust(width))
    lines = [_line(step, name.ljust(width), found) for step, name in zip(found.steps, names)]
    return "\n".join([head, "", title, *lines])


def _line(step: Step, name: str, found: Funnel) -> str:
    most = found.steps[0].reached or 1
    bar = BAR * round(BAR_LENGTH * step.reached / most)
    stopped = f"{step.stopped:>6} {step.share_stopped:>5.0%}" if step.stopped else ""
    return f"{name}  {step.reached:>6}  {bar:<{BAR_LENGTH}}  {stopped}".rstrip()
