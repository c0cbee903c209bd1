"""The calls of the widget's API, each from a request to its answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sanic.request import Request
from sanic.response import HTTPResponse

from bot import clock
from bot.application.draft import Draft
from bot.channels import history, requests
from bot.channels.application_pdf import file_name, pdf_of
from bot.channels.documents import document_sent, keep
from bot.channels.erasure import erase_conversation, states_of
from bot.channels.errors import ChannelError
from bot.channels.history import Body
from bot.channels.pages import CHANNEL
from bot.channels.rate_limit import RateLimit
from bot.channels.responses import json_answer, pdf_answer
from bot.channels.sessions import PortalTokens, Sessions, Visit, new_conversation_id
from bot.channels.stores import Stores
from bot.channels.turns import OnNewMessage, ReplyCollector, Turn, Turns, in_thread
from bot.channels.typed_text import clean
from bot.channels.uploads import Upload, checked, too_large
from bot.settings import Settings
from bot.texts import text

LONGEST_TEXT = 10_000
LONGEST_CHOICE = 500
# After this long a person is greeted again and told where they stopped.
ABSENCE = timedelta(hours=1)
# An address may be a whole company, whose people begin at nine o'clock.
SECONDS_OF_NEW_SESSIONS_AT_ONCE = 10

ERASED: Body = {
    "status": "erased",
    "progress": None,
    "question": None,
    "quote": None,
    "reference": None,
    "outstanding_documents": [],
}

Describe = Callable[[Draft], Body]
Agent = Callable[[], Any]


class WidgetReplies(ReplyCollector):
    """The replies of a turn in the widget."""

    @classmethod
    def name(cls) -> str:
        """The channel's name, which a response in the domain may be written for."""
        return CHANNEL


