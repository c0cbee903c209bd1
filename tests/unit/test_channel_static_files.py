"""Only the widget's own files are sent, whatever is asked for."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from bot.channels.static_files import StaticFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "widget"
    (folder / "cards").mkdir(parents=True)
    (folder / "widget.js").write_text("export const answer = 42;\n" * 50, encoding="utf-8")
    (folder / "cards" / "quote.js").write_text("//", encoding="utf-8")
    (folder / "tsconfig.json").write_text("{}", encoding="utf-8")
    (folder / "notes.md").write_text("#", encoding="utf-8")
    (folder / ".hidden.js").write_text("//", encoding="utf-8")
    (tmp_path / "secret.js").write_text("//", encoding="utf-8")
    (folder / "link.js").symlink_to(tmp_path / "secret.js")
    return folder


def test_a_file_is_found_with_its_type(folder: Path) -> None:
    found = StaticFiles(folder).find("widget.js")
    assert found is not None
    assert found.media_type == "text/javascript; charset=utf-8"
    assert found.packed is not None
    assert gzip.decompress(found.packed) == found.content == (folder / "widget.js").read_bytes()
    assert StaticFiles(folder).find("cards/quote.js") is not None


def test_a_packed_file_is_never_larger(folder: Path) -> None:
    found = StaticFiles(folder).find("cards/quote.js")
    assert found is not None
    assert found.packed is None


@pytest.mark.parametrize(
    "name",
    [
        "../secret.js",
        "cards/../../secret.js",
        "..%2fsecret.js",
        "%2e%2e/secret.js",
        "/etc/passwd",
        "link.js",
        ".hidden.js",
        "tsconfig.json",
        "notes.md",
        "cards",
        "cards/",
        "",
        "widget.js\x00.css",
        "widget.js/",
        "cards\\quote.js",
        "missing.js",
        "a" * 5000 + ".js",
    ],
)
def test_nothing_else_is_found(folder: Path, name: str) -> None:
    assert StaticFiles(folder).find(name) is None


def test_a_changed_file_has_another_tag(folder: Path) -> None:
    files = StaticFiles(folder)
    before = files.find("widget.js")
    (folder / "widget.js").write_text("export const answer = 43;", encoding="utf-8")
    after = files.find("widget.js")
    assert before is not None
    assert after is not None
    assert before.etag != after.etag
    assert after.content == b"export const answer = 43;"
