"""Three disjoint ledgers: what was spared, what was bound inside, what was retired outside, and what is left."""

import datetime
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.core.errors import BadInput
from mineco.evaluation.case import with_options
from mineco.evaluation.ledgers import compute_ledger
from tests.helpers import mines


@cache
def quarry():
    return mines.example()
TONNES = st.floats(0.0, 1e7)
DIESEL = 43.33 * (20.2e-3 * 0.98 * 44 / 12 + 4.15e-6 * 29.8 + 28.6e-6 * 273)  # t CO2e/t (test_account.py)
EMISSIONS = (207 * DIESEL + 60 * 0.17 + 0.4 * 43 * 44 / 12) + 640 * 0.4974  # test_account.py
BOUND = 4.6 * 1.1 * 44 / 12  # one parcel: 4.6 ha at 1.1 tC/(ha yr)


def offsetting(*rows, report_date=None):
    case = mines.with_dossier(quarry(), offsets=list(rows))
    return compute_ledger(mines.with_mine(case, report_date=report_date) if report_date else case)


def binding(rate):
    """The quarry with another rate of sequestration on its parcel. [tC/(ha yr)]"""
    (parcel,) = quarry().dossier.parcels
    inputs = {name: replace(one, value=rate) for name, one in parcel.inputs.items()}
    return mines.with_dossier(quarry(), parcels=[replace(parcel, inputs=inputs)])


def day(text):
    return datetime.date.fromisoformat(text)


# --- the tiny quarry by hand ----------------------------------------------------------------------------------------

def test_the_ledger_of_the_quarry_by_hand():
    ledger = compute_ledger(quarry())
    assert ledger.emissions.value == pytest.approx(EMISSIONS, rel=1e-12)
    assert ledger.removals.total.value == pytest.approx(BOUND, rel=1e-12)
    assert ledger.removals.restored_area.value == 4.6
    assert ledger.residual.value == pytest.approx(EMISSIONS - BOUND, rel=1e-12)
    assert ledger.abatement.total.value == 118 - 52
    assert ledger.net.value == pytest.approx(EMISSIONS - BOUND - 720, rel=1e-12)
    assert ledger.offset_ratio.value == pytest.approx(720 / (EMISSIONS - BOUND), rel=1e-12)


def test_the_account_at_hand_is_used():
    ledger = compute_ledger(quarry())
    assert compute_ledger(quarry(), ledger.account).account is ledger.account


# --- R7 and R8: each tonne in one ledger ----------------------------------------------------------------------------

@given(rate=st.floats(-100.0, 100.0), offsets=TONNES)
def test_the_balance_is_zero_whatever_is_bound_and_offset(rate, offsets):
    case = mines.with_dossier(binding(rate), offsets=[mines.offset(offsets, day("2025-01-01"), 2024)])
    ledger = compute_ledger(case)
    scale = abs(ledger.emissions.value) + abs(ledger.removals.total.value) + offsets
    assert abs(ledger.balance.value) <= 1e-12 * scale
    # independently: what was emitted is bound, offset or left; what was bound beyond the emissions is unused
    left = ledger.net.value + offsets + ledger.removals.total.value - ledger.unused_removals.value
    assert left == pytest.approx(ledger.emissions.value, abs=1e-9 * scale)


@given(project=st.floats(0.0, 118.0))
def test_abatement_is_never_subtracted(project):
    (measure,) = quarry().dossier.measures
    other = replace(measure, project_t_co2e=replace(measure.project_t_co2e, value=project))
    ledger = compute_ledger(mines.with_dossier(quarry(), measures=[other]))
    assert ledger.abatement.total.value == 118 - project
    assert ledger.emissions.value == pytest.approx(EMISSIONS, rel=1e-12)
    assert ledger.residual.value == pytest.approx(EMISSIONS - BOUND, rel=1e-12)


def test_a_measure_of_another_year_is_left_to_that_year():
    earlier = [replace(row, year=2023) for row in quarry().dossier.measures]
    assert compute_ledger(mines.with_dossier(quarry(), measures=earlier)).abatement.total.value == 0


def test_filled_co2_is_a_removal_and_no_lower_emission():
    rows = [mines.activity("filled-co2", "goaf", name, value, unit) for name, value, unit in (
        ("quantity", 100.0, "t"), ("purity", 0.9, "1"), ("leaked", 5.0, "tCO2"), ("energy_emissions", 15.0, "tCO2"),
        ("imported", 90.0, "tCO2"))]
    ledger = compute_ledger(mines.plus(quarry(), *rows))
    assert ledger.removals.filled.value == pytest.approx(100 * 0.9 - 5 - 15)
    assert ledger.emissions.value == pytest.approx(EMISSIONS, rel=1e-12)
    assert ledger.residual.value == pytest.approx(EMISSIONS - BOUND - 70, rel=1e-12)


def test_removals_above_the_emissions_leave_nothing_to_offset():
    # 4.6 ha * 100 tC * 44/12 = 1686.67 t, above the emissions (readings R8 and R10)
    ledger = compute_ledger(binding(100.0))
    assert ledger.residual.value == 0
    assert ledger.offset_ratio.value == 1.0
    assert ledger.unused_removals.value == pytest.approx(4.6 * 100 * 44 / 12 - EMISSIONS, rel=1e-9)
    assert ledger.net.value == -720.0  # what was retired without need


def test_land_that_loses_carbon_adds_to_what_is_left():
    ledger = compute_ledger(binding(-1.0))
    assert ledger.residual.value == pytest.approx(EMISSIONS + 4.6 * 44 / 12, rel=1e-12)


