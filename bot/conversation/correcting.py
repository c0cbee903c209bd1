"""Changing an earlier answer, by words or from the review, in the middle of anything."""

from __future__ import annotations

from collections.abc import Iterator

from bot.application.display import label
from bot.application.draft import Pending
from bot.application.facts import find_facts
from bot.application.questions import QUESTIONS, Question, question, question_for
from bot.conversation import prior_insurances
from bot.conversation.answering import accept, take, values_of
from bot.conversation.asking import answer_before, ask, current_question, may_keep
from bot.conversation.mentions import mentioned
from bot.conversation.starting import is_over
from bot.conversation.stated_values import trimmed, value_words
from bot.conversation.turn import Turn, choice, options
from bot.language.reading import Option, Reading, ask_back, ok
from bot.texts import text

_CLUB = "club_name"


def correct(turn: Turn) -> None:
    """Change the answer that the message names, or whose kind its value fits."""
    if is_over(turn):
        return
    named = [_answered_part(turn, each) for each in mentioned(turn.message.text)]
    if named:
        _correct_named(turn, named)
        return
    club = _stated_club(turn)
    if club is not None:
        _correct_club(turn, club)
        return
    fits = list(_fitting(turn))
    if len(fits) == 1:
        _change(turn, *fits[0])
    elif fits:
        _ask_which(turn, fits)
    else:
        _correct_unnamed(turn)


def _stated_club(turn: Turn) -> str | None:
    """The name of a club that the message states, if another one was given."""
    known = turn.answers.get(_CLUB)
    stated = find_facts(turn.message.text, turn.today, {}).found
    names = (str(fact.values[_CLUB]) for fact in stated if fact.question == _CLUB)
    return next((name for name in names if known and name != known), None)


def _correct_club(turn: Turn, name: str) -> None:
    """Right after the name was given nothing else is meant; later it may be any other club's."""
    target = question(_CLUB)
    if turn.draft.order[-1:] == [_CLUB]:
        _change(turn, target, ok(name))
    else:
        take(turn, target, ask_back("text.is_it.club_name", Option(name, name), said=name))


def _correct_named(turn: Turn, named: list[Question]) -> None:
    answered = [each for each in named if _has_answer(turn, each)]
    if not answered:
        asked = current_question(turn)
        if asked is not None and asked in named:
            _answer_named(turn, asked)
            return
        turn.say("nothing_to_correct", label=label(named[0].key))
        ask(turn)
        return
    target = answered[0]
    if target.key == "prior_insurance_insurer":
        prior_insurances.correct_part(turn)
        return
    doubtful: Reading | None = None
    for words in filter(None, value_words(turn.message.text, target)):
        reading = target.kind.read(words, turn.context(target))
        if reading.is_ok and _may_be_taken(target, reading):
            _change(turn, target, reading)
            return
        if reading.status == "ask_back" and reading.options and doubtful is None:
            doubtful = reading
    if doubtful is not None and not target.legal:
        take(turn, target, doubtful)
        return
    call_up(turn, target.key)


def _answered_part(turn: Turn, each: Question) -> Question:
    """Who named no prior insurance speaks of the question whether there was one."""
    first = question("prior_insurance")
    if each.key == "prior_insurance_insurer" and not _has_answer(turn, each):
        return first if _has_answer(turn, first) else each
    return each


def _may_be_taken(target: Question, reading: Reading) -> bool:
    """A disclosure, and any consent, is given to its wording, which is therefore read again.

    Withdrawing a consent needs no wording.
    """
    if not target.legal or target.kind.control != "yes_no":
        return True
    return target.section != "disclosure" and reading.value is False


def _answer_named(turn: Turn, asked: Question) -> None:
    """The message names the open question itself: with an answer, or just to say it is wrong."""
    for words in value_words(turn.message.text, asked):
        reading = asked.kind.read(words, turn.context(asked))
        if reading.status != "reject":
            take(turn, asked, reading)
            return
    ask(turn, preface=text("conversation.then_again"))


def _fitting(turn: Turn) -> Iterator[tuple[Question, Reading]]:
    """The answered questions whose kind the stated value fits, the last answered first."""
    words = next(trimmed(turn.message.text), "")
    if not words:
        return
    closed = [
        question(key)
        for key in reversed(turn.draft.order)
        if question(key).kind.control not in ("text", "long_text", "upload", "yes_no")
        and not question(key).internal
        and (question(key).kind.control != "address" or any(map(str.isdigit, words)))
    ]
    for each in closed:
        reading = each.kind.read(words, turn.context(each))
        if reading.is_ok and _is_new(turn, each, reading):
            yield each, reading
            if each.kind.control != "number":
                return


def _is_new(turn: Turn, each: Question, reading: Reading) -> bool:
    values = values_of(each, reading.value)
    return any(turn.answers.get(name) != value for name, value in values.items())


def _ask_which(turn: Turn, fits: list[tuple[Question, Reading]]) -> None:
    offered = [
        {"title": label(each.key), "question": each.key, "value": reading.value}
        for each, reading in fits
    ]
    turn.draft.pending = Pending(kind="reading", options=offered)
    turn.say("which_one", choices=options(each["title"] for each in offered))


_NOT_IN_PASSING = {"yes_no", "text", "long_text", "person_name", "upload"}


def _correct_unnamed(turn: Turn) -> None:
    asked = current_question(turn)
    words = next(trimmed(turn.message.text), "")
    if asked is not None and words and asked.kind.control not in _NOT_IN_PASSING:
        reading = asked.kind.read(words, turn.context(asked))
        if reading.is_ok:
            take(turn, asked, reading)
            return
    turn.say("correct_what", choices=[choice("review", "command:review")])
    ask(turn)


def _has_answer(turn: Turn, each: Question) -> bool:
    if each.key == "prior_insurance_insurer":
        return bool(turn.answers.get("prior_insurances"))
    return any(name in turn.answers for name in each.fields)


def _change(turn: Turn, target: Question, reading: Reading) -> None:
    accept(turn, target, values_of(target, reading.value), echo=reading.message, corrected=True)


def call_up(turn: Turn, key: str) -> None:
    """Ask an answered question again; the old answer stands until a new one is accepted."""
    if key in ("prior_insurances", "prior_insurance_insurer"):
        prior_insurances.choose_entry(turn)
        return
    called = question_for(key)
    if not called.relevant(turn.answers):
        turn.say("not_relevant", label=label(called.key))
        ask(turn)
        return
    turn.draft.pending = None
    turn.draft.returning_to = called.key
    if turn.draft.status == "ended":
        turn.draft.status = "open"
    turn.draft.open_question = None
    ask(turn)


def keep(turn: Turn) -> bool:
    """Leave an answer that was called up as it is; ``False`` if none was."""
    asked = current_question(turn)
    if asked is None or not may_keep(turn, asked):
        return False
    turn.draft.returning_to = None
    turn.say("kept", value=answer_before(turn, asked))
    ask(turn)
    return True


def back(turn: Turn) -> None:
    """Ask the question that was answered last once more."""
    if is_over(turn):
        return
    current = turn.draft.returning_to
    order = [key for key in turn.draft.order if question(key).relevant(turn.answers)]
    if current in order:
        order = order[: order.index(current)]
    while order:
        key = order.pop()
        own_step = question(key).internal and key != "prior_insurance_more"
        if not own_step and _has_answer(turn, question(key)):
            call_up(turn, key)
            return
    turn.say("at_the_beginning")
    ask(turn)


def changeable(key: str) -> bool:
    """Whether a review offers to change this."""
    return key == "prior_insurances" or any(each.key == key for each in QUESTIONS)
