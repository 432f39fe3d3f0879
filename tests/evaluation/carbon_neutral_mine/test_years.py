"""No emissions, no production, no early base year, rising intensity: each is graded, or refused in a sentence."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from mineco.core.errors import BadInput
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.carbon_neutral_mine.history import hardest_year
from mineco.evaluation.case import with_options
from tests.helpers import mines


@cache
def quarry():
    return mines.example()


@cache
def water():
    return mines.example("example-mineral-water")


def without_emissions(case, year=2024):
    """A mine that runs on its own renewables alone: nothing is burnt, vented, lost or bought in the year."""
    rows = [replace(row, quantity=replace(row.quantity, value=0.0))
            if row.year == year and not row.source.startswith("renewable") else row for row in case.dossier.activity]
    return mines.with_dossier(case, activity=rows)


def test_a_mine_without_emissions_is_at_its_best_in_every_share_of_them():
    found = cnm.evaluate(without_emissions(water()))
    assert float(found.ledger.emissions) == 0.0
    scores = {name: float(found.indicators[name].score) for name in ("E1.1", "E1.2", "E1.3", "E1.4", "E2.3", "E2.5",
                                                                     "O1.1", "O1.2")}
    # the reference is the mine's own of last year: at most 80
    assert scores == {**dict.fromkeys(scores, 100.0), "E1.2": 80.0}


def test_a_mine_without_emissions_in_both_years_is_graded_too():
    case = without_emissions(without_emissions(water()), 2023)
    found = cnm.evaluate(case)
    assert [float(found.indicators[name].score) for name in ("E1.1", "E1.3", "E1.4")] == [100.0, 100.0, 100.0]


def test_a_base_year_without_emissions_serves_no_mine_that_emits():
    with pytest.raises(BadInput) as caught:
        cnm.evaluate(without_emissions(water(), 2023))
    assert [one.message for one in caught.value.problems] == ["base_year_without_emissions"]


# --- no production --------------------------------------------------------------------------------------------------

def test_a_year_without_production_leaves_out_what_is_per_tonne_and_is_graded_on_the_rest():
    closed = mines.with_metric(mines.with_metric(quarry(), "production", 0.0), "output_value", 0.0)
    found = cnm.evaluate(closed)
    left_out = {name: one.reason for name, one in found.indicators.items() if not one.applicable}
    assert left_out == dict.fromkeys(("E1.2", "E1.3", "E2.2", "E3.3", "E3.4"), "no_production")
    assert found.grade.final in closed.standard.grade_ids
    assert cnm.product_footprint(closed, found.ledger.account) is None


def test_fresh_water_is_scored_where_stock_is_sold_without_production():
    found = cnm.evaluate(mines.with_metric(quarry(), "production", 0.0))
    assert found.indicators["E3.4"].applicable


def test_an_output_value_of_zero_is_no_reason_while_the_mine_produces():
    with pytest.raises(BadInput) as caught:
        cnm.evaluate(mines.with_metric(quarry(), "output_value", 0.0))
    assert [one.message for one in caught.value.problems] == ["divided_by_zero"]


def test_a_mine_that_opens_again_is_not_praised_for_the_year_in_which_it_stood_still():
    found = cnm.evaluate(mines.with_metric(quarry(), "production", 0.0, year=2023))
    assert found.indicators["E1.3"].reason == "no_production"


# --- more years in the dossier --------------------------------------------------------------------------------------

@pytest.mark.parametrize(("factors", "years"), [({"y2022": 0.1, "y2021": 0.9}, 3), ({"y2025": 2.0, "y2021": 2.0}, 3)])
def test_the_lowest_rate_over_older_years_stands_beside(factors, years):
    # every source of 2023 times 0.9 or 2 in 2021; 2022 is too young and 2025 yet to come
    found = cnm.evaluate(mines.with_years(quarry(), **factors))
    now = float(found.ledger.emissions)
    then = float(cnm.compute_account(found.case, 2021).emissions())
    assert float(found.indicators["E1.1"].beside["lowest"]) == pytest.approx((1 - (now / then) ** (1 / years)) * 100)


def test_of_two_older_years_the_harder_one_stands_beside():
    case = mines.with_years(quarry(), y2022=1.0, y2021=0.9)
    later = mines.with_dossier(case, activity=[*case.dossier.activity, *[
        replace(row, year=2025) for row in case.dossier.activity if row.year == 2024]])
    years = {2021: 4, 2022: 3}
    emitted = {year: float(cnm.compute_account(later, year).emissions()) for year in (2021, 2022, 2025)}
    accounts = {year: cnm.compute_account(later, year) for year in (2021, 2022, 2025)}
    rates = {year: 1 - (emitted[2025] / emitted[year]) ** (1 / count) for year, count in years.items()}
    assert hardest_year(mines.with_mine(later, reporting_year=2025), accounts) == min(rates, key=rates.get)


def test_a_year_that_is_not_whole_stands_beside_nothing_and_is_told():
    rows = [replace(row, year=2020) for row in quarry().dossier.activity if row.year == 2023][:1]
    found = cnm.evaluate(mines.plus(quarry(), *rows))
    assert "lowest" not in found.indicators["E1.1"].beside
    assert ("year_not_whole", 2020) in [(one.message, one.value) for one in found.notices]


# --- a rising intensity (reading R30) -------------------------------------------------------------------------------

def rising(case):
    """The case with less mined for the same emissions."""
    return mines.with_metric(case, "production", 200_000.0)


def test_a_rise_is_told_and_one_year_of_it_fails_the_gate_only_when_strict():
    found = cnm.evaluate(rising(quarry()))
    assert "intensity_rose" in [one.message for one in found.notices]
    assert (found.grade.unmet, found.grade.binding) == ((), "score")
    strict = cnm.evaluate(with_options(rising(quarry()), strict_gates=True))
    assert (strict.grade.unmet, strict.grade.final, strict.grade.binding) == (("carbon_management",), "below", "gates")


@pytest.mark.parametrize("year", [2023, 2024])
@pytest.mark.parametrize(("mined", "rose"), [(200_000.0, True), (300_000.0, False)])
def test_whether_it_rose_does_not_depend_on_the_units_in_which_the_years_are_written(mined, rose, year):
    case = mines.written_in(mines.with_metric(quarry(), "production", mined), "production", "kt", year)
    found = cnm.evaluate(with_options(case, strict_gates=True))
    assert ("intensity_rose" in [one.message for one in found.notices]) is rose
    assert found.grade.unmet == (("carbon_management",) if rose else ())


def test_a_fall_meets_the_gate_however_strict():
    assert cnm.evaluate(with_options(quarry(), strict_gates=True)).grade.unmet == ()


@pytest.mark.parametrize(("factors", "unmet"), [
    ({"y2022": 0.9, "y2021": 0.8}, ("carbon_management",)),  # 0.8 < 0.9 < 1 < 2024
    ({"y2022": 0.9, "y2021": 0.95}, ()),  # 2022 fell
    ({"y2022": 0.9}, ())])  # two rises are not three
def test_three_rising_years_of_the_dossier_fail_the_gate(factors, unmet):
    case = mines.with_years(rising(quarry()), **factors)
    base = case.dossier.mine.base_year.model_copy(update={"year": 2021 if "y2021" in factors else 2023})
    assert cnm.evaluate(mines.with_mine(case, base_year=base)).grade.unmet == unmet


def test_among_many_mines_the_gate_fails_for_those_whose_intensity_rises():
    case = with_options(mines.with_metric(quarry(), "production", np.array([200_000.0, 300_000.0])), strict_gates=True)
    grade = cnm.evaluate(case).grade
    assert list(grade.final) == ["below", "C"]
    assert list(grade.carbon_neutral) == [False, False]


def test_among_many_mines_that_differ_in_one_year_alone_the_years_before_hold_for_all():
    ten_years = mines.example("example-quarry-years")  # 2023 to 2024 rose, the years on both sides fell
    many = mines.with_metric(ten_years, "production", np.array([312_000.0, 200_000.0]), 2025)
    alone = [mines.with_metric(ten_years, "production", amount, 2025) for amount in (312_000.0, 200_000.0)]
    assert list(cnm.evaluate(many).grade.binding) == [cnm.evaluate(one).grade.binding for one in alone]
