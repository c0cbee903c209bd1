"""Texts that are too long for one message: split where a reader would pause."""

from __future__ import annotations

import re

# From the best place to the worst. No sentence ends after "e. V.", "Abs. 5" or "19. Januar".
_PAUSES = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n|(?:(?<=[^\W\d_]{2}[.!?])|(?<=[)“][.!?])|(?<=[.!?][)“]))\s+(?=[A-ZÄÖÜ„•])"),
    re.compile(r"\s+"),
)
# A pause that comes this early would leave a message with next to nothing in it.
_LEAST_SHARE = 0.3


def split(text: str, most: int) -> list[str]:
    """``text`` in parts of at most ``most`` characters, at paragraphs, sentences or words."""
    parts = []
    rest = text.strip()
    while len(rest) > most:
        end = _end_of_part(rest, most)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def shortened(text: str, most: int) -> str:
    """``text``, or its first words and an ellipsis, in at most ``most`` characters."""
    if len(text) <= most:
        return text
    beginning, space, _ = text[:most].rpartition(" ")
    return f"{(beginning if space else text[: most - 1]).rstrip()}…"


def _end_of_part(rest: str, most: int) -> int:
    for pause in _PAUSES:
        ends = [found.start() for found in pause.finditer(rest, 0, most + 1)]
        fitting = [end for end in ends if most * _LEAST_SHARE <= end <= most]
        if fitting:
            return fitting[-1]
    return most
