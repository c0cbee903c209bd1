"""Files that people send in a messenger: which document they are, and taking them over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.application.derived import DOCUMENT_KINDS, outstanding_documents
from bot.application.draft import Draft
from bot.application.questions import question
from bot.channels.errors import ChannelError
from bot.channels.meta.downloads import NotFetched, TooLarge
from bot.channels.meta.events import File
from bot.channels.meta.platforms import Platform
from bot.channels.typed_text import clean
from bot.channels.uploads import Upload, checked, too_large
from bot.conversation.mentions import mentioned
from bot.texts import text

# Pages of one document come as one message each; the next question was asked after the first.
SAME_DOCUMENT = timedelta(seconds=10)
PAUSES = (0.5, 2.0)


def document_kind(
    draft: Draft, memory: Mapping[str, Any], sent_at: datetime, captions: Iterable[str]
) -> str | None:
    """What files are taken for; ``None`` if no document is needed.

    The one that their captions name, else that of the files just before, else the one that is
    asked for, else the first that is outstanding, else the statutes.
    """
    named = _named(draft, captions)
    if named:
        return named
    last = memory.get("files")
    if last and abs(sent_at - datetime.fromisoformat(last["at"])) <= SAME_DOCUMENT:
        return str(last["kind"])
    if draft.status != "open":
        return None
    if draft.open_question in DOCUMENT_KINDS:
        return draft.open_question
    outstanding = outstanding_documents(draft.answers)
    if outstanding:
        return outstanding[0]
    return "statutes" if question("statutes").relevant(draft.answers) else None


def _named(draft: Draft, captions: Iterable[str]) -> str | None:
    if draft.status != "open":
        return None
    named = {each.key for words in captions for each in mentioned(words)}
    needed = [kind for kind in DOCUMENT_KINDS if question(kind).relevant(draft.answers)]
    found = named.intersection(needed)
    return found.pop() if len(found) == 1 else None


async def received(platform: Platform, file: File, kind: str, most: int) -> Upload:
    """The file as it may be stored.

    Raises:
        ChannelError: ``file_too_large``, ``file_type`` and what else ``checked`` refuses.
        NotFetched: Meta does not give it, also after a moment.
    """
    name, content = await _fetched(platform, file, most)
    named = clean(name) or text("meta.files.default_name")
    return checked(Upload(kind, named, "", content), max_bytes=most)


async def _fetched(platform: Platform, file: File, most: int) -> tuple[str, bytes]:
    for pause in (*PAUSES, None):
        try:
            return await platform.content(file, most)
        except TooLarge:
            raise too_large(most) from None
        except NotFetched as problem:
            if pause is None or not problem.passing:
                raise
            await asyncio.sleep(pause)
    raise AssertionError("the last attempt raises or returns")


def problem_words(problem: Exception) -> str:
    """What to tell a person about a file that was not taken."""
    return problem.message if isinstance(problem, ChannelError) else text("meta.files.not_fetched")
