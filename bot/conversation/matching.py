"""Text made comparable without moving a letter, so that what matches can be cut out of it."""

from __future__ import annotations

_PLAIN = str.maketrans("äöüß", "aous")


def plain(text: str) -> str:
    """Small letters without umlauts, each where it was: "Straße" becomes "strase"."""
    lowered = "".join(
        small if len(small := character.lower()) == 1 else character for character in text
    )
    return lowered.translate(_PLAIN)
