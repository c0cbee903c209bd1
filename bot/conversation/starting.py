"""The first words, and meeting a person again after a pause."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from bot.application.display import display, label
from bot.application.draft import Broker, Pending
from bot.application.facts import Fact, find_facts, read_prefill
from bot.application.model import earliest_start
from bot.application.questions import question
from bot.application.relevance import forget, open_questions
from bot.conversation import ending
from bot.conversation.answering import accept, answer
from bot.conversation.asking import ask, repeat
from bot.conversation.confirming import amend, confirm_facts
from bot.conversation.reviewing import show_review
from bot.conversation.turn import Turn, choice
from bot.rating import kept_tariff

# In a prefill: the tariff of the quote that the application is begun from.
QUOTED_FROM = "quoted_from_tariff"


def begin(turn: Turn) -> None:
    """Open the conversation: introduce ourselves, or say where the person was."""
    draft = turn.draft
    if turn.message.broker and draft.broker is None:
        draft.broker = Broker(**turn.message.broker)
    if not draft.greeted:
        welcome(turn)
        _offer_prefill(turn)
        return
    resume(turn)


def welcome(turn: Turn) -> None:
    """An automated assistant, how to reach a person, and the privacy notice."""
    draft = turn.draft
    draft.greeted = True
    greeting = "welcome_broker" if draft.broker else "welcome"
    name = draft.broker.broker_name if draft.broker else ""
    turn.say(
        greeting,
        name=name,
        choices=[
            choice("privacy", "topic:privacy_of_this_chat"),
            choice("human", "topic:human"),
        ],
    )
    turn.record("shown", "privacy_of_this_chat")
    ask(turn)


def _offer_prefill(turn: Turn) -> None:
    prefill = turn.message.prefill or {}
    if kept_tariff(prefill.get(QUOTED_FROM), turn.today) is not None:
        turn.draft.tariff = prefill[QUOTED_FROM]
    facts = read_prefill(prefill, turn.today)
    if any(fact.values.get("request_type") == "change" for fact in facts):
        facts = _keep_contract(turn, facts)
    if facts:
        confirm_facts(turn, values_by_field(facts), "prefilled")


def _keep_contract(turn: Turn, facts: list[Fact]) -> list[Fact]:
    """What a portal knows of a contract to be changed is the old state, not the new one."""
    request = [fact for fact in facts if question(fact.question).section == "request"]
    for fact in facts:
        if fact not in request:
            turn.draft.contract.update(fact.values)
    return request


def greet(turn: Turn) -> None:
    """Answer a greeting; introduce ourselves if that has not been done."""
    if not turn.draft.greeted:
        welcome(turn)
        return
    turn.say("greeting")
    carry_on(turn)


def resume(turn: Turn) -> None:
    """Meet a returning person where they stopped."""
    draft = turn.draft
    if draft.status == "submitted":
        ending.show_done(turn)
        return
    if draft.status == "ended":
        ending.not_eligible(turn)
        return
    if draft.status == "cancelled":
        start_anew(turn)
        return
    left = len(open_questions(turn.answers))
    if turn.answers:
        name = turn.answers.get("club_name")
        turn.say("welcome_back_club" if name else "welcome_back", club=name or "", left=left)
    check_start_date(turn)
    ask(turn)


def check_start_date(turn: Turn) -> None:
    """A start date that has passed meanwhile is asked again."""
    start = turn.answers.get("start_date")
    if start and date.fromisoformat(start) < earliest_start(turn.today):
        forget(turn.answers, ["start_date"])
        turn.record("dropped", "start_date")
        turn.say("start_date_passed")


def start_anew(turn: Turn) -> None:
    """Begin a new application in the same conversation."""
    ending.empty(turn)
    ask(turn)


def start_request(turn: Turn, request_type: str) -> None:
    """Begin with what the person said they want, if that is still open."""
    if turn.draft.status == "cancelled":
        ending.empty(turn)
    if turn.draft.status != "open":
        carry_on(turn)
        return
    known = turn.answers.get("request_type")
    if known == request_type:
        carry_on(turn)
        return
    if known is None:
        turn.say(f"request_begins.{request_type}")
        accept(turn, question("request_type"), {"request_type": request_type})
        return
    turn.draft.pending = Pending(kind="adopt", values={"request_type": request_type})
    turn.say(
        "switch_request",
        before=display("request_type", known),
        after=display("request_type", request_type),
        choices=[choice("switch", "confirm:yes"), choice("go_on", "confirm:no")],
    )


start_application = partial(start_request, request_type="application")
start_quote = partial(start_request, request_type="quote")
start_change = partial(start_request, request_type="change")


def is_over(turn: Turn) -> bool:
    """Whether nothing can be changed any more; says so if it is."""
    if turn.draft.status in ("submitted", "cancelled"):
        carry_on(turn)
        return True
    return False


def carry_on(turn: Turn) -> None:
    """Ask the open question again, or say how things stand when there is none."""
    status = turn.draft.status
    if status == "submitted":
        anew = [choice("start_anew", "command:start")]
        turn.say("already_submitted", reference=turn.draft.reference, choices=anew)
    elif status == "ended":
        ending.not_eligible(turn)
    elif status == "cancelled":
        turn.say("nothing_running", choices=[choice("start_anew", "command:start")])
    else:
        ask(turn)


def volunteer(turn: Turn) -> None:
    """Several facts in one message: show what was understood, store nothing unconfirmed."""
    if is_over(turn) or amend(turn):
        return
    facts = find_facts(turn.message.text, turn.today, turn.answers)
    usable = [fact for fact in facts.found if question(fact.question).relevant(turn.answers)]
    if facts.contradictory:
        names = ", ".join(label(key) for key in facts.contradictory)
        turn.say("contradictory", labels=names)
    if not usable:
        answer(turn)
        return
    confirm_facts(turn, values_by_field(usable), "understood")


def values_by_field(facts: list[Fact]) -> dict[str, Any]:
    """What facts state, by field."""
    return {name: value for fact in facts for name, value in fact.values.items()}


def summary(turn: Turn) -> None:
    """What was answered so far, and the open question again."""
    show_review(turn)
    if turn.draft.open_question != "review":
        repeat(turn)
