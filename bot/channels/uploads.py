"""Uploaded files: what they are by their content, whatever their name says."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

import filetype

from bot.application.derived import DOCUMENT_KINDS
from bot.channels.errors import ChannelError
from bot.storage.documents import display_name

logger = logging.getLogger(__name__)

BYTES_OF_A_MEGABYTE = 1024 * 1024
# Scanners append to a finished PDF, and readers look for its end this far back.
TAIL_BYTES = 4096
EXTENSIONS = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/heic": ("heic", "heif"),
}
# Also those with ten bits or several pictures, which some cameras write.
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
MOST_BRAND_BYTES = 256
_COMPLETE: dict[str, Callable[[bytes], bool]] = {
    "application/pdf": lambda content: b"%%EOF" in content[-TAIL_BYTES:],
    "image/jpeg": lambda content: b"\xff\xd9" in content[-TAIL_BYTES:],
    "image/png": lambda content: b"IEND" in content[-TAIL_BYTES:],
    "image/heic": lambda content: b"mdat" in content or b"idat" in content,
}


@dataclass(frozen=True)
class Upload:
    """A file as it may be stored: ``name`` is for display and never a path."""

    kind: str
    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()

    def __repr__(self) -> str:
        return f"Upload({self.kind}, {self.media_type}, {len(self.content)} bytes)"


def checked(upload: Upload, *, max_bytes: int) -> Upload:
    """``upload`` with the media type that its content has and a name that fits it.

    Raises:
        ChannelError: ``document_kind``, ``file_empty``, ``file_too_large``, ``file_type`` or
            ``file_damaged``.
    """
    try:
        return _checked(upload, max_bytes)
    except ChannelError as refusal:
        logger.info("An upload was refused: %s", refusal.code)
        raise


def _checked(upload: Upload, max_bytes: int) -> Upload:
    if upload.kind not in DOCUMENT_KINDS:
        raise ChannelError("document_kind")
    if not upload.content:
        raise ChannelError("file_empty")
    if len(upload.content) > max_bytes:
        raise too_large(max_bytes)
    media_type = _media_type(upload.content)
    if not _COMPLETE[media_type](upload.content):
        raise ChannelError("file_damaged")
    return replace(upload, media_type=media_type, name=_named(upload.name, media_type))


def too_large(max_bytes: int) -> ChannelError:
    """The refusal of a file larger than ``max_bytes``."""
    return ChannelError("file_too_large", megabytes=f"{max_bytes / BYTES_OF_A_MEGABYTE:.0f}")


def _media_type(content: bytes) -> str:
    found = filetype.guess_mime(content)
    # Some programs put a few bytes before the header, which readers accept.
    if found is None and b"%PDF-" in content[:1024]:
        found = "application/pdf"
    if found is None and _HEIC_BRANDS & _brands(content):
        found = "image/heic"
    if found not in EXTENSIONS:
        raise ChannelError("file_type")
    return str(found)


def _brands(content: bytes) -> set[bytes]:
    """What kinds of file the first box of an ISO media file says that it is."""
    if content[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(content[:4], "big"), MOST_BRAND_BYTES)
    return {content[8:12], *(content[at : at + 4] for at in range(16, end, 4))}


def _named(given: str, media_type: str) -> str:
    name = display_name(given)
    if name.rpartition(".")[2].lower() in EXTENSIONS[media_type]:
        return name
    return display_name(f"{name}.{EXTENSIONS[media_type][0]}")
