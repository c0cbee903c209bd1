"""Changing the list of prior insurances: one described anew, one more, or one part of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.application.display import display, label, prior_insurance
from bot.application.kinds import ReadingContext
from bot.application.questions import question
from bot.application.relevance import forget, store
from bot.conversation.asking import ask
from bot.conversation.reply import Choice
from bot.conversation.stated_values import trimmed
from bot.conversation.turn import Turn, choice
from bot.language.wording import folded_in_place


def choose_entry(turn: Turn) -> None:
    """Ask which prior insurance is to be described anew."""
    entries = turn.answers.get("prior_insurances") or []
    offered = [
        Choice(title=prior_insurance(each), payload=f"entry:remove:{number}")
        for number, each in enumerate(entries)
    ]
    offered += [choice("add_entry", "entry:add"), choice("keep_entries", "command:continue")]
    turn.say("which_prior_insurance", choices=offered)


def change_entry(turn: Turn, action: str) -> bool:
    """Ask one prior insurance anew, or one more; ``False`` if there is no such entry."""
    entries = list(turn.answers.get("prior_insurances") or ())
    if action == "add" and entries:
        store(turn.answers, {"prior_insurance_more": True})
        forget(turn.answers, ["disclosure_confirmed"])
    elif action.startswith("remove:") and action[7:].isdigit() and int(action[7:]) < len(entries):
        del entries[int(action[7:])]
        values: dict[str, Any] = {"prior_insurances": entries}
        if entries:
            values["prior_insurance_more"] = True
        store(turn.answers, values)
        if not entries:
            forget(turn.answers, ["prior_insurances", "prior_insurance_more"])
    else:
        return False
    turn.record("corrected", "prior_insurances", value=entries)
    ask(turn)
    return True


def correct_part(turn: Turn) -> None:
    """Change one part of a prior insurance that the message names, such as its end."""
    entries = [dict(each) for each in turn.answers["prior_insurances"]]
    changed = _entry_part(turn, entries[-1]) if len(entries) == 1 else None
    if changed is None:
        choose_entry(turn)
        return
    entries[-1].update(changed)
    store(turn.answers, {"prior_insurances": entries})
    turn.record("corrected", "prior_insurances", value=entries)
    turn.say(
        "changed",
        label=label("prior_insurances"),
        value=display("prior_insurances", entries),
    )
    ask(turn)


_PART = re.compile(r"\b(ende|endet|endete|bis|beginn|begann|anfang|seit|ab|nummer)\b")


def _entry_part(turn: Turn, known: Mapping[str, Any]) -> dict[str, Any] | None:
    folded = folded_in_place(turn.message.text)
    part = _PART.search(folded)
    if part is None:
        return None
    words = folded[part.end() :]
    stripped = next(trimmed(words), words)
    period = question("prior_insurance_period")
    context = ReadingContext(
        field="prior_insurance_period", today=turn.today, answers=turn.answers, required=True
    )
    if part.group(1) in ("ende", "endet", "endete", "bis"):
        reading = period.kind.read(f"{_spoken(known['start_date'])} bis {stripped}", context)
    elif part.group(1) != "nummer":
        end = known["end_date"]
        until = f"bis {_spoken(end)}" if end else "läuft noch"
        reading = period.kind.read(f"{stripped} {until}", context)
    else:
        return {"policy_number": stripped.upper()} if stripped else None
    return dict(reading.value) if reading.is_ok else None


def _spoken(value: str) -> str:
    year, month, day = value.split("-")
    return f"{day}.{month}.{year}"
