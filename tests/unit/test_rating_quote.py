"""Quotes: thresholds, both open readings, lines, totals and the computation that is shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.rating import Quote, RatingError, RatingRequest, Tariff, quote, tariff_on

DAY = date(2026, 11, 20)


def tariff(scope: str = "all_members", basis: str = "printed_cells") -> Tariff:
    readings = {"member_rate_scope": scope, "instalment_basis": basis}
    return tariff_on(DAY).copy(update=readings)


def ask(
    members: int | None,
    frequency: Any = "annual",
    product: Any = "jurverein",
    deductible: Any = "falling_1000_300",
    family: int | None = None,
    under: Tariff | None = None,
) -> Quote:
    request = RatingRequest(product, deductible, members, frequency, family)
    return quote(request, under or tariff())


@pytest.mark.parametrize("members", [1, 2, 199, 200])
def test_up_to_200_members_the_flat_premium_applies(members: int) -> None:
    cover = ask(members, "monthly").lines[1]
    assert (cover.annual, cover.per_instalment) == (Decimal("315.00"), Decimal("27.83"))


# 201 members, JURVEREIN, 1.000 – 300 €: 315,00 € flat, 2,03 € a year and 0,18 € a month each.
@pytest.mark.parametrize(
    ("scope", "basis", "annual", "monthly"),
    [
        ("all_members", "printed_cells", "408.03", "36.18"),  # 201 × 2,03; 201 × 0,18
        ("all_members", "annual_total", "408.03", "36.04"),  # 408,03 × 1,06 / 12 = 36,04265
        ("members_above_200", "printed_cells", "317.03", "28.01"),  # 315 + 2,03; 27,83 + 0,18
        ("members_above_200", "annual_total", "317.03", "28.00"),  # 317,03 × 1,06 / 12 = 28,0043
    ],
)
def test_201_members_in_each_reading(scope: str, basis: str, annual: str, monthly: str) -> None:
    cover = ask(201, "monthly", under=tariff(scope, basis)).lines[1]
    assert (cover.annual, cover.per_instalment) == (Decimal(annual), Decimal(monthly))


# 350 members, Vereins-Rechtsschutz, 800 / 400 €: 64,00 € flat, 0,51 € a year.
@pytest.mark.parametrize(
    ("scope", "basis", "frequency", "annual", "instalment"),
    [
        ("all_members", "printed_cells", "annual", "178.50", "178.50"),
        ("all_members", "printed_cells", "semiannual", "178.50", "91.00"),  # 350 × 0,26
        ("all_members", "printed_cells", "quarterly", "178.50", "45.50"),  # 350 × 0,13
        ("all_members", "printed_cells", "monthly", "178.50", "17.50"),  # 350 × 0,05
        ("all_members", "annual_total", "annual", "178.50", "178.50"),
        ("all_members", "annual_total", "semiannual", "178.50", "91.93"),  # 91,9275
        ("all_members", "annual_total", "quarterly", "178.50", "46.86"),  # 46,85625
        ("all_members", "annual_total", "monthly", "178.50", "15.77"),  # 15,7675
        ("members_above_200", "printed_cells", "annual", "140.50", "140.50"),  # 64 + 150 × 0,51
        ("members_above_200", "printed_cells", "semiannual", "140.50", "71.96"),  # 32,96 + 39
        ("members_above_200", "printed_cells", "quarterly", "140.50", "36.30"),  # 16,80 + 19,50
        ("members_above_200", "printed_cells", "monthly", "140.50", "13.15"),  # 5,65 + 7,50
        ("members_above_200", "annual_total", "annual", "140.50", "140.50"),
        ("members_above_200", "annual_total", "semiannual", "140.50", "72.36"),  # 72,3575
        ("members_above_200", "annual_total", "quarterly", "140.50", "36.88"),  # 36,88125
        ("members_above_200", "annual_total", "monthly", "140.50", "12.41"),  # 12,41083
    ],
)
def test_350_members_in_each_reading(
    scope: str, basis: str, frequency: str, annual: str, instalment: str
) -> None:
    found = ask(350, frequency, "vereins_rechtsschutz", "flex_800_400", under=tariff(scope, basis))
    cover = found.lines[1]
    assert (cover.annual, cover.per_instalment) == (Decimal(annual), Decimal(instalment))


def test_half_a_cent_is_rounded_up() -> None:
    # 27,00 € × 1,03 / 2 is 13,905 €; rounding half to even would give 13,90 €.
    found = ask(None, "semiannual", "membership_only", None, under=tariff(basis="annual_total"))
    assert found.total_per_instalment == Decimal("13.91")


def test_totals_are_those_of_all_lines() -> None:
    found = ask(250, "monthly", family=4)
    assert [line.item for line in found.lines] == ["membership", "jurverein"]
    assert found.total_annual == Decimal("540.50")
    assert found.total_per_instalment == Decimal("47.92")
    assert found.instalments_per_year == 12
    assert found.sum_of_instalments == Decimal("575.04")


@pytest.mark.parametrize(
    ("family", "annual", "title"),
    [(None, "27.00", "KS-Mitgliedschaft"), (2, "33.00", "KS-Mitgliedschaft für die Familie")],
)
def test_membership_alone(family: int | None, annual: str, title: str) -> None:
    found = ask(None, "annual", "membership_only", None, family).as_dict()
    line = {"item": "membership", "title": title, "annual": annual, "per_instalment": annual}
    assert found["lines"] == [line]
    assert found["total_per_instalment"] == annual


@pytest.mark.parametrize(
    ("product", "deductible", "members", "provisional"),
    [
        ("jurverein", "fixed_350", 200, False),
        ("jurverein", "fixed_350", 201, True),
        ("vereins_rechtsschutz", "fixed_350", 201, True),
        ("membership_only", None, 201, False),
    ],
)
def test_above_200_members_a_premium_for_cover_is_provisional(
    product: str, deductible: str | None, members: int, provisional: bool
) -> None:
    found = ask(members, "annual", product, deductible)
    assert found.provisional is provisional
    said = any("vorläufig" in sentence and "bestätigt" in sentence for sentence in found.trace)
    assert said is provisional


@pytest.mark.parametrize("frequency", ["annual", "semiannual", "quarterly", "monthly"])
def test_only_monthly_payment_says_that_it_needs_a_mandate(frequency: str) -> None:
    said = any("SEPA-Lastschriftmandat" in sentence for sentence in ask(10, frequency).trace)
    assert said is (frequency == "monthly")


def test_the_computation_by_printed_cells() -> None:
    cover = "JURVEREIN, Selbstbeteiligung 1.000 – 300 € fallend"
    assert ask(1250, "monthly", family=4).trace[:7] == (
        "KS-Mitgliedschaft für die Familie (4 Personen): 33,00 € im Jahr.",
        "KS-Mitgliedschaft für die Familie (4 Personen): 2,92 € je Monat.",
        f"{cover}: 1.250 Mitglieder × 2,03 € = 2.537,50 € im Jahr.",
        "Ab 201 Mitgliedern zählt der Beitrag je Mitglied hier für alle Mitglieder.",
        f"{cover}: 1.250 Mitglieder × 0,18 € = 225,00 € je Monat.",
        "Gesamtbeitrag: 2,92 € + 225,00 € = 227,92 € je Monat.",
        "Im Jahr: 12 Raten × 227,92 € = 2.735,04 €. Bei jährlicher Zahlung wären es 2.570,50 €.",
    )


def test_the_computation_by_annual_total() -> None:
    cover = "JURVEREIN, Selbstbeteiligung 350 € fest"
    under = tariff("members_above_200", "annual_total")
    assert ask(250, "quarterly", deductible="fixed_350", under=under).trace[2:5] == (
        f"{cover}: 409,00 € bis 200 Mitglieder + 50 weitere × 2,76 € = 547,00 € im Jahr.",
        "Der Beitrag je Mitglied zählt hier für die Mitglieder über 200,"
        " zusätzlich zum Beitrag bis 200 Mitglieder.",
        f"{cover}: 547,00 € × 1,05 ÷ 4 = 143,59 € je Vierteljahr, kaufmännisch gerundet.",
    )


def test_the_computation_names_tax_and_source() -> None:
    trace = ask(10).trace
    assert "Die Beiträge enthalten 19 % Versicherungsteuer." in trace
    assert any(step.startswith("Quelle: Antragsformular") for step in trace)


def test_json() -> None:
    found = ask(201, "semiannual", "vereins_rechtsschutz", "flex_600_300").as_dict()
    trace = found.pop("trace")
    assert all(isinstance(step, str) and step for step in trace)
    assert found == {
        "tariff": "vereine-arb2021",
        "frequency": "semiannual",
        "instalments_per_year": 2,
        "lines": [
            {
                "item": "membership",
                "title": "KS-Mitgliedschaft",
                "annual": "27.00",
                "per_instalment": "13.91",
            },
            {
                "item": "vereins_rechtsschutz",
                "title": "Vereins-Rechtsschutz",
                "annual": "122.61",
                "per_instalment": "62.31",
            },
        ],
        "total_per_instalment": "76.22",
        "sum_of_instalments": "152.44",
        "provisional": True,
    }


def test_without_a_day_todays_tariff_applies(monkeypatch: pytest.MonkeyPatch) -> None:
    request = RatingRequest("membership_only", None, None, "annual")
    monkeypatch.setenv("BOT_NOW", "2026-11-20T18:00")
    assert quote(request).tariff == tariff_on(DAY)
    monkeypatch.setenv("BOT_NOW", "2020-11-20T18:00")
    with pytest.raises(RatingError, match="kein Tarif"):
        quote(request)
    assert quote(request, on=DAY).tariff == tariff_on(DAY)
