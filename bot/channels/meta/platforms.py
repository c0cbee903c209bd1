"""What is different between the two messengers: addresses, webhooks, how a message is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx

from bot.channels.meta import downloads, messenger_events, whatsapp_events
from bot.channels.meta.events import Event, File
from bot.channels.meta.graph import Graph, Refused, TryAgain
from bot.channels.meta.messenger_writer import MessengerWriter
from bot.channels.meta.rendering import Writer
from bot.channels.meta.whatsapp_writer import WhatsAppWriter
from bot.settings import Settings, environment_name
from bot.texts import text

NewClient = Callable[[], httpx.AsyncClient]
PDF = "application/pdf"
_MEDIA_ID = re.compile(r"[0-9A-Za-z_-]{1,128}")


class NotConfigured(Exception):
    """Settings are missing; ``names`` are their environment variables."""

    def __init__(self, names: list[str], *, entirely: bool) -> None:
        super().__init__(", ".join(names))
        self.names = names
        self.entirely = entirely


class Platform:
    """One of the messengers.

    Raises:
        NotConfigured: a setting that it needs is missing.
    """

    name = ""
    webhook_object = ""
    writer: Writer
    shared_settings = ("meta_app_secret", "meta_verify_token", "meta_public_url")
    own_settings: tuple[str, ...] = ()

    def __init__(self, settings: Settings, token: str | None, client: NewClient | None) -> None:
        needed = (*self.shared_settings, *self.own_settings)
        missing = [name for name in needed if not getattr(settings, name)]
        if missing:
            names = [environment_name(name) for name in missing]
            entirely = not any(getattr(settings, name) for name in self.own_settings)
            raise NotConfigured(names, entirely=entirely)
        self._client = client or _new_client
        self.graph = Graph(
            version=settings.meta_graph_version,
            token=str(token),
            app_secret=str(settings.meta_app_secret),
            client=self._client,
        )

    def events(self, payload: dict[str, Any]) -> Iterator[Event]:
        """The events of a webhook."""
        raise NotImplementedError

    async def send(self, address: str, body: Mapping[str, Any]) -> str | None:
        """Send a message; returns the messenger's name for it.

        Raises:
            TryAgain, Refused: it was not sent.
        """
        raise NotImplementedError

    async def send_pdf(self, address: str, name: str, content: bytes) -> str | None:
        """Send a PDF as a document; otherwise like ``send``."""
        raise NotImplementedError

    async def typing(self, event: Event) -> None:
        """Show that the message was read and an answer is being written.

        Raises:
            TryAgain, Refused: it is not shown, which is no loss.
        """
        raise NotImplementedError

    async def content(self, file: File, most: int) -> tuple[str, bytes]:
        """Name and content of a file that somebody sent.

        Raises:
            NotFetched, TooLarge: it cannot be had.
        """
        raise NotImplementedError

    def way_back(self, token: str) -> str:
        """A link that opens the messenger and carries ``token`` there."""
        raise NotImplementedError


class Messenger(Platform):
    """The Messenger Platform, for one Facebook page."""

    name = "messenger"
    webhook_object = messenger_events.OBJECT
    writer = MessengerWriter()
    own_settings = ("meta_messenger_token", "meta_messenger_page")

    def __init__(self, settings: Settings, client: NewClient | None = None) -> None:
        super().__init__(settings, settings.meta_messenger_token, client)
        self._page = str(settings.meta_messenger_page)

    def events(self, payload: dict[str, Any]) -> Iterator[Event]:
        return messenger_events.read(payload, self._page)

    async def send(self, address: str, body: Mapping[str, Any]) -> str | None:
        sent = await self._post(
            {"recipient": {"id": address}, "messaging_type": "RESPONSE", "message": body}
        )
        return _identity(sent.get("message_id"))

    async def send_pdf(self, address: str, name: str, content: bytes) -> str | None:
        fields = {
            "recipient": json.dumps({"id": address}),
            "messaging_type": "RESPONSE",
            "message": json.dumps(
                {"attachment": {"type": "file", "payload": {"is_reusable": False}}}
            ),
        }
        file = (name, content, PDF)
        sent = await self.graph.post_file(f"{self._page}/messages", fields, "filedata", file)
        return _identity(sent.get("message_id"))

    async def typing(self, event: Event) -> None:
        for action in ("mark_seen", "typing_on"):
            await self._post({"recipient": {"id": event.address}, "sender_action": action})

    async def content(self, file: File, most: int) -> tuple[str, bytes]:
        content = await downloads.fetch(file.source, most, self._client)
        return file.name or downloads.name_in(file.source), content

    def way_back(self, token: str) -> str:
        return f"https://m.me/{self._page}?ref={quote(token)}"

    async def _post(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return await self.graph.post(f"{self._page}/messages", body)


class WhatsApp(Platform):
    """WhatsApp's Cloud API, for one business phone number."""

    name = "whatsapp"
    webhook_object = whatsapp_events.OBJECT
    writer = WhatsAppWriter()
    own_settings = ("meta_whatsapp_token", "meta_whatsapp_phone", "meta_whatsapp_number")

    def __init__(self, settings: Settings, client: NewClient | None = None) -> None:
        super().__init__(settings, settings.meta_whatsapp_token, client)
        self._phone = str(settings.meta_whatsapp_phone)
        self._number = str(settings.meta_whatsapp_number)

    def events(self, payload: dict[str, Any]) -> Iterator[Event]:
        return whatsapp_events.read(payload, self._phone)

    async def send(self, address: str, body: Mapping[str, Any]) -> str | None:
        whole = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": address,
            **body,
        }
        sent = await self.graph.post(f"{self._phone}/messages", whole)
        messages = sent.get("messages")
        first = messages[0] if isinstance(messages, list) and messages else {}
        return _identity(first.get("id") if isinstance(first, dict) else None)

    async def send_pdf(self, address: str, name: str, content: bytes) -> str | None:
        fields = {"messaging_product": "whatsapp", "type": PDF}
        file = (name, content, PDF)
        uploaded = await self.graph.post_file(f"{self._phone}/media", fields, "file", file)
        document = {
            "id": str(uploaded.get("id")),
            "filename": name,
            "caption": text("meta.pdf.caption"),
        }
        return await self.send(address, {"type": "document", "document": document})

    async def typing(self, event: Event) -> None:
        await self.graph.post(
            f"{self._phone}/messages",
            {
                "messaging_product": "whatsapp",
                "status": "read",
                "message_id": event.id,
                "typing_indicator": {"type": "text"},
            },
        )

    async def content(self, file: File, most: int) -> tuple[str, bytes]:
        if not _MEDIA_ID.fullmatch(file.source):
            raise downloads.NotFetched("no media identifier")
        try:
            media = await self.graph.get(file.source)
        except TryAgain as error:
            raise downloads.NotFetched(error.kind, passing=True) from None
        except Refused as error:
            raise downloads.NotFetched(error.kind) from None
        size = media.get("file_size")
        if isinstance(size, int) and size > most:
            raise downloads.TooLarge
        headers = {"Authorization": f"Bearer {self.graph.token}"}
        address = str(media.get("url") or "")
        return file.name, await downloads.fetch(address, most, self._client, headers)

    def way_back(self, token: str) -> str:
        return f"https://wa.me/{self._number}?text={quote(text('meta.back.words') + ' ' + token)}"


def _identity(given: Any) -> str | None:
    return given[:200] if isinstance(given, str) and given else None


def _new_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(follow_redirects=False)
