"""How a conversation ends: submitted, not insurable this way, cancelled or erased."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal
from uuid import uuid4

from bot.application.conditions import is_change
from bot.application.derived import outstanding_documents
from bot.application.display import label
from bot.application.draft import Pending
from bot.application.model import validate_answers
from bot.application.relevance import forget
from bot.conversation.asking import ask
from bot.conversation.pricing import quote_of
from bot.conversation.turn import Turn, choice
from bot.handoff.references import new_reference
from bot.texts import entry, text

Drastic = Literal["cancel", "restart", "erase"]


def submit(turn: Turn) -> None:
    """Check everything once more and submit; say what happens next.

    The application is handed over in the transaction that stores this turn.
    """
    unsettled = [each.field for each in validate_answers(turn.answers, turn.today)]
    if not is_change(turn.answers) and quote_of(turn.draft, turn.today) is None:
        unsettled.append("member_count")
    if unsettled:
        _ask_again(turn, unsettled)
        return
    turn.record("declared", "submission")
    turn.draft.reference = new_reference()
    turn.draft.status = "submitted"
    turn.draft.open_question = None
    show_done(turn)


def _ask_again(turn: Turn, fields: list[str]) -> None:
    forget(turn.answers, [*fields, "submission"])
    if "start_date" in fields:
        turn.say("start_date_passed")
    else:
        turn.say("something_open")
    ask(turn)


def show_done(turn: Turn) -> None:
    """The reference, the PDF and what happens next (ePolice guide: portal or post)."""
    steps = _next_steps(turn)
    reference = turn.draft.reference
    request_type = turn.answers.get("request_type", "application")
    words = text(f"conversation.done.{request_type}", reference=reference)
    words += "\n\n" + "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    turn.tell(
        words,
        card={
            "type": "done",
            "title": text(f"conversation.done_title.{request_type}"),
            "reference": reference,
            "pdf": True,
            "next_steps": steps,
        },
    )


def _next_steps(turn: Turn) -> list[str]:
    answers = turn.answers
    steps = [text(f"conversation.next.{answers.get('request_type')}")]
    delivery = answers.get("document_delivery")
    if delivery:
        steps += entry(f"conversation.next.{_delivery_steps(answers)}")
    missing = outstanding_documents(answers)
    if missing:
        names = ", ".join(label(kind) for kind in missing)
        steps.append(text("conversation.next.outstanding", documents=names))
    return steps


def _delivery_steps(answers: Mapping[str, Any]) -> str:
    """For an existing contract the access code comes by post (ePolice guide, Bestandskunden)."""
    delivery = str(answers["document_delivery"])
    existing = answers.get("request_type") == "change"
    return "online_existing" if existing and delivery == "online" else delivery


def not_eligible(turn: Turn) -> None:
    """No cover for this club (form, natural persons): explain, name the contact, keep all."""
    draft = turn.draft
    draft.failures = draft.failures + 1 if draft.status == "ended" else 0
    draft.status = "ended"
    draft.open_question = None
    again = "still_not_eligible" if draft.failures % 2 else "still_not_eligible_again"
    turn.say(
        again if draft.failures else "not_eligible",
        choices=[
            choice("correct_that", "change:natural_persons_only"),
            choice("membership_only", "answer:product:membership_only"),
        ],
    )


def ask_to_be_sure(turn: Turn, kind: Drastic) -> None:
    """Ask once before cancelling, starting anew or erasing."""
    turn.draft.pending = Pending(kind=kind)
    say_whether_sure(turn, kind)


def say_whether_sure(turn: Turn, kind: str) -> None:
    """The question whether to do something drastic."""
    sure = [choice(f"sure_{kind}", "confirm:yes"), choice("go_on", "confirm:no")]
    turn.say(f"sure.{kind}", choices=sure)


ask_to_cancel = partial(ask_to_be_sure, kind="cancel")
ask_to_restart = partial(ask_to_be_sure, kind="restart")
ask_to_erase = partial(ask_to_be_sure, kind="erase")


def carry_out(turn: Turn, kind: str) -> None:
    """Do what was confirmed, and say so."""
    draft = turn.draft
    if kind == "erase":
        empty(turn)
        turn.erased = True
        turn.say("erased", choices=[choice("start_anew", "command:start")])
    elif kind == "cancel":
        empty(turn)
        draft.status = "cancelled"
        turn.say("cancelled", choices=[choice("start_anew", "command:start")])
    else:
        empty(turn)
        turn.say("restarted")
        ask(turn)


def empty(turn: Turn) -> None:
    """Nothing of the old application may show up in the next one."""
    draft = turn.draft
    turn.discarded = True
    draft.new_evidence.clear()
    draft.status = "open"
    draft.answers.clear()
    draft.previous_answers.clear()
    draft.order.clear()
    draft.shown.clear()
    draft.application_id = uuid4().hex
    draft.reference = draft.pending = draft.open_question = draft.returning_to = None
    draft.what_if = draft.last_topic = draft.tariff = None
    draft.failures = 0
    draft.errors.clear()
