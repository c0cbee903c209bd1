"""Verifying notices any change to what was submitted."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from bot.handoff.parcel import application_pdf
from bot.handoff.verification import verify
from bot.storage import Database
from bot.storage.applications import ApplicationStore, UnknownApplication
from bot.storage.tables import applications, evidence, renditions
from tests import handoff_cases as cases


@pytest.fixture
def database(tmp_path: Path, monkeypatch, database_url: str) -> Database:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00")
    return cases.open_database(tmp_path, database_url)


@pytest.fixture
def reference(database: Database, tmp_path: Path) -> str:
    made = cases.submitted(database, tmp_path, cases.EVERYTHING).reference
    application_pdf(database, made)
    return made


def states(database: Database, tmp_path: Path, reference: str) -> dict[str, str]:
    findings = verify(reference, database, cases.documents_folder(tmp_path))
    return {finding.check: finding.state for finding in findings}


def replace_envelope(database: Database, reference: str, envelope: dict) -> None:
    with database.transaction() as unit:
        unit.execute(
            update(applications)
            .where(applications.c.reference == reference)
            .values(payload=database.vault.seal_json(envelope))
        )


def test_an_untouched_application_is_sound(database, tmp_path, reference) -> None:
    assert set(states(database, tmp_path, reference).values()) == {"sound"}
    assert len(states(database, tmp_path, reference)) == 5


def test_an_unknown_reference_is_an_error(database, tmp_path) -> None:
    with pytest.raises(UnknownApplication):
        verify("KS-3333-3333", database, tmp_path)


def test_a_changed_answer_is_noticed(database, tmp_path, reference) -> None:
    envelope = ApplicationStore(database).envelope(reference)
    envelope["application"]["criminal_proceedings"] = False
    replace_envelope(database, reference, envelope)
    assert states(database, tmp_path, reference)["seal"] == "altered"


def test_a_change_that_was_sealed_again_is_noticed(database, tmp_path, reference) -> None:
    from bot.handoff.seal import seal_value

    envelope = ApplicationStore(database).envelope(reference)
    envelope["application"]["criminal_proceedings"] = False
    envelope["seal"]["value"] = seal_value(envelope)
    replace_envelope(database, reference, envelope)
    assert states(database, tmp_path, reference)["seal"] == "altered"


def test_evidence_that_was_removed_or_added_is_noticed(database, tmp_path, reference) -> None:
    with database.transaction() as unit:
        last = unit.execute(select(evidence).order_by(evidence.c.id.desc())).first()
        unit.execute(delete(evidence).where(evidence.c.id == last.id))
    assert states(database, tmp_path, reference)["evidence"] == "altered"
    with database.transaction() as unit:
        unit.execute(insert(evidence), dict(last._mapping))
    assert states(database, tmp_path, reference)["evidence"] == "sound"


def test_a_changed_wording_is_noticed(database, tmp_path, reference) -> None:
    envelope = ApplicationStore(database).envelope(reference)
    envelope["wordings"][0]["text"] += " nicht"
    replace_envelope(database, reference, envelope)
    assert states(database, tmp_path, reference)["wordings"] == "altered"


def test_a_changed_document_is_noticed_and_an_erased_one_named(
    database, tmp_path, reference
) -> None:
    (path,) = [each for each in (tmp_path / "documents").rglob("*") if each.is_file()]
    whole = path.read_bytes()
    path.write_bytes(database.vault.seal(b"%PDF-1.8"))
    assert states(database, tmp_path, reference)["document"] == "altered"
    path.write_bytes(whole[:-10])
    assert states(database, tmp_path, reference)["document"] == "altered"
    path.unlink()
    assert states(database, tmp_path, reference)["document"] == "missing"


def test_a_changed_pdf_is_noticed(database, tmp_path, reference) -> None:
    with database.transaction() as unit:
        unit.execute(update(renditions).values(payload=database.vault.seal(b"%PDF-x")))
    assert states(database, tmp_path, reference)["pdf"] == "altered"
