"""Sending what was answered, when asked for in words."""

from __future__ import annotations

from bot.application.questions import question
from bot.conversation.answering import accept
from bot.conversation.asking import ask, current_question
from bot.conversation.starting import is_over
from bot.conversation.turn import Turn


def submit_by_words(turn: Turn) -> None:
    """Submit if sending is what is open; a review on the way counts as read by this."""
    if is_over(turn):
        return
    asked = current_question(turn)
    if asked is not None and asked.key in ("submission", "review"):
        accept(turn, question(asked.key), {asked.key: True})
        return
    turn.say("something_open")
    ask(turn)
