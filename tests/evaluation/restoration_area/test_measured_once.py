"""Land takes long to measure: it is measured once, and what can be refused before is refused when it is read."""

from dataclasses import replace

import numpy as np
import pytest
from rasterio import Affine

from mineco.core.errors import BadInput
from mineco.core.workers import SerialWorkers
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area import measure, outputs, restored
from mineco.evaluation.restoration_area.gains import plans
from mineco.evaluation.restoration_area.windows.land_window import WindowPlan
from mineco.geo.rasters import onto_grid
from mineco.geo.windows import Window
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


def test_land_that_was_restored_is_looked_for_once_for_both_tables(monkeypatch):
    found, labelled = area.evaluate(area.open_case(FOLDER)), []
    label_patches = restored.label_patches
    monkeypatch.setattr(restored, "label_patches", lambda *given: labelled.append(given) or label_patches(*given))
    parcels = list(restored.parcel_rows(found))
    once = len(labelled)
    assert parcels
    assert any(row["metric"] == "carbon_stock" for row in outputs.metric_rows(found))
    assert len(labelled) == once > 0


def test_a_window_that_a_file_fills_is_read_without_a_copy(monkeypatch):
    data, given = area.read_land(area.open_case(FOLDER))[1], []
    (name,) = data.rows_by_year("elevation")[0].files
    usable_values = onto_grid.usable_values

    def kept(*asked):
        given.append(usable_values(*asked))
        return given[-1]

    monkeypatch.setattr(onto_grid, "usable_values", kept)
    inside, beyond = (data.layers.read(name, Window(0, 0, 20, 20, halo)) for halo in (0, 1))
    assert np.shares_memory(inside, given[0][0])
    assert not np.shares_memory(beyond, given[1][0])
    assert np.isnan(beyond[0]).all()
    np.testing.assert_array_equal(beyond[1:-1, 1:-1], inside)


def years_apart(copy):
    table(copy / "rasters" / "layers.csv", lambda rows: [
        row | {"year": str(int(row["year"]) - 40)} if row["layer"] in ("ndvi", "rain") else row for row in rows])


def other_grid(copy):
    shifted = Affine(30.0, 0.0, 600_010.0, 0.0, -30.0, 4_050_000.0)  # a third of a pixel
    rewritten(copy / "rasters" / "elevation.tif", lambda bands: bands, transform=shifted)


def point_shared(copy):
    def moved(rows):
        test = next(row for row in rows if row["use"] == "test")
        return [row | {"x": rows[0]["x"], "y": rows[0]["y"]} if row is test else row for row in rows]

    table(copy / "rasters" / "points.csv", moved)


@pytest.mark.parametrize("spoil", [years_apart, other_grid, point_shared], ids=lambda one: one.__name__)
def test_what_can_be_told_before_land_is_measured_is_told_when_it_is_read(copy, spoil):
    spoil(copy)
    with pytest.raises(BadInput) as refused:
        area.read_land(area.open_case(copy))
    assert {one.message: one for one in refused.value.problems} == refusal(copy)
