"""Asking clamd whether a document carries a virus."""

from __future__ import annotations

import socket
import struct
from contextlib import closing

CHUNK_BYTES = 64 * 1024
MOST_SECONDS = 30.0
_LONGEST_ANSWER = 4096


class VirusFound(Exception):
    """clamd knows this document as harmful."""


class ScannerAway(Exception):
    """clamd did not say whether the document is clean."""


def scan(content: bytes, address: str, *, seconds: float = MOST_SECONDS) -> None:
    """Have a document scanned by the clamd at ``address``, ``host:port`` or a socket's path.

    Raises:
        VirusFound: it carries one.
        ScannerAway: there was no clear answer.
    """
    try:
        with closing(_connection(address, seconds)) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK_BYTES):
                chunk = content[start : start + CHUNK_BYTES]
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            answer = _answer(connection)
    except (OSError, ValueError):
        raise ScannerAway from None
    if answer.endswith(b" FOUND"):
        raise VirusFound
    if answer != b"stream: OK":
        raise ScannerAway


def _connection(address: str, seconds: float) -> socket.socket:
    if "/" in address:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(seconds)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), seconds)


def _answer(connection: socket.socket) -> bytes:
    received = b""
    while not received.endswith(b"\0") and len(received) < _LONGEST_ANSWER:
        part = connection.recv(_LONGEST_ANSWER)
        if not part:
            break
        received += part
    return received.rstrip(b"\0\n")
