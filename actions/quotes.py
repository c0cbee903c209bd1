"""Premiums: what-ifs, comparison, taking one over."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import choosing, what_ifs
from bot.conversation.turn import Turn


class ActionQuote(TurnAction):
    """Answers a price question without storing anything."""

    action = "action_quote"

    def handle(self, turn: Turn) -> None:
        what_ifs.answer_price_question(turn)


class ActionCompare(TurnAction):
    """Shows all deductibles of both products side by side."""

    action = "action_compare"

    def handle(self, turn: Turn) -> None:
        what_ifs.compare_and_return(turn)


class ActionAdoptQuote(TurnAction):
    """Takes over what was priced last."""

    action = "action_adopt_quote"

    def handle(self, turn: Turn) -> None:
        choosing.adopt_last(turn)
