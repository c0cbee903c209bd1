"""What the form shows, read from the envelope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_datetime

from bot import legal
from bot.application.display import display, label
from bot.application.questions import QUESTIONS
from bot.application.values import short_date
from bot.clock import BERLIN
from bot.handoff.pdf.layout import Field
from bot.rating import Tariff, format_euro, tariff_on
from bot.rating.tariff import tariffs
from bot.texts import text


class Content:
    """The entries of one application; ``draft`` if it was not submitted.

    ``application`` may lack fields as long as it is a draft.
    """

    def __init__(self, envelope: Mapping[str, Any], *, draft: bool) -> None:
        self.envelope = envelope
        self.draft = draft
        self.application: Mapping[str, Any] = envelope["application"]
        self.derived: Mapping[str, Any] = envelope["derived"]
        self.quote: Mapping[str, Any] | None = envelope["quote"]
        self.at = datetime.fromisoformat(envelope["submitted_at"])
        self.request_type: str = envelope["request_type"]
        self._drawn: set[str] = set()

    @property
    def reference(self) -> str | None:
        found: str | None = self.envelope["reference"]
        return found

    def get(self, name: str) -> Any:
        """The canonical value, which is thereby drawn; ``None`` if there is none."""
        self._drawn.add(name)
        return self.application.get(name)

    def has(self, *names: str) -> bool:
        """Whether there is an entry for any of these fields."""
        return any(self.application.get(name) is not None for name in names)

    def shown(self, name: str) -> str:
        """The value as people read it; empty if there is none."""
        value = self.get(name)
        if value is None:
            return ""
        if name == "start_date":
            return short_date(value)
        return display(name, value, mask=self.draft)

    def field(self, name: str, share: float = 1.0) -> Field:
        """An entry under the name that it has everywhere."""
        return Field(label(name), self.shown(name), share)

    def further(self, section: str) -> list[Field]:
        """The entries of a section that no part has drawn; documents are listed in a table."""
        return [
            self.field(name)
            for each in QUESTIONS
            if each.section == section and each.kind.control != "upload" and not each.internal
            for name in each.fields
            if name not in self._drawn and self.has(name)
        ]

    def joined(self, separator: str, *names: str) -> str:
        """Several values as one entry."""
        return separator.join(shown for shown in map(self.shown, names) if shown)

    def includes(self, part: str, *names: str) -> bool:
        """Whether the form's ``part`` belongs to this kind of request.

        An application shows every part; the others show what was asked for them.
        """
        if self.request_type == "application":
            return True
        if self.request_type == "change":
            return part in (self.application.get("change_topics") or ()) or self.has(*names)
        return self.has(*names)

    def wording(self, name: str) -> str:
        """The insurer's wording in the version that was shown, else in the newest."""
        for each in self.envelope["wordings"]:
            if each["id"] == name:
                return str(each["text"])
        return legal.document(name).text

    def tariff(self) -> Tariff:
        """The tariff of the quote, else the one of the day."""
        wanted = self.quote["tariff"] if self.quote else None
        for each in tariffs():
            if each.id == wanted:
                return each
        return tariff_on(self.at.date())


def moment(at: str | datetime) -> str:
    """A time as 20.11.2026, 10:00."""
    return _in_berlin(at, "dd.MM.yyyy, HH:mm")


def day(at: str) -> str:
    """The day of a time as 20.11.2026."""
    return _in_berlin(at, "dd.MM.yyyy")


def clock_time(at: str) -> str:
    """A time as 10:00:05."""
    return _in_berlin(at, "HH:mm:ss")


def _in_berlin(at: str | datetime, pattern: str) -> str:
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return format_datetime(when.astimezone(BERLIN), pattern, locale="de")


def euro(amount: str | Decimal) -> str:
    """An amount as 1.234,50 €."""
    return format_euro(Decimal(amount))


def printed_euro(amount: Decimal) -> str:
    """An amount as the form prints it: 315,- € or 2,03 €."""
    shown = format_euro(amount)
    return shown.replace(",00", ",-") if amount >= 10 else shown


def whole_euro(amount: int) -> str:
    """Whole euro as the form prints deductibles: 1.000,- €."""
    return format_euro(Decimal(amount)).replace(",00", ",-")


def yes_no(value: object, no: str = "", yes: str = "") -> list[tuple[bool, str]]:
    """The two boxes of a question, "nein" first as on the form."""
    return [
        (value is False, no or text("pdf.no")),
        (value is True, yes or text("pdf.yes")),
    ]
