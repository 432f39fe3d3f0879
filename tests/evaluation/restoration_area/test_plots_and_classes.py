"""Plots, classes and changes of which the maps know nothing: left out, refused or said in words."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from mineco import views
from mineco.core.labels import problem_text
from mineco.evaluation.restoration_area import evaluate as area
from mineco.restoration.maps.accuracy import Estimate
from mineco.restoration.maps.plots import spread_deviation
from mineco.restoration.maps.potential import priorities
from tests.helpers.land import FOLDER, refusal, rewritten, table
from tests.helpers.printed import table as rows_of

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(scope="module")
def found():
    return area.check(FOLDER)


def without_plots(folder, names):
    """The pixels of the cover at the end that hold some plots have no data."""
    data = area.read_land(area.open_case(folder))[1]
    held = [place for place, row in enumerate(data.plots.cells) if row["id"] in names]

    def spoil(bands):
        bands[:, data.plots.rows[held], data.plots.columns[held]] = 255
        return bands

    rewritten(folder / "rasters" / "cover_end.tif", spoil)


# --- plots ------------------------------------------------------------------------------------------------------------

def test_plots_where_the_map_knows_nothing_are_left_out_and_told(copy, found):
    lost = ["Q00", "Q01", "Q02"]
    without_plots(copy, lost)
    fewer = area.check(copy)
    # the bias by hand: carbon of the class at each of the 37 other plots less what was measured there
    kept = [place for place, row in enumerate(found.data.plots.cells) if row["id"] not in lost]
    assert fewer.carbon.plots.count == len(kept) == 37
    differences = found.carbon.plot_density[kept] - found.carbon.plot_carbon[kept]
    assert fewer.carbon.plots.bias == pytest.approx(differences.mean(), rel=1e-9)
    told = {one.message: one for one in fewer.notices}["plots_left_out"]
    assert (told.file, told.value, told.details) == ("plots.csv", "Q00, Q01, Q02", {"count": 3, "of": 40})
    assert fewer.told()["carbon"]["plots"]["left_out"] == lost
    assert "Q00; Q01; Q02" in views.carbon.plots(fewer.data, fewer.carbon).text
    assert "plots_left_out" not in {one.message for one in found.notices}


def test_one_plot_that_is_left_is_too_few(copy):
    rows = [row["id"] for row in area.read_land(area.open_case(copy))[1].plots.cells]
    without_plots(copy, rows[1:])
    found = area.check(copy)
    problem = {one.message: one for one in found.notices}["too_few_plots"]
    assert (problem.value, problem.details["of"]) == (1, 40)
    assert found.told()["carbon"]["plots"] is found.told()["verdicts"]["carbon_bias"] is None
    assert found.told()["stages"]["bias"] == {"assessed": False, "lacking": ["plots"]}


def test_units_that_are_not_seen_at_both_ends_are_left_out_and_told(copy, found):
    data = found.data
    place = data.controls.rows[0], data.controls.columns[0]

    def spoil(bands):
        bands[:3, *place] = -32768  # the first three years of unit R00
        return bands

    rewritten(copy / "rasters" / "ndvi.tif", spoil)
    fewer = area.check(copy)
    told = {one.message: one for one in fewer.notices}["controls_left_out"]
    assert (told.value, fewer.told()["benefit"]["controls_left_out"]) == ("R00", ["R00"])
    assert fewer.benefit.controls.raw == pytest.approx(found.benefit.controls.raw, abs=0.01)
    table(copy / "rasters" / "controls.csv", lambda rows: [*rows[:2], *rows[12:]])  # R00, R01, and controls
    assert area.check(copy).benefit.controls is None


# --- classes ----------------------------------------------------------------------------------------------------------

def test_a_class_that_is_listed_needs_pools_even_where_no_map_has_it(copy):
    table(copy / "rasters" / "classes.csv", lambda rows: [*rows, {
        "code": "9", "ecosystem": "wetland", "name_zh": "湿", "name_en": "wet"}])
    problem = refusal(copy)["class_without_pools"]
    assert (problem.file, problem.value, problem.details["pixels"]) == ("classes.csv", 9, 0)
    assert "has no pools in pools.csv" in problem_text(problem)


def test_land_without_any_carbon_is_told_in_a_sentence(copy):
    table(copy / "rasters" / "pools.csv", lambda rows: [{**row, "mean_tc_per_ha": "0", "sd_tc_per_ha": "0"}
                                                        for row in rows])
    found = area.check(copy)
    assert views.carbon.stocks_figure(found.data, found.carbon).text == "No class of land holds carbon."


# --- nothing to tell --------------------------------------------------------------------------------------------------

@pytest.fixture
def unchanged(copy):
    """Land whose cover is the same on both dates."""
    shutil.copy(copy / "rasters" / "cover_end.tif", copy / "rasters" / "cover_start.tif")
    table(copy / "rasters" / "points.csv", lambda rows: [{**row, "cover_start": row["cover_end"]} for row in rows])
    return area.evaluate(area.open_case(copy))


def test_land_that_did_not_change_has_no_deviation_of_its_change(unchanged):
    assert float(unchanged.carbon.change.value) == 0
    assert not unchanged.carbon.deviations["change"].met
    assert unchanged.told()["verdicts"]["carbon_change"]["met"] is False
    for shown in (views.verdict.verdicts(unchanged), views.verdict.conclusion(unchanged),
                  views.carbon.carbon_verdict(unchanged.data, unchanged.carbon), views.verdict.advice(unchanged)):
        assert "none to tell" in shown.text or shown.text.startswith("This is advice")
        assert "nan" not in shown.text
        assert "10⁻" not in shown.text
    assert views.carbon.carbon_figure(unchanged.case, unchanged.carbon).alt.count("%") > 0


@pytest.mark.parametrize("value", [1.18e-9, -1.18e-9, 0.0])
def test_a_change_that_is_rounding_has_no_half_width_in_per_cent(value):
    assert np.isnan(spread_deviation(Estimate(np.array(value), np.array(6000.0)), 0.1).point)


# --- where to begin ---------------------------------------------------------------------------------------------------

def test_where_to_begin_is_the_most_degraded_zone_first(found):
    order = sorted(found.identified.zones, key=lambda one: -one.index)
    shown = rows_of(views.benefit.priorities(found.identified, found.potential))
    assert [int(one["Zone"]) for one in shown] == [one.id for one in order] != [1, 2, 3]
    gains = rows_of(views.benefit.gains(found.data, found.rules, found.potential))
    assert list(dict.fromkeys(int(one["Zone"]) for one in gains)) == [one.id for one in order]


def test_of_many_zones_the_first_by_rank_are_listed_whatever_their_size(found):
    # 40 zones of which the last, and smallest, is the most degraded
    zones = tuple(replace(found.identified.zones[0], id=one, index=0.5 + one / 100) for one in range(1, 41))
    index, alike = np.array([one.index for one in zones]), np.ones((40, 1))
    ranks = priorities(index, alike, alike)
    shown = rows_of(views.benefit.priorities(replace(found.identified, zones=zones),
                                             replace(found.potential, priorities=ranks)))
    assert [one["Zone"] for one in shown] == [*map(str, range(40, 28, -1)), "28 more"]
