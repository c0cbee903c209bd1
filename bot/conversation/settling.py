"""Settling a question of the assistant's own: which reading, are you sure, is this right?"""

from __future__ import annotations

import re
from typing import Any

from bot.application.draft import Pending
from bot.application.questions import QUESTIONS, question
from bot.conversation import ending
from bot.conversation.answering import accept, store_values, values_of
from bot.conversation.asking import ask
from bot.conversation.confirming import add_answer, amend
from bot.conversation.turn import Turn, options
from bot.language.yes_no import read_yes_no
from bot.texts import text

_FEW_WORDS = 2


def settle(turn: Turn) -> bool:
    """Take what was typed as the answer to the pending question.

    Returns ``False`` if it is none: the message is then handled like any other.
    """
    pending = turn.draft.pending
    if pending is None:
        return False
    if pending.kind == "price":
        turn.draft.pending = None
        return False
    words = turn.message.answer_text
    if pending.kind in ("reading", "entry"):
        return _settle_options(turn, pending, words)
    if amend(turn):
        return True
    decision = read_yes_no(words)
    if not decision.is_ok:
        if add_answer(turn):
            return True
        if pending.kind in ("facts", "adopt") or len(words.split()) > _FEW_WORDS:
            turn.draft.pending = None
            return False
        ending.say_whether_sure(turn, pending.kind)
        return True
    confirm(turn, bool(decision.value))
    return True


def _settle_options(turn: Turn, pending: Pending, words: str) -> bool:
    picked = _picked(pending, words)
    if picked is not None:
        return pick(turn, picked)
    decision = read_yes_no(words)
    if decision.is_ok and decision.value is True:
        turn.say("please_pick", choices=options(each["title"] for each in pending.options))
        return True
    turn.draft.pending = None
    if decision.is_ok and not _asks_yes_or_no(pending):
        ask(turn, preface=text("conversation.then_again"))
        return True
    return False


def _asks_yes_or_no(pending: Pending) -> bool:
    """Whether "nein" answers the question behind the options, rather than refusing them all."""
    if pending.question is None:
        return False
    return question(pending.question).kind.control == "yes_no"


def _picked(pending: Pending, words: str) -> int | None:
    """The option that is meant: by its title, by "ja" to the one that was asked about, or by a part
    that only one title has ("nein, gmail.com")."""
    folded = words.strip().strip(".!").casefold()
    for number, each in enumerate(pending.options):
        if folded == str(each["title"]).casefold():
            return number
    decision = read_yes_no(words)
    if decision.is_ok and decision.value is True:
        return pending.asked_about
    part = _OPENING.sub("", folded)
    holding = [
        number
        for number, each in enumerate(pending.options)
        if part in str(each["title"]).casefold()
    ]
    return holding[0] if len(holding) == 1 and len(part) >= _SHORTEST_PART else None


_OPENING = re.compile(r"^(?:(?:nein|nee|ja|doch|also|das|die|der|mit|aber|bitte)\b[\s,.]*)+")
_SHORTEST_PART = 4


def pick(turn: Turn, number: int) -> bool:
    """Take the option with this number; ``False`` if there is none."""
    pending = turn.draft.pending
    if pending is None or pending.kind not in ("reading", "entry"):
        return False
    if not 0 <= number < len(pending.options):
        return False
    option = pending.options[number]
    turn.draft.pending = None
    asked = question(option.get("question") or pending.question or "")
    known = any(name in turn.answers for name in asked.fields)
    accept(turn, asked, values_of(asked, option["value"]), corrected=known)
    return True


def confirm(turn: Turn, decision: bool) -> bool:
    """Carry out, or leave, what was asked about; ``False`` if nothing was."""
    pending = turn.draft.pending
    if pending is None or pending.kind in ("reading", "entry"):
        return False
    turn.draft.pending = None
    if not decision:
        turn.say("facts_left" if pending.kind == "facts" else "gone_on")
        ask(turn)
    elif pending.kind in ("facts", "adopt"):
        take_over(turn, pending.values)
    else:
        ending.carry_out(turn, pending.kind)
    return True


def take_over(turn: Turn, values: dict[str, Any]) -> None:
    """Store what several questions' values were confirmed to be, in the order of the form."""
    for each in QUESTIONS:
        own = {name: values[name] for name in each.fields if name in values}
        if own and each.relevant(turn.answers):
            store_values(turn, each, own)
    if turn.answers.get("natural_persons_only") is False:
        ending.not_eligible(turn)
    else:
        ask(turn)
