"""Whether an uploaded file can do harm; costs some tenths of a second."""

from __future__ import annotations

import logging

from bot.channels.errors import ChannelError
from bot.channels.uploads import Upload
from bot.documents.pdf_contents import HarmfulPdf, pdf_contents
from bot.documents.virus_scan import ScannerAway, VirusFound, scan
from bot.settings import Settings

logger = logging.getLogger(__name__)


def inspect(upload: Upload, settings: Settings) -> None:
    """
    Raises:
        ChannelError: ``file_harmful``, ``file_pages``; ``service_unavailable`` if the virus
            scanner that is set does not answer.
    """
    if settings.clamd:
        _scan(upload, settings.clamd)
    if upload.media_type == "application/pdf":
        _look_into(upload, settings.upload_max_pages)


def _scan(upload: Upload, address: str) -> None:
    try:
        scan(upload.content, address)
    except VirusFound:
        logger.warning("An upload was refused: virus found")
        raise ChannelError("file_harmful") from None
    except ScannerAway:
        logger.error("An upload was put off: the virus scanner does not answer")
        raise ChannelError("service_unavailable") from None


def _look_into(upload: Upload, most_pages: int) -> None:
    try:
        contents = pdf_contents(upload.content)
    except HarmfulPdf:
        logger.warning("An upload was refused: a PDF that unpacks without end")
        raise ChannelError("file_harmful") from None
    # What cannot be read here may still be readable for people, so it is kept.
    if contents is not None and contents.pages > most_pages:
        raise ChannelError("file_pages", most=most_pages)
