"""The kinds of answers: how each is read, checked and shown, and which control a channel offers.

The reading itself is in ``bot.language``, the types in ``values.py``; a kind adds what the question
knows.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from babel.numbers import format_decimal
from pydantic import conint, constr

from bot.application.values import (
    AccountNumber,
    DayOfYear,
    DocumentDelivery,
    EmailAddress,
    MobileNumber,
    PhoneNumber,
    PostalCode,
    day_and_month,
    grouped_iban,
    international,
    long_date,
    masked_iban,
)
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
from bot.texts import has
from bot.texts import text as german

_NEITHER = frozenset(
    ("divers", "d", "inter", "nichtbinar", "keins", "weder", "x", "keine", "neutral")
)
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
    maxlength: ClassVar[int | None] = None
    value: ClassVar[Any] = str

    def value_type(self, _field: str) -> Any:
        """What the hand-off holds for this field of the question, unless it is ``null``."""
        return self.value

    def show(self, _field: str, value: Any) -> str:
        """A canonical value as people read it."""
        return str(value)

    def masked(self, field: str, value: Any) -> str:
        """The same where not all of it is to be seen."""
        return self.show(field, value)

    def typed(self, parts: Sequence[str]) -> str:
        """The values of the question's fields as a person would type them in one answer."""
        return " ".join(parts)

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
        limits = {"maxlength": self.maxlength} if self.maxlength else {}
        return {"required": context.required, **limits}


@dataclass(frozen=True)
class YesNo(Kind):
    """Yes or no; with ``disclosure`` (a fact the insurer asks for) mere consent is no answer."""

    control: ClassVar[str] = "yes_no"
    value: ClassVar[Any] = bool
    disclosure: bool = False

    def show(self, _field: str, value: Any) -> str:
        return german("conversation.yes" if value else "conversation.no")

    def _interruption(self, text: str) -> str:
        return "" if is_insult(text) and len(words(text)) > 4 else super()._interruption(text)

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_yes_no(text, context.field, disclosure=self.disclosure)


@dataclass(frozen=True)
class Choice(Kind):
    """One of the codes, which have their titles in ``bot/texts/choices.yml``."""

    control: ClassVar[str] = "choice"
    codes: tuple[str, ...] = ()

    def value_type(self, _field: str) -> Any:
        literal: Any = Literal
        return literal[self.codes]

    def show(self, field: str, value: Any) -> str:
        return title(field, value) if has(f"choices.{field}.{value}") else str(value)

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_choice(text, context.field, self.codes)

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        offered = [{"value": code, "title": title(context.field, code)} for code in self.codes]
        return {**super().constraints(context), "choices": offered}


@dataclass(frozen=True)
class Sections(Choice):
    """Several of the codes, as a list in their order."""

    control: ClassVar[str] = "choices"

    def value_type(self, _field: str) -> Any:
        return list[str]

    def show(self, field: str, value: Any) -> str:
        return ", ".join(title(field, code) for code in value)

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_choices(text, context.field, self.codes)


@dataclass(frozen=True)
class Text(Kind):
    """A text that is kept as typed; lengths in characters.

    With ``checked`` the hand-off promises at least ``minimum`` of them.
    """

    control: ClassVar[str] = "text"
    longest: ClassVar[int] = 20_000
    minimum: int = 2
    maximum: int = 200
    multiline: bool = False
    checked: bool = False

    def value_type(self, _field: str) -> Any:
        return constr(min_length=self.minimum) if self.checked else str

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


@dataclass(frozen=True)
class SignedPlace(Text):
    """The place of the signature."""

    maximum: int = 80


@dataclass(frozen=True)
class Count(Kind):
    """A whole number; above ``plausible`` it is asked back, above ``maximum`` refused."""

    control: ClassVar[str] = "number"
    minimum: int = 0
    plausible: int = 10_000
    maximum: int = LARGEST

    def value_type(self, _field: str) -> Any:
        return conint(ge=self.minimum, le=self.maximum if self.maximum < LARGEST else None)

    def show(self, _field: str, value: Any) -> str:
        return str(format_decimal(value, locale="de"))

    def _read(self, text: str, context: ReadingContext) -> Reading:
        reading = read_count(
            text, field=context.field, minimum=self.minimum, plausible=self.plausible
        )
        if reading.is_ok and reading.value > self.maximum:
            too_large = self.show(context.field, reading.value)
            return reject("count.too_large", value=too_large)
        return reading

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        return {**super().constraints(context), "min": self.minimum, "max": self.maximum}


@dataclass(frozen=True)
class Year(Count):
    """A year of four digits, which is shown without a point among them."""

    minimum: int = 1000
    plausible: int = 9999
    maximum: int = 9999

    def show(self, _field: str, value: Any) -> str:
        return str(value)

    def _read(self, text: str, context: ReadingContext) -> Reading:
        reading = super()._read(text, context)
        options = tuple(replace(each, title=str(each.value)) for each in reading.options)
        message = re.sub(r"(?<=\d)\.(?=\d{3})", "", reading.message)
        return replace(reading, message=message, options=options)


