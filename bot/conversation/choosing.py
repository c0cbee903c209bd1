"""Tapped choices and uploads. A payload that is not on offer changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from bot.application.display import display, label
from bot.application.questions import UnknownField, question
from bot.conversation import ending, explaining, settling, starting, uploading, what_ifs
from bot.conversation.answering import accept, answer, choose, take_suggestion
from bot.conversation.asking import ask, current_question
from bot.conversation.correcting import call_up, changeable, keep
from bot.conversation.prior_insurances import change_entry
from bot.conversation.questions_in_full import show_questions
from bot.conversation.turn import Turn
from bot.rating import COVERS, DEDUCTIBLES

_COMMANDS: dict[str, Callable[[Turn], None]] = {
    "review": starting.summary,
    "questions": show_questions,
    "continue": starting.carry_on,
    "start": starting.start_anew,
    "cancel": ending.ask_to_cancel,
    "restart": ending.ask_to_restart,
    "erase": ending.ask_to_erase,
    "compare": what_ifs.compare_and_return,
    "explain_how": explaining.how,
    "explain_why": explaining.why,
}
_AFTER_SUBMISSION = {"topic", "more", "command"}


def choose_payload(turn: Turn) -> None:
    """Do what a tapped choice stands for; one that is not on offer is refused in words."""
    if turn.message.document:
        uploading.receive(turn)
        return
    if turn.draft.status == "submitted" and turn.message.choice == "answer:submission:true":
        ending.show_done(turn)
        return
    head, _, rest = (turn.message.choice or "").partition(":")
    try:
        taken = _allowed(turn, head) and _route(turn, head, rest)
    except UnknownField:
        taken = False
    if not taken:
        turn.say("not_on_offer")
        starting.carry_on(turn)


def _allowed(turn: Turn, head: str) -> bool:
    if turn.draft.status in ("submitted", "cancelled"):
        return head in _AFTER_SUBMISSION
    return True


def _route(turn: Turn, head: str, rest: str) -> bool:
    if (head, rest) == ("command", "keep"):
        return keep(turn)
    if head == "confirm":
        return rest in ("yes", "no") and settling.confirm(turn, rest == "yes")
    if head == "pick":
        return rest.isdigit() and settling.pick(turn, int(rest))
    if head in ("topic", "more"):
        (explaining.explain(turn, (rest,)) if head == "topic" else explaining.more(turn, rest))
        return True
    if head == "command":
        command = _COMMANDS.get(rest)
        if command is None or (rest == "start" and turn.draft.status == "submitted"):
            return _start_after_submission(turn) if rest == "start" else False
        command(turn)
        return True
    return _route_answer(turn, head, rest)


def _start_after_submission(turn: Turn) -> bool:
    starting.start_anew(turn)
    return True


def _route_answer(turn: Turn, head: str, rest: str) -> bool:
    if head == "answer":
        key, _, code = rest.rpartition(":")
        turn.draft.pending = None
        if turn.draft.status == "ended" and key == "product":
            return _membership_only(turn, code)
        return choose(turn, key, code)
    if head == "suggest":
        return take_suggestion(turn, rest)
    if head == "change" and changeable(rest):
        call_up(turn, rest)
        return True
    if head == "entry":
        return change_entry(turn, rest)
    if head == "adopt":
        return adopt(turn, rest)
    return False


def _membership_only(turn: Turn, code: str) -> bool:
    """Without cover the confirmation about natural persons is not needed (fields: product)."""
    if code != "membership_only":
        return False
    turn.draft.status = "open"
    accept(turn, question("product"), {"product": code})
    return True


def adopt(turn: Turn, rest: str) -> bool:
    """Take over a what-if, or a cell of the comparison."""
    if rest == "what_if":
        values = dict(turn.draft.what_if or {})
    else:
        product, _, deductible = rest.partition(":")
        values = {"product": product, "deductible": deductible}
        offered = [(product_, deductible_) for product_ in COVERS for deductible_ in DEDUCTIBLES]
        if (product, deductible) not in offered:
            return False
    if not values or turn.draft.status != "open":
        return False
    turn.draft.what_if = None
    changed = {name: value for name, value in values.items() if turn.answers.get(name) != value}
    first = {name: value for name, value in changed.items() if turn.answers.get(name) is None}
    # What replaces an answer is acknowledged as that.
    if first or not changed:
        named = first or values
        listed = ", ".join(f"{label(name)}: {display(name, each)}" for name, each in named.items())
        turn.say("adopted", facts=listed)
    settling.take_over(turn, changed)
    return True


def adopt_last(turn: Turn) -> None:
    """Take over what was priced last; if nothing was, the words may be an answer."""
    if starting.is_over(turn):
        return
    if not adopt(turn, "what_if"):
        current = current_question(turn)
        if current is not None:
            answer(turn)
            return
        ask(turn)
