"""Beginning, pausing and ending a conversation."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import ending, starting
from bot.conversation.turn import Turn


class ActionBegin(TurnAction):
    """Introduces the assistant, or meets a returning person where they stopped."""

    action = "action_begin"

    def handle(self, turn: Turn) -> None:
        starting.begin(turn)


class ActionGreet(TurnAction):
    """Returns a greeting."""

    action = "action_greet"

    def handle(self, turn: Turn) -> None:
        starting.greet(turn)


class ActionContinue(TurnAction):
    """Comes back to the open question."""

    action = "action_continue"

    def handle(self, turn: Turn) -> None:
        starting.carry_on(turn)


class ActionStartApplication(TurnAction):
    """Begins an application."""

    action = "action_start_application"

    def handle(self, turn: Turn) -> None:
        starting.start_application(turn)


class ActionStartQuote(TurnAction):
    """Begins a request for a quote."""

    action = "action_start_quote"

    def handle(self, turn: Turn) -> None:
        starting.start_quote(turn)


class ActionStartChange(TurnAction):
    """Begins a change request."""

    action = "action_start_change"

    def handle(self, turn: Turn) -> None:
        starting.start_change(turn)


class ActionCancel(TurnAction):
    """Asks whether to cancel."""

    action = "action_cancel"

    def handle(self, turn: Turn) -> None:
        ending.ask_to_cancel(turn)


class ActionRestart(TurnAction):
    """Asks whether to start anew."""

    action = "action_start_anew"

    def handle(self, turn: Turn) -> None:
        if turn.draft.status in ("submitted", "cancelled"):
            # Nothing is lost by it.
            starting.start_anew(turn)
        else:
            ending.ask_to_restart(turn)


class ActionErase(TurnAction):
    """Asks whether to erase everything stored about this conversation."""

    action = "action_erase"

    def handle(self, turn: Turn) -> None:
        ending.ask_to_erase(turn)
