"""Beginning a conversation, continuing it and ending it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from sanic.request import Request
from sanic.response import HTTPResponse

from bot import clock
from bot.application.draft import Draft
from bot.channels import history, requests
from bot.channels.broker_calls import brokers_number, quoted_answers
from bot.channels.conversations import Conversations
from bot.channels.errors import ChannelError
from bot.channels.history import Body
from bot.channels.rate_limits import RateLimits, caller_address
from bot.channels.responses import json_answer
from bot.channels.resume_links import ResumeLinks
from bot.channels.sessions import PortalTokens, Session, Visit, new_conversation_id
from bot.channels.turns import Answer, Incoming, as_it_is
from bot.conversation.starting import QUOTED_FROM
from bot.settings import Settings
from bot.storage.used_links import UsedLinks
from bot.threads import in_thread

# After this long a person is greeted again and told where they stopped.
ABSENCE = timedelta(hours=1)


class SessionCalls:
    """The calls about a session as a whole."""

    def __init__(
        self, conversations: Conversations, settings: Settings, limits: RateLimits
    ) -> None:
        self._conversations = conversations
        self._portal_tokens = PortalTokens(settings.portal_secret)
        used = UsedLinks(conversations.stores.database)
        self._links = ResumeLinks(settings.session_secret, used)
        self._limit = limits.sessions

    # POST /sessions
    async def open(self, request: Request) -> HTTPResponse:
        """Begin a conversation, or continue a former one."""
        await self._limit.refuse_hurry(caller_address(request))
        given = await requests.json_object(request)
        visit = self._visit(_optional_token(given, "portal_token", "portal_token_invalid"))
        resume = _optional_token(given, "resume", "session_invalid")
        if resume is not None:
            session = await self._resumed(resume)
            draft = await self._conversations.draft(session.conversation_id)
            # Another broker at the same machine must not see this one's customer.
            if visit.broker is None or _same_broker(draft, visit):
                return await self._continue(session, draft)
        prefill = await self._prefill(visit, _optional_token(given, "from_quote", "not_found"))
        return await self._begin(Session(new_conversation_id(), visit.broker), prefill)

    async def _resumed(self, token: str) -> Session:
        """The session that this token of a former one, or a link out of a messenger, stands for."""
        linked = await in_thread(self._links.redeem, token)
        if linked is None:
            return self._conversations.sessions.resumable(token)
        draft = await self._conversations.draft(linked)
        return Session(linked, draft.broker.dict() if draft.broker else None)

    async def _prefill(self, visit: Visit, from_quote: str | None) -> dict[str, Any]:
        """What the portal knows; with a quote that it names, the answers of that."""
        if from_quote is not None:
            brokers_number(visit)
        quote = from_quote or visit.from_quote
        if quote is None:
            # Only a quote of ours says from which tariff it was.
            return {name: value for name, value in visit.prefill.items() if name != QUOTED_FROM}
        answers = await in_thread(quoted_answers, visit, quote, self._conversations.stores)
        return {**visit.prefill, **answers}

    # DELETE /session
    async def erase(self, request: Request) -> HTTPResponse:
        """Erase the conversation and everything that came with it."""
        conversation_id = self._conversations.caller(request).conversation_id

        async def erased() -> None:
            await in_thread(self._conversations.erase, conversation_id)

        await self._conversations.turns.alone(conversation_id, erased)
        return HTTPResponse(status=204)

    def _visit(self, portal_token: str | None) -> Visit:
        return Visit() if portal_token is None else self._portal_tokens.visit(portal_token)

    async def _begin(self, session: Session, prefill: dict[str, Any]) -> HTTPResponse:
        incoming = begin(session, prefill)
        answer = await self._take(session, incoming)
        messages = history.shown_replies(incoming.message_id, answer.at, answer.replies)
        return self._opened(session, messages, answer.state)

    async def _continue(self, session: Session, draft: Draft) -> HTTPResponse:
        stored = self._conversations.stores.messages.messages
        state = self._conversations.state(draft)
        messages = await in_thread(stored, session.conversation_id)
        last = datetime.fromisoformat(messages[-1]["at"]) if messages else draft.updated_at
        if not messages or clock.now() - last >= ABSENCE:
            state = (await self._take(session, begin(session))).state
            messages = await in_thread(stored, session.conversation_id)
        return self._opened(session, history.shown(messages), state)

    async def _take(self, session: Session, incoming: Incoming) -> Answer:
        turns, prepare = self._conversations.turns, partial(as_it_is, incoming)
        return await turns.take(session.conversation_id, incoming.message_id, prepare)

    def _opened(self, session: Session, messages: list[Body], state: Body) -> HTTPResponse:
        return json_answer(
            {
                "session": self._conversations.sessions.issue(session),
                "messages": messages,
                "state": state,
            }
        )


def begin(session: Session, prefill: dict[str, Any] | None = None) -> Incoming:
    """Somebody who has just come: the assistant speaks first."""
    return Incoming(
        message_id=f"begin-{uuid4().hex}",
        begins=True,
        broker=session.broker,
        prefill=prefill or None,
    )


def _optional_token(given: dict[str, Any], name: str, problem: str) -> str | None:
    token = given.get(name)
    if token is None or token == "":
        return None
    if not isinstance(token, str):
        raise ChannelError(problem)
    return token


def _same_broker(draft: Draft, visit: Visit) -> bool:
    number = draft.broker.broker_number if draft.broker else None
    return visit.broker is not None and visit.broker["broker_number"] == number
