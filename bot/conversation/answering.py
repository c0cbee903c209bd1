"""Taking the answer to the open question: read, check, store, and say what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.application.derived import deductible_start_level
from bot.application.display import display, label
from bot.application.draft import Pending
from bot.application.questions import DISCLOSURES, Question, question
from bot.application.relevance import store
from bot.conversation import ending
from bot.conversation.asking import ask, choices_for, current_question, prompt_for, suggested_value
from bot.conversation.pricing import show_quote_if_new
from bot.conversation.turn import Turn, choice, options
from bot.language.reading import Reading
from bot.language.yes_no import read_yes_no
from bot.texts import has, text

_PERIOD = {"start_date": "period_start", "end_date": "period_end"}


def answer(turn: Turn) -> None:
    """Take what was typed as the answer to the open question."""
    asked = current_question(turn)
    if asked is None:
        ask(turn)
        return
    words = turn.message.answer_text
    if not words.strip():
        misunderstood(turn, asked, text("conversation.empty_message"))
        return
    if asked.left_open_by(words, turn.answers):
        accept(turn, asked, dict.fromkeys(asked.fields))
        return
    if suggested_value(turn, asked.key) is not None:
        agreed = read_yes_no(words)
        if agreed.is_ok and agreed.value and take_suggestion(turn, asked.key):
            return
    take(turn, asked, asked.kind.read(words, turn.context(asked)))


def take(turn: Turn, asked: Question, reading: Reading) -> None:
    """Go on as the reading of an answer to ``asked`` says."""
    if reading.status == "ok":
        accept(turn, asked, values_of(asked, reading.value), echo=reading.message)
    elif reading.status == "ask_back":
        _ask_back(turn, asked, reading)
    else:
        misunderstood(turn, asked, reading.message)


def values_of(asked: Question, value: Any) -> dict[str, Any]:
    """The fields that a value of this question's kind fills."""
    if asked.key == "prior_insurance_period":
        return {_PERIOD[name]: each for name, each in value.items()}
    if len(asked.fields) > 1 or asked.also_fills:
        return dict(value)
    return {asked.fields[0]: value}


def accept(
    turn: Turn,
    asked: Question,
    values: Mapping[str, Any],
    *,
    echo: str = "",
    corrected: bool = False,
) -> None:
    """Store accepted values, say what falls with them and ask on."""
    if asked.must_be_true and values.get(asked.key) is False:
        turn.say(f"must_be_true.{asked.key}", choices=[choice("review", "command:review")])
        ask(turn)
        return
    if asked.key == "review" and values.get("review") is False:
        # A messenger shows no overview in which something could be tapped.
        in_messenger = turn.draft.channel in ("messenger", "whatsapp")
        turn.say("what_to_change_in_words" if in_messenger else "what_to_change")
        return
    if asked.key == "submission" and values.get("submission") is False:
        turn.say("not_submitted", choices=[choice("review", "command:review")])
        return
    store_values(turn, asked, values, echo=echo, corrected=corrected)
    if turn.answers.get("natural_persons_only") is False:
        ending.not_eligible(turn)
    elif turn.answers.get("submission") is True:
        ending.submit(turn)
    else:
        ask(turn)


def store_values(
    turn: Turn,
    asked: Question,
    values: Mapping[str, Any],
    *,
    echo: str = "",
    corrected: bool = False,
) -> None:
    """Store values and say what was understood, what falls with them and what they cost."""
    draft = turn.draft
    before = dict(turn.answers)
    known_before = any(before.get(name) is not None for name in values)
    dropped = store(turn.answers, values)
    for name, value in values.items():
        if before.get(name, _UNSET) != value:
            kind = "corrected" if name in before else "answered"
            turn.record(kind, name, value=value)  # type: ignore[arg-type]
    for name in dropped:
        turn.record("dropped", name)
        draft.previous_answers.pop(name, None)
    for name in asked.fields:
        draft.previous_answers.pop(name, None)
    draft.order = [key for key in draft.order if key != asked.key] + [asked.key]
    draft.failures = 0
    if draft.returning_to == asked.key:
        draft.returning_to = None
    if draft.status == "ended" and turn.answers.get("natural_persons_only") is not False:
        draft.status = "open"
    _acknowledge(turn, asked, values, echo, corrected or known_before)
    _say_dropped(turn, dropped)
    show_quote_if_new(turn, before)


_UNSET = object()


