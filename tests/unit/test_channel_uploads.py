"""A file is what its content says, whatever it is called."""

from __future__ import annotations

import io
import logging
import struct

import pytest
from PIL import Image

from bot.channels.errors import ChannelError
from bot.channels.uploads import Upload, checked

LIMIT = 100_000
PDF = b"%PDF-1.7\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"


def picture(form: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(file, form)
    return file.getvalue()


def heic(major: bytes = b"heic", others: bytes = b"mif1heic") -> bytes:
    brands = major + b"\0\0\0\0" + others
    return struct.pack(">I", len(brands) + 8) + b"ftyp" + brands + struct.pack(">I", 8) + b"mdat"


@pytest.mark.parametrize(
    ("content", "name", "media_type", "shown"),
    [
        (PDF, "Satzung.pdf", "application/pdf", "Satzung.pdf"),
        (b"\n\n" + PDF, "Satzung.pdf", "application/pdf", "Satzung.pdf"),
        (PDF + b"\0" * 1000, "SATZUNG.PDF", "application/pdf", "SATZUNG.PDF"),
        (PDF, "foto.jpg", "application/pdf", "foto.jpg.pdf"),
        (picture("JPEG"), "foto.JPEG", "image/jpeg", "foto.JPEG"),
        (picture("PNG"), "bild", "image/png", "bild.png"),
        (heic(), "IMG_0001.HEIC", "image/heic", "IMG_0001.HEIC"),
        (heic(b"mif1", b"miafheic"), "a.heif", "image/heic", "a.heif"),
        (heic(b"heix", b"mif1heix"), "a.heic", "image/heic", "a.heic"),
        (heic(b"msf1", b"hevcmif1"), "a.heic", "image/heic", "a.heic"),
    ],
)
def test_what_is_taken(content: bytes, name: str, media_type: str, shown: str) -> None:
    found = checked(Upload("statutes", name, "text/html", content), max_bytes=LIMIT)
    assert (found.media_type, found.name, found.content) == (media_type, shown, content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (PDF[:10], "file_damaged"),
        (heic(b"mp42", b"isommp42"), "file_type"),
        (heic(b"avif", b"mif1miaf"), "file_type"),
        (picture("JPEG")[:200], "file_damaged"),
        (picture("PNG")[:60], "file_damaged"),
        (picture("GIF"), "file_type"),
        (picture("TIFF"), "file_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_type"),
        (b"PK\x03\x04" + b"\0" * 100, "file_type"),
        (b"text " * 1000 + PDF, "file_type"),
        (PDF + b"\0" * LIMIT, "file_too_large"),
    ],
)
def test_what_is_refused(content: bytes, code: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with pytest.raises(ChannelError) as refused:
        checked(Upload("statutes", "satzung.pdf", "application/pdf", content), max_bytes=LIMIT)
    assert refused.value.code == code
    assert caplog.messages == [f"An upload was refused: {code}"]


def test_only_documents_of_the_application_are_taken() -> None:
    for kind in ("statutes", "claims_overview", "criminal_proceedings_annex"):
        assert checked(Upload(kind, "a.pdf", "", PDF), max_bytes=LIMIT).kind == kind
    with pytest.raises(ChannelError) as refused:
        checked(Upload("iban", "a.pdf", "", PDF), max_bytes=LIMIT)
    assert refused.value.code == "document_kind"


def test_the_limit_is_named() -> None:
    with pytest.raises(ChannelError) as refused:
        checked(Upload("statutes", "a.pdf", "", PDF * 2), max_bytes=10)
    assert refused.value.status == 413
    with pytest.raises(ChannelError, match="file_too_large") as refused:
        checked(Upload("statutes", "a.pdf", "", b"x" * 10_485_761), max_bytes=10_485_760)
    assert "10 MB" in refused.value.message


def test_an_uploads_content_does_not_show() -> None:
    assert "trailer" not in repr(Upload("statutes", "Satzung Müller.pdf", "", PDF))
    assert "Müller" not in repr(Upload("statutes", "Satzung Müller.pdf", "", PDF))
