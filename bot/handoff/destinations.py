"""Where applications are handed over to."""

from __future__ import annotations

from bot.handoff.dispatch import Destination, Dispatcher
from bot.handoff.folder import FolderDestination
from bot.settings import Settings
from bot.storage.stores import Stores

HANDOFF_FOLDER = "handoff"


def destinations(settings: Settings) -> tuple[Destination, ...]:
    """The folder ``handoff`` in the data directory."""
    return (FolderDestination(settings.data_dir / HANDOFF_FOLDER),)


def dispatcher(stores: Stores, settings: Settings) -> Dispatcher:
    """Delivers what was submitted to where the settings say."""
    return Dispatcher(stores.database, destinations(settings), stores.documents_folder)
