"""The table of carbon pools: read with tier and source, and every bad cell named."""

import numpy as np
import pytest

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.core.quantity import STATUSES
from mineco.evaluation.restoration_area.given.pools import POOLS, default_pools, read_pools
from mineco.standards.area import load_area_rules
from mineco.standards.factors import load_factors

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
    ("4,above,60,,2,inventory,quoted", "pool_without_spread", "sd_tc_per_ha"),
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


# --- defaults of a climate zone -------------------------------------------------------------------------------------

ZONES = ("boreal", "cool-temperate-dry", "cool-temperate-moist", "warm-temperate-dry", "warm-temperate-moist")
CLIMATES = {"cool-temperate-dry": ("temperate_cool", "dry"), "cool-temperate-moist": ("temperate_cool", "moist"),
            "warm-temperate-dry": ("temperate_warm", "dry"), "warm-temperate-moist": ("temperate_warm", "moist")}


def test_what_a_table_lacks_is_the_default_of_the_zone_and_what_it_has_stays(tmp_path):
    own = table(tmp_path, "4,soil,90,20,3,plots,derived")
    found = read_pools(own, "warm-temperate-dry", {4: "forest", 8: "water"})
    assert found.classes == (4, 8)
    assert found.mean.tolist() == [[30.6, 9.1, 2, 90], [0, 0, 0, 0]]
    assert found.spread.tolist() == [[23, 6.9, 1, 20], [0, 0, 0, 0]]
    assert {pool: found.rows[4, pool].zone for pool in ("above", "soil")} == {"above": "warm-temperate-dry", "soil": ""}
    assert found.own == 1


def test_no_table_is_needed_where_a_zone_is_named(tmp_path):
    assert read_pools(tmp_path / "pools.csv", "boreal", {1: "snow"}).classes == (1,)
    with pytest.raises(BadInput):
        read_pools(tmp_path / "pools.csv")


def test_land_of_which_a_zone_has_no_default_stays_without_pools(tmp_path):
    found = read_pools(tmp_path / "pools.csv", "boreal", {1: "forest", 6: "reclaimed-mine"})
    assert found.classes == (1,)
    with pytest.raises(BadInput) as refused:
        found.require({1: 5, 6: 10}, 0.09, "cover.tif")
    assert [(one.message, one.value) for one in refused.value.problems] == [("class_without_pools", 6)]


def test_a_pool_of_such_land_that_stands_alone_is_not_filled_up_with_nothing(tmp_path):
    with pytest.raises(BadInput) as refused:
        read_pools(table(tmp_path, "6,soil,30,5,3,plots,derived"), "boreal", {6: "reclaimed-mine"})
    assert {one.value for one in refused.value.problems} == {"above", "below", "dead"}


def test_every_zone_has_all_four_pools_of_every_kind_of_land_but_reclaimed_land():
    lands = set(load_area_rules("restoration-area-2025").ecosystems) - {"reclaimed-mine"}
    assert tuple(default_pools()) == ZONES
    for zone in default_pools().values():
        assert set(zone) == {(land, pool) for land in lands for pool in POOLS}
        for mean, spread, row in zone.values():
            assert (spread == 0) == (mean == 0)
            assert row.status in STATUSES
            assert row.status != "read"
            assert " / " in row.source  # in both languages


@pytest.mark.parametrize("zone", CLIMATES)
def test_default_soils_are_the_references_of_2019_times_factors_of_2019(zone):
    find, pools = load_factors().find, default_pools()[zone]
    place = dict(zip(("climate", "moisture"), CLIMATES[zone], strict=True)) | {"edition": "IPCC2019"}
    clay, sandy, wet = (find("soc_ref", soil=soil, **place).value for soil in ("HAC", "sandy", "wetland"))
    crops = find("f_lu", ecosystem="annual_cropland", **place).value
    worn = find("f_mg", practice="severely_degraded", **place).value
    expected = {"forest": clay, "shrubland": clay, "grassland": clay, "wetland": wet, "cropland": clay * crops,
                "desertified": clay * worn, "bare": sandy * worn, "mined": clay * 0.36, "built": clay * 0.8,
                "snow": 0.0}
    for land, soil in expected.items():
        assert pools[land, "soil"][0] == pytest.approx(soil, rel=0.005), land


def test_forest_of_the_defaults_holds_about_what_the_national_mean_does():
    """Tang et al. 2018: 55.7 tC/ha of living biomass over all forests of China; stands north and south of 33° N."""
    north, south = (sum(default_pools()[zone]["forest", pool][0] for pool in ("above", "below"))
                    for zone in ("cool-temperate-dry", "warm-temperate-moist"))
    assert north < south < 55.7 < 1.2 * south
