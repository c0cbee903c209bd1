"""Euro amounts: rounding, and how people and JSON see them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_currency, format_decimal

CENT = Decimal("0.01")
_LOCALE = "de_DE"


def round_to_cent(amount: Decimal) -> Decimal:
    """``amount`` in euro, rounded half up to the cent."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


# The same few amounts are shown again at every turn, and babel takes its time.
@lru_cache(maxsize=2048)
def format_euro(amount: Decimal) -> str:
    """``amount`` in euro for people: ``1.234,50 €``, with an ordinary space."""
    return format_currency(round_to_cent(amount), "EUR", "#,##0.00 ¤", locale=_LOCALE)


@lru_cache(maxsize=2048)
def format_count(count: int) -> str:
    """A whole number for people: ``1.250``."""
    return format_decimal(count, locale=_LOCALE)


@lru_cache(maxsize=2048)
def format_factor(factor: Decimal) -> str:
    """A factor for people with the decimals it has: ``1,06``."""
    return format_decimal(factor, locale=_LOCALE, decimal_quantization=False)


@lru_cache(maxsize=2048)
def format_percent(rate: Decimal) -> str:
    """A rate such as 0.19 for people: ``19 %``."""
    return f"{format_decimal(rate * 100, locale=_LOCALE)} %"


def json_amount(amount: Decimal) -> str:
    """``amount`` in euro for JSON: ``1234.50``."""
    return str(round_to_cent(amount))
