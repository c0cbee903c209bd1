"""Questions about the insurance and about the open question."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import explaining
from bot.conversation.turn import Turn


class ActionExplain(TurnAction):
    """Answers a question about the insurance from the form and the guide."""

    action = "action_explain"

    def handle(self, turn: Turn) -> None:
        explaining.explain(turn)


class ActionExplainMore(TurnAction):
    """Tells the rest about the topic explained last."""

    action = "action_explain_more"

    def handle(self, turn: Turn) -> None:
        explaining.more(turn)


class ActionExplainWhy(TurnAction):
    """Says why the open question is asked."""

    action = "action_explain_why"

    def handle(self, turn: Turn) -> None:
        explaining.why(turn)


class ActionExplainHow(TurnAction):
    """Says what to enter, with an example."""

    action = "action_explain_how"

    def handle(self, turn: Turn) -> None:
        explaining.how(turn)


class ActionDoNotKnow(TurnAction):
    """Admits not to know the answer and names who does."""

    action = "action_do_not_know"

    def handle(self, turn: Turn) -> None:
        explaining.do_not_know(turn)
