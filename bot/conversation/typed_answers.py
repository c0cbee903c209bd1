"""A typed message that answers the open question and may ask something besides."""

from __future__ import annotations

from bot.conversation import explaining, settling, starting, what_ifs
from bot.conversation.answering import answer as answer_open_question
from bot.conversation.asking import current_question
from bot.conversation.correcting import keep
from bot.conversation.turn import Turn
from bot.language.skipping import reads_as_keep
from bot.texts import has


def answer(turn: Turn) -> None:
    """Settle what is pending, else take the answer; then answer what was asked besides."""
    if settling.settle(turn):
        return
    if turn.draft.status != "open":
        starting.carry_on(turn)
        return
    if not turn.draft.greeted:
        starting.welcome(turn)
        if not _worth_reading(turn):
            return
        turn.replies.pop()
    _explain_first(turn)
    asked = current_question(turn)
    if asked is not None and asked.key == turn.draft.returning_to:
        needed = asked.required(turn.answers)
        if reads_as_keep(turn.message.answer_text, needed=needed) and keep(turn):
            return
    answer_open_question(turn)


def _worth_reading(turn: Turn) -> bool:
    return bool(turn.message.answer_text.strip())


def _explain_first(turn: Turn) -> None:
    """Short explanations come before the next question, so that the question stands last."""
    for topic in turn.message.topics:
        if has(f"topics.{topic}"):
            turn.tell(explaining.short_answer(topic))
            turn.draft.last_topic = topic
        elif topic == ":price_question":
            what_ifs.price_supposed(turn)
        elif topic in (":explain_why", ":explain_how"):
            explaining.tell_about_question(turn, "why" if topic == ":explain_why" else "how")
        else:
            turn.say("do_not_know")
