"""Premiums: what-ifs, comparison, taking one over."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import choosing, supposing


class ActionQuote(TurnAction):
    """Answers a price question without storing anything."""

    action = "action_quote"
    handler = supposing.answer_price_question


class ActionCompare(TurnAction):
    """Shows all deductibles of both products side by side."""

    action = "action_compare"
    handler = supposing.compare_and_return


class ActionAdoptQuote(TurnAction):
    """Takes over what was priced last."""

    action = "action_adopt_quote"
    handler = choosing.adopt_last
