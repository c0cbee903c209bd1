"""Documents that a channel received, as they are kept and told to the conversation."""

from __future__ import annotations

from bot.application.draft import Draft
from bot.channels import history
from bot.channels.errors import ChannelError
from bot.channels.history import Body
from bot.channels.turns import Incoming
from bot.channels.upload_inspection import inspect
from bot.channels.uploads import Upload
from bot.settings import settings
from bot.storage import StoredDocument
from bot.storage.stores import Stores

MOST_DOCUMENTS = 30


def keep(upload: Upload, conversation_id: str, stores: Stores) -> Body:
    """Store the document; returns its description for the API.

    Raises:
        ChannelError: ``conversation_ended``, ``too_many_documents`` or what ``inspect`` raises.
    """
    draft = stores.drafts.load(conversation_id)
    if draft is None:
        raise ChannelError("conversation_ended")
    inspect(upload, settings())
    known = stores.documents.list(conversation_id)
    used = _documents_in(draft)
    for each in known:
        # Stored by an attempt whose turn then failed.
        if (each.kind, each.sha256) == (upload.kind, upload.sha256) and each.id not in used:
            return _description(each)
    if len(known) >= MOST_DOCUMENTS:
        raise ChannelError("too_many_documents", most=MOST_DOCUMENTS)
    return _description(
        stores.documents.add(
            conversation_id, upload.kind, upload.name, upload.media_type, upload.content
        )
    )


def incoming_with_document(
    upload: Upload, conversation_id: str, message_id: str, stores: Stores
) -> Incoming:
    """Keep the document; returns what tells the conversation about it.

    Raises:
        ChannelError: what ``keep`` raises.
    """
    document = keep(upload, conversation_id, stores)
    return Incoming(message_id, document=document, shown=history.document_body(document))


def document_sent(conversation_id: str, message_id: str, stores: Stores) -> Body:
    """The document that came with this message.

    Raises:
        ChannelError: ``invalid_request``, there was no document in it.
    """
    for entry in stores.messages.messages(conversation_id):
        if (entry["client_id"], entry["sender"]) == (message_id, "user"):
            document: Body | None = entry["body"].get("document")
            if document is not None:
                return document
    raise ChannelError("invalid_request")


def _documents_in(draft: Draft) -> set[str]:
    values = (value for value in draft.answers.values() if isinstance(value, dict))
    return {each for value in values for each in value.get("documents") or ()}


def _description(stored: StoredDocument) -> Body:
    return {
        "id": stored.id,
        "kind": stored.kind,
        "name": stored.name,
        "media_type": stored.media_type,
        "size": stored.size,
    }
