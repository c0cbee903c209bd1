"""What an uploaded PDF holds, read where it can do no harm."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

from bot.documents.pdf_reader import NOT_READABLE
from bot.settings import PROJECT

MOST_SECONDS = 20.0


class HarmfulPdf(Exception):
    """It unpacks to more than any document would, or keeps a reader busy without end."""


@dataclass(frozen=True)
class PdfContents:
    """The number of pages, and the text of the first ones; scans have none."""

    pages: int
    text: str


def pdf_contents(content: bytes) -> PdfContents | None:
    """
    Returns:
        ``None`` if it is damaged or protected by a password.

    Raises:
        HarmfulPdf: it went over the limits of memory or time.
    """
    try:
        run = subprocess.run(
            [sys.executable, "-m", "bot.documents.pdf_reader"],
            input=content,
            cwd=PROJECT,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise HarmfulPdf from None
    if run.returncode == NOT_READABLE:
        return None
    if run.returncode != 0:
        raise HarmfulPdf
    return PdfContents(**json.loads(run.stdout))
