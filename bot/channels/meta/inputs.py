"""The two channels as Rasa takes them: named in credentials.yml, off until they are configured."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, Optional, Union

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.errors import ChannelError
from bot.channels.meta.connector import Connector
from bot.channels.meta.platforms import Messenger, NotConfigured, WhatsApp
from bot.channels.meta.webhook import Webhook
from bot.channels.routing import ChannelBlueprint, Route, is_first
from bot.channels.turns import ReplyCollector
from bot.settings import Settings, settings
from bot.storage.stores import Stores
from bot.threads import in_thread

logger = logging.getLogger(__name__)


class MessengerReplies(ReplyCollector):
    """The replies of a turn in Messenger."""

    @classmethod
    def name(cls) -> str:
        return Messenger.name


class WhatsAppReplies(ReplyCollector):
    """The replies of a turn in WhatsApp."""

    @classmethod
    def name(cls) -> str:
        return WhatsApp.name


class MetaInput(InputChannel):
    """What both channels share."""

    platform: ClassVar[Union[type[Messenger], type[WhatsApp]]]
    replies: ClassVar[type[ReplyCollector]]

    @classmethod
    def name(cls) -> str:
        """The channel's name and the last part of its address."""
        return cls.platform.name

    @classmethod
    def from_credentials(cls, credentials: Optional[dict[str, Any]]) -> InputChannel:
        """The channel with the settings of this process."""
        return cls(settings())

    def __init__(self, used: Settings) -> None:
        self._settings = used

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes; while settings are missing, they refuse every call."""
        blueprint = ChannelBlueprint(self.name(), ())
        try:
            platform = self.platform(self._settings)
        except NotConfigured as missing:
            level = logging.INFO if missing.entirely else logging.WARNING
            logger.log(level, "The channel %s is off: set %s", self.name(), missing)
            blueprint.add([Route("GET", "/webhook", _off), Route("POST", "/webhook", _off)])
            return blueprint
        stores = Stores.open(self._settings)
        connector = Connector(platform, self._settings, stores, self.replies, on_new_message)
        blueprint.add(Webhook(connector).routes())
        self._work_while_serving(blueprint, connector)
        return blueprint

    def _work_while_serving(self, blueprint: Blueprint, connector: Connector) -> None:
        async def start(app: Sanic, _loop: Any) -> None:
            await connector.start(answers=is_first(app))

        async def stop(_app: Sanic, _loop: Any) -> None:
            await connector.stop()
            await in_thread(connector.stores.database.close)

        # Rasa itself is ready once the server has started.
        blueprint.listener(start, "after_server_start")
        blueprint.listener(stop, "before_server_stop")


class MessengerInput(MetaInput):
    """Facebook Messenger."""

    platform = Messenger
    replies = MessengerReplies


class WhatsAppInput(MetaInput):
    """WhatsApp."""

    platform = WhatsApp
    replies = WhatsAppReplies


async def _off(_request: Request) -> HTTPResponse:
    raise ChannelError("not_found")
