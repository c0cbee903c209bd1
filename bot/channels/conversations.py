"""What the calls of the widget's API share: who is calling, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sanic.request import Request

from bot.application.draft import Draft
from bot.channels import requests
from bot.channels.errors import ChannelError
from bot.channels.history import Body
from bot.channels.pages import CHANNEL
from bot.channels.rate_limits import RateLimits
from bot.channels.sessions import Session, Sessions
from bot.channels.turn_watch import TurnWatch
from bot.channels.turns import (
    OnNewMessage,
    ReplyCollector,
    TurnBounds,
    Turns,
)
from bot.handoff.erasure import erase
from bot.settings import Settings
from bot.storage.stores import Stores
from bot.threads import in_thread

ERASED: Body = {
    "status": "erased",
    "progress": None,
    "question": None,
    "quote": None,
    "reference": None,
    "outstanding_documents": [],
}

Describe = Callable[[Draft], Body]


class WidgetReplies(ReplyCollector):
    """The replies of a turn in the widget."""

    @classmethod
    def name(cls) -> str:
        """The channel's name, which a response in the domain may be written for."""
        return CHANNEL


class Conversations:
    """The widget's conversations: their sessions, their drafts and their turns.

    Args:
        describe: the state of a conversation for the widget.
        watch: notes what comes of each turn.
    """

    def __init__(
        self,
        settings: Settings,
        stores: Stores,
        describe: Describe,
        on_new_message: OnNewMessage,
        limits: RateLimits,
        watch: TurnWatch,
    ) -> None:
        self.stores = stores
        self.sessions = Sessions(
            settings.session_secret,
            lifetime=timedelta(hours=settings.session_hours),
            resumable_for=timedelta(days=settings.resume_days),
        )
        self.turns = Turns(
            CHANNEL,
            WidgetReplies,
            on_new_message,
            stores,
            watch,
            settings.destinations,
            TurnBounds.of(settings),
            describe=self.state,
        )
        self._describe = describe
        self._limit = limits.messages

    def caller(self, request: Request) -> Session:
        """The request's session.

        Raises:
            ChannelError: ``session_missing``, ``session_invalid`` or ``session_expired``.
        """
        return self.sessions.session(requests.session_token(request))

    async def calm_caller(self, request: Request) -> Session:
        """The same for a call that costs something.

        Raises:
            ChannelError: also ``too_fast``.
        """
        session = self.caller(request)
        await self._limit.refuse_hurry(session.conversation_id)
        return session

    async def draft(self, conversation_id: str) -> Draft:
        """
        Raises:
            ChannelError: ``conversation_ended``.
        """
        draft = await in_thread(self.stores.drafts.load, conversation_id)
        if draft is None:
            raise ChannelError("conversation_ended")
        return draft

    def state(self, draft: Draft | None) -> Body:
        """How the conversation stands; there is no draft once it was erased."""
        return dict(ERASED) if draft is None else self._describe(draft)

    def erase(self, conversation_id: str) -> None:
        """Erase the conversation and everything that came with it."""
        erase(conversation_id, self.stores.database, self.stores.documents_folder)
