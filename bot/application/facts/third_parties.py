"""Addresses and numbers in a message that belong to somebody whom the club only speaks of."""

from __future__ import annotations

from bot.application.facts.message import Message
from bot.application.facts.patterns import compiled

_NEAR = 120
_THIRD_PARTY = compiled(
    r"\b(?:(?:ver)?mieter\w*|gegner\w*|gegenseite|anwalt\w*|anwält\w*|rechtsanw\w*|kanzlei"
    r"|nachbar\w*"
    r"|streit\w*|schädiger\w*|lieferant\w*|firma|gericht\w*|behörde\w*|polizei|zeuge\w*|notar\w*"
    r"|versicherer|bank|sparkasse)\b"
)


def is_of_third_party(message: Message, position: int) -> bool:
    """Whether the sentence up to this place speaks of a third party."""
    first, _, _ = message.sentence(position)
    return bool(_THIRD_PARTY.search(message.lower[max(first, position - _NEAR) : position]))
