"""Where an application stands, as the widget and the API show it."""

from __future__ import annotations

from typing import Any

from bot import clock
from bot.application.derived import outstanding_documents
from bot.application.draft import Draft
from bot.application.relevance import progress
from bot.conversation.pricing import is_settled, quote_of
from bot.texts import text


def describe(draft: Draft) -> dict[str, Any]:
    """Status, progress by section, open question, quote, reference, outstanding documents."""
    counted = progress(draft.answers, draft.open_question)
    quote = quote_of(draft, clock.today()) if is_settled(draft.answers) else None
    return {
        "status": draft.status,
        "progress": {
            "section": counted.section,
            "title": text(f"questions.sections.{counted.section}.title"),
            "answered": counted.answered,
            "total": counted.total,
        },
        "question": draft.open_question,
        "quote": quote.as_dict() if quote else None,
        "reference": draft.reference,
        "outstanding_documents": list(outstanding_documents(draft.answers)),
    }
