"""An application begun under an earlier catalogue of questions fits today's, or asks again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot import clock
from bot.application.catalogue import (
    bring_up_to_date,
    catalogue_version,
    note_catalogue,
    signature,
)
from bot.application.draft import Draft, Pending
from bot.application.questions import QUESTIONS, question
from bot.application.relevance import next_question
from bot.conversation.renewing import renew
from bot.conversation.turn import Message, Services, Turn
from bot.documents.statutes import StatutesFacts
from bot.rating import tariff as tariffs
from bot.rating.tariff import Tariff

ANSWERS = {
    "request_type": "application",
    "membership_number": None,
    "club_name": "TSV Nord e.V.",
    "club_type": "Sport",
    "natural_persons_only": True,
    "member_count": 250,
    "employee_count": 0,
    "product": "jurverein",
    "deductible": "fixed_350",
    "family_membership": False,
}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00:00+01:00")


def draft(**values: Any) -> Draft:
    moment = clock.now()
    made = Draft(conversation_id="c", created_at=moment, updated_at=moment)
    made.answers = dict(ANSWERS)
    made.open_question = "address"
    for name, value in values.items():
        setattr(made, name, value)
    return made


def test_every_question_has_a_signature_of_its_own_meaning() -> None:
    assert signature(question("iban")) == signature(question("iban"))
    changed = replace(question("natural_persons_only"), legal="criminal_proceedings")
    assert signature(changed) != signature(question("natural_persons_only"))
    assert signature(replace(question("iban"), must_be_true=True)) != signature(question("iban"))


def test_under_the_same_catalogue_nothing_changes() -> None:
    same = draft(pending=Pending(kind="cancel"))
    note_catalogue(same)
    before = same.copy(deep=True)
    assert bring_up_to_date(same) == ()
    assert same == before
    assert same.catalogue == catalogue_version()
    assert set(same.asked_as) < {each.key for each in QUESTIONS}


def test_a_draft_of_the_first_release_goes_on() -> None:
    first = draft()
    assert (first.catalogue, first.asked_as) == (None, {})
    assert bring_up_to_date(first) == ()
    assert first.answers == ANSWERS


def test_a_renamed_field_keeps_its_answer() -> None:
    old = draft(answers={"request_type": "application", "name_of_club": "TSV Nord"})
    assert bring_up_to_date(old, {"name_of_club": "club_name"}) == ()
    assert old.answers == {"request_type": "application", "club_name": "TSV Nord"}


def test_what_nobody_asks_any_more_is_dropped() -> None:
    old = draft(order=["club_name", "star_sign"], open_question="star_sign")
    old.answers["star_sign"] = "Löwe"
    old.previous_answers["star_sign"] = "Fische"
    assert bring_up_to_date(old) == ("star_sign",)
    assert old.answers == ANSWERS
    assert (old.order, old.previous_answers, old.open_question) == (["club_name"], {}, None)


def test_a_choice_that_is_gone_is_asked_again() -> None:
    old = draft()
    old.answers["product"] = "jurverein_plus"
    assert "product" in bring_up_to_date(old)
    assert "product" not in old.answers
    assert old.answers["club_name"] == "TSV Nord e.V."


def test_an_answer_to_another_wording_is_asked_again() -> None:
    old = draft()
    note_catalogue(old)
    old.catalogue = "earlier"
    old.asked_as["natural_persons_only"] = "earlier"
    assert bring_up_to_date(old) == ("natural_persons_only",)
    asked = next_question(old.answers)
    assert asked is not None
    assert asked.key == "natural_persons_only"


# In the conversation


def services() -> Services:
    return Services(read_statutes=lambda _id: StatutesFacts())


def turn_of(made: Draft) -> Turn:
    return Turn(draft=made, message=Message(id="m"), services=services(), now=clock.now())


def test_people_are_told_what_is_asked_again() -> None:
    old = draft()
    note_catalogue(old)
    old.catalogue = "earlier"
    old.asked_as["natural_persons_only"] = "earlier"
    turn = turn_of(old)
    assert not renew(turn)
    assert "Nur natürliche Personen" in turn.replies[0].text
    assert [each.item for each in old.new_evidence if each.kind == "dropped"] == [
        "natural_persons_only"
    ]


def test_a_yes_to_a_question_that_is_gone_is_not_taken_for_another() -> None:
    assert renew(turn_of(draft()))
    assert not renew(turn_of(draft(open_question="star_sign")))
    assert not renew(turn_of(draft(pending=Pending(kind="cancel"))))
    assert renew(turn_of(draft(status="submitted", open_question="star_sign")))


# Tariffs


@pytest.fixture
def _two_tariffs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The old tariff until the end of the year, and already a new and dearer one beside it."""
    known = tariffs.tariffs()[0]
    old = known.copy(update={"id": "old", "valid_until": clock.today().replace(month=12, day=31)})
    page = known.instalment_page.copy(
        update={"membership": {**known.instalment_page.membership, "annual": Decimal("54.00")}}
    )
    new = known.copy(
        update={
            "id": "new",
            "valid_from": clock.today().replace(day=1),
            "instalment_page": page,
        }
    )
    found: tuple[Tariff, ...] = (new, old)
    monkeypatch.setattr(tariffs, "tariffs", lambda: found)


@pytest.mark.usefixtures("_two_tariffs")
def test_an_application_keeps_the_tariff_it_was_quoted_from() -> None:
    from bot.conversation.pricing import quote_of, show_quote_if_new

    fresh, quoted = draft(), draft(tariff="old")
    dearer, kept = (quote_of(each, clock.today()) for each in (fresh, quoted))
    assert dearer is not None
    assert kept is not None
    assert (dearer.tariff.id, kept.tariff.id) == ("new", "old")
    assert dearer.total_annual - kept.total_annual == 27
    assert renew(turn_of(quoted))
    # Also when an answer changes.
    turn = turn_of(quoted)
    turn.answers["member_count"] = 120
    show_quote_if_new(turn, ANSWERS)
    assert turn.replies[-1].card is not None
    assert turn.replies[-1].card["quote"]["tariff"] == "old"
    first = turn_of(fresh)
    show_quote_if_new(first, {})
    assert fresh.tariff == "new"


@pytest.mark.usefixtures("_two_tariffs")
def test_when_the_tariff_ends_the_new_premium_is_shown_and_reviewed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quoted = draft(tariff="old", open_question="submission")
    quoted.answers["review"] = True
    note_catalogue(quoted)
    monkeypatch.setenv("BOT_NOW", "2027-01-01T00:00:01+01:00")
    turn = turn_of(quoted)
    assert not renew(turn)
    assert "gilt nicht mehr" in turn.replies[0].text
    card = turn.replies[-1].card
    assert card is not None
    assert card["quote"]["tariff"] == quoted.tariff == "new"
    assert "review" not in quoted.answers
    assert renew(turn_of(quoted))


@pytest.mark.usefixtures("_two_tariffs")
def test_before_a_premium_was_shown_no_tariff_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    early = draft(answers={"request_type": "application"}, open_question="club_name")
    monkeypatch.setenv("BOT_NOW", "2027-01-01T00:00:01+01:00")
    assert renew(turn_of(early))
    assert early.tariff is None
