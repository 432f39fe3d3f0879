"""Index, classes and zones: hand arithmetic, and the same patches however a map is cut into windows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import label

from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.geo.windows import windows
from mineco.restoration.maps import area
from mineco.standards.area import load_area_rules, read_area_rules
from mineco.standards.factors import load_factors
from mineco.standards.load import load_standard, standard_ids

ID = "restoration-area-2025"
RULES = load_area_rules(ID)
STANDARD = load_standard(ID)


def zones_of(inside, side, least):
    """The map of zones by way of windows of so many pixels a side."""
    height, width = inside.shape
    parts = [(row, column) for row in range(0, height, side) for column in range(0, width, side)]
    labelled = [area.label_patches(inside[row:row + side, column:column + side], row, column, width)
                for row, column in parts]
    names = area.join_patches([patches for _, patches in labelled], width, least)
    found = np.zeros(inside.shape, dtype=int)
    for (row, column), (labels, _), zones in zip(parts, labelled, names, strict=True):
        found[row:row + side, column:column + side] = zones[labels]
    return found


# --- index and classes ----------------------------------------------------------------------------------------------

def test_a_factor_scores_0_at_its_sound_end_and_1_at_its_degraded_one_either_way_round():
    assert area.degradation_score([10.0, 20.0, 30.0, 40.0], 20.0, 30.0).tolist() == [0, 0, 1, 1]
    assert area.degradation_score([0.1, 0.55, 1.0], 1.0, 0.1).tolist() == pytest.approx([1, 0.5, 0])


def test_a_factor_that_does_not_vary_is_refused():
    with pytest.raises(ValueError, match="does not vary"):
        area.degradation_score([1.0], 2.0, 2.0)


def test_the_index_is_the_weighted_sum():
    scores = np.array([[0.5], [1.0], [0.0]])
    assert area.priority_index(scores, [0.5, 0.3, 0.2])[0] == pytest.approx(0.5 * 0.5 + 0.3 * 1.0)


def test_a_pixel_with_a_missing_factor_has_no_index_even_where_it_weighs_little():
    assert np.isnan(area.priority_index(np.array([[1.0], [np.nan]]), [0.99, 0.01])[0])


def test_weights_that_do_not_sum_to_1_are_refused():
    with pytest.raises(ValueError, match="together 1"):
        area.priority_index(np.zeros((2, 1)), [0.6, 0.6])


def test_a_value_on_a_break_takes_the_higher_class_and_one_just_below_it_does_not():
    assert area.priority_class([0.6, np.nextafter(0.6, 0)], [0.35, 0.5, 0.6]).tolist() == [3, 2]


def test_share_of_draws_in_the_highest_class_counts_the_break_itself():
    # index 0.5 w1 + 1.0 w2: 0.75, 0.5, 1.0 against 0.75
    draws = np.array([[0.5, 0.5], [1.0, 0.0], [0.0, 1.0]])
    assert area.top_class_share(np.array([[0.5, 1.0]]), draws, 0.75)[0] == pytest.approx(2 / 3)


def test_reasons_are_contributions_and_not_scores():
    # 0.9 * 0.1 = 0.09 is less than 0.4 * 0.5 = 0.2
    assert area.leading_factors(np.array([[0.9, 0.4, 0.3]]), [0.1, 0.5, 0.4])[0].tolist() == [1, 2, 0]


# --- zones ----------------------------------------------------------------------------------------------------------

@given(st.integers(0, 10_000), st.integers(1, 9), st.floats(0.2, 0.8))
def test_patches_joined_over_windows_are_those_of_the_whole_map(seed, side, dense):
    inside = np.random.default_rng(seed).random((11, 13)) < dense
    found, whole = zones_of(inside, side, 1), label(inside)[0]
    assert ((found > 0) == inside).all()
    pairs = set(zip(found[inside].tolist(), whole[inside].tolist(), strict=True))
    assert len(pairs) == len({one for one, _ in pairs}) == len({other for _, other in pairs})
    sizes = np.bincount(found[inside], minlength=1)[1:]
    assert (np.diff(sizes) <= 0).all()
    assert np.array_equal(found, zones_of(inside, 100, 1))


def test_pixels_that_touch_at_a_corner_are_two_zones():
    assert zones_of(np.eye(2, dtype=bool), 1, 1).tolist() == [[1, 0], [0, 2]]


def test_a_ring_that_closes_over_four_windows_is_one_zone():
    ring = np.ones((6, 6), dtype=bool)
    ring[1:5, 1:5] = False
    assert set(zones_of(ring, 3, 1)[ring].tolist()) == {1}


def test_small_patches_are_sieved_after_they_were_joined_and_not_before():
    row = np.array([[True, True, True, True, False, True, True, True]])
    assert zones_of(row, 2, 4).tolist() == [[1, 1, 1, 1, 0, 0, 0, 0]]


def test_a_map_with_nothing_to_restore_has_no_zone():
    assert zones_of(np.zeros((5, 5), dtype=bool), 2, 1).max() == 0


def test_windows_of_the_house_join_too():
    inside = np.random.default_rng(3).random((70, 90)) < 0.6
    parts = windows(70, 90, 32 * 32 * 8, 8)
    labelled = [area.label_patches(inside[one.row:one.row + one.height, one.column:one.column + one.width], one.row,
                                   one.column, 90) for one in parts]
    names = area.join_patches([patches for _, patches in labelled], 90, 1)
    assert max(int(one.max()) for one in names) == label(inside)[1]


# --- the rules as data ----------------------------------------------------------------------------------------------

def test_what_the_notes_demand_is_what_they_say_and_counts_as_read():
    demands = {"accuracy_required": 0.85, "carbon_deviation": 0.10, "rise_required": 0.25, "rise_years": 3}
    assert {name: STANDARD.rule(name) for name in demands} == demands
    assert {STANDARD.parameters[name].status for name in demands} == {"read"}
    others = {name: one for name, one in STANDARD.parameters.items() if name not in demands}
    points = others.pop("fewest_points")  # for each class of a map: the good practice of Olofsson et al. 2014
    assert (points.value, points.source, points.status) == (50, "olofsson2014", "quoted")
    assert {one.status for one in others.values()} == {"assumed"}


def test_the_readings_are_t1_to_t16_without_a_gap():
    assert list(STANDARD.readings) == [f"T{number}" for number in range(1, 17)]


def test_the_notes_list_fifteen_documents():  # notes 7
    assert sum(one.clause == "7" for one in STANDARD.references.values()) == 15


def test_the_kinds_of_land_are_those_of_reading_t5_with_reclaimed_mine_land_by_itself():
    named = ["森林", "草地", "湿地", "农田", "荒漠化土地", "石漠化土地"]
    names = [one.name_zh for one in RULES.ecosystems.values()]
    assert names[:6] == named
    assert RULES.ecosystems["reclaimed-mine"].state == "sound"
    assert {name for name, one in RULES.ecosystems.items() if one.state == "worn"} == {
        "desertified", "rocky-desertified", "mined", "bare"}


def test_factors_of_the_notes_are_terrain_change_of_land_and_dynamics_of_ndvi():
    read = {one.of for one in RULES.factors.values() if one.status == "read"}
    assert read == {"slope", "change", "falling"}


def test_every_kind_of_land_that_can_be_restored_has_a_measure():
    suited = {land for one in RULES.measures.values() for land in one.suits}
    sound = {"wetland", "cropland", "forest", "shrubland", "grassland"}  # by kind, and worn where it is to be restored
    assert suited == {"mined", "desertified", "rocky-desertified"} | sound


def test_soil_of_rested_grassland_gains_what_degrading_took_within_twenty_years():
    find = load_factors().find
    soil = find("soc_ref", climate="temperate_cool", moisture="dry", soil="HAC", edition="IPCC2019").value
    for end, practice, edition in (("low", "moderately_degraded", "IPCC2006"),
                                   ("high", "severely_degraded", "IPCC2019")):
        left = find("f_mg", climate="temperate", moisture="dry", practice=practice, edition=edition).value
        assert RULES.rates[f"gain_rest_soil_{end}"].value == pytest.approx(soil * (1 - left) / 20)


def test_every_rate_has_its_range_the_right_way_round_in_carbon_per_hectare_and_year():
    for name, one in RULES.measures.items():
        for part in one.gains:
            if not part.growth:
                low, high, lasts = (RULES.rate(rate, "x") for rate in (part.low, part.high, part.lasts))
                assert 0 < low.value < high.value < 10, name
                assert (low.unit, high.unit, lasts.unit) == ("tC/(ha yr)", "tC/(ha yr)", "yr")
                assert not part.mean or low.value < RULES.rate(part.mean, "x").value < high.value, name


def test_every_measure_is_of_the_same_pools_and_each_pool_of_its_whole_land():
    for one in RULES.measures.values():
        for pool in ("above", "below", "soil"):
            assert sum(part.share for part in one.gains if pool in part.pools) == 1.0, (one.id, pool)


def test_rates_of_the_factor_tables_stay_where_they_are():
    assert RULES.rate("RMS.grass.low", "x") is load_factors().by_id("RMS.grass.low")


def test_rules_are_asked_for_by_one_standard():
    assert [name for name in standard_ids() if (parameters() / "standards" / name / "area.yaml").exists()] == [ID]


@pytest.mark.parametrize(("old", "new", "message"), [
    ("of: cover, needs", "of: colour, needs", "standard_bad_value"),
    ("suits: [wetland]", "suits: [marsh]", "standard_unknown_id"),
    ("low: RMS.grass.low", "low: RMS.grass.lowest", "standard_unknown_id"),
    ("[{pools: [above, below], growth: conifers}, ", "[", "standard_bad_value"),
    ("growth: conifers}", "growth: conifers, mean: DUMP.tree}", "standard_bad_value"),
    ("growth: conifers}", "low: gain_sand_low}", "standard_bad_value"),
    ("  D5: {of", "  D6: {of", "standard_unknown_id"),
    ("high: {from: 0.40", "high: {from: 0.20", "standard_bad_value"),
    ("ecosystems:\n", "colours: {}\necosystems:\n", "standard_key_unknown"),
])
def test_a_rule_that_does_not_hold_is_told_with_its_place(tmp_path, old, new, message):
    text = (parameters() / "standards" / ID / "area.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / "area.yaml"
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(BadInput) as refused:
        read_area_rules(path, STANDARD)
    assert message in {one.message for one in refused.value.problems}
    assert all(one.file == "area.yaml" for one in refused.value.problems)
