"""HTTP as the crowd speaks it: one kept connection for each person.

The crowd runs on the cores of the server that it measures. With a client of a library (aiohttp)
it took a tenth of a turn's processor time, which the server then lacked; now it takes a third of
that.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

_LENGTH = b"content-length:"


class Connection:
    """A connection to ``address`` (``http://HOST:PORT``), opened with the first request.

    Its server must give the length of its answers and keep the connection, as Sanic does.
    """

    def __init__(self, address: str) -> None:
        self._to = urlsplit(address)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        """Send JSON; the status and the JSON of the answer.

        Raises:
            OSError, EOFError: the connection could not be made or did not hold.
        """
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._to.hostname, self._to.port)
        reader, writer = self._streams
        content = json.dumps(body).encode()
        lines = [
            f"POST {path} HTTP/1.1",
            f"Host: {self._to.netloc}",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
        head = await reader.readuntil(b"\r\n\r\n")
        answer = await reader.readexactly(_length(head))
        return int(head[9:12]), json.loads(answer)

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()


def _length(head: bytes) -> int:
    following = head.lower().partition(_LENGTH)[2]
    return int(following.partition(b"\r")[0])
