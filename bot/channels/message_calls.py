"""What people write, tap and read."""

from __future__ import annotations

from functools import partial
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot import clock
from bot.channels import history, requests
from bot.channels.application_pdf import file_name, pdf_of
from bot.channels.conversations import Conversations
from bot.channels.errors import ChannelError
from bot.channels.history import Body
from bot.channels.responses import json_answer, pdf_answer
from bot.channels.sessions import Session
from bot.channels.turns import Incoming, Prepare, as_it_is
from bot.channels.typed_text import clean
from bot.storage.stores import Stores
from bot.texts import text
from bot.threads import in_thread

LONGEST_TEXT = 10_000
LONGEST_CHOICE = 500
# What the assistant offers after it erased a conversation.
START_ANEW = "command:start"


class MessageCalls:
    """The calls about what is said and what has come of it."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    # POST /messages
    async def send(self, request: Request) -> HTTPResponse:
        """Take what a person typed or tapped, and answer it."""
        session = await self._conversations.calm_caller(request)
        conversation_id = session.conversation_id
        given = await requests.json_object(request)
        message_id = requests.message_id(given.get("id"))
        typed, choice = _typed_or_tapped(given)
        if choice is not None:
            tap = partial(tapped, session, message_id, choice)
            return await self._answered(conversation_id, message_id, tap)
        words = clean(typed or "")
        if not words or len(words) > LONGEST_TEXT:
            return await self._ask_again(conversation_id, message_id, empty=not words)
        incoming = Incoming(message_id, text=words, shown=history.typed_body(words))
        return await self._answered(conversation_id, message_id, partial(as_it_is, incoming))

    async def _ask_again(
        self, conversation_id: str, message_id: str, *, empty: bool
    ) -> HTTPResponse:
        draft = await self._conversations.draft(conversation_id)
        words = (
            text("channels.replies.empty_message")
            if empty
            else text("channels.replies.long_message", most=f"{LONGEST_TEXT:,}".replace(",", "."))
        )
        reply = await in_thread(asked_again, conversation_id, words, self._conversations.stores)
        messages = history.shown_replies(message_id, clock.now().isoformat(), [reply])
        return json_answer({"messages": messages, "state": self._conversations.state(draft)})

    async def _answered(
        self, conversation_id: str, message_id: str, prepare: Prepare
    ) -> HTTPResponse:
        answer = await self._conversations.turns.take(conversation_id, message_id, prepare)
        messages = history.shown_replies(message_id, answer.at, answer.replies)
        return json_answer({"messages": messages, "state": answer.state})

    # GET /messages
    async def show(self, request: Request) -> HTTPResponse:
        """The conversation so far, for a reload or a second tab."""
        conversation_id = self._conversations.caller(request).conversation_id
        draft = await self._conversations.draft(conversation_id)
        entries = await in_thread(self._conversations.stores.messages.messages, conversation_id)
        return json_answer(
            {"messages": history.shown(entries), "state": self._conversations.state(draft)}
        )

    # GET /application
    async def show_application(self, request: Request) -> HTTPResponse:
        """The answers and the quote so far."""
        conversation_id = self._conversations.caller(request).conversation_id
        draft = await self._conversations.draft(conversation_id)
        state = self._conversations.state(draft)
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
        conversation_id = (await self._conversations.calm_caller(request)).conversation_id
        draft = await self._conversations.draft(conversation_id)
        return pdf_answer(
            await in_thread(pdf_of, draft, self._conversations.stores), file_name(draft)
        )


def tapped(session: Session, message_id: str, choice: str, stores: Stores) -> Incoming:
    """A choice that was tapped in the widget, also after everything was erased."""
    conversation_id = session.conversation_id
    if choice == START_ANEW and stores.drafts.load(conversation_id) is None:
        # As the first message of all: who is speaking, and for which broker.
        return Incoming(message_id, begins=True, broker=session.broker)
    return tapped_choice(conversation_id, message_id, choice, stores)


def tapped_choice(conversation_id: str, message_id: str, choice: str, stores: Stores) -> Incoming:
    """A tapped choice, shown under the title that it was offered with."""
    latest = stores.messages.latest_replies(conversation_id)
    return Incoming(message_id, choice=choice, shown=history.tapped_body(choice, latest))


def asked_again(conversation_id: str, words: str, stores: Stores) -> Body:
    """The open question again, with ``words`` as what was wrong with the last answer."""
    return history.asked_again(words, stores.messages.latest_replies(conversation_id))


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
