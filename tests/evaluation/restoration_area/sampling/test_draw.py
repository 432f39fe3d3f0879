"""Points are drawn at random of what the maps say: the same by whichever windows, as many of each stratum as asked."""

import re
import shutil
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mineco.core.errors import BadInput
from mineco.core.workers import SerialWorkers
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.sampling.draw import lay_out, pixel_numbers, planned_error
from mineco.evaluation.restoration_area.sampling.strata import Cell, Stratum, cell_codes, cell_of, join_cells
from mineco.geo.layers import MISSING_CODE
from mineco.geo.windows import Window
from mineco.restoration.maps.area import NO_CLASS
from tests.helpers.drawn import drawn as bounded
from tests.helpers.land import FOLDER, whole
from tests.helpers.refusals import refused_with


@pytest.fixture(scope="module")
def case():
    return area.open_case(FOLDER)


@pytest.fixture(scope="module")
def drawn(case):
    return lay_out(case)


@pytest.fixture(scope="module")
def cells():
    """The cell of every pixel, of whole maps."""
    maps = area.evaluate(area.open_case(FOLDER)).identified.maps
    classes, *covers = (whole(maps, name).astype(int) for name in ("class", "cover_start", "cover_end"))
    return cell_codes(classes, covers, 3)


def points(sample):
    return list(zip(sample.stratum.tolist(), sample.rows.tolist(), sample.columns.tolist(), sample.fit.tolist(),
                    strict=True))


# --- the draw -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("memory", [300_000, 1_500_000])  # windows of 16 and of 32 pixels, and one of all
def test_windows_and_workers_make_no_difference(case, drawn, memory):
    assert points(lay_out(case, workers=SerialWorkers(), memory=memory)) == points(drawn)


def test_a_seed_draws_the_same_points_again_and_another_seed_draws_others(case, drawn):
    assert points(lay_out(case)) == points(drawn)
    others = {one[1:3] for one in points(lay_out(case, seed=1))}
    assert len(others & {one[1:3] for one in points(drawn)}) < len(others) / 2


def test_every_point_is_a_pixel_of_its_stratum_and_none_is_drawn_twice(drawn, cells):
    strata = {one.number: one for one in drawn.strata}
    assert all(strata[number].holds(cell_of(cells[row, column])) for number, row, column, _ in points(drawn))
    assert len({one[1:3] for one in points(drawn)}) == len(drawn.rows)
    assert Counter(drawn.stratum.tolist()) == {one.number: one.points for one in drawn.strata}


