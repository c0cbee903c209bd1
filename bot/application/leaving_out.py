"""Leaving a question out: an optional one, or in a change request what stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.application.questions import Question
from bot.language.skipping import reads_as_skip, reads_as_unchanged


def leaves_out(text: str, asked: Question, answers: Mapping[str, Any]) -> bool:
    """Whether this text leaves the question without an answer, and may do so.

    "keine" leaves out a telephone number; in a change request it is a number of employees.
    """
    if asked.required(answers):
        return False
    if asked.may_stay(answers):
        return reads_as_unchanged(text)
    return reads_as_skip(text, asked.key)
