"""``python -m bot quote``: the premium of a cover, or all premiums of a club side by side."""

from __future__ import annotations

import argparse
import re
from typing import Any

from bot.commands.arguments import CommandParser, UsageError, fail, print_json
from bot.rating import (
    DEDUCTIBLES,
    FREQUENCIES,
    PRODUCTS,
    Comparison,
    Quote,
    RatingError,
    RatingRequest,
    compare,
    quote,
)
from bot.rating.tables import comparison_table, quote_table
from bot.texts import text

# int() raises for texts of several thousand digits.
_COUNT = re.compile(r"-?[0-9]{1,1000}")


def main(argv: list[str]) -> int:
    """Print a quote or a comparison; the exit code is 2 if it cannot be computed."""
    try:
        options = _parser().parse_args(argv)
        found = _comparison(options) if options.compare else _quote(options)
    except (UsageError, RatingError) as error:
        return fail(error, 2)
    if options.json:
        print_json(found.as_dict())
    elif isinstance(found, Comparison):
        print(comparison_table(found))
    else:
        print(quote_table(found))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        prog="python -m bot quote",
        description=text("rating.command.description"),
        add_help=False,
        allow_abbrev=False,
    )
    options = parser.add_argument_group(text("rating.command.arguments"))
    for name, codes in (
        ("product", PRODUCTS),
        ("deductible", DEDUCTIBLES),
        ("frequency", FREQUENCIES),
    ):
        described = text(f"rating.command.options.{name}", codes=", ".join(codes))
        options.add_argument(f"--{name}", metavar="CODE", help=described)
    for name in ("members", "family"):
        described = text(f"rating.command.options.{name}")
        options.add_argument(f"--{name}", metavar="N", type=_count, help=described)
    for name in ("compare", "json"):
        described = text(f"rating.command.options.{name}")
        options.add_argument(f"--{name}", action="store_true", help=described)
    options.add_argument("-h", "--help", action="help", help=text("rating.command.options.help"))
    return parser


def _count(entered: str) -> int | str:
    """A whole number as such; anything else stays text, which rating refuses by its field."""
    return int(entered) if _COUNT.fullmatch(entered) else entered


def _quote(options: argparse.Namespace) -> Quote:
    _require(options, "product", "frequency")
    request = RatingRequest(
        product=options.product,
        deductible=options.deductible,
        member_count=options.members,
        frequency=options.frequency,
        family_member_count=options.family,
    )
    return quote(request)


def _comparison(options: argparse.Namespace) -> Comparison:
    for name in ("product", "deductible"):
        if getattr(options, name) is not None:
            raise UsageError(text("rating.command.surplus_option", option=f"--{name}"))
    return compare(options.members, options.family, options.frequency)


def _require(options: argparse.Namespace, *names: str) -> None:
    given: dict[str, Any] = vars(options)
    for name in names:
        if given[name] is None:
            raise UsageError(text("rating.command.missing_option", option=f"--{name}"))