def _acknowledge(
    turn: Turn, asked: Question, values: Mapping[str, Any], echo: str, corrected: bool
) -> None:
    if asked.internal and asked.section == "declaration":
        return
    if corrected:
        shown = ", ".join(display(name, values[name]) for name in values if name != "bic")
        turn.say("changed", label=label(asked.key), value=shown)
    elif echo:
        turn.tell(echo)
    follow_up = f"conversation.after.{asked.key}.{str(values.get(asked.key)).lower()}"
    if has(follow_up):
        turn.tell(text(follow_up))
    if asked.key == "claim_free_years" or (
        asked.key == "prior_insurance" and values.get("prior_insurance") is False
    ):
        _say_start_level(turn)


def _say_start_level(turn: Turn) -> None:
    level = deductible_start_level(turn.answers)
    if level is not None:
        turn.say("start_level", level=display("level", level))


def _say_dropped(turn: Turn, dropped: tuple[str, ...]) -> None:
    """Name the answers that no longer stand; steps and confirmations are simply asked again."""
    named = [name for name in dropped if name not in ("review", "submission")]
    if "payment_frequency" in named:
        turn.say("monthly_dropped")
        named.remove("payment_frequency")
    if "disclosure_confirmed" in named and set(named) - set(DISCLOSURES) == {
        "disclosure_confirmed"
    }:
        turn.say("confirm_again")
        named.remove("disclosure_confirmed")
    shown = [name for name in named if has(f"questions.{name}.label") or name in _LISTED]
    if shown:
        turn.say("dropped", labels=", ".join(dict.fromkeys(label(name) for name in shown)))


_LISTED = {"prior_insurances", "iban"}


def _ask_back(turn: Turn, asked: Question, reading: Reading) -> None:
    turn.draft.pending = Pending(
        kind="reading",
        question=asked.key,
        options=[{"title": each.title, "value": each.value} for each in reading.options],
        asked_about=_asked_about(reading),
    )
    offered = options(each.title for each in reading.options)
    turn.draft.open_question = asked.key
    turn.tell(reading.message, choices=offered, question=prompt_for(turn, asked, None))


def _asked_about(reading: Reading) -> int | None:
    """The one option that the message names ("Meinen Sie …?"): a plain yes means it."""
    named = [number for number, each in enumerate(reading.options) if each.title in reading.message]
    if len(reading.options) == 1:
        return 0
    return named[0] if len(named) == 1 else None


def misunderstood(turn: Turn, asked: Question, error: str) -> None:
    """Not an answer: say why; explain the second time; offer other ways from the third on."""
    draft = turn.draft
    failures = draft.failures + 1 if draft.open_question == asked.key else 1
    said = draft.errors.count(error)
    shown = error if said < _SAME_ERROR else ""
    if failures == 1:
        ask(turn, error=shown)
    elif failures == 2:
        ask(turn, error=shown, words=_own_text(asked, "hint"))
    else:
        _offer_ways_out(turn, asked, failures)
        ask(turn, error=shown, words=_own_text(asked, "how"))
    draft.failures = failures
    draft.errors.append(error)


_SAME_ERROR = 2


def _own_text(asked: Question, what: str) -> str | None:
    key = f"questions.{asked.key}.{what}"
    return text(key) if has(key) else None


def _offer_ways_out(turn: Turn, asked: Question, failures: int) -> None:
    offered = [choice("human", "topic:human"), choice("why", "command:explain_why")]
    variants = ("ways_out", "ways_out_again", "ways_out_still")
    variant = variants[(failures - 3) % len(variants)]
    turn.say(variant, choices=offered, label=label(asked.key))


def choose(turn: Turn, key: str, code: str) -> bool:
    """Take a tapped choice of question ``key``; ``False`` if it was not on offer."""
    tapped = question(key)
    if not tapped.relevant(turn.answers):
        return False
    values = _tapped_values(turn, tapped, code)
    if values is None:
        return False
    current = current_question(turn)
    is_correction = current is None or current.key != key
    if is_correction and not any(name in turn.answers for name in tapped.fields):
        return False
    accept(turn, tapped, values, corrected=is_correction)
    return True


def _tapped_values(turn: Turn, tapped: Question, code: str) -> dict[str, Any] | None:
    offered = {each.payload: each for each in choices_for(turn, tapped)}
    if f"answer:{tapped.key}:{code}" not in offered:
        return None
    control = tapped.kind.control
    if code == "skip":
        return dict.fromkeys(tapped.fields)
    if control == "yes_no":
        return {tapped.key: code == "true"}
    if control == "upload":
        return {tapped.key: {"delivery": "later"}}
    if control == "choices":
        return {tapped.key: [code]}
    return {tapped.key: code}


def take_suggestion(turn: Turn, key: str) -> bool:
    """Take a suggestion that was tapped or agreed to; ``False`` if none is offered now."""
    value = suggested_value(turn, key)
    if value is None:
        return False
    asked = question(key)
    take(turn, asked, asked.kind.read(value, turn.context(asked)))
    return True
