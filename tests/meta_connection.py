"""A connector with the stand-in behind it and a person before it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from graph_stand_in import APP_SECRET, PAGE, PHONE, TOKEN, GraphStandIn
from rasa.core.channels.channel import UserMessage

from bot.channels.meta.connector import Connector
from bot.channels.meta.inbox import Settling
from bot.channels.meta.inputs import MessengerReplies, WhatsAppReplies
from bot.channels.meta.person_tasks import Patience
from bot.channels.meta.platforms import Messenger, Platform, WhatsApp
from bot.conversation.turn_context import CONTEXT
from bot.settings import Settings
from bot.storage.stores import Stores

PUBLIC = "https://assistant.example"
QUICK = Patience(first=0.001, longest=0.01, attempts=5)
AT_ONCE = Settling(quiet=0.0)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40 + b"IEND\xaeB`\x82"


def meta_settings(folder: Path, **more: Any) -> Settings:
    given = {
        "data_dir": folder,
        "given_session_secret": "session-secret-of-more-than-32-characters",
        "meta_app_secret": APP_SECRET,
        "meta_verify_token": "verify-token",
        "meta_public_url": PUBLIC,
        "meta_messenger_token": TOKEN,
        "meta_messenger_page": PAGE,
        "meta_whatsapp_token": TOKEN,
        "meta_whatsapp_phone": PHONE,
        "meta_whatsapp_number": "4989123456",
        "upload_max_bytes": 200_000,
        **more,
    }
    return Settings.construct(
        **{
            name: given.get(name, given.get(field.alias, field.get_default()))
            for name, field in Settings.__fields__.items()
        }
    )


def platform_of(channel: str, settings: Settings, graph: GraphStandIn) -> Platform:
    return (Messenger if channel == "messenger" else WhatsApp)(settings, graph.client)


def connect(
    channel: str, settings: Settings, stores: Stores, graph: GraphStandIn, rasa: Any, **more: Any
) -> Connector:
    """A connector as the server makes it, without its long pauses."""
    replies = MessengerReplies if channel == "messenger" else WhatsAppReplies
    quick: dict[str, Any] = {"sending": QUICK, "answering": QUICK, "settling": AT_ONCE, **more}
    platform = platform_of(channel, settings, graph)
    return Connector(platform, settings, stores, replies, rasa.handle_message, **quick)


class RasaDouble:
    """Takes turns as Rasa with this project's actions does: every text is remembered in order."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self.trouble = 0
        self.turns: list[UserMessage] = []
        self.question: dict[str, Any] = {"field": "remarks", "type": "text"}
        self.choices: list[dict[str, str]] = []
        self.card: dict[str, Any] | None = None

    async def handle_message(self, message: UserMessage) -> None:
        await asyncio.sleep(0)
        if self.trouble:
            self.trouble -= 1
            raise RuntimeError("trouble")
        self.turns.append(message)
        context = message.metadata[CONTEXT]
        draft, sent = context.draft, context.message
        draft.open_question = self.question["field"]
        said = draft.answers.setdefault("said", [])
        given = sent.choice or sent.text
        if given == "erase everything":
            context.erased = True
            await message.output_channel.send_response("", {"text": "Gelöscht."})
            return
        if given:
            said.append(given)
        if sent.document:
            said.append(f"{sent.document['kind']} file")
        begun = (message.parse_data or {}).get("intent", {}).get("name") == "begin"
        replies: list[dict[str, Any]] = [{"text": "Guten Tag."}] if begun else []
        custom = {"question": self.question, "card": self.card}
        replies.append({"text": f"Frage {len(said)}?", "buttons": self.choices, "custom": custom})
        for each in replies:
            await message.output_channel.send_response("", each)

    def said(self, conversation_id: str) -> list[str]:
        draft = self._stores.drafts.load(conversation_id)
        return [] if draft is None else list(draft.answers.get("said", []))
