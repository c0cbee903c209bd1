"""``python -m bot applications``: what was submitted, whether it is sound, and where it went."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from bot import clock
from bot.application.display import display
from bot.application.questions import application_fields
from bot.commands import stored_data
from bot.commands.arguments import CommandParser, print_json
from bot.handoff.destinations import destinations
from bot.handoff.dispatch import dispatch_pending
from bot.handoff.pdf.content import euro, moment
from bot.handoff.protocol import title_of
from bot.handoff.references import read_reference
from bot.handoff.verification import Finding, verify
from bot.settings import settings
from bot.storage.applications import ApplicationRow, ApplicationStore, UnknownApplication
from bot.storage.outbox import Delivery, Outbox
from bot.storage.stores import Stores
from bot.texts import text

_GAP = "   "
_WORDS = "handoff.command.applications"


def main(argv: list[str]) -> int:
    """Run one of the subcommands.

    Returns:
        0; 1 if the application is unknown, altered or was not delivered; 2 for a wrong call.
    """
    return stored_data.run(_run_subcommand, _parser(), argv)


def _run_subcommand(options: argparse.Namespace, stores: Stores) -> int:
    return _COMMANDS[options.command](options, stores)


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="python -m bot applications", description=text(f"{_WORDS}.description")
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in _COMMANDS:
        words = text(f"{_WORDS}.{name}")
        command = commands.add_parser(name, help=words, description=words)
        if name != "list":
            command.add_argument("reference", metavar="REF", help=text(f"{_WORDS}.reference"))
        if name != "redeliver":
            command.add_argument("--json", action="store_true", help=text(f"{_WORDS}.json"))
    return parser


def _reference(options: argparse.Namespace) -> str:
    reference = read_reference(options.reference)
    if reference is None:
        raise UnknownApplication(options.reference)
    return reference


def _list(options: argparse.Namespace, stores: Stores) -> int:
    rows = ApplicationStore(stores.database).rows()
    deliveries: dict[str, list[Delivery]] = {}
    for delivery in Outbox(stores.database).all():
        deliveries.setdefault(delivery.reference, []).append(delivery)
    if options.json:
        print_json([_listed(row, deliveries.get(row.reference, [])) for row in rows])
    elif not rows:
        print(text(f"{_WORDS}.none"))
    else:
        _print_table([_line(row, deliveries.get(row.reference, [])) for row in rows])
    return 0


def _listed(row: ApplicationRow, deliveries: Sequence[Delivery]) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "submitted_at": row.submitted_at.isoformat(),
        "request_type": row.request_type,
        "channel": row.channel,
        "broker_number": row.broker_number,
        "deliveries": [
            {
                "destination": each.destination,
                "state": each.state,
                "attempts": each.attempts,
                "next_attempt_at": each.next_attempt_at.isoformat(),
                "delivered_at": each.delivered_at.isoformat() if each.delivered_at else None,
                "last_error": each.last_error,
            }
            for each in deliveries
        ],
    }


def _line(row: ApplicationRow, deliveries: Sequence[Delivery]) -> list[str]:
    return [
        row.reference,
        moment(row.submitted_at),
        text(f"handoff.application.request_types.{row.request_type}"),
        row.broker_number or "–",
        "; ".join(map(_delivery, deliveries)),
    ]


def _delivery(delivery: Delivery) -> str:
    words = text(
        f"{_WORDS}.delivery",
        destination=delivery.destination,
        state=text(f"handoff.application.states.{delivery.state}"),
        attempts=delivery.attempts,
    )
    if delivery.last_error:
        words += text(f"{_WORDS}.error", error=delivery.last_error)
    return words


def _print_table(lines: Sequence[Sequence[str]]) -> None:
    columns = ("reference", "submitted_at", "request_type", "broker", "delivery")
    rows = [[text(f"{_WORDS}.columns.{name}") for name in columns], *lines]
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print(_GAP.join(map(str.ljust, row, widths)).rstrip())


def _show(options: argparse.Namespace, stores: Stores) -> int:
    reference = _reference(options)
    envelope = ApplicationStore(stores.database).envelope(reference)
    if options.json:
        print_json(envelope)
        return 0
    title = text(f"handoff.application.request_types.{envelope['request_type']}")
    at = moment(envelope["submitted_at"])
    print(text(f"{_WORDS}.heading", title=title, reference=reference, at=at))
    for label, value in _entries(envelope):
        print(f"{label}: {value}")
    states = "; ".join(map(_delivery, Outbox(stores.database).of(reference)))
    print(f"{text(f'{_WORDS}.deliveries')}: {states}")
    return 0


def _entries(envelope: dict[str, Any]) -> list[tuple[str, str]]:
    """Everything that was answered, in the order of the form."""
    application = envelope["application"]
    names = ("broker_number", "broker_name", *application_fields())
    entries = [
        (title_of(name), display(name, application[name], mask=False))
        for name in names
        if application[name] is not None
    ]
    quote = envelope["quote"]
    if quote:
        amount = euro(quote["total_per_instalment"])
        frequency = text(f"rating.frequencies.{quote['frequency']}")
        entries.append((text(f"{_WORDS}.premium"), f"{amount} {frequency}"))
    missing = ", ".join(map(title_of, envelope["derived"]["outstanding_documents"]))
    return [*entries, *([(text(f"{_WORDS}.outstanding"), missing)] if missing else [])]


def _verify(options: argparse.Namespace, stores: Stores) -> int:
    findings = verify(_reference(options), stores.database, stores.documents_folder)
    sound = all(finding.state != "altered" for finding in findings)
    if options.json:
        print_json({"sound": sound, "findings": [vars(finding) for finding in findings]})
    else:
        for finding in findings:
            print(_finding(finding))
        print(text(f"{_WORDS}.sound" if sound else f"{_WORDS}.altered"))
    return 0 if sound else 1


def _finding(finding: Finding) -> str:
    check = text(f"handoff.application.checks.{finding.check}")
    state = text(f"handoff.application.findings.{finding.state}")
    return f"{check}: {state}" + (f" ({finding.detail})" if finding.detail else "")


def _redeliver(options: argparse.Namespace, stores: Stores) -> int:
    reference = _reference(options)
    ApplicationStore(stores.database).row(reference)
    outbox = Outbox(stores.database)
    outbox.revive(reference, clock.now())
    dispatch_pending(stores.database, destinations(settings()), stores.documents_folder)
    deliveries = outbox.of(reference)
    for delivery in deliveries:
        print(_delivery(delivery))
    return 0 if all(each.state == "delivered" for each in deliveries) else 1


_COMMANDS = {"list": _list, "show": _show, "verify": _verify, "redeliver": _redeliver}
