"""What people type is made safe to store and is shown back without their bank account."""

from __future__ import annotations

import pytest

from bot.channels.typed_text import clean, one_line, without_ibans


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Verein\x00\x07 Nord", "Verein Nord"),
        ("halb \ud83d Zeichen", "halb  Zeichen"),
        ("Zeile 1\r\nZeile 2\rZeile 3\u2028Zeile 4", "Zeile 1\nZeile 2\nZeile 3\nZeile 4"),
        ("Mu\u0308ller", "Müller"),
        ("rechts\u202enach links", "rechtsnach links"),
        ("\ufeff  Rand \u200b", "Rand"),
        ("a\tb", "a b"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("<b>fett</b> & mehr", "<b>fett</b> & mehr"),
        ("\x00\u200b \n", ""),
    ],
)
def test_only_what_was_meant_is_kept(given: str, kept: str) -> None:
    assert clean(given) == kept


def test_one_line_has_single_blanks() -> None:
    assert one_line(" Maklerbüro \n\n  Süd\x00 ") == "Maklerbüro Süd"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("DE89 3704 0044 0532 0130 00", "•••• 3000"),
        ("meine iban ist de89370400440532013000.", "meine iban ist •••• 3000."),
        ("DE89 3704 0044 0532 0130 00 bei der Sparkasse", "•••• 3000 bei der Sparkasse"),
        ("DE 89 37O4 0044 0532 0130 00\nDanke", "•••• 3000\nDanke"),
        ("NL91 ABNA 0417 1643 00 bitte", "•••• 4300 bitte"),
        ("GB29NWBK60161331926819 und FR1420041010050500013M02606", "•••• 6819 und •••• 2606"),
        ("DR89 3704 0044 0532 0130 00", "•••• 3000"),
        ("IBAN:DE89-3704-0044-0532-0130-00", "IBAN:•••• 3000"),
    ],
)
def test_an_iban_is_masked(typed: str, shown: str) -> None:
    assert without_ibans(typed) == shown


@pytest.mark.parametrize("length", [15, 20, 21, 23])
def test_a_mistyped_iban_is_masked(length: int) -> None:
    typed = "DE89370400440532013000123"[:length]
    assert without_ibans(f"hier: {typed}") == f"hier: •••• {typed[-4:]}"


@pytest.mark.parametrize(
    "typed",
    [
        "es 20 Mitglieder sind schon dabei gewesen in den Jahren",
        "am 12. Dezember 2026",
        "+49 89 123 456 78 90",
        "Hauptstraße 12, 80331 München",
        "zum 01.01.2027",
        "RS-4711-0815",
        "so 2018 2019 2020",
        "so 0171 1234567",
        "",
    ],
)
def test_anything_else_stays(typed: str) -> None:
    assert without_ibans(typed) == typed
