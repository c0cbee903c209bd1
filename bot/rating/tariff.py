"""The tariff as dated data: what the form prints, checked when it is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, Extra, PositiveInt, ValidationError, root_validator, validator

from bot.rating.codes import COVERS, DEDUCTIBLES, FREQUENCIES, Cover, Deductible, Frequency
from bot.rating.request import RatingError

FOLDER = Path(__file__).parent / "tariffs"

Band = Literal["flat", "per_member"]
BANDS: tuple[Band, ...] = ("flat", "per_member")
MemberRateScope = Literal["all_members", "members_above_200"]
InstalmentBasis = Literal["printed_cells", "annual_total"]


class TariffDataError(ValueError):
    """A tariff file is incomplete or contradicts itself; for those who maintain it."""


class Figure(Decimal):
    """A printed figure: quoted text with two decimals, above zero."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Decimal]]:
        yield cls._read

    @staticmethod
    def _read(value: Any) -> Decimal:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]+\.[0-9]{2}", value):
            raise ValueError("must be quoted text with two decimals")
        figure = Decimal(value)
        if figure <= 0:
            raise ValueError("must be above zero")
        return figure


class _Part(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


def _require_all(found: Mapping[str, Any], *levels: tuple[str, ...]) -> None:
    """Raises ValueError if a code of one of the nested ``levels`` has no entry."""
    codes, *deeper = levels
    missing = [code for code in codes if code not in found]
    if missing:
        raise ValueError(f"missing: {', '.join(missing)}")
    if deeper:
        for code in codes:
            _require_all(found[code], *deeper)


class Source(_Part):
    """The printed form that the figures were copied from, and where on it they stand."""

    form: str
    annual_page: str
    instalment_page: str


class Instalments(_Part):
    """Instalments a year, and the surcharge factor that the printed instalments contain."""

    per_year: PositiveInt
    factor: Figure


class AnnualPage(_Part):
    """The annual premiums on the front of the form, in euro."""

    membership: Figure
    family_surcharge: Figure
    cover: dict[Cover, dict[Band, dict[Deductible, Figure]]]

    @validator("cover")
    def _complete(cls, value: Any) -> Any:
        _require_all(value, COVERS, BANDS, DEDUCTIBLES)
        return value


class InstalmentPage(_Part):
    """The premiums by payment frequency on the last page of the form, in euro per instalment."""

    membership: dict[Frequency, Figure]
    family_membership: dict[Frequency, Figure]
    cover: dict[Cover, dict[Band, dict[Deductible, dict[Frequency, Figure]]]]

    @validator("membership", "family_membership")
    def _complete_membership(cls, value: Any) -> Any:
        _require_all(value, FREQUENCIES)
        return value

    @validator("cover")
    def _complete_cover(cls, value: Any) -> Any:
        _require_all(value, COVERS, BANDS, DEDUCTIBLES, FREQUENCIES)
        return value


class Tariff(_Part):
    """One dated tariff.

    ``member_rate_scope`` and ``instalment_basis`` decide what the print leaves open.
    """

    id: str
    valid_from: date
    valid_until: date | None = None
    source: Source
    tax_rate: Figure
    flat_up_to_members: PositiveInt
    member_rate_scope: MemberRateScope
    instalment_basis: InstalmentBasis
    instalments: dict[Frequency, Instalments]
    annual_page: AnnualPage
    instalment_page: InstalmentPage

    @validator("instalments")
    def _complete_instalments(cls, value: Any) -> Any:
        _require_all(value, FREQUENCIES)
        return value

    @root_validator(skip_on_failure=True)
    def _consistent(cls, values: dict[str, Any]) -> dict[str, Any]:
        until = values["valid_until"]
        if until is not None and until < values["valid_from"]:
            raise ValueError("valid_until is before valid_from")
        _require_agreement(values["annual_page"], values["instalment_page"])
        return values

    def is_valid_on(self, day: date) -> bool:
        """Whether the tariff applies on ``day``; the last day counts."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def membership(self, family: bool, frequency: Frequency) -> Decimal:
        """The printed membership fee in euro per instalment."""
        page = self.instalment_page
        return (page.family_membership if family else page.membership)[frequency]

    def premium(
        self, cover: Cover, band: Band, deductible: Deductible, frequency: Frequency
    ) -> Decimal:
        """A printed premium in euro per instalment, for the club or per member."""
        return self.instalment_page.cover[cover][band][deductible][frequency]


def _require_agreement(front: AnnualPage, last: InstalmentPage) -> None:
    """Raises ValueError if the two pages print different annual premiums."""
    if front.membership != last.membership["annual"]:
        raise ValueError("the pages differ in membership")
    if front.membership + front.family_surcharge != last.family_membership["annual"]:
        raise ValueError("the pages differ in family membership")
    for cover in COVERS:
        for band in BANDS:
            for deductible in DEDUCTIBLES:
                printed = last.cover[cover][band][deductible]["annual"]
                if front.cover[cover][band][deductible] != printed:
                    raise ValueError(f"the pages differ in {cover}, {band}, {deductible}")


def load_tariff(path: Path) -> Tariff:
    """The tariff in the file ``path``, whose name is the tariff's id.

    Raises:
        TariffDataError: a cell is missing or no amount, or the pages contradict each other.
    """
    try:
        tariff = Tariff.parse_obj(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise TariffDataError(f"{path.name}: {error}") from error
    if tariff.id != path.stem:
        raise TariffDataError(f"{path.name}: the id is {tariff.id!r}")
    return tariff


def load_tariffs(folder: Path) -> tuple[Tariff, ...]:
    """All tariffs in ``folder``, the newest first.

    Raises:
        TariffDataError: one cannot be used, or two begin on the same day.
    """
    found = [load_tariff(path) for path in sorted(folder.glob("*.yml"))]
    newest_first = sorted(found, key=lambda tariff: tariff.valid_from, reverse=True)
    for newer, older in pairwise(newest_first):
        if newer.valid_from == older.valid_from:
            raise TariffDataError(f"{newer.id} and {older.id} begin on the same day")
    return tuple(newest_first)


@cache
def tariffs() -> tuple[Tariff, ...]:
    """The tariffs that come with the program, the newest first."""
    return load_tariffs(FOLDER)


def kept_tariff(identity: str | None, day: date) -> Tariff | None:
    """The tariff that somebody was quoted from, if it still applies on ``day``."""
    found = (tariff for tariff in tariffs() if tariff.id == identity)
    return next((tariff for tariff in found if tariff.is_valid_on(day)), None)


def tariff_on(day: date) -> Tariff:
    """The tariff that applies on ``day``: of those valid then, the one that began last.

    Raises:
        RatingError: there is none.
    """
    for tariff in tariffs():
        if tariff.is_valid_on(day):
            return tariff
    raise RatingError("no_tariff")
