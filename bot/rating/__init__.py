"""Premiums: the tariff as dated data, quotes with their computation, comparisons.

Stands alone: of the rest of the program it knows only the clock and the catalogue of texts.
"""

from __future__ import annotations

from bot.rating.codes import (
    COVERS,
    DEDUCTIBLES,
    FREQUENCIES,
    PRODUCTS,
    Cover,
    Frequency,
    Item,
)
from bot.rating.comparison import Comparison, compare
from bot.rating.money import format_euro
from bot.rating.quotes import Quote, quote
from bot.rating.request import RatingError, RatingRequest
from bot.rating.tariff import Tariff, kept_tariff, tariff_on

__all__ = [
    "COVERS",
    "DEDUCTIBLES",
    "FREQUENCIES",
    "PRODUCTS",
    "Comparison",
    "Cover",
    "Frequency",
    "Item",
    "Quote",
    "RatingError",
    "RatingRequest",
    "Tariff",
    "compare",
    "format_euro",
    "kept_tariff",
    "quote",
    "tariff_on",
]
