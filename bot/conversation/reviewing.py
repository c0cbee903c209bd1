"""Where an application stands: state, and all answers with the quote and ways to change them."""

from __future__ import annotations

from typing import Any

from bot import clock
from bot.application.conditions import has_prior_insurances
from bot.application.derived import deductible_start_level, outstanding_documents
from bot.application.display import display, label
from bot.application.draft import Broker, Draft
from bot.application.questions import QUESTIONS, SECTIONS, Question
from bot.application.relevance import progress
from bot.conversation.pricing import is_settled, quote_of
from bot.conversation.reply import Choice
from bot.conversation.turn import Turn
from bot.rating.money import format_euro
from bot.texts import text

_DERIVED_FROM = {"claim_free_years": "deductible_start_level"}


def show_review(turn: Turn) -> None:
    """The review card, and the same in words for channels without cards."""
    sections = review_sections(turn)
    words = "\n\n".join(
        "\n".join([each["title"], *(f"{row['label']}: {row['value']}" for row in each["rows"])])
        for each in sections
    )
    card: dict[str, Any] = {"type": "review", "sections": sections}
    shown = quote_of(turn.draft, turn.today) if is_settled(turn.answers) else None
    if shown is not None:
        card["quote"] = shown.as_dict()
        frequency = shown.request.frequency
        words += "\n\n" + text(
            f"conversation.per_instalment.{frequency}",
            amount=format_euro(shown.total_per_instalment),
        )
    if not sections:
        turn.say("nothing_yet")
        return
    in_full = Choice(title=text("handoff.questions.choice"), payload="command:questions")
    turn.tell(words, choices=[in_full], card=card)


def review_sections(turn: Turn) -> list[dict[str, Any]]:
    """The answers by section, in the order of the form."""
    found = []
    for section in SECTIONS:
        rows = [
            row
            for each in QUESTIONS
            if each.section == section and is_shown(turn, each)
            for row in _rows(turn, each)
        ]
        if section == "request" and turn.draft.broker is not None:
            rows = _broker_rows(turn.draft.broker) + rows
        if rows:
            title = text(f"questions.sections.{section}.title")
            found.append({"section": section, "title": title, "rows": rows})
    return found


def is_shown(turn: Turn, each: Question) -> bool:
    """Whether there is an answer to it that counts."""
    answers = turn.answers
    if each.key == "prior_insurance_insurer":
        # No longer open once all contracts are named.
        return has_prior_insurances(answers)
    if each.internal or not each.relevant(answers):
        return False
    return any(name in answers for name in each.fields)


def _broker_rows(broker: Broker) -> list[dict[str, Any]]:
    return [
        {"field": name, "label": label(name), "value": value}
        for name, value in broker.dict().items()
        if value
    ]


def _rows(turn: Turn, each: Question) -> list[dict[str, Any]]:
    answers = turn.answers
    if each.key == "prior_insurance_insurer":
        return [_row("prior_insurances", answers["prior_insurances"], "prior_insurances")]
    given = [name for name in each.fields if answers.get(name) is not None]
    if not given and each.may_stay(answers):
        unchanged = text("conversation.skip.unchanged")
        rows = [
            {**_row(each.fields[0], None, each.key), "label": label(each.key), "value": unchanged}
        ]
    else:
        one = each.fields if len(each.fields) == 1 else given
        rows = [_row(name, answers[name], each.key) for name in one if name in answers]
    if each.key in _DERIVED_FROM:
        level = deductible_start_level(answers)
        name = _DERIVED_FROM[each.key]
        rows.append({"field": name, "label": label(name), "value": _euro(level)})
    return rows


def _euro(amount: int | None) -> str:
    return text("conversation.whole_euro", amount=amount)


def _row(name: str, value: Any, key: str) -> dict[str, Any]:
    return {
        "field": name,
        "label": label(name),
        "value": display(name, value),
        "change": f"change:{key}",
    }


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
