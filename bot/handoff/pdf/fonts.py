"""The typeface of the PDF: one that has German, the neighbours' letters, € and check boxes."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "DejaVuSans"
BOLD = "DejaVuSans-Bold"
_UNKNOWN = "\N{WHITE SQUARE}"


@lru_cache(maxsize=1)
def register_fonts() -> frozenset[int]:
    """Make the typeface known to reportlab; returns the characters that it has."""
    fonts = [TTFont(name, str(_folder() / f"{name}.ttf")) for name in (REGULAR, BOLD)]
    for font in fonts:
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD
    )
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))


def _folder() -> Path:
    # DejaVu comes with matplotlib, which comes with Rasa. It is found without importing it.
    spec = find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the DejaVu fonts of matplotlib are not installed")
    return Path(next(iter(spec.submodule_search_locations))) / "mpl-data" / "fonts" / "ttf"


def printable(words: str) -> str:
    """``words`` with only what can be printed; line breaks stay, the rest becomes a square."""
    known = register_fonts()
    composed = unicodedata.normalize("NFC", words).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_printable(character, known) for character in composed)


def _printable(character: str, known: frozenset[int]) -> str:
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if character == "\t" or category == "Zs":
        return "\N{NO-BREAK SPACE}" if character == "\N{NO-BREAK SPACE}" else " "
    if category.startswith("C"):
        return ""
    return character if ord(character) in known else _UNKNOWN
