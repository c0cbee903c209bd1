"""The commands for operators: list, show, verify, redeliver, erase."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.commands import applications, erase
from bot.handoff.destinations import HANDOFF_FOLDER
from bot.settings import settings
from bot.storage import Database, DraftStore
from bot.storage.outbox import Outbox
from bot.storage.stores import DOCUMENTS_FOLDER
from tests import handoff_cases as cases


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00")
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path))
    for name in ("BOT_DATABASE_URL", "BOT_DATA_KEYS"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture
def database(data_dir: Path) -> Database:
    database = Database(settings().database_address, settings().data_keys)
    database.upgrade()
    return database


@pytest.fixture
def reference(database: Database, data_dir: Path) -> str:
    assert cases.documents_folder(data_dir) == data_dir / DOCUMENTS_FOLDER
    return cases.submitted(database, data_dir, cases.EVERYTHING).reference


def run(capsys, *argv: str) -> tuple[int, str, str]:
    code = applications.main(list(argv))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_nothing_submitted_is_said(data_dir, capsys) -> None:
    assert run(capsys, "list") == (0, "Es ist noch nichts eingereicht.\n", "")


def test_the_list_names_state_and_error_but_nobody(database, data_dir, reference, capsys) -> None:
    (delivery,) = Outbox(database).all()
    Outbox(database).claim(delivery, delivery.next_attempt_at, delivery.next_attempt_at)
    Outbox(database).given_up(delivery, "OSError ENOSPC")
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert reference in out
    assert "aufgegeben" in out
    assert "OSError ENOSPC" in out
    assert "4711" in out
    assert "Schützen" not in out
    (entry,) = json.loads(run(capsys, "list", "--json")[1])
    assert entry["reference"] == reference
    assert entry["deliveries"][0]["state"] == "dead"


def test_show_prints_every_answer(data_dir, reference, capsys) -> None:
    code, out, _ = run(capsys, "show", reference)
    assert code == 0
    for expected in (reference, "Schützenverein „Groß-Ötzing“ 1898 e.V.", "47,92 €", "Makler Süd"):
        assert expected in out
    shown = json.loads(run(capsys, "show", "--json", reference.lower().replace("-", " "))[1])
    assert shown["application"]["iban"] == cases.IBAN


def test_verify_tells_by_its_exit_code(database, data_dir, reference, capsys) -> None:
    code, out, _ = run(capsys, "verify", reference)
    assert code == 0
    assert "Der Vorgang ist unverändert." in out
    (path,) = [each for each in (data_dir / "documents").rglob("*") if each.is_file()]
    path.write_bytes(b"x")
    code, out, _ = run(capsys, "verify", reference)
    assert code == 1
    assert "VERÄNDERT" in out
    assert json.loads(run(capsys, "verify", reference, "--json")[1])["sound"] is False


def test_redeliver_hands_over_what_was_given_up(database, data_dir, reference, capsys) -> None:
    (delivery,) = Outbox(database).all()
    Outbox(database).claim(delivery, delivery.next_attempt_at, delivery.next_attempt_at)
    Outbox(database).given_up(delivery, "OSError")
    code, out, _ = run(capsys, "redeliver", reference)
    assert code == 0
    assert "übergeben" in out
    assert (data_dir / HANDOFF_FOLDER / reference / "application.pdf").exists()


def test_redeliver_says_when_it_did_not_arrive(data_dir, reference, capsys) -> None:
    (data_dir / HANDOFF_FOLDER).write_text("no folder")
    code, out, _ = run(capsys, "redeliver", reference)
    assert code == 1
    assert "FileExistsError" in out


@pytest.mark.parametrize("command", ["show", "verify", "redeliver"])
@pytest.mark.parametrize("unknown", ["KS-3333-3333", "quatsch"])
def test_an_unknown_reference_is_one_line(data_dir, capsys, command, unknown) -> None:
    code, out, err = run(capsys, command, unknown)
    assert (code, out) == (1, "")
    assert unknown in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("argv", [[], ["frobnicate"], ["show"], ["list", "--nothing"]])
def test_a_wrong_call_is_one_line(data_dir, capsys, argv) -> None:
    code, _, err = run(capsys, *argv)
    assert code == 2
    assert len(err.splitlines()) == 1


def test_erase_by_conversation_and_by_reference(database, data_dir, reference, capsys) -> None:
    DraftStore(database).save(cases.draft_of(cases.QUOTE, "c2"))
    assert erase.main(["c2"]) == 0
    assert DraftStore(database).load("c2") is None
    assert "Gelöscht" in capsys.readouterr().out
    assert erase.main([reference]) == 0
    out = capsys.readouterr().out
    assert f"{reference} mit Protokoll" in out
    assert "noch nicht übergeben" in out
    assert DraftStore(database).load("c1") is None


def test_erase_refuses_an_unknown_reference_and_a_wrong_call(data_dir, capsys) -> None:
    assert erase.main(["KS-3333-3333"]) == 1
    assert "KS-3333-3333" in capsys.readouterr().err
    assert erase.main([]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
