"""Names under which documents lie in a hand-off: safe on every file system."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)
_LONGEST_STEM = 60
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/heic": ".heic",
    "image/heif": ".heif",
    "image/tiff": ".tif",
    "text/plain": ".txt",
}


def document_path(number: int, kind: str, name: str, media_type: str) -> str:
    """Where a document lies within the hand-off, such as ``documents/01-statutes-Satzung.pdf``.

    The extension follows from what the file is, not from what it was called.
    """
    parts = [f"{number:02}", _ascii(kind), _ascii(PurePosixPath(name).stem)]
    return f"documents/{'-'.join(part for part in parts if part)}{_extension(media_type)}"


def _extension(media_type: str) -> str:
    return _EXTENSIONS.get(media_type, ".bin")


def _ascii(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.translate(_GERMAN))
    letters = folded.encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_]+", "-", letters).strip("-")[:_LONGEST_STEM].strip("-")
