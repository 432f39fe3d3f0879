"""Land takes long to measure: it is measured once, and before a run only as much of it as tells that it can be."""

from dataclasses import replace

import numpy as np
import pytest

from mineco.core.errors import BadInput
from mineco.core.workers import SerialWorkers
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area import measure
from mineco.evaluation.restoration_area.gains import plans
from mineco.evaluation.restoration_area.windows.land_window import WindowPlan
from tests.helpers.land import FOLDER, refusal, rewritten, table

SMALL = 1_500_000  # bytes of a window: nine windows of 40 pixels a side


@pytest.fixture
def measured_windows(monkeypatch):
    """The windows that are measured, one after the other."""
    seen, measure_window = [], measure.measure_window

    def counted(task):
        seen.append((task[1].row, task[1].column))
        return measure_window(task)

    monkeypatch.setattr(measure, "measure_window", counted)
    return seen


def test_an_evaluation_measures_each_window_once(measured_windows):
    area.evaluate(area.open_case(FOLDER), SerialWorkers(), memory=SMALL)
    assert len(measured_windows) == len(set(measured_windows)) == 9


def test_other_weights_and_other_choices_measure_nothing_anew(measured_windows, monkeypatch):
    whole = area.evaluate(area.open_case(FOLDER, plan_by="cheapest"), memory=SMALL).outcome()
    found = area.evaluate(area.open_case(FOLDER), SerialWorkers(), memory=SMALL)
    measured_windows.clear()
    # all but the choice under a budget, whose zones have the numbers of the evaluation's own weights
    assert found.with_weights_of(found.case).outcome() == replace(found, choice=None).outcome()
    monkeypatch.setattr(plans, "_plan", None)  # no gain is computed for another choice among the same
    cheapest = area.replan(found)["plan_by", "cheapest"]
    assert {one.chosen for one in cheapest.potential.plans} == {"grass"}
    assert cheapest.outcome() == whole
    assert not measured_windows


def test_maps_are_looked_up_once_where_points_stand(monkeypatch):
    found = area.evaluate(area.open_case(FOLDER))
    told = found.notices
    monkeypatch.setattr(WindowPlan, "read", None)  # nothing is read again, however often it is asked what is noticed
    assert found.notices == told


def test_before_a_run_the_window_in_the_middle_is_enough(measured_windows):
    case = area.open_case(FOLDER)
    rules, data = area.read_land(case)
    assert area.can_rank(case, data, rules, memory=SMALL)
    assert measured_windows == [(40, 40)]


def test_windows_are_measured_until_one_has_land_that_can_be_ranked(measured_windows, copy):
    def only_the_last_corner(bands):
        bands[:, :80] = bands[:, :, :80] = -32768
        return bands

    rewritten(copy / "rasters" / "ndvi.tif", only_the_last_corner)
    case = area.open_case(copy)
    rules, data = area.read_land(case)
    assert area.can_rank(case, data, rules, memory=SMALL)
    assert len(set(measured_windows)) == len(measured_windows) > 4
    assert measured_windows[-1] == (80, 80)


def all_water(copy):
    """The whole land is water at the end, which is never ranked."""
    rewritten(copy / "rasters" / "cover_end.tif", lambda bands: np.where(bands == 255, bands, 8))


def years_apart(copy):
    table(copy / "rasters" / "layers.csv", lambda rows: [
        row | {"year": str(int(row["year"]) - 40)} if row["layer"] in ("ndvi", "rain") else row for row in rows])


def no_pools(copy):
    table(copy / "rasters" / "pools.csv", lambda rows: [row for row in rows if row["class"] != "5"])


def point_shared(copy):
    def moved(rows):
        test = next(row for row in rows if row["use"] == "test")
        return [row | {"x": rows[0]["x"], "y": rows[0]["y"]} if row is test else row for row in rows]

    table(copy / "rasters" / "points.csv", moved)


@pytest.mark.parametrize("spoil", [all_water, years_apart, no_pools, point_shared], ids=lambda one: one.__name__)
def test_what_a_check_refuses_is_refused_before_a_run_in_the_same_words(copy, spoil):
    spoil(copy)
    with pytest.raises(BadInput) as refused:
        area.precheck(copy)
    assert {one.message: one for one in refused.value.problems} == refusal(copy)
