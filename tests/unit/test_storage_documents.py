"""Documents are kept encrypted, come back as they were, and go for good."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot import clock
from bot.storage import (
    Database,
    DatabaseUnavailable,
    DocumentStore,
    UnknownDocument,
    UnreadablePayload,
)
from bot.storage import durable_files as files_module
from bot.storage.documents import LONGEST_NAME, display_name

CONTENT = b"%PDF-1.7 Satzung des Vereins"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"


@pytest.fixture
def store(database_url: str, folder: Path, monkeypatch) -> DocumentStore:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00+")
    database = Database(database_url, [Fernet.generate_key().decode()])
    database.upgrade()
    return DocumentStore(database, folder)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_document_comes_back_as_it_was(store: DocumentStore) -> None:
    stored = store.add("c1", "statutes", "Satzung.pdf", "application/pdf", CONTENT)
    assert store.content(stored.id) == CONTENT
    assert store.list("c1") == [stored]
    assert stored.size == len(CONTENT)
    assert stored.sha256 == sha256(CONTENT).hexdigest()
    assert stored.received_at.date() == clock.today()
    assert store.list("c2") == []


def test_the_file_is_encrypted_private_and_named_by_its_identifier(store, folder) -> None:
    stored = store.add("c/1", "statutes", "Satzung.pdf", "application/pdf", CONTENT)
    (file,) = files(folder)
    assert file.name == stored.id
    assert b"Satzung" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_an_altered_file_is_not_handed_out(store, folder) -> None:
    stored = store.add("c1", "statutes", "Satzung.pdf", "application/pdf", CONTENT)
    (file,) = files(folder)
    file.write_bytes(file.read_bytes()[:-5] + b"AAAA=")
    with pytest.raises(UnreadablePayload):
        store.content(stored.id)


def test_unknown_documents_are_named_as_such(store: DocumentStore) -> None:
    with pytest.raises(UnknownDocument):
        store.content("nothing")


def test_deleting_leaves_no_file_not_even_one_a_crash_left_behind(store, folder) -> None:
    store.add("c1", "statutes", "a.pdf", "application/pdf", CONTENT)
    kept = store.add("c2", "statutes", "b.pdf", "application/pdf", CONTENT)
    (folder_of_c1,) = {path.parent for path in files(folder) if path.name != kept.id}
    (folder_of_c1 / "left-by-a-crash").write_bytes(b"x")
    store.delete("c1")
    store.delete("c1")
    assert store.list("c1") == []
    assert [path.name for path in files(folder)] == [kept.id]


def test_a_full_disk_leaves_nothing_behind(store, folder, monkeypatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files_module.os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.add("c1", "statutes", "a.pdf", "application/pdf", CONTENT)
    assert store.list("c1") == []
    assert files(folder) == []


def test_no_file_stays_when_the_database_refuses(store, folder, monkeypatch) -> None:
    def refuse(*_args: object) -> None:
        raise DatabaseUnavailable("OperationalError")

    with monkeypatch.context() as patched:
        patched.setattr(DocumentStore, "_describe", refuse)
        with pytest.raises(DatabaseUnavailable):
            store.add("c1", "statutes", "a.pdf", "application/pdf", CONTENT)
    assert files(folder) == []


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Satzung (Änderung) 2026.pdf", "Satzung (Änderung) 2026.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Eigene Dateien\\Satzung.pdf", "Satzung.pdf"),
        ("Satzung\x00\r\n\u202e.pdf", "Satzung.pdf"),
        ("...", "Dokument"),
        ("", "Dokument"),
        ("u\u0308ber.pdf", "über.pdf"),
    ],
)
def test_names_are_safe_to_show(given: str, shown: str) -> None:
    assert display_name(given) == shown


def test_long_names_keep_their_extension() -> None:
    shown = display_name("x" * 500 + ".pdf")
    assert len(shown) <= LONGEST_NAME
    assert shown.endswith("….pdf")
    assert len(display_name("x" * 500)) == LONGEST_NAME
