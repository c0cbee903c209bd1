"""Everything that is stored about a conversation, for the person it is about (Art. 15 DSGVO)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from bot import clock
from bot.handoff.file_names import document_path
from bot.handoff.parcel import application_pdf, as_file
from bot.storage.applications import ApplicationStore
from bot.storage.stores import Stores
from bot.storage.tables import METADATA, channel_people
from bot.storage.times import from_column

DATA_JSON = "data.json"


def everything_about(conversation_id: str, stores: Stores) -> bytes | None:
    """A zip file with ``data.json``, the documents and the submitted applications.

    Returns:
        ``None`` if nothing is stored about this conversation.

    Raises:
        UnreadablePayload: no configured key opens a part of it.
    """
    tables = _tables(conversation_id, stores)
    if not any(tables.values()):
        return None
    data = {
        "conversation_id": conversation_id,
        "exported_at": clock.now().isoformat(),
        **tables,
    }
    files = {DATA_JSON: as_file(data), **_files(conversation_id, stores)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _tables(conversation_id: str, stores: Stores) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that belong to the conversation, to what was submitted from it or to
    whoever has it in a messenger."""
    submitted = ApplicationStore(stores.database).of_conversation(conversation_id)
    references = [each.reference for each in submitted]
    found = {}
    theirs = channel_people.c.conversation_id == conversation_id
    people = select(channel_people.c.person).where(theirs)
    with stores.database.reading() as unit:
        for table in METADATA.sorted_tables:
            conditions = []
            if "conversation_id" in table.c:
                conditions.append(table.c.conversation_id == conversation_id)
            elif "person" in table.c:
                conditions.append(table.c.person.in_(people))
            if "reference" in table.c:
                conditions.append(table.c.reference.in_(references))
            if conditions:
                query = select(table).where(or_(*conditions))
                rows = unit.execute(query.order_by(*table.primary_key.columns))
                found[table.name] = [_opened(row, stores) for row in rows.mappings()]
    return found


def _opened(row: Mapping[str, Any], stores: Stores) -> dict[str, Any]:
    return {
        name: _value(value, stores)
        for name, value in row.items()
        # A rendition is a file of its own.
        if not (name == "payload" and "sha256" in row and "name" in row)
    }


def _value(value: Any, stores: Stores) -> Any:
    if isinstance(value, bytes):
        return stores.database.vault.open_json(value)
    return from_column(value).isoformat() if isinstance(value, datetime) else value


def _files(conversation_id: str, stores: Stores) -> dict[str, bytes]:
    files = {}
    for number, document in enumerate(stores.documents.list(conversation_id), start=1):
        name = document_path(number, document.kind, document.name, document.media_type)
        files[name] = stores.documents.content(document.id)
    for application in ApplicationStore(stores.database).of_conversation(conversation_id):
        pdf = application_pdf(stores.database, application.reference)
        files[f"{application.reference}.pdf"] = pdf
    return files
