"""A change request says what was and what shall be."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from bot.application.display import display
from bot.handoff.changes import changes
from bot.handoff.pdf import render_pdf
from bot.storage import Database
from bot.storage.applications import ApplicationStore
from tests import handoff_cases as cases
from tests.handoff_cases import submit

OLD = {"club_name": "Alter Name e.V.", "street": "Am Anger 5", "payment_frequency": "monthly"}


@pytest.fixture
def database(tmp_path: Path, monkeypatch, database_url: str) -> Database:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00")
    return cases.open_database(tmp_path, database_url)


def handed(database: Database, contract: dict[str, Any], conversation: str) -> dict[str, Any]:
    draft = cases.draft_of(cases.CHANGE, conversation)
    draft.contract = contract
    application = cases.application_of(draft)
    reference = submit(draft, application, None, [], database).reference
    return ApplicationStore(database).envelope(reference)


def by_field(envelope: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["field"]: each for each in envelope["changes"]}


def test_without_knowledge_only_the_new_values_stand_there(database) -> None:
    found = by_field(handed(database, {}, "c1"))
    assert list(found) == [
        "club_name", "street", "postal_code", "city",
        "payment_frequency", "sepa_mandate", "iban", "bic", "bank_name",
    ]  # fmt: skip
    assert not any(each["old_known"] for each in found.values())
    assert found["iban"]["new"] == cases.IBAN


def test_what_the_portal_knows_is_the_old_state_and_what_stays_is_left_out(database) -> None:
    found = by_field(handed(database, OLD, "c1"))
    assert "street" not in found
    assert found["club_name"] == {
        "field": "club_name",
        "old_known": True,
        "old": "Alter Name e.V.",
        "new": cases.CLUB["club_name"],
    }
    assert found["payment_frequency"]["old"] == "monthly"
    assert found["iban"] == {
        "field": "iban", "old_known": False, "old": None, "new": cases.IBAN
    }  # fmt: skip


def test_what_the_same_person_applied_for_before_is_known_too(database, tmp_path) -> None:
    cases.submitted(database, tmp_path, cases.EVERYTHING, "c1")
    answers = {**cases.CHANGE, "payment_frequency": "quarterly", "city": "Passau"}
    draft = cases.draft_of(answers, "c1")
    draft.version = 1
    reference = submit(
        draft, cases.application_of(draft), None, [], database, destinations=[]
    ).reference
    found = by_field(ApplicationStore(database).envelope(reference))
    assert {name: each["old"] for name, each in found.items()} == {
        "city": "Oberpöring",
        "payment_frequency": "monthly",
    }


def test_what_somebody_else_applied_for_is_not_shown(database, tmp_path) -> None:
    cases.submitted(database, tmp_path, cases.EVERYTHING, "somebody else")
    found = by_field(handed(database, {}, "c1"))
    assert not any(each["old_known"] for each in found.values())


def test_other_requests_change_nothing() -> None:
    assert changes({**cases.QUOTE}, {}) is None


def test_the_pdf_shows_old_and_new(database) -> None:
    pdf = PdfReader(BytesIO(render_pdf(handed(database, OLD, "c1"))))
    words = " ".join("\n".join(page.extract_text() for page in pdf.pages).split())
    assert "Änderungen im Überblick" in words
    assert "Alter Name e.V." in words
    old, new = display("payment_frequency", "monthly"), display("payment_frequency", "annual")
    assert f"{old} {new}" in words
    assert "laut Vertrag" in words
