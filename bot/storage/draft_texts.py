"""A draft as the text that is sealed, and back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zlib import crc32

from pydantic import BaseModel
from pydantic.json import pydantic_encoder

from bot.application.draft import Draft

_FORM = "form"


def text_of(draft: Draft, version: int, at: datetime) -> bytes:
    """The draft without its new evidence, as it will be once it is stored.

    Args:
        version: the version that it will be.
        at: when it is stored.
    """
    # What `json()` gives of it, without two copies of everything in it.
    content = {**vars(draft), "version": version, "updated_at": at, _FORM: _OWN_FORM}
    del content["new_evidence"]
    return _JSON.encode(content).encode()


def checked(text: bytes) -> Draft:
    """The draft that was stored as ``text``, by this release or an earlier one.

    What has the form of this release was checked when it was made, and is read in a third of the
    time. Nobody else can have written it: what is stored is sealed.

    Raises:
        ValidationError: it is none.
    """
    content = json.loads(text)
    if content.pop(_FORM, None) != _OWN_FORM:
        return Draft.parse_obj(content)
    for name, kind in _PARTS.items():
        if content[name] is not None:
            content[name] = kind.construct(**content[name])
    for name in _TIMES:
        content[name] = datetime.fromisoformat(content[name])
    draft = Draft.__new__(Draft)
    # As pickle does it: `construct` would copy every default to throw it away.
    draft.__setstate__(
        {
            "__dict__": {**content, "new_evidence": []},
            "__fields_set__": set(content),
            "__private_attribute_values__": {},
        }
    )
    return draft


def _fields(value: Any) -> Any:
    return vars(value) if isinstance(value, BaseModel) else pydantic_encoder(value)


_JSON = json.JSONEncoder(default=_fields, ensure_ascii=False)
_KINDS = {
    name: each.type_ for name, each in Draft.__fields__.items() if not each.field_info.exclude
}
_PARTS = {
    name: kind
    for name, kind in _KINDS.items()
    if isinstance(kind, type) and issubclass(kind, BaseModel)
}
_TIMES = tuple(name for name, kind in _KINDS.items() if kind is datetime)
_OWN_FORM = crc32(repr([each.__annotations__ for each in (Draft, *_PARTS.values())]).encode())
