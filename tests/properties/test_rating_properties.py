"""What holds for every quote, whatever is asked and however the print is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rating import (
    COVERS,
    DEDUCTIBLES,
    FREQUENCIES,
    Quote,
    RatingError,
    RatingRequest,
    Tariff,
    quote,
    tariff_on,
)

HALF_A_CENT = Decimal("0.005")
CENTS = re.compile(r"[0-9]+\.[0-9]{2}")

tariffs = st.builds(
    lambda scope, basis: tariff_on(date(2026, 11, 20)).copy(
        update={"member_rate_scope": scope, "instalment_basis": basis}
    ),
    st.sampled_from(["all_members", "members_above_200"]),
    st.sampled_from(["printed_cells", "annual_total"]),
)
# Around the threshold as often as anywhere else.
member_counts = st.integers(1, 5_000) | st.integers(195, 205) | st.integers(1, 1_000_000)
families = st.none() | st.integers(2, 20)
covers = st.builds(
    RatingRequest,
    st.sampled_from(COVERS),
    st.sampled_from(DEDUCTIBLES),
    member_counts,
    st.sampled_from(FREQUENCIES),
    families,
)
memberships = st.builds(
    RatingRequest,
    st.just("membership_only"),
    st.none(),
    st.none() | member_counts,
    st.sampled_from(FREQUENCIES),
    families,
)
requests = covers | memberships
quotes = st.builds(quote, requests, tariffs)


@given(quotes)
def test_totals_are_the_sums_of_the_lines(found: Quote) -> None:
    assert found.total_annual == sum(line.annual for line in found.lines)
    assert found.total_per_instalment == sum(line.per_instalment for line in found.lines)
    assert found.sum_of_instalments == found.total_per_instalment * found.instalments_per_year


def amounts_in(found: dict[str, Any]) -> Iterator[str]:
    yield found["total_per_instalment"]
    yield found["sum_of_instalments"]
    for line in found["lines"]:
        yield line["annual"]
        yield line["per_instalment"]


@given(quotes)
def test_amounts_have_two_decimals_and_nothing_is_lost_by_it(found: Quote) -> None:
    shown = found.as_dict()
    assert all(CENTS.fullmatch(amount) for amount in amounts_in(shown))
    assert Decimal(shown["total_per_instalment"]) == found.total_per_instalment
    assert Decimal(shown["sum_of_instalments"]) == found.sum_of_instalments
    assert [Decimal(line["per_instalment"]) for line in shown["lines"]] == [
        line.per_instalment for line in found.lines
    ]


@given(covers, st.integers(0, 1_000), tariffs)
def test_more_members_never_cost_less_in_the_same_branch(
    request: RatingRequest, more: int, tariff: Tariff
) -> None:
    assert request.member_count is not None
    limit = 200 if request.member_count <= 200 else 1_000_000
    larger = RatingRequest(
        request.product,
        request.deductible,
        min(request.member_count + more, limit),
        request.frequency,
        request.family_member_count,
    )
    few, many = quote(request, tariff), quote(larger, tariff)
    assert few.total_annual <= many.total_annual
    assert few.total_per_instalment <= many.total_per_instalment


@given(quotes)
def test_instalments_differ_from_annual_premium_times_factor_by_rounding_only(
    found: Quote,
) -> None:
    terms = found.tariff.instalments[found.request.frequency]
    expected = found.total_annual * terms.factor
    rounded_figures = len(found.lines)
    if found.tariff.instalment_basis == "printed_cells":
        rounded_figures += found.request.member_count or 0
    bound = rounded_figures * terms.per_year * HALF_A_CENT
    assert abs(found.sum_of_instalments - expected) <= bound


@given(covers, tariffs)
def test_the_family_costs_the_same_surcharge_whatever_the_cover(
    request: RatingRequest, tariff: Tariff
) -> None:
    asked = (request.product, request.deductible, request.member_count, request.frequency)
    alone = quote(RatingRequest(*asked), tariff)
    family = quote(RatingRequest(*asked, family_member_count=2), tariff)
    assert family.total_annual - alone.total_annual == Decimal("6.00")
    assert family.lines[1] == alone.lines[1]


@given(quotes)
def test_provisional_exactly_for_cover_above_200_members(found: Quote) -> None:
    has_cover = found.request.product != "membership_only"
    assert found.provisional is (has_cover and (found.request.member_count or 0) > 200)


def value(shown: str) -> Decimal:
    """An amount, factor or count as the computation shows it; "2,03 €", "1.250 Mitglieder"."""
    figure = re.search(r"[0-9.]+(?:,[0-9]+)?", shown)
    assert figure is not None
    return Decimal(figure[0].replace(".", "").replace(",", "."))


def evaluated(formula: str) -> Decimal:
    total = Decimal(0)
    for term in formula.split(" + "):
        factors = term.split(" × ")
        result = Decimal(1)
        for factor in factors:
            dividend, *divisors = factor.split(" ÷ ")
            result *= value(dividend)
            for divisor in divisors:
                result /= value(divisor)
        total += result
    return total


@given(quotes)
def test_every_formula_in_the_computation_comes_to_what_it_says(found: Quote) -> None:
    for step in found.trace:
        if " = " not in step:
            continue
        formula, result = step.split(": ", 1)[1].split(" = ")
        tolerance = HALF_A_CENT if "gerundet" in step else Decimal(0)
        assert abs(evaluated(formula) - value(result)) <= tolerance, step


def test_the_formulas_are_evaluated_as_people_read_them() -> None:
    assert evaluated("315,00 € bis 200 Mitglieder + 50 weitere × 2,03 €") == Decimal("416.50")
    assert evaluated("1.250 Mitglieder × 2,03 €") == Decimal("2537.50")
    assert evaluated("100,00 € × 1,05 ÷ 4") == Decimal("26.25")


@given(
    st.one_of(
        st.integers(max_value=0),
        st.integers(min_value=1_000_001),
        st.booleans(),
        st.floats(),
        st.text(),
        st.decimals(),
    )
)
def test_no_nonsense_for_a_member_count_is_rated(count: Any) -> None:
    with pytest.raises(RatingError) as refused:
        RatingRequest("jurverein", "fixed_350", count, "annual")
    assert refused.value.field == "member_count"
