"""The kinds of answers: how each is read, which control a channel shows and what may be entered.

The reading itself is in ``bot.language``; a kind adds what the question knows.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, ClassVar

from bot.language.addresses import read_address
from bot.language.choice_phrases import title
from bot.language.choices import read_choice, read_choices
from bot.language.counts import LARGEST, read_count
from bot.language.emails import read_email
from bot.language.free_text import Limits, read_text
from bot.language.ibans import read_iban
from bot.language.names import parse_name, read_person_name, read_salutation
from bot.language.off_topic import (
    is_command,
    is_insult,
    is_markup,
    is_payload,
    is_question,
    opens_like_question,
)
from bot.language.periods import read_period
from bot.language.person_texts import read_person_text
from bot.language.phones import read_phone
from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.skipping import reads_as_later, reads_as_text_is_enough
from bot.language.start_dates import read_day_month, read_start_date
from bot.language.wording import LONGEST_ANSWER, shown, tidy, words
from bot.language.yes_no import read_yes_no
from bot.texts import text as german

_EXACT_CONTROLS = {"date", "day_month", "period", "number", "phone", "email", "iban", "address"}


@dataclass(frozen=True)
class ReadingContext:
    """What reading an answer may depend on besides its text.

    ``field`` is the question's key, ``today`` the day in Berlin, ``answers`` those given so far.
    """

    field: str
    today: date
    answers: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    required: bool = True


@dataclass(frozen=True)
class Kind:
    """How an answer of a kind is read. Reading never raises, whatever the text is."""

    control: ClassVar[str] = "text"
    longest: ClassVar[int] = LONGEST_ANSWER

    def read(self, text: str, context: ReadingContext) -> Reading:
        """The value in its canonical form, a refusal in German, or a question back."""
        problem = self._refusal(text)
        if problem:
            return reject(f"any.{problem}")
        reading = self._read(text, context)
        if reading.is_ok and tidy(text).endswith("?") and not self._is_prose():
            heard = reading.message or f"„{shown(tidy(text).rstrip('? '))}“."
            title = german("reading.any.right")
            return ask_back("any.asked", Option(title, reading.value), heard=heard)
        return reading

    def _is_prose(self) -> bool:
        """Whether an answer may hold whole sentences, questions among them."""
        return False

    def _refusal(self, text: str) -> str:
        """Why the text is no answer to any question of this kind; empty if it may be one."""
        if not tidy(text):
            return "empty"
        if is_payload(text):
            return "payload"
        if is_markup(text):
            return "markup"
        if len(text) > self.longest:
            return "too_long"
        return self._interruption(text)

    def _interruption(self, text: str) -> str:
        if is_question(text) and len(words(text)) > 1 and not self._may_only_wonder(text):
            return "question"
        return "insult" if is_insult(text) else ""

    def _may_only_wonder(self, text: str) -> bool:
        """A date or number with a question mark is read, and asked back."""
        wonders = self.control in _EXACT_CONTROLS and bool(re.search(r"\d", text))
        return wonders and not opens_like_question(text)

    def _read(self, text: str, context: ReadingContext) -> Reading:
        raise NotImplementedError

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        """What a channel's control may check while people type, as JSON."""
        return {"required": context.required}


@dataclass(frozen=True)
class YesNo(Kind):
    """Yes or no; with ``disclosure`` (a fact the insurer asks for) mere consent is no answer."""

    control: ClassVar[str] = "yes_no"
    disclosure: bool = False

    def _interruption(self, text: str) -> str:
        return "" if is_insult(text) and len(words(text)) > 4 else super()._interruption(text)

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_yes_no(text, context.field, disclosure=self.disclosure)


@dataclass(frozen=True)
class Choice(Kind):
    """One of the codes, which have their titles in ``bot/texts/choices.yml``."""

    control: ClassVar[str] = "choice"
    codes: tuple[str, ...] = ()

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_choice(text, context.field, self.codes)

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        offered = [{"value": code, "title": title(context.field, code)} for code in self.codes]
        return {**super().constraints(context), "choices": offered}


@dataclass(frozen=True)
class Sections(Choice):
    """Several of the codes, as a list in their order."""

    control: ClassVar[str] = "choices"

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_choices(text, context.field, self.codes)


@dataclass(frozen=True)
class Text(Kind):
    """A text that is kept as typed; lengths in characters."""

    control: ClassVar[str] = "text"
    longest: ClassVar[int] = 20_000
    minimum: int = 2
    maximum: int = 200
    multiline: bool = False

    def _is_prose(self) -> bool:
        return self.multiline

    def _interruption(self, _text: str) -> str:
        return ""

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_text(text, context.field, Limits(self.minimum, self.maximum, self.multiline))

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        limits = {"minlength": self.minimum, "maxlength": self.maximum}
        return {**super().constraints(context), **limits, "multiline": self.multiline}


@dataclass(frozen=True)
class LongText(Text):
    """A text of several lines."""

    control: ClassVar[str] = "long_text"
    multiline: bool = True


@dataclass(frozen=True)
class PersonText(Text):
    """The name of a person as one text; ``several`` people and ``organisations`` where allowed."""

    minimum: int = 3
    maximum: int = 120
    several: bool = False
    organisations: bool = False

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_person_text(
            text,
            context.field,
            Limits(self.minimum, self.maximum),
            several=self.several,
            organisations=self.organisations,
        )


