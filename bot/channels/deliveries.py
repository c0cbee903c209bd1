"""The hand-off of submitted applications, which goes on as long as the server runs."""

from __future__ import annotations

from bot.channels.stores import Stores
from bot.handoff.dispatch import Dispatcher
from bot.handoff.folder import FolderDestination
from bot.settings import Settings

FOLDER = "handoff"


def dispatcher(stores: Stores, settings: Settings) -> Dispatcher:
    """Delivers what was submitted to the folder in the data directory."""
    destination = FolderDestination(settings.data_dir / FOLDER)
    return Dispatcher(stores.database, [destination], stores.documents_folder)
