"""Beginning, pausing and ending a conversation."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import ending, starting


class ActionBegin(TurnAction):
    """Introduces the assistant, or meets a returning person where they stopped."""

    action = "action_begin"
    handler = starting.begin


class ActionGreet(TurnAction):
    """Returns a greeting."""

    action = "action_greet"
    handler = starting.greet


class ActionContinue(TurnAction):
    """Comes back to the open question."""

    action = "action_continue"
    handler = starting.carry_on


class ActionStartApplication(TurnAction):
    """Begins an application."""

    action = "action_start_application"
    handler = starting.start_application


class ActionStartQuote(TurnAction):
    """Begins a request for a quote."""

    action = "action_start_quote"
    handler = starting.start_quote


class ActionStartChange(TurnAction):
    """Begins a change request."""

    action = "action_start_change"
    handler = starting.start_change


class ActionCancel(TurnAction):
    """Asks whether to cancel."""

    action = "action_cancel"
    handler = ending.ask_to_cancel


class ActionRestart(TurnAction):
    """Asks whether to start anew."""

    action = "action_start_anew"
    handler = ending.ask_to_restart


class ActionErase(TurnAction):
    """Asks whether to erase everything stored about this conversation."""

    action = "action_erase"
    handler = ending.ask_to_erase
