"""The files of the widget and its demonstration page, as browsers fetch them."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "widget"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_PACKED = {".css", ".html", ".js", ".svg"}
_NAME = re.compile(r"(?:[A-Za-z0-9_-]+/){0,3}[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")


@dataclass(frozen=True)
class StaticFile:
    """A file ready to be sent; ``packed`` is its content in gzip, if that is worth it."""

    content: bytes
    packed: bytes | None
    media_type: str
    etag: str


class StaticFiles:
    """Files of known types below ``folder``, and nothing else."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder.resolve()
        self._read: dict[Path, tuple[tuple[int, int], StaticFile]] = {}

    def find(self, name: str) -> StaticFile | None:
        """The file of this name; ``None`` if there is none that may be sent."""
        if not _NAME.fullmatch(name):
            return None
        path = (self._folder / name).resolve()
        if path.suffix not in MEDIA_TYPES or not path.is_relative_to(self._folder):
            return None
        try:
            return self._current(path)
        except OSError:
            return None

    def _current(self, path: Path) -> StaticFile:
        state = path.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            known = stamp, _prepared(path)
            self._read[path] = known
        return known[1]


def _prepared(path: Path) -> StaticFile:
    content = path.read_bytes()
    packed = gzip.compress(content, mtime=0) if path.suffix in _PACKED else None
    if packed is not None and len(packed) >= len(content):
        packed = None
    etag = f'"{sha256(content).hexdigest()[:20]}"'
    return StaticFile(content, packed, MEDIA_TYPES[path.suffix], etag)
