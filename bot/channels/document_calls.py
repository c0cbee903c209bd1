"""Documents that arrive through the widget."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import history, requests
from bot.channels.conversations import Conversations
from bot.channels.documents import document_sent, incoming_with_document
from bot.channels.errors import ChannelError
from bot.channels.responses import json_answer
from bot.channels.typed_text import clean
from bot.channels.uploads import Upload, checked, too_large
from bot.threads import in_thread


class DocumentCalls:
    """The call that uploads a document."""

    def __init__(self, conversations: Conversations, max_bytes: int) -> None:
        self._conversations = conversations
        self._max_bytes = max_bytes

    # POST /documents
    async def upload(self, request: Request) -> HTTPResponse:
        """Keep a document, and tell the conversation about it."""
        conversation_id = (await self._conversations.calm_caller(request)).conversation_id
        message_id, given = await self._given(request)
        stores = self._conversations.stores
        prepare = partial(incoming_with_document, given, conversation_id, message_id)
        answer = await self._conversations.turns.take(conversation_id, message_id, prepare)
        document = await in_thread(document_sent, conversation_id, message_id, stores)
        return json_answer(
            {
                "document": document,
                "messages": history.shown_replies(message_id, answer.at, answer.replies),
                "state": answer.state,
            }
        )

    async def _given(self, request: Request) -> tuple[str, Upload]:
        fields, files = await requests.form(request, self._max_bytes, too_large(self._max_bytes))
        message_id = requests.message_id(fields.get("id") or f"upload-{uuid4().hex}")
        if "file" not in files:
            raise ChannelError("file_missing")
        name, content = files["file"]
        given = Upload(fields.get("kind", ""), clean(name), "", content)
        return message_id, checked(given, max_bytes=self._max_bytes)
