"""The assistant's replies as parts that both channels can send, and the choices they offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.application.questions import QUESTIONS
from bot.channels.history import Body
from bot.channels.meta.offers import Offer
from bot.channels.meta.splitting import shortened
from bot.texts import text

# What should not stand in a messenger's history for ever (issue: privacy).
SENSITIVE = frozenset(each.key for each in QUESTIONS if each.sensitive)

# Controls whose answers are the choices themselves.
CHOOSING = ("choice", "choices", "yes_no")
# Fits every button and row of both messengers.
SHORTEST_TITLE = 20
# What is a little longer is still understood when its end is missing.
LONGEST_SHORTENED = 28

Content = dict[str, Any]


@dataclass(frozen=True)
class Rendered:
    """What is sent, in order, and what the person may choose from."""

    contents: list[Content]
    offers: list[Offer]


class Writer:
    """Writes single messages for one messenger, within its limits."""

    def plain(self, words: str) -> list[Content]:
        """A text, in as many messages as it takes."""
        raise NotImplementedError

    def offering(self, words: str, offers: list[Offer], *, last: bool) -> list[Content] | None:
        """A text with choices to tap; ``None`` if these cannot be tapped."""
        raise NotImplementedError

    def numbered(self, words: str, offers: list[Offer], *, last: bool) -> list[Content]:
        """A text with the choices as a numbered list."""
        raise NotImplementedError

    def link(self, words: str, title: str, address: str) -> Content:
        """A text with a button that opens ``address``."""
        raise NotImplementedError


def render(
    replies: Sequence[Body], writer: Writer, link: Callable[[], str], conversation_id: str
) -> Rendered:
    """The replies of one turn, in order.

    Args:
        link: makes the address of a page on which this conversation goes on.
    """
    contents: list[Content] = []
    offers: list[Offer] = []
    for number, reply in enumerate(replies, start=1):
        asked = (reply.get("question") or {}).get("field")
        if asked in SENSITIVE:
            words, title = text(f"meta.enter_safely.{asked}"), text("meta.enter_safely.title")
            contents.append(writer.link(words, title, link()))
        numbered = sum(each.number is not None for each in offers)
        written, offered = _reply(reply, writer, numbered, last=number == len(replies))
        contents += written
        offers += offered
        if (reply.get("card") or {}).get("pdf"):
            contents.append({"type": "pdf", "conversation_id": conversation_id})
    return Rendered(contents, offers)


def _reply(
    reply: Body, writer: Writer, before: int, *, last: bool
) -> tuple[list[Content], list[Offer]]:
    words = reply.get("text") or text("meta.please_choose")
    offers = [Offer(each["title"], each["payload"]) for each in reply.get("choices") or ()]
    if not offers:
        return writer.plain(words), []
    tapped = writer.offering(words, offers, last=last)
    if tapped is not None:
        return tapped, offers
    if "question" not in reply:
        aside = _aside(words, offers, writer, last=last)
        if aside is not None:
            return aside, offers
    if _takes_words((reply.get("question") or {}).get("type")):
        return _beside(words, offers, writer, last=last), offers
    numbered = [
        Offer(each.title, each.payload, number)
        for number, each in enumerate(offers, start=before + 1)
    ]
    return writer.numbered(words, numbered, last=last), numbered


def _takes_words(control: str | None) -> bool:
    """Whether a number or any word may be the answer itself, and not a place in a list."""
    return control is not None and control not in CHOOSING


def _aside(
    words: str, offers: Sequence[Offer], writer: Writer, *, last: bool
) -> list[Content] | None:
    """Offers that answer no question, on buttons with their beginnings if these say enough."""
    short = [Offer(shortened(each.title, SHORTEST_TITLE), each.payload) for each in offers]
    told_apart = len({each.title for each in short}) == len(short)
    if not told_apart or any(len(each.title) > LONGEST_SHORTENED for each in offers):
        return None
    return writer.offering(words, short, last=last)


def _beside(words: str, offers: Sequence[Offer], writer: Writer, *, last: bool) -> list[Content]:
    """What can be tapped instead of an answer: in full below the text, in short on the buttons."""
    whole = "\n".join([f"{words}\n", *(f"• {each.title}" for each in offers)])
    short = [Offer(shortened(each.title, SHORTEST_TITLE), each.payload) for each in offers]
    return writer.offering(whole, short, last=last) or writer.plain(whole)


def listed(words: str, offers: Sequence[Offer]) -> str:
    """The text with the choices below it, one a line."""
    lines = "\n".join(f"{each.number}. {each.title}" for each in offers)
    return f"{words}\n\n{lines}\n\n{text('meta.answer_with_number')}"
