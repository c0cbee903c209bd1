"""Typed messages are understood well enough to trust the assistant with an application."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from language.evaluation import Outcome
from language.report import failures
from language.understanding import Figures, assistant, evaluation_set, holdout_set

from bot.application.questions import QUESTIONS
from bot.texts import entry

LEAST_MESSAGES = 650
LEAST_RIGHT = 0.95
MOST_WRONG_VALUES = 0.01

pytestmark = pytest.mark.timeout(900)  # training included, on a busy machine


@pytest.fixture(scope="module")
def outcomes() -> Iterator[list[Outcome]]:
    """What the trained assistant makes of every message."""
    with assistant() as asked:
        yield [asked.outcome(case, case.place) for case in evaluation_set()]


def test_the_set_asks_for_everything_that_can_be_answered_or_asked() -> None:
    cases = evaluation_set()
    assert len(cases) >= LEAST_MESSAGES
    assert {each.key for each in QUESTIONS} - {case.open for case in cases} == set()
    asked = {topic for case in cases for each in case.topics or () for topic in each}
    asked |= {intent.removeprefix("ask_") for case in cases for intent in case.intents}
    assert set(entry("topics")) - asked == set()


def test_no_message_stands_twice() -> None:
    cases = [*evaluation_set(), *holdout_set()]
    situations = [
        (case.open, case.text, repr(dict(case.answers)), case.before, case.status) for case in cases
    ]
    assert len(situations) == len(set(situations))


def test_messages_are_understood(outcomes: list[Outcome]) -> None:
    right = Figures.of(outcomes).right
    assert right >= LEAST_RIGHT, "\n".join([f"{right:.1%} right", *failures(outcomes)])


def test_hardly_any_message_stores_a_wrong_value(outcomes: list[Outcome]) -> None:
    wrong = [each for each in outcomes if each.wrong_values]
    share = Figures.of(outcomes).wrong_value
    assert share <= MOST_WRONG_VALUES, "\n".join([f"{share:.1%} wrong", *failures(wrong)])


def test_no_message_breaks_an_action(outcomes: list[Outcome]) -> None:
    assert [each.case.place for each in outcomes if each.failed] == []
