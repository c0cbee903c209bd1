"""Reads a PDF from standard input in a process of its own: ``python -m bot.documents.pdf_reader``.

A PDF may unpack to any size or keep a reader busy without end; here only this process ends.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from io import BytesIO

MOST_MEMORY_BYTES = 768 * 1024 * 1024
MOST_CPU_SECONDS = 10
PAGES_READ = 12
MOST_CHARACTERS = 100_000
OUT_OF_BOUNDS = 3
NOT_READABLE = 4


def main() -> int:
    """Print ``{"pages": …, "text": …}``: the page count and the text of the first pages."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS + 1))
    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError

    logging.disable()
    try:
        pdf = PdfReader(BytesIO(sys.stdin.buffer.read()))
        count = len(pdf.pages)
        read = min(count, PAGES_READ)
        words = "\n".join(pdf.pages[number].extract_text() for number in range(read))
    except (MemoryError, LimitReachedError):
        return OUT_OF_BOUNDS
    except Exception:
        return NOT_READABLE
    sys.stdout.write(json.dumps({"pages": count, "text": words[:MOST_CHARACTERS]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