class WidgetApi:
    """The calls of the widget's API.

    Args:
        describe: the state of a conversation for the widget.
        agent: Rasa's agent as it is now; a new model brings a new one.
    """

    def __init__(
        self,
        settings: Settings,
        stores: Stores,
        describe: Describe,
        on_new_message: OnNewMessage,
        agent: Agent,
    ) -> None:
        self._stores = stores
        self._describe = describe
        self._agent = agent
        self._upload_max_bytes = settings.upload_max_bytes
        self._sessions = Sessions(
            settings.session_secret,
            lifetime=timedelta(hours=settings.session_hours),
            resumable_for=timedelta(days=settings.resume_days),
        )
        self._portal_tokens = PortalTokens(settings.portal_secret)
        self._limit = RateLimit(settings.messages_per_second, settings.message_burst)
        self._session_limit = RateLimit(
            settings.sessions_per_second,
            math.ceil(settings.sessions_per_second * SECONDS_OF_NEW_SESSIONS_AT_ONCE),
        )
        self._turns = Turns(CHANNEL, WidgetReplies, on_new_message, stores, self._erase)

    # POST /sessions
    async def open_session(self, request: Request) -> HTTPResponse:
        """Begin a conversation, or continue a former one."""
        _within(self._session_limit, request.remote_addr or request.ip)
        given = await requests.json_object(request)
        visit = self._visit(_optional_token(given, "portal_token", "portal_token_invalid"))
        resume = _optional_token(given, "resume", "session_invalid")
        if resume is not None:
            conversation_id = self._sessions.resumable_conversation(resume)
            draft = await in_thread(self._stores.drafts.load, conversation_id)
            if draft is None:
                raise ChannelError("conversation_ended")
            # Another broker at the same machine must not see this one's customer.
            if visit.broker is None or _same_broker(draft, visit):
                return await self._continue(conversation_id, draft, visit)
        return await self._begin(new_conversation_id(), visit)

    async def _begin(self, conversation_id: str, visit: Visit) -> HTTPResponse:
        answer = await self._greet(conversation_id, visit)
        return json_answer(
            {
                "session": self._sessions.issue(conversation_id),
                "messages": answer,
                "state": await self._state_now(conversation_id),
            }
        )

    async def _continue(self, conversation_id: str, draft: Draft, visit: Visit) -> HTTPResponse:
        messages = await in_thread(self._stores.messages.messages, conversation_id)
        last = datetime.fromisoformat(messages[-1]["at"]) if messages else draft.updated_at
        if not messages or clock.now() - last >= ABSENCE:
            await self._greet(conversation_id, visit)
            messages = await in_thread(self._stores.messages.messages, conversation_id)
        return json_answer(
            {
                "session": self._sessions.issue(conversation_id),
                "messages": history.shown(messages),
                "state": await self._state_now(conversation_id),
            }
        )

    async def _greet(self, conversation_id: str, visit: Visit) -> list[Body]:
        turn = Turn(
            message_id=f"begin-{uuid4().hex}",
            begins=True,
            broker=visit.broker,
            prefill=visit.prefill or None,
        )
        answer = await self._turns.take(conversation_id, turn.message_id, lambda: turn)
        return history.shown_replies(turn.message_id, answer.at, answer.replies)

    def _visit(self, portal_token: str | None) -> Visit:
        return Visit() if portal_token is None else self._portal_tokens.visit(portal_token)

    # POST /messages
    async def send_message(self, request: Request) -> HTTPResponse:
        """Take what a person typed or tapped, and answer it."""
        conversation_id = self._conversation(request)
        _within(self._limit, conversation_id)
        given = await requests.json_object(request)
        message_id = requests.message_id(given.get("id"))
        typed, choice = _typed_or_tapped(given)
        if choice is not None:
            return await self._tapped(conversation_id, message_id, choice)
        words = clean(typed or "")
        if not words or len(words) > LONGEST_TEXT:
            return await self._ask_again(conversation_id, message_id, empty=not words)
        turn = Turn(message_id, text=words, shown=history.typed_body(words))
        return await self._answered(conversation_id, message_id, lambda: turn)

    async def _tapped(self, conversation_id: str, message_id: str, choice: str) -> HTTPResponse:
        def prepare() -> Turn:
            earlier = self._bodies(conversation_id)
            return Turn(message_id, choice=choice, shown=history.tapped_body(choice, earlier))

        return await self._answered(conversation_id, message_id, prepare)

    async def _ask_again(
        self, conversation_id: str, message_id: str, *, empty: bool
    ) -> HTTPResponse:
        draft = await self._draft(conversation_id)
        words = (
            text("channels.replies.empty_message")
            if empty
            else text("channels.replies.long_message", most=f"{LONGEST_TEXT:,}".replace(",", "."))
        )
        earlier = await in_thread(self._bodies, conversation_id)
        reply = history.asked_again(words, earlier)
        messages = history.shown_replies(message_id, clock.now().isoformat(), [reply])
        return json_answer({"messages": messages, "state": self._describe(draft)})

    async def _answered(
        self, conversation_id: str, message_id: str, prepare: Callable[[], Turn]
    ) -> HTTPResponse:
        answer = await self._turns.take(conversation_id, message_id, prepare)
        messages = history.shown_replies(message_id, answer.at, answer.replies)
        return json_answer({"messages": messages, "state": self._state(answer.draft)})

    # GET /messages
    async def list_messages(self, request: Request) -> HTTPResponse:
        """The conversation so far, for a reload or a second tab."""
        conversation_id = self._conversation(request)
        draft = await self._draft(conversation_id)
        entries = await in_thread(self._stores.messages.messages, conversation_id)
        return json_answer({"messages": history.shown(entries), "state": self._describe(draft)})

    # GET /application
    async def show_application(self, request: Request) -> HTTPResponse:
        """The answers and the quote so far."""
        draft = await self._draft(self._conversation(request))
        state = self._describe(draft)
        return json_answer(
            {
                "answers": draft.answers,
                "quote": state["quote"],
                "state": state,
                "reference": draft.reference,
            }
        )

    # GET /application.pdf
    async def download_application(self, request: Request) -> HTTPResponse:
        """The application as it was submitted, or a copy of the draft."""
        conversation_id = self._conversation(request)
        _within(self._limit, conversation_id)
        draft = await self._draft(conversation_id)
        return pdf_answer(await in_thread(pdf_of, draft, self._stores), file_name(draft))

    # POST /documents
    async def upload_document(self, request: Request) -> HTTPResponse:
        """Keep a document, and tell the conversation about it."""
        conversation_id = self._conversation(request)
        _within(self._limit, conversation_id)
        fields, files = await requests.form(
            request, self._upload_max_bytes, too_large(self._upload_max_bytes)
        )
        message_id = requests.message_id(fields.get("id") or f"upload-{uuid4().hex}")
        if "file" not in files:
            raise ChannelError("file_missing")
        name, content = files["file"]
        upload = checked(
            Upload(fields.get("kind", ""), clean(name), "", content),
            max_bytes=self._upload_max_bytes,
        )

        def prepare() -> Turn:
            document = keep(upload, conversation_id, self._stores)
            return Turn(message_id, document=document, shown=history.document_body(document))

        answer = await self._turns.take(conversation_id, message_id, prepare)
        document = await in_thread(document_sent, conversation_id, message_id, self._stores)
        return json_answer(
            {
                "document": document,
                "messages": history.shown_replies(message_id, answer.at, answer.replies),
                "state": self._state(answer.draft),
            }
        )

    # DELETE /session
    async def end_session(self, request: Request) -> HTTPResponse:
        """Erase the conversation and everything that came with it."""
        conversation_id = self._conversation(request)

        async def erase() -> None:
            await in_thread(self._erase, conversation_id)

        await self._turns.alone(conversation_id, erase)
        return HTTPResponse(status=204)

    def _erase(self, conversation_id: str) -> None:
        erase_conversation(conversation_id, self._stores, states_of(self._agent()))

    def _conversation(self, request: Request) -> str:
        return self._sessions.conversation(requests.session_token(request))

    async def _draft(self, conversation_id: str) -> Draft:
        draft = await in_thread(self._stores.drafts.load, conversation_id)
        if draft is None:
            raise ChannelError("conversation_ended")
        return draft

    def _bodies(self, conversation_id: str) -> list[Body]:
        entries = self._stores.messages.messages(conversation_id)
        return [entry["body"] for entry in entries if entry["sender"] == "bot"]

    async def _state_now(self, conversation_id: str) -> Body:
        return self._state(await in_thread(self._stores.drafts.load, conversation_id))

    def _state(self, draft: Draft | None) -> Body:
        return dict(ERASED) if draft is None else self._describe(draft)


def _within(limit: RateLimit, sender: str) -> None:
    wait = limit.take(sender)
    if wait > 0:
        raise ChannelError("too_fast", retry_after=math.ceil(wait))


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


def _typed_or_tapped(given: dict[str, Any]) -> tuple[str | None, str | None]:
    typed, choice = given.get("text"), given.get("choice")
    if (typed is None) == (choice is None):
        raise ChannelError("invalid_request")
    for value in (typed, choice):
        if value is not None and not isinstance(value, str):
            raise ChannelError("invalid_request")
    if choice is not None:
        choice = clean(choice)
        if not 0 < len(choice) <= LONGEST_CHOICE:
            raise ChannelError("invalid_request")
    return typed, choice
