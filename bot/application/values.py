"""The values that an application may hold: their types in the hand-off, and how they are shown.

The types are checked whatever the dialogue did; the German forms are the same wherever they appear.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import date
from typing import Any, Literal, Optional

import phonenumbers
from babel.dates import format_date
from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, ConstrainedStr, Extra, Field, validator
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

_MOBILE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}


class PostalCode(ConstrainedStr):
    regex = r"^\d{5}$"


class DayOfYear(ConstrainedStr):
    """A day of every year as MM-DD."""

    regex = r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


class _Checked(ConstrainedStr):
    """A text that somebody else's rules decide on."""

    strip_whitespace = True

    @classmethod
    def __get_validators__(cls) -> Generator[Callable[..., Any], None, None]:
        yield from super().__get_validators__()
        yield cls.checked

    @classmethod
    def checked(cls, value: str) -> str:
        """The value; ``ValueError`` if it is none of these."""
        raise NotImplementedError


class PhoneNumber(_Checked):
    """A telephone number in E.164."""

    @classmethod
    def checked(cls, value: str) -> str:
        try:
            number = phonenumbers.parse(value)
        except phonenumbers.NumberParseException:
            raise ValueError("not a telephone number") from None
        if not phonenumbers.is_valid_number(number):
            raise ValueError("not a telephone number")
        return value


class MobileNumber(PhoneNumber):
    """A telephone number of a mobile telephone in E.164."""

    @classmethod
    def checked(cls, value: str) -> str:
        number = phonenumbers.parse(super().checked(value))
        if phonenumbers.number_type(number) not in _MOBILE:
            raise ValueError("not a mobile number")
        return value


class EmailAddress(_Checked):
    @classmethod
    def checked(cls, value: str) -> str:
        try:
            validate_email(value, check_deliverability=False)
        except EmailNotValidError:
            raise ValueError("not an e-mail address") from None
        return value


class AccountNumber(_Checked):
    """An IBAN without blanks."""

    @classmethod
    def checked(cls, value: str) -> str:
        try:
            return IBAN(value).compact
        except SchwiftyException:
            raise ValueError("not an IBAN") from None


class Strict(BaseModel):
    """A part of the hand-off: it has exactly these names."""

    class Config:
        extra = Extra.forbid
        anystr_strip_whitespace = True


class PriorInsurance(Strict):
    """One legal-expenses insurance of the last five years."""

    insurer: str = Field(min_length=1)
    policy_number: Optional[str] = None
    scope: str = Field(min_length=1)
    start_date: date
    end_date: Optional[date] = Field(None, description="null while it is still running")

    @validator("end_date")
    def _ends_after_start(cls, value: date | None, values: dict[str, Any]) -> date | None:
        start = values.get("start_date")
        if value is not None and start is not None and value <= start:
            raise ValueError("end_date must be after start_date")
        return value


class DocumentDelivery(Strict):
    """How a document reaches the insurer."""

    delivery: Literal["uploaded", "later", "text"]
    documents: list[str] = Field(default_factory=list, description="identifiers of the uploads")


def long_date(value: str) -> str:
    """An ISO date in full, such as "Freitag, 1. Januar 2027"."""
    return format_date(date.fromisoformat(value), "full", locale="de")


def short_date(value: str) -> str:
    """An ISO date as 01.01.2027."""
    return format_date(date.fromisoformat(value), "dd.MM.yyyy", locale="de")


def day_and_month(value: str) -> str:
    """MM-DD as "1. Juli"."""
    return format_date(date.fromisoformat(f"2024-{value}"), "d. MMMM", locale="de")


def international(phone_number: str) -> str:
    """A number in E.164 as +49 1511 2345678."""
    shown = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(phonenumbers.parse(phone_number), shown)


def grouped_iban(value: str) -> str:
    """An IBAN in groups of four."""
    return " ".join(value[start : start + 4] for start in range(0, len(value), 4))


def masked_iban(value: str) -> str:
    """An IBAN of which only the country and the last four characters are seen."""
    return f"{value[:2]}•• •••• {value[-4:]}"
