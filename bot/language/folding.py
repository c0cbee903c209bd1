"""Text folded for patterns: small letters, umlauts written out."""

from __future__ import annotations

_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def fold(text: str) -> str:
    """The text in small letters with ``ä`` as ``ae`` and so on, for patterns written like that."""
    return text.lower().translate(_WRITTEN_OUT)