@dataclass(frozen=True)
class PersonName(Kind):
    """First and last name; fields are named with ``prefix``, a salutation is taken along."""

    control: ClassVar[str] = "person_name"
    maxlength: ClassVar[int | None] = 120
    prefix: str = "representative_"

    def typed(self, parts: Sequence[str]) -> str:
        last, first = parts
        return f"{first} {last}"

    def _interruption(self, text: str) -> str:
        return "command" if is_command(text) else super()._interruption(text)

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        return read_person_name(text, self.prefix)


@dataclass(frozen=True)
class Salutation(Choice):
    """ "Herr" or "Frau", which is all the form knows; a whole name fills the name as well."""

    prefix: str = "representative_"

    def _read(self, text: str, context: ReadingContext) -> Reading:
        name = f"{self.prefix}salutation"
        full = read_salutation(text, self.prefix)
        if full is not None:
            return full
        if not _NEITHER.isdisjoint(words(text)):
            return self._ask("salutation.divers")
        reading = super()._read(text, context)
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
        name = f"{self.prefix}salutation"
        options = [Option(title(name, code), {**known, name: code}) for code in self.codes]
        return ask_back(key, *options)


@dataclass(frozen=True)
class Address(Kind):
    """Street, postal code and place; what is missing stays out of the value."""

    control: ClassVar[str] = "address"
    maxlength: ClassVar[int | None] = 200

    def value_type(self, field: str) -> Any:
        return PostalCode if field == "postal_code" else str

    def typed(self, parts: Sequence[str]) -> str:
        street, code, city = parts
        return f"{street}, {code} {city}"

    def _interruption(self, text: str) -> str:
        return "command" if is_command(text) else super()._interruption(text)

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_address(text, context.answers)


@dataclass(frozen=True)
class Landline(Kind):
    """A telephone number; a mobile one is asked back."""

    control: ClassVar[str] = "phone"
    value: ClassVar[Any] = PhoneNumber

    def show(self, _field: str, value: Any) -> str:
        return international(value)

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        return read_phone(text, "landline")


@dataclass(frozen=True)
class Mobile(Landline):
    """A mobile number: the access code to the customer portal is sent there (ePolice guide)."""

    value: ClassVar[Any] = MobileNumber

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        return read_phone(text, "mobile")


@dataclass(frozen=True)
class Email(Kind):
    """An e-mail address."""

    control: ClassVar[str] = "email"
    maxlength: ClassVar[int | None] = 254
    value: ClassVar[Any] = EmailAddress

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        return read_email(text)


@dataclass(frozen=True)
class Iban(Kind):
    """An IBAN of the SEPA area; ``bic`` and ``bank_name`` come with it."""

    control: ClassVar[str] = "iban"
    maxlength: ClassVar[int | None] = 42

    def value_type(self, field: str) -> Any:
        return AccountNumber if field == "iban" else str

    def show(self, field: str, value: Any) -> str:
        return grouped_iban(value) if field == "iban" else str(value)

    def masked(self, field: str, value: Any) -> str:
        return masked_iban(value) if field == "iban" else str(value)

    def _read(self, text: str, _context: ReadingContext) -> Reading:
        return read_iban(text)


@dataclass(frozen=True)
class StartDate(Kind):
    """The first day of cover: at the earliest the day after receipt (form, "Beginn")."""

    control: ClassVar[str] = "date"
    value: ClassVar[Any] = date

    def show(self, _field: str, value: Any) -> str:
        return long_date(value)

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_start_date(text, context.today)

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        earliest = (context.today + timedelta(days=1)).isoformat()
        return {**super().constraints(context), "earliest": earliest}


@dataclass(frozen=True)
class DayMonth(Kind):
    """A day of the year."""

    control: ClassVar[str] = "day_month"
    value: ClassVar[Any] = DayOfYear

    def show(self, _field: str, value: Any) -> str:
        return day_and_month(value)

    def typed(self, parts: Sequence[str]) -> str:
        canonical = re.fullmatch(r"(\d{2})-(\d{2})", parts[0])
        return f"{canonical[2]}.{canonical[1]}." if canonical else parts[0]

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_day_month(text, context.today)


@dataclass(frozen=True)
class Period(Kind):
    """Beginning and end of a prior insurance, within or reaching into the last five years."""

    control: ClassVar[str] = "period"

    def show(self, _field: str, value: Any) -> str:
        return long_date(value)

    def _read(self, text: str, context: ReadingContext) -> Reading:
        return read_period(text, context.today)

    def constraints(self, context: ReadingContext) -> dict[str, Any]:
        return {**super().constraints(context), "latest_start": context.today.isoformat()}


@dataclass(frozen=True)
class Upload(Kind):
    """A document; a text can only say that it comes later."""

    control: ClassVar[str] = "upload"
    value: ClassVar[Any] = DocumentDelivery

    def show(self, _field: str, value: Any) -> str:
        delivery = value["delivery"]
        if delivery != "uploaded":
            return german(f"conversation.documents.{delivery}")
        count = len(value.get("documents") or ())
        return german(f"conversation.documents.{'one' if count == 1 else 'several'}", count=count)

    def _read(self, text: str, context: ReadingContext) -> Reading:
        if context.field == "criminal_proceedings_annex" and reads_as_text_is_enough(text):
            return ok({"delivery": "text"}, "upload.text")
        if reads_as_later(text):
            return ok({"delivery": "later"}, "upload.later")
        return reject("upload.not_text")
