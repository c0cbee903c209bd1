"""Submitting an application and bringing it to the insurer: provable, and once.

``hand_over`` stores; a ``Dispatcher`` delivers; ``application_pdf`` and ``draft_pdf`` make the PDF.
"""

from __future__ import annotations

from bot.handoff.dispatch import Destination, Dispatcher, Patience, dispatch_pending
from bot.handoff.erasure import Erasure, erase
from bot.handoff.folder import FolderDestination
from bot.handoff.parcel import application_pdf
from bot.handoff.preview import draft_pdf
from bot.handoff.submission import hand_over
from bot.handoff.verification import verify

__all__ = [
    "Destination",
    "Dispatcher",
    "Erasure",
    "FolderDestination",
    "Patience",
    "application_pdf",
    "dispatch_pending",
    "draft_pdf",
    "erase",
    "hand_over",
    "verify",
]
