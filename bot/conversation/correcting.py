"""Changing an earlier answer, by words or from the review, in the middle of anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.application.display import display, label, prior_insurance
from bot.application.draft import Pending
from bot.application.kinds import ReadingContext
from bot.application.questions import QUESTIONS, Question, question, question_for
from bot.application.relevance import forget, store
from bot.conversation.answering import accept, take, values_of
from bot.conversation.asking import ask, current_question
from bot.conversation.matching import mentioned, names, plain
from bot.conversation.reply import Choice
from bot.conversation.starting import is_over
from bot.conversation.turn import Turn, choice
from bot.language.reading import Reading
from bot.texts import text

_HEISSEN = "hei(?:ss?)"
_OPENING = re.compile(
    r"^\W*(?:(?:nein|ne|nee|noe?|halt|stopp?|moment|sorry|entschuldigung|ach|oh|upps?|ups|quatsch|"
    r"falsch|korrektur|ae?nderung|doch|eigentlich|ich meinte?|ich meine|meinte|gemeint war|"
    rf"es (?:sind|ist|muss {_HEISSEN}en)|das (?:ist|war) falsch|ae?ndern sie|ae?ndere|ae?ndern|"
    r"bitte|koe?nnen sie|kannst du|ich moe?chte|ich will|die|der|das|den|unsere?|meine?|beim?|"
    r"sondern|lieber|jetzt|nur|mal|und|auf|in|zu)\b\W*)+"
)
_BETWEEN = re.compile(
    rf"^\W*(?:(?:ist|sinds?|sin|war|warn|lautet|geschrieben|haben|hat|ham|soll|{_HEISSEN}t|"
    r"stimmt nicht|ist falsch|falsch|auf|in|zu|bitte|jetzt|nicht mehr|doch|nein|sondern|muss|"
    r"sollte|ae?ndern|korrigieren|geae?ndert|wird|werden|das|die|der|neue?r?|richtig|korrekt|es|"
    r"von)\b\W*)+"
)
_CLOSING = re.compile(
    rf"\W*(?:\b(?:ae?ndern|geae?ndert werden|{_HEISSEN}en|sein|lauten|bitte|als)\b\W*)+$"
)
_CONTRASTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bnicht\b.*?\bsondern\b\s*(?P<new>.+)$",
        r"\bvon\b.+?\bauf\b\s*(?P<new>.+)$",
        r"^\W*(?:statt|anstatt)\s+\S+\s+(?P<new>.+)$",
        r"(?P<new>.+?)\s+(?:statt|anstatt|nicht|ned|net)\b(?:(?!sondern).)*$",
    )
)


@dataclass(frozen=True)
class Correction:
    """An answer to change; ``words`` is what may be its new value, empty if none was given."""

    question: Question
    words: str


def correct(turn: Turn) -> None:
    """Change the answer that the message names, or whose kind its value fits."""
    if is_over(turn):
        return
    named = list(mentioned(turn.message.text))
    if named:
        _correct_named(turn, named)
        return
    fits = list(_fitting(turn))
    if len(fits) == 1:
        _change(turn, *fits[0])
    elif fits:
        _ask_which(turn, fits)
    else:
        _correct_unnamed(turn)


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
        _correct_prior_insurance(turn)
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


def value_words(words: str, target: Question) -> Iterator[str]:
    """The parts of a correction that may be the new value, the likeliest first."""
    folded = plain(words)
    if target.also_fills:
        yield _inner(words)
    for name, key in names():
        match = re.search(rf"(?<!\w){re.escape(name)}\w*", folded)
        if question_for(key) is not target or not match:
            continue
        before, after = words[: match.start()], words[match.end() :]
        if not _DENIED.search(plain(after)):
            if target.kind.control == "yes_no":
                yield _bare(after)
            yield from _trimmed(after)
        number = _LAST_NUMBER.search(before)
        if number:
            yield number.group()
        yield from _trimmed(before)
        if target.kind.control != "choice":
            return
        break
    yield from _trimmed(words)


_DENIED = re.compile(r"^\W*(?:nicht|ned|net|nich|kein\w*)\b")
_LAST_NUMBER = re.compile(r"(?<!\S)\d[\d.]*(?=\s*$)")


def _trimmed(words: str) -> Iterator[str]:
    folded = plain(words)
    for contrast in _CONTRASTS:
        found = contrast.search(folded)
        if found:
            yield _inner(words[found.start("new") : found.end("new")])
            break
    yield _inner(words)


def _inner(words: str) -> str:
    """Without the words around a value: "bitte auf 240 ändern" becomes "240"."""
    folded = plain(words)
    start = 0
    for pattern in (_OPENING, _BETWEEN):
        match = pattern.match(folded[start:])
        start += match.end() if match else 0
    end = _CLOSING.search(folded)
    return _bare(words[start : end.start() if end and end.start() > start else len(words)])


_FULL_STOP = re.compile(r"(?<=\w{3})[.!]+$")


def _bare(words: str) -> str:
    """Without the punctuation around it, but with the dots of "e.V."."""
    return _FULL_STOP.sub("", words.strip(" ,:;")).strip(" ,:;")


def _fitting(turn: Turn) -> Iterator[tuple[Question, Reading]]:
    """The answered questions whose kind the stated value fits, the last answered first."""
    words = next(_trimmed(turn.message.text), "")
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
    options = [
        {"title": label(each.key), "question": each.key, "value": reading.value}
        for each, reading in fits
    ]
    turn.draft.pending = Pending(kind="reading", options=options)
    turn.say(
        "which_one",
        choices=[
            Choice(title=str(each["title"]), payload=f"pick:{number}")
            for number, each in enumerate(options)
        ],
    )


_NOT_IN_PASSING = {"yes_no", "text", "long_text", "person_name", "upload"}


def _correct_unnamed(turn: Turn) -> None:
    asked = current_question(turn)
    words = next(_trimmed(turn.message.text), "")
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
        _choose_prior_insurance(turn)
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


def _choose_prior_insurance(turn: Turn) -> None:
    entries = turn.answers.get("prior_insurances") or []
    offered = [
        Choice(title=prior_insurance(each), payload=f"entry:remove:{number}")
        for number, each in enumerate(entries)
    ]
    offered += [choice("add_entry", "entry:add"), choice("keep_entries", "command:continue")]
    turn.say("which_prior_insurance", choices=offered)


def change_entry(turn: Turn, action: str) -> bool:
    """Ask one prior insurance anew, or one more; ``False`` if there is no such entry."""
    entries = list(turn.answers.get("prior_insurances") or ())
    if action == "add" and entries:
        store(turn.answers, {"prior_insurance_more": True})
        forget(turn.answers, ["disclosure_confirmed"])
    elif action.startswith("remove:") and action[7:].isdigit() and int(action[7:]) < len(entries):
        del entries[int(action[7:])]
        values: dict[str, Any] = {"prior_insurances": entries}
        if entries:
            values["prior_insurance_more"] = True
        store(turn.answers, values)
        if not entries:
            forget(turn.answers, ["prior_insurances", "prior_insurance_more"])
    else:
        return False
    turn.draft.record(turn.now, "corrected", "prior_insurances", value=entries)
    ask(turn)
    return True


def _correct_prior_insurance(turn: Turn) -> None:
    """Change one part of a prior insurance that the message names, such as its end."""
    entries = [dict(each) for each in turn.answers["prior_insurances"]]
    changed = _entry_part(turn, entries[-1]) if len(entries) == 1 else None
    if changed is None:
        _choose_prior_insurance(turn)
        return
    entries[-1].update(changed)
    store(turn.answers, {"prior_insurances": entries})
    turn.draft.record(turn.now, "corrected", "prior_insurances", value=entries)
    turn.say(
        "changed",
        label=label("prior_insurances"),
        value=display("prior_insurances", entries),
    )
    ask(turn)


_PART = re.compile(r"\b(ende|endet|endete|bis|beginn|begann|anfang|seit|ab|nummer)\b")


def _entry_part(turn: Turn, known: Mapping[str, Any]) -> dict[str, Any] | None:
    folded = plain(turn.message.text)
    part = _PART.search(folded)
    if part is None:
        return None
    words = folded[part.end() :]
    stripped = next(_trimmed(words), words)
    period = question("prior_insurance_period")
    context = ReadingContext(
        field="prior_insurance_period", today=turn.today, answers=turn.answers, required=True
    )
    if part.group(1) in ("ende", "endet", "endete", "bis"):
        reading = period.kind.read(f"{_spoken(known['start_date'])} bis {stripped}", context)
    elif part.group(1) != "nummer":
        end = known["end_date"]
        until = f"bis {_spoken(end)}" if end else "läuft noch"
        reading = period.kind.read(f"{stripped} {until}", context)
    else:
        return {"policy_number": stripped.upper()} if stripped else None
    return dict(reading.value) if reading.is_ok else None


def _spoken(value: str) -> str:
    year, month, day = value.split("-")
    return f"{day}.{month}.{year}"


def changeable(key: str) -> bool:
    """Whether a review offers to change this."""
    return key == "prior_insurances" or any(each.key == key for each in QUESTIONS)
