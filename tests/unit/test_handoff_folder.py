"""The folder holds an application completely or not at all, and always the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.handoff import folder as folder_module
from bot.handoff.file_names import document_path
from bot.handoff.folder import DifferentContent, FolderDestination
from bot.handoff.parcel import Parcel

FILES = {
    "application.json": b"{}",
    "protocol.json": b"[]",
    "documents/01-statutes.pdf": b"%PDF",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "handoff"


def parcel(**files: bytes) -> Parcel:
    return Parcel("KS-3333-3333", "KS-3333-3333:folder", files or FILES)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_everything_lies_in_a_folder_named_by_the_reference(folder: Path) -> None:
    FolderDestination(folder).deliver(parcel())
    assert contents(folder) == {f"KS-3333-3333/{name}": data for name, data in FILES.items()}


def test_a_group_may_read_it_and_nobody_else(folder: Path) -> None:
    FolderDestination(folder).deliver(parcel())
    for path in (folder / "KS-3333-3333").rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o750 if path.is_dir() else 0o640)


def test_delivering_again_changes_nothing(folder: Path) -> None:
    FolderDestination(folder).deliver(parcel())
    before = (folder / "KS-3333-3333" / "application.json").stat()
    FolderDestination(folder).deliver(parcel())
    after = (folder / "KS-3333-3333" / "application.json").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_something_else_under_the_reference_is_left_as_it_is(folder: Path) -> None:
    FolderDestination(folder).deliver(parcel())
    (folder / "KS-3333-3333" / "Notiz.txt").write_text("vom Sachbearbeiter")
    with pytest.raises(DifferentContent):
        FolderDestination(folder).deliver(parcel())
    assert contents(folder)["KS-3333-3333/Notiz.txt"] == b"vom Sachbearbeiter"


def test_what_an_attempt_left_behind_is_swept_away(folder: Path) -> None:
    left = folder / ".KS-3333-3333.12ab"
    left.mkdir(parents=True)
    (left / "application.json").write_bytes(b"half")
    FolderDestination(folder).deliver(parcel())
    assert [path.name for path in folder.iterdir()] == ["KS-3333-3333"]


def test_of_two_at_once_one_puts_it_there_and_both_are_content(folder, monkeypatch) -> None:
    def faster(growing: Path, place: Path) -> None:
        place.mkdir()
        (place / "application.json").write_bytes(b"{}")
        (place / "documents").mkdir()
        (place / "documents/01-statutes.pdf").write_bytes(b"%PDF")
        (place / "protocol.json").write_bytes(b"[]")
        raise OSError(39, "Directory not empty")

    monkeypatch.setattr(folder_module.os, "rename", faster)
    FolderDestination(folder).deliver(parcel())
    assert [path.name for path in folder.iterdir()] == ["KS-3333-3333"]


def test_an_attempt_that_another_one_overtakes_is_content_with_what_is_there(
    folder: Path, monkeypatch
) -> None:
    original, overtaken = folder_module.write_synced, []

    def overtake(path: Path, content: bytes) -> None:
        if not overtaken:
            overtaken.append(path)
            FolderDestination(folder).deliver(parcel())
        original(path, content)

    monkeypatch.setattr(folder_module, "write_synced", overtake)
    FolderDestination(folder).deliver(parcel())
    assert contents(folder) == {f"KS-3333-3333/{name}": data for name, data in FILES.items()}


@pytest.mark.parametrize("files_before", range(len(FILES)))
def test_a_folder_that_is_taken_away_while_it_grows_never_comes_back_with_the_rest(
    folder: Path, monkeypatch, files_before: int
) -> None:
    original, finished = Path.chmod, []

    def taken_away(path: Path, mode: int) -> None:
        original(path, mode)
        if len(finished) == files_before:
            (growing,) = folder.iterdir()
            growing.rename(folder.parent / "elsewhere")
        finished.append(path)

    monkeypatch.setattr(Path, "chmod", taken_away)
    with pytest.raises(FileNotFoundError):
        FolderDestination(folder).deliver(parcel())
    assert contents(folder) == {}
    FolderDestination(folder).deliver(parcel())
    assert contents(folder) == {f"KS-3333-3333/{name}": data for name, data in FILES.items()}


def test_an_attempt_leaves_another_one_alone_that_is_still_writing(
    folder: Path, monkeypatch
) -> None:
    original, nested = folder_module.write_synced, []

    def full(path: Path, content: bytes) -> None:
        if not nested:
            nested.append(path)
            with pytest.raises(OSError, match="full"):
                FolderDestination(folder).deliver(parcel())
        elif len(nested) == 1:
            nested.append(path)
            raise OSError(28, "full")
        original(path, content)

    monkeypatch.setattr(folder_module, "write_synced", full)
    FolderDestination(folder).deliver(parcel())
    assert contents(folder) == {f"KS-3333-3333/{name}": data for name, data in FILES.items()}


@pytest.mark.parametrize(
    ("name", "media_type", "expected"),
    [
        ("Satzung.pdf", "application/pdf", "documents/01-statutes-Satzung.pdf"),
        ("Größe & Maß.exe", "application/pdf", "documents/01-statutes-Groesse-Mass.pdf"),
        ("../../etc/passwd", "image/png", "documents/01-statutes-passwd.png"),
        ("写真.heic", "image/heic", "documents/01-statutes.heic"),
        ("x" * 300, "image/jpeg", f"documents/01-statutes-{'x' * 60}.jpg"),
        ("a.b.c", "application/x-unknown", "documents/01-statutes-a-b.bin"),
        ("", "application/pdf", "documents/01-statutes.pdf"),
    ],
)
def test_documents_get_names_that_are_safe_everywhere(name, media_type, expected) -> None:
    assert document_path(1, "statutes", name, media_type) == expected