@dataclass(frozen=True)
class ClubType(Text):
    """What kind of club it is: sport, music, shooting …"""

    maximum: int = 80

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        return read_text(text, "club_type", Limits(self.minimum, self.maximum))


@dataclass(frozen=True)
class SignedPlace(Text):
    """The place of the signature."""

    maximum: int = 80

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        return read_text(text, "signed_place", Limits(self.minimum, self.maximum))


@dataclass(frozen=True)
class Count(Kind):
    """A whole number; above ``plausible`` it is asked back."""

    control: ClassVar[str] = "number"
    minimum: int = 0
    plausible: int = 10_000

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_count(text, field=context.field, minimum=self.minimum, plausible=self.plausible)

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        return {**super().constraints(context), "min": self.minimum, "max": LARGEST}


@dataclass(frozen=True)
class PersonName(Kind):
    """First and last name; fields are named with ``prefix``, a salutation is taken along."""

    control: ClassVar[str] = "person_name"
    prefix: str = "representative_"

    def _interruption(self, text: str) -> str:
        return "command" if is_command(text) else super()._interruption(text)

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        return read_person_name(text, self.prefix)

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        return {**super().constraints(context), "maxlength": 120}


@dataclass(frozen=True)
class Salutation(Kind):
    """ "Herr" or "Frau", which is all the form knows; a whole name fills the name as well."""

    control: ClassVar[str] = "choice"
    codes: ClassVar[tuple[str, ...]] = ("herr", "frau")
    prefix: str = "representative_"

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        name = f"{self.prefix}salutation"
        full = read_salutation(text, self.prefix)
        if full is not None:
            return full
        if set(words(text)) & {
            "divers",
            "d",
            "inter",
            "nichtbinar",
            "keins",
            "weder",
            "x",
            "keine",
            "neutral",
        }:
            return self._ask("salutation.divers")
        reading = read_choice(text, "representative_salutation", self.codes)
        if reading.status == "reject":
            return self._with_name(text) or reading
        if reading.is_ok:
            return replace(reading, value={name: reading.value})
        options = tuple(replace(each, value={name: each.value}) for each in reading.options)
        return replace(reading, options=options)

    def _with_name(self, text: str) -> Reading | None:
        """A name without salutation is kept while the salutation is asked."""
        name = parse_name(text)
        if name is None or not (name.first or name.last[:1].isupper()):
            return None
        reading = read_person_name(text, self.prefix)
        return self._ask("salutation.which", reading.value if reading.is_ok else {})

    def _ask(self, key: str, known: Mapping[str, Any] = MappingProxyType({})) -> Reading:
        options = [
            Option(
                title("representative_salutation", code),
                {**known, f"{self.prefix}salutation": code},
            )
            for code in self.codes
        ]
        return ask_back(key, *options)

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        offered = [
            {"value": code, "title": title("representative_salutation", code)}
            for code in self.codes
        ]
        return {**super().constraints(context), "choices": offered}


@dataclass(frozen=True)
class Address(Kind):
    """Street, postal code and place; what is missing stays out of the value."""

    control: ClassVar[str] = "address"

    def _interruption(self, text: str) -> str:
        return "command" if is_command(text) else super()._interruption(text)

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_address(text, context.answers)

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        return {**super().constraints(context), "maxlength": 200}


@dataclass(frozen=True)
class Mobile(Kind):
    """A mobile number: the access code to the customer portal is sent there (ePolice guide)."""

    control: ClassVar[str] = "phone"

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        return read_phone(text, "mobile")


@dataclass(frozen=True)
class Landline(Kind):
    """A telephone number; a mobile one is asked back."""

    control: ClassVar[str] = "phone"

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        return read_phone(text, "landline")


@dataclass(frozen=True)
class Email(Kind):
    """An e-mail address."""

    control: ClassVar[str] = "email"

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        return read_email(text)

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        return {**super().constraints(context), "maxlength": 254}


@dataclass(frozen=True)
class Iban(Kind):
    """An IBAN of the SEPA area; ``bic`` and ``bank_name`` come with it."""

    control: ClassVar[str] = "iban"

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        return read_iban(text)

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        return {**super().constraints(context), "maxlength": 42}


@dataclass(frozen=True)
class StartDate(Kind):
    """The first day of cover: at the earliest the day after receipt (form, "Beginn")."""

    control: ClassVar[str] = "date"

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_start_date(text, context.today)

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        earliest = (context.today + timedelta(days=1)).isoformat()
        return {**super().constraints(context), "earliest": earliest}


@dataclass(frozen=True)
class DayMonth(Kind):
    """A day of the year."""

    control: ClassVar[str] = "day_month"

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_day_month(text, context.today)


@dataclass(frozen=True)
class Period(Kind):
    """Beginning and end of a prior insurance, within or reaching into the last five years."""

    control: ClassVar[str] = "period"

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_period(text, context.today)

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        return {**super().constraints(context), "latest_start": context.today.isoformat()}


@dataclass(frozen=True)
class Upload(Kind):
    """A document; a text can only say that it comes later."""

    control: ClassVar[str] = "upload"

    def _read(self, text: str, context: ReadingContext) -> Reading:
        if context.field == "criminal_proceedings_annex" and reads_as_text_is_enough(text):
            return ok({"delivery": "text"}, "upload.text")
        if reads_as_later(text):
            return ok({"delivery": "later"}, "upload.later")
        return reject("upload.not_text")
