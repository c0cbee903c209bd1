"""Where applications are handed over to."""

from __future__ import annotations

from pathlib import Path

from bot.handoff.dispatch import Destination
from bot.handoff.folder import FolderDestination

HANDOFF_FOLDER = "handoff"
DOCUMENTS_FOLDER = "documents"


def destinations(data_dir: Path) -> tuple[Destination, ...]:
    """The folder ``handoff`` in the data directory."""
    return (FolderDestination(data_dir / HANDOFF_FOLDER),)
