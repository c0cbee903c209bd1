"""The building blocks of the form: typeface, headings, fields in frames, check boxes, tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import HRFlowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from bot.texts import text

Flowables = list[Any]

# One that has German, the neighbours' letters, € and check boxes.
REGULAR = "DejaVuSans"
BOLD = "DejaVuSans-Bold"
_UNKNOWN = "\N{WHITE SQUARE}"

MARGIN = 16 * mm
WIDTH = A4[0] - 2 * MARGIN

INK = HexColor("#1b2733")
BLUE = HexColor("#1f3f66")
TINT = HexColor("#e9eff6")
CHOSEN = HexColor("#cfe0f2")
LINE = HexColor("#9fb0c3")
FAINT = HexColor("#5b6b7c")

CHECKED = "\N{BALLOT BOX WITH X}"
UNCHECKED = "\N{BALLOT BOX}"

# Characters: what is surely less than half a page in the answers' column, and one line of it.
_PIECE = 800
_LINE = 25


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


@dataclass(frozen=True)
class Field:
    """A labelled entry of the form; ``share`` is its part of the row's width."""

    label: str
    value: str
    share: float = 1.0


@lru_cache(maxsize=1)
def styles() -> dict[str, Any]:
    """The kinds of text, by name."""
    base = ParagraphStyle("base", fontName=REGULAR, fontSize=8, leading=10.2, textColor=INK)
    small = ParagraphStyle("small", base, fontSize=6.4, leading=8.2)
    return {
        "text": ParagraphStyle("text", base, fontSize=7.2, leading=9.2),
        "value": ParagraphStyle("value", base, fontSize=8.6, leading=10.6),
        "strong": ParagraphStyle("strong", base, fontName=BOLD),
        "small": small,
        "label": ParagraphStyle("label", small, textColor=FAINT),
        "heading": ParagraphStyle(
            "heading", base, fontName=BOLD, fontSize=8.8, leading=11, textColor=HexColor("#ffffff")
        ),
        "subheading": ParagraphStyle(
            "subheading",
            base,
            fontName=BOLD,
            fontSize=8,
            leading=10,
            spaceBefore=3,
            spaceAfter=1,
            keepWithNext=1,
        ),
        "details": ParagraphStyle("details", small, textColor=FAINT, spaceAfter=2, keepWithNext=1),
        "column": ParagraphStyle("column", small, fontName=BOLD),
        "amount": ParagraphStyle("amount", base, alignment=2),
        "amount_strong": ParagraphStyle("amount_strong", base, alignment=2, fontName=BOLD),
        "centred": ParagraphStyle("centred", base, fontSize=7.4, leading=9.4, alignment=1),
        "centred_strong": ParagraphStyle(
            "centred_strong", base, fontSize=7.4, leading=9.4, alignment=1, fontName=BOLD
        ),
    }


def paragraph(words: str, style: str = "text") -> Any:
    """``words`` as they are: nothing in them is taken for markup."""
    marked_up = escape(printable(words)).replace("\n", "<br/>")
    return Paragraph(marked_up, styles()[style])


def paragraphs(words: str, style: str = "text") -> Flowables:
    """A text of several paragraphs, which may go on over several pages."""
    blocks = [paragraph(block, style) for block in words.split("\n\n")]
    return [each for block in blocks for each in (block, Spacer(1, 2))]


def section(title: str, *content: Any) -> Flowables:
    """A heading with what stands under it; it never stays behind alone at the end of a page."""
    heading = Table([[paragraph(title, "heading")]], colWidths=[WIDTH])
    heading.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), BLUE),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    first, *rest = content
    return [KeepTogether([Spacer(1, 6), heading, first]), *rest]


def row(*fields: Field) -> Any:
    """One row of framed entries, each with its label above it."""
    shares = sum(field.share for field in fields)
    widths = [WIDTH * field.share / shares for field in fields]
    cells = [
        [paragraph(field.label, "label"), paragraph(field.value or text("pdf.no_entry"), "value")]
        for field in fields
    ]
    return framed([cells], widths)


def framed(
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    extra: Sequence[tuple[Any, ...]] = (),
    *,
    head: bool = False,
    lines: str = "GRID",
) -> Any:
    """A table with thin lines; with ``head``, its first row is repeated on every page."""
    table = Table(rows, colWidths=list(widths), repeatRows=1 if head else 0)
    style: list[tuple[Any, ...]] = [
        (lines, (0, 0), (-1, -1), 0.5, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]
    if head:
        style.append(("BACKGROUND", (0, 0), (-1, 0), TINT))
    table.setStyle(TableStyle([*style, *extra]))
    return table


def box(*content: Any) -> Any:
    """Content in one frame."""
    return framed([[list(content)]], [WIDTH])


def long_entry(label: str, words: str) -> Flowables:
    """A labelled entry of any length, which may go on over several pages."""
    rows = [[paragraph(line or " ", "value")] for piece in pieces(words) for line in piece]
    if label:
        rows.insert(0, [paragraph(label, "label")])
    close = [
        ("TOPPADDING", (0, 1), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -2), 0.5),
    ]
    return [framed(rows, [WIDTH], close, lines="BOX")]


def pieces(words: str) -> list[list[str]]:
    """The lines of a text in pieces of which each fits on a page, even in a narrow column."""
    gathered: list[list[str]] = [[]]
    length = 0
    for line in words.split("\n"):
        # Cut only between words, and keep the blanks: the text must stay what was written.
        for part in wrap(line, _PIECE, drop_whitespace=False, replace_whitespace=False) or [""]:
            cost = max(len(part), _LINE)
            if gathered[-1] and length + cost > _PIECE:
                gathered.append([])
                length = 0
            gathered[-1].append(part)
            length += cost
    return gathered


def signature_line(words: str, label: str) -> Flowables:
    """A line to sign on, with what stands on it and below it."""
    line = HRFlowable(width="100%", thickness=0.7, color=INK, spaceBefore=1, spaceAfter=1)
    return [Spacer(1, 14), paragraph(words, "value"), line, paragraph(label, "label")]


def checkbox(checked: bool, words: str, style: str = "text") -> Any:
    """A box, crossed or empty, with what it stands for."""
    return paragraph(f"{CHECKED if checked else UNCHECKED}\N{NO-BREAK SPACE}{words}", style)


def checkboxes(options: Sequence[tuple[bool, str]], shares: Sequence[float] | None = None) -> Any:
    """Several boxes side by side."""
    parts = shares or [1.0] * len(options)
    widths = [WIDTH * part / sum(parts) for part in parts]
    return framed([[checkbox(checked, words) for checked, words in options]], widths)


def question(wording: str, options: Sequence[tuple[bool, str]], note: str = "") -> Any:
    """A question of the form in its exact words on the left, the marked answers on the right."""
    left = [*paragraphs(wording)[:-1]]
    right = [checkbox(checked, words) for checked, words in options]
    if note:
        right.append(paragraph(note, "small"))
    return framed([[left, right]], [WIDTH * 0.66, WIDTH * 0.34])


def answered(wording: str, label: str, value: str) -> Any:
    """A question in its exact words on the left, the entry on the right."""
    entry = [paragraph(label, "label"), paragraph(value, "value")]
    return framed([[[*paragraphs(wording)[:-1]], entry]], [WIDTH * 0.66, WIDTH * 0.34])
