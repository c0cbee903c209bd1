"""PDFs to upload: sound ones, large ones, and one that unpacks to far more than it weighs."""

from __future__ import annotations

import zlib
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas


def pdf_of(*pages: str) -> bytes:
    """A PDF with one page for each text."""
    file = BytesIO()
    canvas = Canvas(file)
    for words in pages:
        lines = canvas.beginText(60, 780)
        lines.textLines(words)
        canvas.drawText(lines)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def zip_bomb(unpacked: int = 3 * 1024**3) -> bytes:
    """A PDF of a few megabytes whose page unpacks to ``unpacked`` bytes."""
    block = b" " * 1024 * 1024
    count = unpacked // len(block)
    packer = zlib.compressobj(9)
    # After a full flush the same block packs to the same bytes: two stand for all of them.
    first, next_one = (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    checksum = 1
    for _ in range(count):
        checksum = zlib.adler32(block, checksum)
    end = b"\x03\x00" + checksum.to_bytes(4, "big")
    stream = first + next_one * (count - 1) + end
    return _with_page(stream)


def _with_page(stream: bytes) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(stream), stream),
    ]
    content, offsets = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(content)
    return (
        content + b"xref\n0 5\n0000000000 65535 f \n" + table
        + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
    )  # fmt: skip