def test_two_pools_of_one_parcel_bind_twice_on_land_that_counts_once():
    (parcel,) = quarry().dossier.parcels
    pools = [replace(parcel, pool="biomass"), replace(parcel, pool="soil")]
    removals = compute_ledger(mines.with_dossier(quarry(), parcels=pools)).removals
    assert removals.restored_area.value == 4.6
    assert removals.restoration.value == pytest.approx(2 * BOUND)


def test_a_missing_figure_of_a_parcel_is_told_at_its_row_of_restoration_csv():
    (parcel,) = quarry().dossier.parcels
    with pytest.raises(BadInput) as caught:
        compute_ledger(mines.with_dossier(quarry(), parcels=[replace(parcel, inputs={})]))
    (problem,) = caught.value.problems
    assert (problem.message, problem.file, problem.row) == ("missing_item", "restoration.csv", parcel.area.datum.row)


# --- R14: vintage and retirement ------------------------------------------------------------------------------------

def reasons(row):
    """Why a row does not count for 2024, reported on 2025-03-31."""
    ledger = offsetting(row)
    return ledger.offsets.total.value, [why for _, why in ledger.offsets.refused]


@pytest.mark.parametrize(("vintage", "expected"), [
    (2021, []), (2024, []), (2020, [("offset_vintage_too_old",)]), (2025, [("offset_vintage_after_year",)])])
def test_a_vintage_three_years_back_counts_and_one_of_four_does_not(vintage, expected):
    total, why = reasons(mines.offset(100.0, day("2025-01-01"), vintage))
    assert why == expected
    assert total == (0 if expected else 100.0)


@pytest.mark.parametrize(("retired", "expected"), [
    (day("2025-03-31"), []), (day("2025-04-01"), [("offset_retired_after_report",)]),
    (None, [("offset_not_retired",)])])
def test_what_is_retired_on_the_day_of_the_report_counts_and_the_day_after_not(retired, expected):
    total, why = reasons(mines.offset(100.0, retired, 2024))
    assert why == expected
    assert total == (0 if expected else 100.0)


def test_every_reason_is_listed():
    _, why = reasons(mines.offset(100.0, None, 2019))
    assert why == [("offset_not_retired", "offset_vintage_too_old")]


def test_rows_whose_programme_and_serial_read_alike_together_are_both_counted():
    rows = [mines.offset(100.0, day("2025-01-01"), 2024, programme="A B", serial="C", line=2),
            mines.offset(50.0, day("2025-01-01"), 2024, programme="A", serial="B C", line=3)]
    ledger = offsetting(*rows)
    assert ledger.offsets.total.value == 150.0
    assert list(ledger.offsets.counted.values()) == rows


# --- R13: allowances ------------------------------------------------------------------------------------------------

def both_kinds():
    return (mines.offset(300.0, day("2025-01-01"), 2024, line=2),
            mines.offset(200.0, day("2025-01-01"), 2024, kind="allowance", serial="A-1", line=3))


def test_cancelled_allowances_count_and_the_result_without_them_stands_beside():
    ledger = offsetting(*both_kinds())
    left = EMISSIONS - BOUND
    assert ledger.offset_ratio.value == pytest.approx(500 / left)
    assert ledger.offset_ratio_without_allowances.value == pytest.approx(300 / left)
    assert ledger.net.value == pytest.approx(left - 500)
    assert ledger.balance.value == pytest.approx(0, abs=1e-9)


def test_allowances_are_left_out_with_a_reason_when_the_option_says_so():
    case = with_options(mines.with_dossier(quarry(), offsets=list(both_kinds())), count_allowances=False)
    offsets = compute_ledger(case).offsets
    assert (offsets.total.value, offsets.without_allowances.value) == (300.0, 300.0)
    assert [why for _, why in offsets.refused] == [("allowances_left_out",)]


def test_allowances_surrendered_to_comply_never_count():
    row = mines.offset(200.0, day("2025-01-01"), 2024, kind="allowance", beyond=False)
    assert reasons(row) == (0, [("allowance_for_compliance",)])


def test_a_mine_without_offsets_has_a_ratio_of_zero():
    assert offsetting().offset_ratio.value == 0.0


# --- one set of potentials -------------------------------------------------------------------------------------------

def test_measures_are_converted_by_the_gases_of_their_source():
    other = mines.example("changcun-coal", gwp="AR4")
    found = compute_ledger(other).abatement
    # methane 25 for 29.8 t CO2e/t; the fans spare electricity, which is CO2 alone: (399320 - 43830) and (9800 - 6500) t
    assert float(found.measures["gas-power"][1]) == pytest.approx(355_490 * 25 / 29.8)
    assert float(found.measures["fan-drives"][1]) == pytest.approx(3_300.0)
    assert float(found.total) == pytest.approx(355_490 * 25 / 29.8 + 3_300)


def test_a_dossier_that_names_its_set_is_converted_from_that_one():
    case = mines.with_mine(mines.example("changcun-coal"), options={"gwp": "AR4"})
    found = compute_ledger(case).abatement  # the case is graded in AR6
    assert float(found.measures["gas-power"][1]) == pytest.approx(355_490 * 29.8 / 25)


def test_in_its_own_set_a_measure_stands_as_the_mine_gave_it():
    case = mines.example("changcun-coal")
    row, _ = compute_ledger(case).abatement.measures["gas-power"]
    assert row in case.dossier.measures


def test_a_measure_whose_source_is_not_named_stays_as_given_and_counts_for_nothing():
    case = mines.example("changcun-coal", gwp="AR4")
    bare = mines.with_dossier(case, measures=[replace(row, source="") for row in case.dossier.measures])
    found = compute_ledger(bare).abatement
    assert float(found.measures["gas-power"][1]) == 355_490.0
    assert float(found.total) == 0.0
