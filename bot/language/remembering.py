"""What was just worked out for a text, while the same answer goes through several readers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Result = TypeVar("Result")
_LAST_FEW = 16
"""So few that what a person typed is soon pushed out by what is typed next."""
_LONGEST = 600


def remembered[Result](function: Callable[[str], Result]) -> Callable[[str], Result]:
    """A pure function of a text that keeps its results for the last few short texts."""
    recall = lru_cache(maxsize=_LAST_FEW)(function)

    @wraps(function)
    def of_text(text: str) -> Result:
        return recall(text) if len(text) <= _LONGEST else function(text)

    return of_text
