"""The tariff file against the printed form, and what loading a tariff refuses."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.rating import RatingError, tariff_on
from bot.rating.tariff import FOLDER, TariffDataError, load_tariff, load_tariffs

DAY = date(2026, 11, 20)
DEDUCTIBLE_CODES = {
    "1.000 - 300 €": "falling_1000_300",
    "800 / 400 €": "flex_800_400",
    "600 / 300 €": "flex_600_300",
    "350 €": "fixed_350",
}
COLUMNS = ("annual", "semiannual", "quarterly", "monthly")

# "Beiträge bei jährlicher und unterjähriger Zahlungsweise", last page of the form.
MEMBERSHIP_PRINT = "27,00 € 13,91 € 7,09 € 2,39 €"
FAMILY_PRINT = "33,00 € 17,00 € 8,66 € 2,92 €"
LAST_PAGE_PRINT = """
jurverein flat
1.000 - 300 €	315,00 €	162,23 €	82,69 €	27,83 €
800 / 400 €	340,00 €	175,10 €	89,25 €	30,03 €
600 / 300 €	399,00 €	205,49 €	104,74 €	35,25 €
350 €	409,00 €	210,64 €	107,36 €	36,13 €
jurverein per_member
1.000 - 300 €	2,03 €	1,05 €	0,53 €	0,18 €
800 / 400 €	2,19 €	1,13 €	0,57 €	0,19 €
600 / 300 €	2,69 €	1,39 €	0,71 €	0,24 €
350 €	2,76 €	1,42 €	0,72 €	0,24 €
vereins_rechtsschutz flat
1.000 - 300 €	59,00 €	30,39 €	15,49 €	5,21 €
800 / 400 €	64,00 €	32,96 €	16,80 €	5,65 €
600 / 300 €	77,00 €	39,66 €	20,21 €	6,80 €
350 €	79,00 €	40,69 €	20,74 €	6,98 €
vereins_rechtsschutz per_member
1.000 - 300 €	0,46 €	0,24 €	0,12 €	0,04 €
800 / 400 €	0,51 €	0,26 €	0,13 €	0,05 €
600 / 300 €	0,61 €	0,31 €	0,16 €	0,05 €
350 €	0,63 €	0,32 €	0,17 €	0,06 €
"""
# "Rechtsschutz bei der AUXILIA", front of the form, columns in the order of DEDUCTIBLE_CODES.
FRONT_PAGE_PRINT = {
    ("jurverein", "flat"): "315,- 340,- 399,- 409,-",
    ("jurverein", "per_member"): "2,03 2,19 2,69 2,76",
    ("vereins_rechtsschutz", "flat"): "59,- 64,- 77,- 79,-",
    ("vereins_rechtsschutz", "per_member"): "0,46 0,51 0,61 0,63",
}


def amount(printed: str) -> Decimal:
    return Decimal(printed.replace("€", "").strip().replace(",-", ",00").replace(",", "."))


def last_page_cells() -> list[tuple[str, str, str, str, Decimal]]:
    cells = []
    cover = band = ""
    for line in LAST_PAGE_PRINT.strip().splitlines():
        first, *printed = line.split("\t")
        if not printed:
            cover, band = first.split()
            continue
        for column, cell in zip(COLUMNS, printed):
            cells.append((cover, band, DEDUCTIBLE_CODES[first], column, amount(cell)))
    return cells


@pytest.mark.parametrize(("cover", "band", "deductible", "frequency", "printed"), last_page_cells())
def test_each_cell_of_the_last_page(
    cover: Any, band: Any, deductible: Any, frequency: Any, printed: Decimal
) -> None:
    assert tariff_on(DAY).premium(cover, band, deductible, frequency) == printed


def test_the_last_page_has_four_tables_of_sixteen_cells() -> None:
    assert len(last_page_cells()) == 64


@pytest.mark.parametrize(("family", "row"), [(False, MEMBERSHIP_PRINT), (True, FAMILY_PRINT)])
def test_membership_fees(family: bool, row: str) -> None:
    printed = [amount(cell) for cell in row.split("€") if cell.strip()]
    assert [tariff_on(DAY).membership(family, column) for column in COLUMNS] == printed


@pytest.mark.parametrize(("table", "row"), FRONT_PAGE_PRINT.items())
def test_each_cell_of_the_front_page(table: tuple[Any, Any], row: str) -> None:
    cover, band = table
    cells = tariff_on(DAY).annual_page.cover[cover][band]
    expected = dict(zip(DEDUCTIBLE_CODES.values(), map(amount, row.split())))
    assert cells == expected


def test_membership_on_the_front_page() -> None:
    page = tariff_on(DAY).annual_page
    assert (page.membership, page.family_surcharge) == (Decimal("27.00"), Decimal("6.00"))


def by_formula(annual: Decimal, factor: str, instalments: int) -> Decimal:
    exact = annual * Decimal(factor) / instalments
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("frequency", "factor", "instalments"),
    [("semiannual", "1.03", 2), ("quarterly", "1.05", 4), ("monthly", "1.06", 12)],
)
def test_each_instalment_follows_from_the_annual_premium(
    frequency: Any, factor: str, instalments: int
) -> None:
    tariff = tariff_on(DAY)
    page = tariff.instalment_page
    rows = [page.membership, page.family_membership]
    rows += [
        row for bands in page.cover.values() for table in bands.values() for row in table.values()
    ]
    assert len(rows) == 18
    for row in rows:
        assert row[frequency] == by_formula(row["annual"], factor, instalments)
    terms = tariff.instalments[frequency]
    assert (terms.factor, terms.per_year) == (Decimal(factor), instalments)


def test_what_else_the_form_says() -> None:
    tariff = tariff_on(DAY)
    assert tariff.tax_rate == Decimal("0.19")
    assert tariff.flat_up_to_members == 200
    assert tariff.member_rate_scope == "all_members"
    assert tariff.instalment_basis == "printed_cells"
    assert tariff.source.instalment_page.startswith("letzte Seite")


def shipped() -> Any:
    (path,) = FOLDER.glob("*.yml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def write(folder: Path, data: Any) -> Path:
    path = folder / f"{data['id']}.yml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_a_copy_of_the_shipped_file_loads(tmp_path: Path) -> None:
    assert load_tariff(write(tmp_path, shipped())) == tariff_on(DAY)


PREMIUM = ["instalment_page", "cover", "jurverein", "per_member", "fixed_350", "monthly"]
FRONT_PREMIUM = ["annual_page", "cover", "vereins_rechtsschutz", "flat", "flex_600_300"]


def place(data: Any, path: list[str]) -> tuple[Any, str]:
    for step in path[:-1]:
        data = data[step]
    return data, path[-1]


@pytest.mark.parametrize(
    "path",
    [PREMIUM[:length] for length in range(1, 7)]
    + [FRONT_PREMIUM[:length] for length in range(1, 6)]
    + [["instalment_page", "family_membership", "quarterly"], ["annual_page", "membership"]]
    + [["annual_page", "family_surcharge"], ["instalments", "monthly"], ["source", "form"]]
    + [["tax_rate"], ["valid_from"], ["member_rate_scope"], ["instalment_basis"]],
    ids=".".join,
)
def test_a_missing_figure_is_refused(tmp_path: Path, path: list[str]) -> None:
    data = shipped()
    parent, key = place(data, path)
    del parent[key]
    with pytest.raises(TariffDataError, match=r"missing|required"):
        load_tariff(write(tmp_path, data))


@pytest.mark.parametrize(
    "figure", [0.24, 1, "0.2", "0.240", "0,24", "-0.24", "0.00", "NaN", "", None, True, "٠.٢٤"]
)
def test_a_figure_that_is_no_amount_is_refused(tmp_path: Path, figure: object) -> None:
    data = shipped()
    parent, key = place(data, PREMIUM)
    parent[key] = figure
    with pytest.raises(TariffDataError, match="monthly"):
        load_tariff(write(tmp_path, data))


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (FRONT_PREMIUM, "77.01", "vereins_rechtsschutz, flat, flex_600_300"),
        (["annual_page", "membership"], "27.01", "differ in membership"),
        (["annual_page", "family_surcharge"], "6.01", "differ in family membership"),
        (["valid_until"], date(2020, 12, 31), "valid_until is before valid_from"),
        (["member_rate_scope"], "some_members", "member_rate_scope"),
        (["instalment_basis"], "guess", "instalment_basis"),
        (["instalments", "monthly", "per_year"], 0, "per_year"),
        (["surprise"], "1", "surprise"),
    ],
)
def test_a_contradiction_is_refused(
    tmp_path: Path, path: list[str], value: object, reason: str
) -> None:
    data = shipped()
    parent, key = place(data, path)
    parent[key] = value
    with pytest.raises(TariffDataError, match=reason):
        load_tariff(write(tmp_path, data))


def test_a_file_that_is_named_differently_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, shipped()).rename(tmp_path / "other.yml")
    with pytest.raises(TariffDataError, match="the id is"):
        load_tariff(path)


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.yml"
    path.write_text("id: [", encoding="utf-8")
    with pytest.raises(TariffDataError, match=r"broken\.yml"):
        load_tariff(path)


def dated(valid_from: date, valid_until: date | None, name: str) -> Any:
    return shipped() | {"id": name, "valid_from": valid_from, "valid_until": valid_until}


def test_two_tariffs_from_the_same_day_are_refused(tmp_path: Path) -> None:
    write(tmp_path, dated(date(2027, 1, 1), None, "one"))
    write(tmp_path, dated(date(2027, 1, 1), None, "two"))
    with pytest.raises(TariffDataError, match="same day"):
        load_tariffs(tmp_path)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 31), "old"),
        (date(2027, 1, 1), "offer"),
        (date(2027, 3, 31), "offer"),
        (date(2027, 4, 1), "old"),
        (date(2028, 1, 1), "new"),
    ],
)
def test_the_newest_tariff_valid_on_a_day_applies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: date, expected: str
) -> None:
    write(tmp_path, dated(date(2026, 1, 1), None, "old"))
    write(tmp_path, dated(date(2027, 1, 1), date(2027, 3, 31), "offer"))
    write(tmp_path, dated(date(2028, 1, 1), None, "new"))
    monkeypatch.setattr("bot.rating.tariff.tariffs", lambda: load_tariffs(tmp_path))
    assert tariff_on(day).id == expected


def test_no_tariff_before_the_first() -> None:
    with pytest.raises(RatingError, match="kein Tarif") as refused:
        tariff_on(date(2020, 12, 31))
    assert refused.value.reason == "no_tariff"
