"""Phone numbers and e-mail addresses in a message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.application.facts.message import Excerpt, Message
from bot.application.facts.patterns import compiled
from bot.application.facts.third_parties import is_of_third_party

_PHONE = re.compile(r"(?<![\w./@+-])(?:\+\d|\(?0)[\d ()/.-]{5,24}\d(?![\w@])")
_SPELLED = re.compile(r"(?:\d ){5}")
"""Digits one by one, as people spell an account number."""
_DATE = re.compile(r"^\d{1,2}\.\s?\d{1,2}\.(?:\d{2}|\d{4})?\b")
_NO_PHONE_BEFORE = compiled(
    r"\b(?:fax|telefax|mitglieds\w*|vers\w*|police\w*|kunden\w*|steuer\w*|register\w*|vr|konto\w*"
    r"|iban|blz|bic"
    r"|vermittler\w*|makler\w*|gläubiger\w*|rechnung\w*|aktenzeichen|az|id|ust\w*)"
    r"(?:\W{0,3}(?:nr|nummer|id))?[^\w\n]{0,4}$"
)
_OFFICIAL_ACCOUNT = re.compile(r"\b[a-z]{2}\d{2}(?: ?[\da-z]{4}){3,7}(?: ?[\da-z]{1,3})?\b")
_ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_RECIPIENT = re.compile(r"^\s*(?:an|to|cc|bcc|kopie|empf(?:ä|ae)nger)\s*:")


def find_phones(message: Message) -> Iterator[Excerpt]:
    """Numbers that look like phone numbers, each for both kinds of line: one of them accepts it."""
    lower = message.lower
    if not message.has_digit or ("0" not in lower and "+" not in lower):
        return
    accounts = [match.span() for match in message.finditer(_OFFICIAL_ACCOUNT)]
    for match in message.finditer(_PHONE):
        start, end = match.span()
        spelled = _SPELLED.search(match.group())
        if (
            spelled
            or _DATE.match(match.group())
            or any(first <= start < last for first, last in accounts)
        ):
            continue
        if _NO_PHONE_BEFORE.search(lower[max(0, start - 30) : start]):
            continue
        if is_of_third_party(message, start):
            continue
        for key in ("mobile_phone", "landline_phone"):
            yield Excerpt(key, start, end, match.group())


def find_email(message: Message) -> Iterator[Excerpt]:
    """E-mail addresses, but for those in the head of a message that name its recipients."""
    if "@" not in message.lower:
        return
    for match in message.finditer(_ADDRESS):
        start, end = match.span()
        first, _ = message.line(start)
        if is_of_third_party(message, start):
            continue
        if not _RECIPIENT.search(message.lower[first:start]):
            yield Excerpt("email", start, end, message.text[start:end].rstrip(".-"))
