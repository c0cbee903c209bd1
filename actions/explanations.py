"""Questions about the insurance and about the open question."""

from __future__ import annotations

from actions.turn import TurnAction
from bot.conversation import explaining


class ActionExplain(TurnAction):
    """Answers a question about the insurance from the form and the guide."""

    action = "action_explain"
    handler = explaining.explain


class ActionExplainMore(TurnAction):
    """Tells the rest about the topic explained last."""

    action = "action_explain_more"
    handler = explaining.more


class ActionExplainWhy(TurnAction):
    """Says why the open question is asked."""

    action = "action_explain_why"
    handler = explaining.why


class ActionExplainHow(TurnAction):
    """Says what to enter, with an example."""

    action = "action_explain_how"
    handler = explaining.how


class ActionDoNotKnow(TurnAction):
    """Admits not to know the answer and names who does."""

    action = "action_do_not_know"
    handler = explaining.do_not_know
