"""``python -m bot quote``: tables, JSON, and one German line for what it cannot compute."""

from __future__ import annotations

import json

import pytest

from bot.commands.quote import main

EXAMPLE = (
    "--product jurverein --deductible falling_1000_300 --members 250 --frequency monthly --family 4"
)


@pytest.fixture(autouse=True)
def _frozen_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T18:00")


def run(capsys: pytest.CaptureFixture[str], arguments: str) -> str:
    assert main(arguments.split()) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, f"{EXAMPLE} --json"))
    assert list(found) == [
        "tariff",
        "frequency",
        "instalments_per_year",
        "lines",
        "total_per_instalment",
        "sum_of_instalments",
        "provisional",
        "trace",
    ]
    assert [(line["item"], line["annual"], line["per_instalment"]) for line in found["lines"]] == [
        ("membership", "33.00", "2.92"),
        ("jurverein", "507.50", "45.00"),
    ]
    assert (found["total_per_instalment"], found["sum_of_instalments"]) == ("47.92", "575.04")
    assert found["provisional"] is True


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    table, computation = run(capsys, EXAMPLE).split("So ist gerechnet\n")
    assert table.splitlines() == [
        "Beitrag nach Tarif vereine-arb2021",
        "",
        "Vertrag                             Jahresbeitrag   Rate monatlich",
        "──────────────────────────────────────────────────────────────────",
        "KS-Mitgliedschaft für die Familie         33,00 €           2,92 €",
        "JURVEREIN                                507,50 €          45,00 €",
        "──────────────────────────────────────────────────────────────────",
        "Gesamtbeitrag                            540,50 €          47,92 €",
        "12 Raten im Jahr                                          575,04 €",
        "",
    ]
    assert "250 Mitglieder × 0,18 € =\n    45,00 € je Monat." in computation
    assert max(map(len, computation.splitlines())) <= 88


def test_paid_once_a_year_no_instalments_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    printed = run(capsys, "--product membership_only --frequency annual")
    assert "27,00 €" in printed
    assert "Rate" not in printed


def test_comparison_table(capsys: pytest.CaptureFixture[str]) -> None:
    printed = run(capsys, "--compare --members 250 --family 3")
    rows = [line.split("   ") for line in printed.splitlines() if "€" in line]
    amounts = {row[0].strip(): [cell.strip() for cell in row if "," in cell] for row in rows}
    # The later block of Vereins-Rechtsschutz has the same deductibles, so its rows are kept.
    assert amounts["1.000 – 300 € fallend"] == ["148,00 €", "77,00 €", "38,66 €", "12,92 €"]
    assert amounts["nur KS-Mitgliedschaft"] == ["33,00 €", "17,00 €", "8,66 €", "2,92 €"]
    assert len(rows) == 9
    assert "für die Familie" in printed
    assert "vorläufig" in printed


def test_comparison_at_one_frequency(capsys: pytest.CaptureFixture[str]) -> None:
    printed = run(capsys, "--compare --members 20 --frequency annual")
    assert "jährlich" in printed
    assert "monatlich" not in printed
    assert "342,00 €" in printed
    assert "vorläufig" not in printed


def test_comparison_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, "--compare --members 20 --json"))
    assert len(found["rows"]) == 36


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "--deductible" in capsys.readouterr().out


COVER = "--product jurverein --deductible fixed_350 --frequency annual"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "Es fehlt die Angabe --product."),
        ("--product jurverein", "Es fehlt die Angabe --frequency."),
        ("--product jurverein --frequency annual --members 5", "Selbstbeteiligung gebraucht"),
        ("--product auto --frequency annual --members 5", "Dieses Produkt kennt"),
        ("--product membership_only --deductible fixed_350 --frequency annual", "allein gehört"),
        (f"{COVER}", "Zahl der Mitglieder gebraucht"),
        (f"{COVER} --members 0", "mindestens 1 Mitglied"),
        (f"{COVER} --members -5", "mindestens 1 Mitglied"),
        (f"{COVER} --members 2.5", "ganze Zahl"),
        (f"{COVER} --members zwölf", "ganze Zahl"),
        (f"{COVER} --members ١٢", "ganze Zahl"),
        (f"{COVER} --members {10**30}", "mehr als 1.000.000"),
        (f"{COVER} --members {'9' * 5000}", "ganze Zahl"),
        (f"{COVER} --members 5 --family 1", "mindestens 2 Personen"),
        (f"{COVER} --members", "nicht verständlich"),
        (f"{COVER} --members 5 --colour red", "nicht verständlich"),
        (f"{COVER} --members 5 extra", "nicht verständlich"),
        ("--compare", "Zahl der Mitglieder gebraucht"),
        ("--compare --members 5 --product jurverein", "entfällt die Angabe --product"),
        ("--compare --members 5 --frequency daily", "Diese Zahlungsweise kennt"),
    ],
)
def test_what_cannot_be_computed_is_said_in_one_german_line(
    capsys: pytest.CaptureFixture[str], arguments: str, said: str
) -> None:
    assert main([*arguments.split(), "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert printed.err.count("\n") == 1
