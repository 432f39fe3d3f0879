"""The table of carbon pools: read with tier and source, and every bad cell named."""

import numpy as np
import pytest

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.evaluation.restoration_area.pools import read_pools

HEADER = "class,pool,mean_tc_per_ha,sd_tc_per_ha,tier,source,status"
FOREST = ["4,above,60,12,2,inventory,quoted", "4,below,15,4,1,ipcc,unverified", "4,dead,0,0,1,ipcc,assumed",
          "4,soil,90,20,3,plots,derived"]
BARE = [f"2,{pool},0,0,1,assumption,assumed" for pool in ("above", "below", "dead", "soil")]


def table(folder, *lines):
    path = folder / "pools.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def problems(folder, *lines):
    with pytest.raises(BadInput) as refused:
        read_pools(table(folder, *lines))
    for one in refused.value.problems:
        for language in ("zh", "en"):
            assert "{" not in problem_text(one, language)
    return [(one.message, one.row, one.column) for one in refused.value.problems]


def changed(place, text):
    return [text if number == place else line for number, line in enumerate(FOREST)]


def test_classes_and_pools_come_in_order_with_tier_and_source(tmp_path):
    found = read_pools(table(tmp_path, *reversed(FOREST), *BARE))
    assert found.classes == (2, 4)
    assert np.array_equal(found.mean, [[0, 0, 0, 0], [60, 15, 0, 90]])
    assert np.array_equal(found.spread, [[0, 0, 0, 0], [12, 4, 0, 20]])
    assert (found.rows[4, "soil"].tier, found.rows[4, "soil"].source, found.rows[4, "soil"].status) == (
        3, "plots", "derived")


@pytest.mark.parametrize(("line", "message", "column"), [
    ("4,above,,12,2,inventory,quoted", "missing_value", "mean_tc_per_ha"),
    ("4,above,60,,2,inventory,quoted", "missing_value", "sd_tc_per_ha"),
    ("4,above,-60,12,2,inventory,quoted", "out_of_range", "mean_tc_per_ha"),
    ("4,above,60,-12,2,inventory,quoted", "out_of_range", "sd_tc_per_ha"),
    ("4,above,many,12,2,inventory,quoted", "not_a_number", "mean_tc_per_ha"),
    ("4,above,60,20%,2,inventory,quoted", "percent_not_share", "sd_tc_per_ha"),
    ("4,above,0,12,2,inventory,quoted", "spread_of_nothing", "sd_tc_per_ha"),
    ("4.5,above,60,12,2,inventory,quoted", "not_a_whole_number", "class"),
    ("4,leaves,60,12,2,inventory,quoted", "not_in_list", "pool"),
    ("4,above,60,12,4,inventory,quoted", "not_in_list", "tier"),
    ("4,above,60,12,2,inventory,certain", "not_in_list", "status"),
    ("4,above,60,12,2,,quoted", "missing_value", "source"),
])
def test_a_bad_cell_is_named(tmp_path, line, message, column):
    assert problems(tmp_path, *changed(0, line)) == [(message, 2, column)]


def test_a_pool_that_stands_twice_is_named_with_its_first_line(tmp_path):
    assert problems(tmp_path, *FOREST, FOREST[0]) == [("duplicate_pool", 6, "pool")]


def test_a_pool_left_out_is_not_zero(tmp_path):
    assert problems(tmp_path, *FOREST[:3]) == [("missing_pool", "", "pool")]


def test_a_table_without_rows_is_refused(tmp_path):
    assert problems(tmp_path) == [("no_pools", "", "")]


def test_a_class_of_the_map_without_pools_is_named_with_pixels_and_hectares(tmp_path):
    found = read_pools(table(tmp_path, *FOREST))
    found.require({4: 10}, 0.09, "cover-2020.tif")
    with pytest.raises(BadInput) as refused:
        found.require({4: 10, 7: 300, 255: 1}, 0.09, "cover-2020.tif")
    assert [(one.value, one.details["pixels"], one.details["area"]) for one in refused.value.problems] == [
        (7, 300, "27.00"), (255, 1, "0.09")]
    assert problem_text(refused.value.problems[0], "en").startswith(
        "cover-2020.tif, class = 7: is a class of 300 pixels (27.00 ha) that has no pools in pools.csv")
