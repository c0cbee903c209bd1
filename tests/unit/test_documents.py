"""Looking into uploads: pages, statutes, PDFs that would do harm, viruses."""

from __future__ import annotations

import logging
import resource
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pdf_samples import pdf_of, zip_bomb

from bot.channels.errors import ChannelError
from bot.channels.upload_inspection import inspect
from bot.channels.uploads import Upload
from bot.documents.pdf_contents import HarmfulPdf, PdfContents, pdf_contents
from bot.documents.statutes import StatutesFacts, same_name, same_place, statutes_facts
from bot.documents.virus_scan import ScannerAway, VirusFound, scan
from bot.settings import Settings

STATUTES = """Satzung des TSV Musterstadt
§ 1 Name, Sitz
(1) Der Verein führt den Namen „TSV Musterstadt 1898“ e.V. Er hat seinen Sitz in
Frankfurt am Main und ist unter VR 4711 eingetragen."""


def upload(content: bytes, media_type: str = "application/pdf") -> Upload:
    return Upload("statutes", "satzung", media_type, content)


def refusal(content: bytes, **more: object) -> str:
    with pytest.raises(ChannelError) as refused:
        inspect(upload(content), Settings(**more))
    return refused.value.code


# PDF


def test_pages_are_counted_and_the_text_is_read() -> None:
    found = pdf_contents(pdf_of(STATUTES, "zweite Seite"))
    assert isinstance(found, PdfContents)
    assert found.pages == 2
    assert statutes_facts(found.text).register_number == "VR 4711"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF", b"%PDF-1.7 " + b"x" * 5000])
def test_what_is_no_sound_pdf_has_no_contents(content: bytes) -> None:
    assert pdf_contents(content) is None


@pytest.fixture(scope="module")
def bomb() -> bytes:
    return zip_bomb()


def test_a_zip_bomb_is_refused_and_harms_nobody_else(bomb: bytes, caplog) -> None:
    assert len(bomb) < Settings().upload_max_bytes
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(HarmfulPdf):
        pdf_contents(bomb)
    # Kilobytes; unpacked, it is many times as large.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    assert refusal(bomb) == "file_harmful"
    assert "a PDF that unpacks without end" in caplog.text
    assert "satzung" not in caplog.text


def test_too_many_pages_are_refused() -> None:
    content = pdf_of("1", "2", "3")
    inspect(upload(content), Settings(upload_max_pages=3))
    assert refusal(content, upload_max_pages=2) == "file_pages"


def test_a_pdf_that_cannot_be_read_here_and_a_picture_are_kept() -> None:
    inspect(upload(b"%PDF-1.7\n%%EOF"), Settings())
    inspect(upload(b"\x89PNG", "image/png"), Settings())


# Statutes


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (STATUTES, ("TSV Musterstadt 1898 e.V.", "Frankfurt am Main", "VR 4711")),
        (
            "Der Verein führt den Namen Schützenverein Tell e.V. und hat seinen Sitz in Köln.",
            ("Schützenverein Tell e.V.", "Köln", None),
        ),
        (
            "Der Verein heißt „Chor 47 e. V.“. Sitz des Vereins ist Bad Tölz. VR-Nr. 815",
            ("Chor 47 e. V.", "Bad Tölz", "VR 815"),
        ),
        ("Der Name des Vereins lautet: Förderverein am See.", ("Förderverein am See", None, None)),
        ("Der Vorstand führt die Geschäfte. Kassenwart ist, wer gewählt wird.", (None,) * 3),
        ("", (None,) * 3),
    ],
)
def test_name_seat_and_register_are_found(text: str, facts: tuple[str | None, ...]) -> None:
    assert statutes_facts(text) == StatutesFacts(*facts)


@pytest.mark.parametrize(
    ("typed", "read", "same"),
    [
        ("TSV Musterstadt 1898 e.V.", "TSV MUSTERSTADT 1898", True),
        ("Schuetzenverein Groß-Ötzing", "Schützenverein Gross Ötzing e. V.", True),
        ("TSV Musterstadt 1898 e.V.", "TSV Musterstadt 1889 e.V.", False),
        ("Chor", "Chor 47", False),
    ],
)
def test_spelling_alone_makes_no_other_name(typed: str, read: str, same: bool) -> None:
    assert same_name(typed, read) is same


def test_a_place_may_have_an_addition() -> None:
    assert same_place("Frankfurt", "Frankfurt am Main")
    assert not same_place("Köln", "Bonn")


# Viruses


class Clamd:
    """A stand-in that answers one scan after the other as told."""

    def __init__(self, place: Path) -> None:
        self.address = str(place)
        self.answer = b"stream: OK\0"
        self.received: list[bytes] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(self.address)
        self._listening.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as sent:
                assert sent.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!I", sent.read(4))[0]:
                    content += sent.read(size)
                self.received.append(content)
                connection.sendall(self.answer)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Clamd]:
    server = Clamd(tmp_path / "clamd")
    yield server
    server.close()


def test_a_clean_document_passes_and_was_sent_whole(clamd: Clamd) -> None:
    content = bytes(range(256)) * 1000
    scan(content, clamd.address)
    assert clamd.received == [content]


def test_a_virus_is_refused(clamd: Clamd, caplog) -> None:
    clamd.answer = b"stream: Eicar-Test-Signature FOUND\0"
    with pytest.raises(VirusFound):
        scan(b"x", clamd.address)
    assert refusal(pdf_of("x"), clamd=clamd.address) == "file_harmful"
    assert "virus found" in caplog.text


@pytest.mark.parametrize("answer", [b"", b"stream: OK", b"INSTREAM size limit exceeded. ERROR\0"])
def test_only_a_clear_answer_lets_a_document_pass(clamd: Clamd, answer: bytes) -> None:
    clamd.answer = answer
    if answer == b"stream: OK":
        scan(b"x", clamd.address)
        return
    with pytest.raises(ScannerAway):
        scan(b"x", clamd.address)


def test_without_the_scanner_uploads_are_put_off(tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.ERROR)
    assert refusal(pdf_of("x"), clamd=str(tmp_path / "nobody")) == "service_unavailable"
    assert refusal(pdf_of("x"), clamd="127.0.0.1:1") == "service_unavailable"
    assert "does not answer" in caplog.text
