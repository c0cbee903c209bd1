"""Every question in full with its answer, to be read before anything is declared."""

from __future__ import annotations

import re

from bot import legal
from bot.application.display import display, label
from bot.application.questions import QUESTIONS, SECTIONS, Question
from bot.conversation.asking import question_words, repeat
from bot.conversation.reviewing import is_shown
from bot.conversation.turn import Turn
from bot.language.wording import folded_in_place, pattern
from bot.texts import text

ITEM = "questions_in_full"
_WANTED = pattern("questions_in_full.wanted")
_STILL_TO_COME = re.compile(r"\bnoch\b.*\b(?:kommen|kommt|sind|fehlen|offen)\b|\bkommen noch\b")
# Confirmed in the last steps, right where they are asked.
_NOT_YET = "declaration"


def are_wanted(words: str) -> bool:
    """Whether somebody who wants to see what was answered wants the questions in full."""
    folded = folded_in_place(words)
    return bool(_WANTED.search(folded)) and not _STILL_TO_COME.search(folded)


def show_questions(turn: Turn) -> None:
    """The questions word for word with the answers, section by section, and the same as PDF."""
    sections = [each for each in SECTIONS if each != _NOT_YET]
    shown = [words for each in sections if (words := _section(turn, each))]
    if shown:
        for words in shown:
            turn.tell(words)
        title = text("handoff.questions.title")
        card = {"type": "answers", "title": title, "pdf": True}
        turn.tell(text("handoff.questions.as_pdf"), card=card)
        turn.record("shown", ITEM)
    else:
        turn.say("nothing_yet")
    repeat(turn)


def _section(turn: Turn, section: str) -> str:
    """The section's questions that were answered; empty if there are none."""
    asked = [each for each in QUESTIONS if each.section == section and is_shown(turn, each)]
    pairs = [
        text("handoff.questions.pair", question=_wording(turn, each), answer=_answer(turn, each))
        for each in asked
    ]
    if not pairs:
        return ""
    return "\n\n".join([text(f"questions.sections.{section}.title"), *pairs])


def _wording(turn: Turn, asked: Question) -> str:
    if asked.key == "prior_insurance_insurer":
        return legal.document("prior_insurances").text
    return question_words(turn, asked)


def _answer(turn: Turn, asked: Question) -> str:
    answers = turn.answers
    if asked.key == "prior_insurance_insurer":
        return display("prior_insurances", answers["prior_insurances"])
    given = [name for name in asked.fields if name in answers]
    if len(given) == 1:
        return display(given[0], answers[given[0]])
    return ", ".join(
        f"{label(name)}: {display(name, answers[name])}"
        for name in given
        if answers[name] is not None
    )
