"""Messages of WhatsApp's Cloud API, within its limits (in characters)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels.meta.offers import Offer
from bot.channels.meta.rendering import Content, Writer, listed
from bot.channels.meta.splitting import shortened, split
from bot.texts import text

LONGEST_TEXT = 4096
LONGEST_BODY = 1024
MOST_BUTTONS = 3
LONGEST_BUTTON = 20
MOST_ROWS = 10
LONGEST_ROW_TITLE = 24
LONGEST_ROW_DESCRIPTION = 72


class WhatsAppWriter(Writer):
    """Reply buttons for up to three choices, a list for up to ten."""

    def plain(self, words: str) -> list[Content]:
        return [_text(part) for part in split(words, LONGEST_TEXT)]

    def offering(self, words: str, offers: list[Offer], *, last: bool) -> list[Content] | None:
        titles = [each.title for each in offers]
        if len(set(titles)) < len(titles):
            return None
        if len(offers) <= MOST_BUTTONS and _fit(titles, LONGEST_BUTTON):
            buttons = [
                {"type": "reply", "reply": {"id": each.payload, "title": each.title}}
                for each in offers
            ]
            return _with_body(words, {"type": "button", "action": {"buttons": buttons}})
        if len(offers) <= MOST_ROWS and _fit(titles, LONGEST_ROW_TITLE):
            return _list(words, [{"id": each.payload, "title": each.title} for each in offers])
        return None

    def numbered(self, words: str, offers: list[Offer], *, last: bool) -> list[Content]:
        whole = listed(words, offers)
        if len(offers) > MOST_ROWS:
            return self.plain(whole)
        rows = [
            {
                "id": each.payload,
                "title": shortened(f"{each.number}. {each.title}", LONGEST_ROW_TITLE),
                "description": shortened(each.title, LONGEST_ROW_DESCRIPTION),
            }
            for each in offers
        ]
        return _list(whole, rows)

    def link(self, words: str, title: str, address: str) -> Content:
        parameters = {"display_text": shortened(title, LONGEST_BUTTON), "url": address}
        action = {"name": "cta_url", "parameters": parameters}
        body = {"text": shortened(words, LONGEST_BODY)}
        return _interactive({"type": "cta_url", "body": body, "action": action})


def _fit(titles: Sequence[str], most: int) -> bool:
    return all(len(title) <= most for title in titles)


def _list(words: str, rows: list[dict[str, str]]) -> list[Content]:
    action = {"button": text("meta.open_list"), "sections": [{"rows": rows}]}
    return _with_body(words, {"type": "list", "action": action})


def _with_body(words: str, interactive: dict[str, Any]) -> list[Content]:
    *before, last = split(words, LONGEST_TEXT)
    *more, last = split(last, LONGEST_BODY)
    return [
        *(_text(part) for part in [*before, *more]),
        _interactive({**interactive, "body": {"text": last}}),
    ]


def _text(words: str) -> Content:
    body = {"type": "text", "text": {"body": words, "preview_url": False}}
    return {"type": "message", "body": body}


def _interactive(interactive: dict[str, Any]) -> Content:
    return {"type": "message", "body": {"type": "interactive", "interactive": interactive}}