def test_points_stand_in_the_middle_of_pixels(drawn):
    # the corner of the grid is at 600,000 and 4,050,000, pixels are 30 m wide
    x, y = drawn.places
    assert set((x % 30).tolist()) == set((y % 30).tolist()) == {15.0}
    assert ((x - 600_000) // 30).tolist() == drawn.columns.tolist()


def test_strata_are_all_land_of_which_the_maps_know_anything(drawn, cells):
    known = Counter(cells[cells >= 0].tolist())
    for stratum in drawn.strata:
        assert stratum.pixels == sum(count for code, count in known.items() if stratum.holds(cell_of(code)))
        assert stratum.area_ha == pytest.approx(stratum.pixels * 0.09)
    assert sum(one.pixels for one in drawn.strata) == known.total() == 96 * 96


def test_each_pixel_is_drawn_as_often_as_any_other():
    # the lowest of 24 numbers falls on each pixel equally often: 4,800 draws give 200 each, with a standard error of 14
    hits = Counter(int(np.argmin(pixel_numbers(Window(3, 2, 4, 6), seed))) for seed in range(4_800))
    assert len(hits) == 24
    assert sum((count - 200) ** 2 / 200 for count in hits.values()) < 49.7  # chi-square of 23 degrees, 1 in 1,000


def test_the_order_of_points_and_the_numbers_of_strata_tell_nothing(drawn):
    halves = [Counter(half.tolist()) for half in np.array_split(drawn.stratum, 2)]
    for stratum in drawn.strata:  # hypergeometric: half of the points, give or take four standard deviations
        assert abs(halves[0][stratum.number] - stratum.points / 2) < 4 * (stratum.points / 4) ** 0.5
    states = [one.restore for one in drawn.strata]
    assert states != sorted(states)


# --- how many -----------------------------------------------------------------------------------------------------

def test_points_follow_the_land_and_rare_strata_get_the_fewest(drawn):
    # 0.85 · 0.15 / 0.02² = 318.75, so 319 points in proportion to land; who would get fewer than 25 gets 25
    for stratum in drawn.strata:
        assert stratum.points == pytest.approx(max(25, 319 * stratum.pixels / 9216), abs=1)


def test_the_error_to_expect_is_that_of_the_strata_by_hand():
    # (0.9² · 0.9 · 0.1275 / 100 + 0.1² · 0.75 · 0.1275 / 25) ^ ½, of which 10 % and 25 % of the pixels are drawn
    strata = [SimpleNamespace(pixels=900, points=90), SimpleNamespace(pixels=100, points=25)]
    by_hand = (0.81 * 0.9 * 0.1275 / 90 + 0.01 * 0.75 * 0.1275 / 25) ** 0.5
    assert planned_error(strata, 0.85) == pytest.approx(by_hand)


def test_a_smaller_error_takes_more_points_and_is_reached(case, drawn):
    more = lay_out(case, error=0.01)
    assert len(more.rows) > 2 * len(drawn.rows)
    assert drawn.error < 0.02
    assert more.error < 0.01


def test_all_of_a_rare_stratum_is_taken_where_it_has_fewer_pixels_than_points(case):
    whole_strata = [one for one in lay_out(case, least=40).strata if one.pixels < 40]
    assert [(one.points, one.restore) for one in whole_strata] == [(26, "yes")]


def test_points_for_a_fit_are_drawn_beside_those_that_test(case, drawn):
    both = lay_out(case, fit_share=0.2)
    assert {one for one in points(both) if not one[3]} == set(points(drawn))
    fits = Counter(both.stratum[both.fit].tolist())
    assert fits[1] == 18  # a fifth of 90
    assert fits[11] == 1  # of 26 pixels 25 are taken by the test


@pytest.mark.parametrize(("given", "what"), [
    ({"error": 0.0}, "error: out_of_range"), ({"least": 2}, "least: out_of_range"),
    ({"fit_share": -0.1}, "fit_share: out_of_range"), ({"seed": -1}, "seed")])
def test_figures_that_no_sample_can_have_are_refused(case, given, what):
    with refused_with(what):
        lay_out(case, **given)


def test_what_is_wrong_with_the_maps_is_told_as_in_the_evaluation(tmp_path):
    with pytest.raises(BadInput):
        lay_out(area.open_case(tmp_path))


# --- cells and strata ---------------------------------------------------------------------------------------------

def test_a_cell_comes_back_of_its_number():
    classes = np.array([3, 1, 254, NO_CLASS, NO_CLASS, 3])
    start = np.array([4, 2, 7, 1, MISSING_CODE, MISSING_CODE])
    end = np.array([4, 5, 7, 65535, 1, 4])
    assert [cell_of(code) if code >= 0 else None for code in cell_codes(classes, [start, end], 3).tolist()] == [
        Cell("yes", 4, False), Cell("no", 5, True), Cell("no", 7, False), Cell("unknown", 65535, True), None,
        Cell("yes", MISSING_CODE, False)]


def test_maps_without_land_cover_have_land_to_restore_and_other_land():
    codes = cell_codes(np.array([3, 1, NO_CLASS], dtype=np.uint8), [], 3)
    assert [cell_of(code) for code in codes[:2].tolist()] == [
        Cell("yes", MISSING_CODE, False), Cell("no", MISSING_CODE, False)]
    assert codes[2] == -1


def test_one_map_of_land_cover_tells_of_no_change():
    found = join_cells({Cell("yes", 4, False): 300, Cell("no", 1, False): 900}, 0.09, least=25, smallest_share=0.02)
    assert [one.changed for one in found] == ["", ""]


def test_rare_cells_join_their_class_then_other_rare_ones_but_never_land_of_another_state():
    pixels = {Cell("yes", 4, False): 30, Cell("no", 1, False): 5000, Cell("no", 1, True): 90, Cell("no", 2, False): 60,
              Cell("no", 2, True): 50, Cell("no", 3, False): 20, Cell("no", 7, True): 10}
    found = join_cells(pixels, 0.09, least=25, smallest_share=0.02)  # 2 % of 5,260 pixels are 105
    assert [(one.restore, one.cover, one.changed, one.pixels) for one in found] == [
        ("yes", (4,), "", 30), ("no", (1,), "", 5090), ("no", (2,), "", 110), ("no", (3, 7), "", 30)]


def test_each_cell_belongs_to_one_stratum():
    pixels = {Cell(state, kind, changed): 7 + 40 * kind * (1 + changed)
              for state in ("yes", "no", "unknown") for kind in range(1, 9) for changed in (False, True)}
    strata = join_cells(pixels, 0.09, least=25, smallest_share=0.02)
    assert {sum(one.holds(cell) for one in strata) for cell in pixels} == {1}
    assert sum(one.pixels for one in strata) == sum(pixels.values())


def test_a_stratum_holds_land_of_its_state_classes_and_change():
    stratum = Stratum(1, "yes", (4, 5), "no", 10, 0.9)
    assert stratum.holds(Cell("yes", 5, False))
    assert not stratum.holds(Cell("yes", 5, True))
    assert not stratum.holds(Cell("no", 5, False))
    assert not stratum.holds(Cell("yes", 1, False))


def test_without_coordinates_for_the_table_it_is_said_which_to_write(tmp_path):
    folder = Path(shutil.copytree(FOLDER, tmp_path / "land"))
    for name in ("points", "plots", "controls"):
        (folder / "rasters" / f"{name}.csv").unlink()
    settings = folder / "rasters" / "area.yaml"
    settings.write_text(re.sub(r"(?m)^crs:.*$", "", settings.read_text("utf-8")), encoding="utf-8")
    with refused_with("area.yaml crs: sample_without_crs") as caught:
        lay_out(area.open_case(folder))
    assert caught.value.problems[0].details == {"crs": "EPSG:32649"}


def test_points_are_drawn_within_the_study_area_and_the_strata_are_its_land(tmp_path):
    # 76 columns and 90 rows lie within; land that the mask leaves out is never to be restored, and is sampled too
    within = lay_out(area.open_case(bounded(tmp_path, boundary=(0, 0, 76, 90), mask=(30, 30, 40, 40))))
    assert sum(one.pixels for one in within.strata) == 76 * 90
    assert within.columns.max() < 76
    assert within.rows.max() < 90
