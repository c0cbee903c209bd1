"""Documents that arrive in the conversation."""

from __future__ import annotations

from dataclasses import asdict

from bot.application.derived import DOCUMENT_KINDS
from bot.application.display import label
from bot.application.questions import question
from bot.application.relevance import store
from bot.conversation.asking import ask, current_question
from bot.conversation.turn import Turn, choice
from bot.documents.statutes import StatutesFacts, same_name, same_place


def receive(turn: Turn) -> None:
    """Take an upload as the document it was sent as; more files of a kind add up."""
    document = turn.message.document or {}
    kind = document.get("kind", "")
    if kind not in DOCUMENT_KINDS or not question(kind).relevant(turn.answers):
        turn.say("document_not_needed")
        ask(turn)
        return
    known = turn.answers.get(kind) or {}
    documents = [*known.get("documents", ()), document["id"]]
    value = {"delivery": "uploaded", "documents": documents}
    was_open = (current_question(turn) or question(kind)).key == kind
    store(turn.answers, {kind: value})
    turn.record("answered", kind, value=value)
    if kind not in turn.draft.order:
        turn.draft.order.append(kind)
    if turn.draft.returning_to == kind:
        turn.draft.returning_to = None
    turn.say(
        "document_received",
        label=label(kind),
        count=len(documents),
        choices=[choice("another_file", f"change:{kind}")] if was_open else [],
    )
    if kind == "statutes":
        _compare(turn, turn.services.read_statutes(document["id"]))
    ask(turn)


def _compare(turn: Turn, read: StatutesFacts) -> None:
    """Ask about what the statutes say differently; the answer stands until it is changed."""
    if read == StatutesFacts():
        return
    turn.record("shown", "statutes_reading", value=asdict(read))
    name, seat = turn.answers.get("club_name"), turn.answers.get("city")
    if name and read.club_name and not same_name(name, read.club_name):
        offered = [choice("change_name", "change:club_name")]
        turn.say("statutes_name_differs", read=read.club_name, given=name, choices=offered)
    if seat and read.seat and not same_place(seat, read.seat):
        offered = [choice("change_address", "change:address")]
        turn.say("statutes_seat_differs", read=read.seat, given=seat, choices=offered)
