"""Facts of a message, listed for confirmation and amended until they are right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.application.display import display, label
from bot.application.draft import Pending
from bot.application.facts import find_facts
from bot.application.kinds import ReadingContext
from bot.application.questions import Question, question
from bot.conversation.answering import values_of
from bot.conversation.asking import current_question
from bot.conversation.mentions import mentioned
from bot.conversation.stated_values import value_words
from bot.conversation.turn import Turn, choice


def confirm_facts(turn: Turn, values: Mapping[str, Any], key: str) -> None:
    """List values by field for confirmation, under the words of ``key``."""
    turn.draft.pending = Pending(kind="facts", values=dict(values))
    listed = "\n".join(
        f"{label(name)}: {display(name, value)}"
        for name, value in values.items()
        if value is not None
    )
    turn.say(
        key,
        facts=listed,
        choices=[choice("take_over", "confirm:yes"), choice("leave_it", "confirm:no")],
    )


def amend(turn: Turn) -> bool:
    """Put right what is listed: "ja, aber 240 Mitglieder". ``False`` if nothing was stated."""
    pending = turn.draft.pending
    if pending is None or pending.kind != "facts":
        return False
    stated = _stated(turn, pending.values)
    if not stated:
        return False
    confirm_facts(turn, {**pending.values, **stated}, "amended")
    return True


def add_answer(turn: Turn) -> bool:
    """List the answer to the open question, too, if that was given instead of a yes or no.

    The insurer's own questions are asked by themselves: their answers are never listed.
    """
    pending, asked = turn.draft.pending, current_question(turn)
    if pending is None or pending.kind != "facts" or asked is None:
        return False
    if asked.legal or asked.internal or asked.section == "disclosure":
        return False
    context = ReadingContext(asked.key, turn.today, {**turn.answers, **pending.values})
    reading = asked.kind.read(turn.message.answer_text, context)
    if not reading.is_ok or reading.value is None:
        return False
    confirm_facts(turn, {**pending.values, **values_of(asked, reading.value)}, "amended")
    return True


def _stated(turn: Turn, listed: Mapping[str, Any]) -> dict[str, Any]:
    words = turn.message.text
    found = find_facts(words, turn.today, turn.answers).found
    stated: dict[str, Any] = {}
    for fact in found:
        if question(fact.question).relevant({**turn.answers, **listed}):
            stated.update(fact.values)
    named = next((each for each in mentioned(words) if set(each.fields) & set(listed)), None)
    if named is not None and not set(named.fields) & set(stated):
        stated.update(_read_named(turn, named, listed))
    return stated


def _read_named(turn: Turn, named: Question, listed: Mapping[str, Any]) -> dict[str, Any]:
    context = ReadingContext(named.key, turn.today, {**turn.answers, **listed})
    for words in filter(None, value_words(turn.message.text, named)):
        reading = named.kind.read(words, context)
        if reading.is_ok and reading.value is not None:
            return values_of(named, reading.value)
    return {}
