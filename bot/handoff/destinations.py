"""Where applications are handed over to."""

from __future__ import annotations

from bot.handoff.dispatch import Destination, Dispatcher
from bot.handoff.folder import FolderDestination
from bot.settings import Settings
from bot.storage.stores import Stores

HANDOFF_FOLDER = "handoff"


def destinations(settings: Settings) -> tuple[Destination, ...]:
    """The destinations that the settings name."""
    return tuple(_destination(name, settings) for name in settings.destinations)


def _destination(name: str, settings: Settings) -> Destination:
    # The libraries of a destination take long to import and most use the folder only.
    if name == "webhook":
        from bot.handoff.webhook import WebhookDestination

        return WebhookDestination(settings.webhook_url or "", settings.webhook_secret or "")
    if name == "rabbitmq":
        from bot.handoff.rabbitmq import RabbitDestination

        return RabbitDestination(settings.rabbitmq_url or "", settings.rabbitmq_queue)
    return FolderDestination(settings.data_dir / HANDOFF_FOLDER)


def dispatcher(stores: Stores, settings: Settings) -> Dispatcher:
    """Delivers what was submitted to where the settings say."""
    return Dispatcher(stores.database, destinations(settings), stores.documents_folder)
