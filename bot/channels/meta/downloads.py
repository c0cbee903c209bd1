"""Files that people sent, fetched from Meta's hosts and from nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urljoin, urlsplit

import httpx

# Where Meta keeps attachments (fbcdn, fbsbx) and media of WhatsApp (fbsbx, whatsapp.net).
HOSTS = ("fbcdn.net", "fbsbx.com", "facebook.com", "whatsapp.net")
SECONDS = 30.0
MOST_REDIRECTS = 3


class NotFetched(Exception):
    """The file is not there, too slow, or somewhere that we do not ask.

    ``passing`` if it may be there in a moment.
    """

    def __init__(self, kind: str, *, passing: bool = False) -> None:
        super().__init__(kind)
        self.passing = passing


class TooLarge(Exception):
    """The file is larger than a document may be."""


async def fetch(
    address: str,
    most: int,
    client: Callable[[], httpx.AsyncClient],
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """The content under ``address``: at most ``most`` bytes, within ``SECONDS`` in all.

    Args:
        headers: for the first host only; a redirect does not get them.

    Raises:
        NotFetched, TooLarge: it cannot be had.
    """
    try:
        return await asyncio.wait_for(_follow(address, most, client, dict(headers or {})), SECONDS)
    except httpx.HTTPError as error:
        raise NotFetched(type(error).__name__, passing=True) from None
    except (TimeoutError, httpx.InvalidURL, ValueError) as error:
        raise NotFetched(type(error).__name__) from None


async def _follow(
    address: str, most: int, client: Callable[[], httpx.AsyncClient], headers: dict[str, str]
) -> bytes:
    async with client() as opened:
        for _ in range(MOST_REDIRECTS + 1):
            if not is_of_meta(address):
                raise NotFetched("another host")
            async with opened.stream("GET", address, headers=headers) as answer:
                if answer.is_redirect:
                    address = urljoin(address, answer.headers.get("location", ""))
                    headers = {}
                    continue
                if not answer.is_success:
                    status = answer.status_code
                    passing = status == 429 or status >= 500
                    raise NotFetched(f"status {status}", passing=passing)
                return await _content(answer, most)
    raise NotFetched("too many redirects")


async def _content(answer: httpx.Response, most: int) -> bytes:
    parts, size = [], 0
    async for part in answer.aiter_bytes():
        size += len(part)
        if size > most:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)


def is_of_meta(address: str) -> bool:
    """Whether this is an HTTPS address of one of Meta's own hosts."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").rstrip(".")
    known = any(host == each or host.endswith(f".{each}") for each in HOSTS)
    return parts.scheme == "https" and port in (None, 443) and "@" not in parts.netloc and known


def name_in(address: str) -> str:
    """The last part of an address, which is often the file's name."""
    return unquote(urlsplit(address).path.rpartition("/")[2])
