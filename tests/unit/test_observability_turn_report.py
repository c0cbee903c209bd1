"""What is told of a turn: questions and outcomes, nothing that anybody typed."""

from __future__ import annotations

from typing import Any

import pytest

from bot import clock
from bot.application.draft import Draft
from bot.observability.conversation_mark import conversation_mark, current_mark, working_for
from bot.observability.turn_report import DraftBefore, TurnReport, turn_report


def draft(**values: Any) -> Draft:
    moment = clock.now()
    return Draft(conversation_id="c", created_at=moment, updated_at=moment, **values)


def found(**values: Any) -> DraftBefore:
    return DraftBefore.of(draft(**values))


def test_an_answer_that_was_taken() -> None:
    before, after = found(open_question="club_name"), draft(open_question="club_type")
    report = turn_report("widget", before, after, [{"text": "Danke, TSV."}])
    assert report == TurnReport("widget", answered="club_name", asked="club_type")
    assert "TSV" not in str(report.as_dict())


def test_a_first_turn_begins_the_conversation() -> None:
    report = turn_report("widget", DraftBefore.of(None), draft(open_question="request_type"), [])
    assert (report.begun, report.answered, report.asked) == (True, None, "request_type")


@pytest.mark.parametrize(
    "after",
    [draft(open_question="iban"), draft(open_question="iban", failures=1)],
    ids=["said in the question", "counted in the draft"],
)
def test_an_answer_that_was_not_understood(after: Draft) -> None:
    error = None if after.failures else "Das ist keine IBAN."
    replies = [{"text": "…", "question": {"field": "iban", "error": error}}]
    report = turn_report("widget", found(open_question="iban"), after, replies)
    assert report.misunderstood == "iban"
    assert report.asked is None


def test_a_premium_was_shown() -> None:
    replies = [{"card": {"type": "quote"}}]
    assert turn_report("widget", found(), draft(), replies).quoted
    assert not turn_report("widget", found(), draft(), [{"card": {"type": "review"}}]).quoted


@pytest.mark.parametrize("status", ["submitted", "cancelled", "ended"])
def test_how_it_ended(status: str) -> None:
    before = found(open_question="submission", answers={"request_type": "quote"})
    after = draft(status=status, answers={"request_type": "quote"})
    report = turn_report("widget", before, after, [])
    assert (report.ended, report.request_type) == (status, "quote")
    assert turn_report("widget", DraftBefore.of(after), after, []).ended is None


def test_everything_was_erased() -> None:
    assert turn_report("widget", found(), None, []).ended == "erased"


def test_a_conversation_has_another_name_outside() -> None:
    mark = conversation_mark("c1", "secret")
    assert mark == conversation_mark("c1", "secret")
    assert mark not in {conversation_mark("c2", "secret"), conversation_mark("c1", "other")}
    assert len(mark) == 16
    assert current_mark() == ""
    with working_for(mark):
        assert current_mark() == mark
    assert current_mark() == ""
