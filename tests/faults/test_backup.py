"""What docs/operating.md says about backing up and restoring is done here, with PostgreSQL."""

from __future__ import annotations

import subprocess
from pathlib import Path

from cryptography.fernet import Fernet
from postgres_server import PostgresServer

from bot import clock
from bot.application.draft import Draft
from bot.handoff.verification import verify
from bot.settings import PROJECT
from bot.storage import Database, DocumentStore, DraftStore
from bot.storage.applications import ApplicationStore
from tests import handoff_cases as cases

KEYS = [Fernet.generate_key().decode()]
PAGE = PROJECT / "docs" / "operating.md"


def documented(beginning: str) -> str:
    """The command of the page that begins like this."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(beginning))


def run(beginning: str, folder: Path, server: PostgresServer, url: str, data: Path) -> None:
    programs = server.programs
    subprocess.run(
        ["/bin/sh", "-ec", documented(beginning)],
        cwd=folder,
        env={
            "PATH": f"{programs}:/usr/bin:/bin",
            "BOT_DATABASE_URL": url,
            "BOT_DATA_DIR": str(data),
        },
        check=True,
    )


def test_a_restored_backup_is_whole(postgres: PostgresServer, tmp_path: Path) -> None:
    url, lost, new = postgres.new_database(), tmp_path / "lost", tmp_path / "new"
    for folder in (lost, new):
        folder.mkdir()
    database = Database(url, KEYS)
    database.upgrade()
    submitted = cases.submitted(database, lost, cases.EVERYTHING)
    moment = clock.now()
    unfinished = Draft(conversation_id="c2", created_at=moment, updated_at=moment)
    unfinished.answers = {"club_name": "TSV Nord"}
    DraftStore(database).save(unfinished)
    database.close()

    run("pg_dump ", tmp_path, postgres, url, lost)
    run("tar --create", tmp_path, postgres, url, lost)
    restored_url = postgres.new_database()
    run("pg_restore ", tmp_path, postgres, restored_url, new)
    run("tar --extract", tmp_path, postgres, restored_url, new)

    restored = Database(restored_url, KEYS)
    restored.upgrade()
    found = DraftStore(restored).load("c2")
    assert found is not None
    assert found.answers == {"club_name": "TSV Nord"}
    envelope = ApplicationStore(restored).envelope(submitted.reference)
    assert envelope["application"]["club_name"] == cases.CLUB["club_name"]
    documents = DocumentStore(restored, cases.documents_folder(new))
    assert [documents.content(each["id"]) for each in envelope["documents"]] == [b"%PDF-1.7"]
    assert documents.of_application(submitted.reference)
    findings = verify(submitted.reference, restored, cases.documents_folder(new))
    assert {each.check for each in findings if each.state == "altered"} == set()
    assert {each.check for each in findings} >= {"seal", "evidence", "document"}
    restored.close()
