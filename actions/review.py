"""Checking and sending what was answered."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import starting, submitting


class ActionSummary(TurnAction):
    """Shows what was answered so far."""

    action = "action_summary"
    handler = starting.summary


class ActionSubmit(TurnAction):
    """Submits when everything is answered and declared; otherwise asks what is open."""

    action = "action_submit"
    handler = submitting.submit_by_words
