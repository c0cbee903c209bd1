"""The commands about stored data: export, retention, rotate-keys."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from stored_data import everything_stored

from bot import clock
from bot.commands import export, retention, rotate_keys
from bot.handoff.verification import verify
from bot.settings import settings
from bot.storage import UnreadablePayload
from bot.storage.inbound import InboundEvent, InboundEvents
from bot.storage.outbound import OutboundMessages
from bot.storage.people import People, Person
from bot.storage.stores import Stores
from tests import handoff_cases as cases

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(params=["sqlite", "postgresql"])
def data_dir(request, tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.delenv("BOT_DATABASE_URL", raising=False)
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
        monkeypatch.setenv("BOT_DATABASE_URL", url)
    folder = tmp_path / "data"
    set_environment(monkeypatch, BOT_DATA_DIR=str(folder), BOT_DATA_KEYS=OLD)
    set_environment(monkeypatch, BOT_NOW="2026-11-20T10:00")
    yield folder
    settings.cache_clear()


def set_environment(monkeypatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()


@pytest.fixture
def reference(data_dir: Path) -> str:
    stores = Stores.open(settings())
    reference = cases.submitted(stores.database, data_dir, cases.EVERYTHING).reference
    log = stores.messages
    log.append_turn(log.sealed_turn("c1", "m1", {"text": "Guten Tag"}, [], clock.now()))
    stores.drafts.save(cases.draft_of(cases.QUOTE, "c2"))
    put_into_messenger(stores, "c1", "491701234567")
    put_into_messenger(stores, "c2", "491755555555")
    return reference


def put_into_messenger(stores: Stores, conversation_id: str, address: str) -> None:
    """A message that waits to be answered, and one that waits to be sent."""
    now, person = clock.now(), f"hash of {conversation_id}"
    received = InboundEvent(f"event {person}", person, now, {"text": "Unsere Satzung"})
    InboundEvents(stores.database, "whatsapp").receive([received], now)
    with stores.database.transaction() as unit:
        People(stores.database, "whatsapp").save(
            unit, Person(person, conversation_id, address, last_message_at=now)
        )
        outbound = OutboundMessages(stores.database, "whatsapp")
        outbound.enqueue(unit, person, f"to {person}", [{"to": address, "body": "Guten Tag"}], now)


@pytest.mark.parametrize("by_reference", [False, True])
def test_the_export_holds_everything_about_one_person_and_nobody_else(
    data_dir, reference, tmp_path, capsys, by_reference: bool
) -> None:
    file = tmp_path / "auskunft.zip"
    subject = reference if by_reference else "c1"
    assert export.main([subject, "--output", str(file)]) == 0
    assert str(file) in capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        data = json.loads(archive.read("data.json"))
        statutes = archive.read("documents/01-statutes-Satzung-Aenderung.pdf")
        pdf = archive.read(f"{reference}.pdf")
    assert len(names) == 3
    assert (statutes, pdf[:4]) == (b"%PDF-1.7", b"%PDF")
    assert data["messages"][0]["payload"] == {"text": "Guten Tag"}
    assert data["drafts"][0]["payload"]["answers"]["iban"] == cases.IBAN
    assert data["applications"][0]["payload"]["reference"] == reference
    assert data["documents"][0]["payload"] == {"name": "Satzung (Änderung).pdf"}
    assert data["deliveries"][0]["destination"] == "folder"
    assert len(data["evidence"]) == len(data["applications"][0]["payload"]["evidence"])
    assert data["channel_people"][0]["payload"]["address"] == "491701234567"
    assert data["inbound_events"][0]["payload"] == {"text": "Unsere Satzung"}
    assert data["outbound_messages"][0]["payload"]["body"] == "Guten Tag"
    assert "491755555555" not in json.dumps(data)
    assert "Grundschule am See" not in json.dumps(data, ensure_ascii=False)


def test_an_export_overwrites_nothing(data_dir, reference, tmp_path, capsys) -> None:
    file = tmp_path / "auskunft.zip"
    file.write_text("mine")
    assert export.main(["c1", "--output", str(file)]) == 1
    assert file.read_text() == "mine"
    assert "gibt es schon" in capsys.readouterr().err


def test_nothing_stored_and_a_wrong_reference_are_said(data_dir, tmp_path, capsys) -> None:
    file = tmp_path / "auskunft.zip"
    assert export.main(["nobody", "--output", str(file)]) == 1
    assert "nichts gespeichert" in capsys.readouterr().err
    assert export.main(["KS-7M4X-94TR", "--output", str(file)]) == 1
    assert not file.exists()
    assert export.main([]) == 2


def test_retention_says_what_it_erased(data_dir, reference, monkeypatch, capsys) -> None:
    assert retention.main([]) == 0
    assert capsys.readouterr().out.startswith("Gelöscht: 0 Gespräche, 0 ")
    set_environment(monkeypatch, BOT_NOW="2027-11-20T10:00")
    assert retention.main([]) == 0
    assert capsys.readouterr().out.startswith("Gelöscht: 2 Gespräche, 0 ")
    assert Stores.open(settings()).drafts.load("c1") is None
    assert retention.main(["--now"]) == 2


def test_after_the_rotation_the_old_key_is_not_needed_any_more(
    data_dir, reference, monkeypatch, capsys
) -> None:
    set_environment(monkeypatch, BOT_DATA_KEYS=NEW)
    with pytest.raises(UnreadablePayload):
        Stores.open(settings()).drafts.load("c1")
    assert rotate_keys.main([]) == 1
    assert "Keiner der Schlüssel" in capsys.readouterr().err
    set_environment(monkeypatch, BOT_DATA_KEYS=f"{NEW},{OLD}")
    assert rotate_keys.main([]) == 0
    assert "1 Unterlagen" in capsys.readouterr().out
    set_environment(monkeypatch, BOT_DATA_KEYS=NEW)
    stores = Stores.open(settings())
    assert stores.drafts.load("c1").answers["iban"] == cases.IBAN
    findings = verify(reference, stores.database, stores.documents_folder)
    assert {each.state for each in findings if each.check != "pdf"} == {"sound"}
    assert b"Platzwart" not in everything_stored(stores.database, data_dir)
