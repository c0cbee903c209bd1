"""Going on with what was begun under an earlier release or an earlier tariff."""

from __future__ import annotations

from bot.application.catalogue import bring_up_to_date
from bot.application.display import label
from bot.application.questions import UnknownField
from bot.application.relevance import forget
from bot.conversation.pricing import (
    current_quote,
    is_settled,
    per_instalment,
    show_quote,
)
from bot.conversation.turn import Turn
from bot.rating import kept_tariff


def renew(turn: Turn) -> bool:
    """Bring an open draft up to date; whether an answer to what was open can still be taken.

    Says what is asked again and what became dearer or cheaper. Afterwards the open question may
    be another than the person saw.
    """
    if turn.draft.status != "open":
        return True
    was_open, was_pending = turn.draft.open_question, turn.draft.pending
    dropped = _renew_answers(turn)
    repriced = _renew_tariff(turn)
    same = turn.draft.open_question == was_open and turn.draft.pending == was_pending
    return same and not dropped and not repriced


def _renew_answers(turn: Turn) -> bool:
    dropped = bring_up_to_date(turn.draft)
    for name in dropped:
        turn.record("dropped", name)
    labels = dict.fromkeys(filter(None, map(_label, dropped)))
    if labels:
        turn.say("asked_again_after_release", labels=", ".join(labels))
    return bool(dropped)


def _label(name: str) -> str:
    try:
        return label(name) if name not in ("review", "submission") else ""
    except UnknownField:
        return ""


def _renew_tariff(turn: Turn) -> bool:
    draft = turn.draft
    quoted = draft.tariff
    if quoted is None or kept_tariff(quoted, turn.today) is not None:
        return False
    draft.tariff = None
    now = current_quote(turn.answers, turn.today) if is_settled(turn.answers) else None
    if now is None:
        return False
    forget(turn.answers, ["review", "submission"])
    turn.record("dropped", "review")
    draft.tariff = now.tariff.id
    turn.say("tariff_ended", amount=per_instalment(now))
    show_quote(turn, now)
    return True
