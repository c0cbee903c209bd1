"""Messages of the Messenger Platform's Send API, within its limits (in characters)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels.meta.offers import Offer
from bot.channels.meta.rendering import Content, Writer, listed
from bot.channels.meta.splitting import shortened, split

LONGEST_TEXT = 2000
LONGEST_TEMPLATE_TEXT = 640
MOST_QUICK_REPLIES = 13
MOST_BUTTONS = 3
LONGEST_TITLE = 20


class MessengerWriter(Writer):
    """Quick replies below the last message, buttons on those before it."""

    def plain(self, words: str) -> list[Content]:
        return [_message({"text": part}) for part in split(words, LONGEST_TEXT)]

    def offering(self, words: str, offers: list[Offer], *, last: bool) -> list[Content] | None:
        if any(len(each.title) > LONGEST_TITLE for each in offers):
            return None
        if last:
            return self._quick(words, offers) if len(offers) <= MOST_QUICK_REPLIES else None
        # Quick replies disappear as soon as another message follows.
        return self._buttons(words, offers) if len(offers) <= MOST_BUTTONS else None

    def numbered(self, words: str, offers: list[Offer], *, last: bool) -> list[Content]:
        whole = listed(words, offers)
        if not last or len(offers) > MOST_QUICK_REPLIES:
            return self.plain(whole)
        return self._quick(whole, [Offer(str(each.number), each.payload) for each in offers])

    def link(self, words: str, title: str, address: str) -> Content:
        button = {"type": "web_url", "url": address, "title": shortened(title, LONGEST_TITLE)}
        return _template(shortened(words, LONGEST_TEMPLATE_TEXT), [button])

    def _quick(self, words: str, offers: Sequence[Offer]) -> list[Content]:
        *before, last = split(words, LONGEST_TEXT)
        replies = [
            {"content_type": "text", "title": each.title, "payload": each.payload}
            for each in offers
        ]
        return [
            *(_message({"text": part}) for part in before),
            _message({"text": last, "quick_replies": replies}),
        ]

    def _buttons(self, words: str, offers: Sequence[Offer]) -> list[Content]:
        *before, last = split(words, LONGEST_TEXT)
        *more, last = split(last, LONGEST_TEMPLATE_TEXT)
        buttons = [
            {"type": "postback", "title": each.title, "payload": each.payload} for each in offers
        ]
        return [
            *(_message({"text": part}) for part in [*before, *more]),
            _template(last, buttons),
        ]


def _message(message: dict[str, Any]) -> Content:
    return {"type": "message", "body": message}


def _template(words: str, buttons: list[dict[str, str]]) -> Content:
    payload = {"template_type": "button", "text": words, "buttons": buttons}
    return _message({"attachment": {"type": "template", "payload": payload}})
