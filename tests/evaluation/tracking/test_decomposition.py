"""Why emissions changed: against hand arithmetic, without a rest, whatever appears, goes or is netted."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mineco as mc
from mineco.evaluation.account import compute_account
from mineco.evaluation.tracking.decomposition import EFFECTS, decompose
from mineco.evaluation.tracking.years import Year, years_of
from tests.helpers import mines
from tests.helpers.refusals import refused_with


def of_source(change, source):
    return next(one for one in change.terms if one.source.id == source)


def test_what_the_grid_factor_and_output_bring_is_what_one_computes_by_hand(ten_years):
    # electricity: 537 MWh x 0.7035 = 377.7795 t to 580 MWh x 0.4974 = 288.492 t;
    # L = 89.2875 / ln(377.7795 / 288.492) = 331.12; ln(0.4974 / 0.7035) = -0.34667; L x that = -114.79
    power = of_source(ten_years.decompose(2016, 2025), "electricity")
    mean = (537 * 0.7035 - 580 * 0.4974) / math.log(537 * 0.7035 / (580 * 0.4974))
    assert power.effects["factor"] == pytest.approx(mean * math.log(0.4974 / 0.7035))
    assert power.effects["activity"] == pytest.approx(mean * math.log(312 / 262))
    assert power.by == "energy"


def test_a_source_without_energy_is_divided_by_its_main_item(ten_years):
    # land: 0.6 ha to 0.4 ha at 43 tC/ha x 44/12 = 157.667 t/ha: 94.6 t to 63.0667 t, L = 31.5333 / ln(1.5) = 77.771
    land = of_source(ten_years.decompose(2016, 2025), "land-clearing")
    mean = (94.6 - 94.6 / 1.5) / math.log(1.5)
    assert (land.by, land.effects["factor"], land.effects["mix"]) == ("amount", 0.0, 0.0)
    assert land.effects["intensity"] == pytest.approx(mean * math.log(0.4 / 0.6 * 262 / 312))


def test_methane_is_divided_by_its_mass_and_its_potential_stays():
    change = mc.track(mines.example_once("changcun-coal")).decompose()
    gas = of_source(change, "underground-methane")
    assert gas.by == "gas"
    assert gas.effects["factor"] == 0


def test_a_boiler_that_goes_is_mix_alone(ten_years):
    boiler = of_source(ten_years.decompose(2019, 2021), "stationary-combustion")
    assert boiler.after == 0
    assert boiler.effects == pytest.approx({"activity": 0, "intensity": 0, "mix": -boiler.before, "factor": 0})


@pytest.mark.parametrize("name", ["tiny-quarry", "changcun-coal", "example-copper", "example-mineral-water"])
@pytest.mark.parametrize("basis", ["location", "market"])
def test_every_example_is_divided_without_a_rest(name, basis):
    track = mc.track(mines.example(name, scope2_basis=basis))
    change = track.decompose()
    emitted = [one.emissions for one in track.known]
    assert change.change == pytest.approx(emitted[-1] - emitted[0], rel=1e-9, abs=1e-9 * emitted[0])
    assert sum(change.effects.values()) == pytest.approx(change.change, rel=1e-9, abs=1e-9 * emitted[0])
    assert all(sum(one.effects.values()) == pytest.approx(one.change, abs=1e-9 * emitted[0]) for one in change.terms)
    assert min(one.before for one in change.terms) >= 0


SHARES = st.lists(st.one_of(st.just(0.0), st.floats(0.01, 100.0)), min_size=18, max_size=18)


@settings(max_examples=15, deadline=None)
@given(SHARES, st.floats(0.1, 10))
def test_amounts_of_any_size_that_come_and_go_leave_no_rest(times, output):
    case = mines.example_once()
    rows = [replace(row, quantity=replace(row.quantity, value=row.quantity.value * time))
            if row.parameter in ("quantity", "purchased") else row
            for row, time in zip(case.dossier.activity, times, strict=True)]
    case = mines.with_metric(mines.with_dossier(case, activity=rows), "production", 300_000 * output, 2024)
    before, after = (Year(year, case, compute_account(case, year), None, None, ()) for year in (2023, 2024))
    found = decompose(before, after)
    scale = max(before.emissions, after.emissions, 1.0)
    assert sum(found.effects.values()) == pytest.approx(after.emissions - before.emissions, rel=1e-9, abs=1e-9 * scale)


def test_the_causes_of_all_years_are_set_from_each_to_the_next(ten_years):
    assert [(one.first, one.last) for one in ten_years.changes] == [(year, year + 1) for year in range(2016, 2025)]
    total = ten_years.decompose()
    assert sum(one.change for one in ten_years.changes) == pytest.approx(total.change)
    assert set(total.effects) == set(EFFECTS)


def test_a_year_without_output_or_out_of_order_cannot_be_set_beside_another(ten_years, quarry):
    with refused_with("no_decomposition"):
        ten_years.decompose(2010, 2025)
    with refused_with("years_not_in_order"):
        ten_years.decompose(2025, 2016)
    idle = years_of([mines.with_metric(quarry, "production", 0.0, 2016)])
    with refused_with("no_decomposition"):
        decompose(idle[0], idle[-1])
