"""Draws of what measures gain: growth by curves and age classes, means kept, and one draw for what is the same."""

import numpy as np
import pytest
from scipy.optimize import brentq

from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.gains.rates import draw_rates, growth_of, latitude, part_factors, species_of
from mineco.evaluation.restoration_area.given.settings import grown
from mineco.geo.grid import Grid
from mineco.standards.factors import load_factors

EXAMPLE = parameters() / "mines" / "example-restoration-area"
BY_AGE = {"masson_pine", "larch", "spruce", "conifers_north"}  # whose curves have no sure end


@pytest.fixture(scope="module")
def land():
    case = area.open_case(EXAMPLE)
    rules, data = area.read_land(case)
    return case, data, rules


@pytest.mark.parametrize(("species", "age", "above"), [
    # stands of the data set: means of age classes (mean age, mean biomass above ground in t/ha)
    ("chinese_pine", 51, 62.6), ("birch", 51, 39.8), ("oak", 50, 91.8), ("poplar", 49, 85.1),
    ("broadleaf_north", 51, 73.8), ("broadleaf_south", 50, 132.9), ("conifers_south", 50, 100.1)])
def test_a_curve_passes_near_the_stands_that_it_was_fitted_to(species, age, above):
    found = growth_of(species, age)
    root = next(one.value for one in found.factors if one.quantity == "root_shoot_ratio")
    assert found.stock[-1] / 0.47 / (1 + root) == pytest.approx(above, rel=0.2)


def test_stands_without_a_sure_curve_go_by_age_classes():
    for species in grown():
        quantities = {one.quantity for one in growth_of(species, 20).factors}
        assert ("biomass_by_age" in quantities) == (species in BY_AGE)
        assert ("growth_asymptote" in quantities) == (species not in BY_AGE)
        assert (np.diff(growth_of(species, 20).stock) > 0).all()


def test_broadleaf_trees_reach_half_of_their_end_when_the_curve_says_so():
    half = brentq(lambda age: (1 - np.exp(-0.0288 * age)) ** 2 - 0.5, 1, 200)
    found = growth_of("broadleaf_north", 60).stock
    assert np.interp(half, np.arange(61), found) == pytest.approx(129.1 / 2 * 1.338 * 0.47, rel=1e-3)


def test_trees_are_refused_beyond_the_oldest_stands_that_are_known():
    assert growth_of("masson_pine", 52).stock[-1] > 0  # the oldest class is 52.3 years old on average
    with pytest.raises(BadInput) as refused:
        growth_of("masson_pine", 53)
    problem, = refused.value.problems
    assert (problem.message, problem.value) == ("growth_beyond_ages", "masson_pine")
    assert (problem.details["years"], problem.details["oldest"]) == (53, "52")
    assert growth_of("masson_pine", 20).stock[-1] < growth_of("chinese_fir", 200).stock[-1]  # a curve has no end


def test_the_group_of_trees_goes_by_the_latitude_of_the_land(land):
    case, data, rules = land
    part = rules.measures["planting-conifer"].gains[0]
    assert 36 < latitude(data.layers.grid) < 37  # zone 49, 4,050 km from the equator
    assert species_of(data, rules, "planting-conifer", part) == "conifers_north"
    south = Grid("EPSG:32649", data.layers.grid.transform, 10, 10)
    moved = Grid("EPSG:32649", type(south.transform)(30, 0, 600_000, 0, -30, 3_000_000), 10, 10)
    assert latitude(moved) == pytest.approx(27.1, abs=0.1)


def test_draws_keep_the_means_and_the_same_part_is_drawn_once(land):
    case, data, rules = land
    names, found = list(rules.measures), draw_rates(*land).yearly
    means = found.mean(axis=0).sum(axis=-1) / 20
    expected = {"wetland": 1.25, "cropland-practice": 0.35, "sand-fixing": 0.6, "rocky-closure": 0.9, "grass": 1.28,
                "forest-closure": 0.85, "grassland-rest": 0.47}
    for name, rate in expected.items():
        assert means[names.index(name)] == pytest.approx(rate, rel=2e-3), name
    broadleaf, conifer, mixed = (found[:, names.index(name), 5]
                                 for name in ("planting-broadleaf", "planting-conifer", "mine-reclamation"))
    assert np.corrcoef(broadleaf, conifer)[0, 1] > 0.4  # the soil under both
    assert np.corrcoef(broadleaf, mixed)[0, 1] > 0.1  # half of the trees
    assert (found >= 0).all()


def test_a_further_measure_changes_no_draw_of_the_others(land):
    case, data, rules = land
    names = list(rules.measures)
    fewer = rules.model_copy(update={"measures": {name: rules.measures[name] for name in names if name != "grass"}})
    whole, less = draw_rates(case, data, rules), draw_rates(case, data, fewer)
    assert (np.delete(whole.yearly, names.index("grass"), axis=1) == less.yearly).all()
    assert (whole.by_itself == less.by_itself).all()


def test_what_a_gain_rests_on_is_told_with_its_source(land):
    names = {one.id for one in part_factors(*land, "mine-reclamation")}
    assert {"GROWTH.broadleaf_north.A", "GROWTH.shape", "CF.woody", "gain_herbs_mean", "gain_mixed_mean",
            "RMS.mixed.high", "gain_lasts"} <= names
    assert "RMS.grass.high" not in names


def test_root_shares_and_carbon_of_the_forest_types_of_china_are_there():
    find = load_factors().find
    assert find("root_shoot_ratio", species="robinia").value == 0.2767
    assert find("carbon_fraction", species="masson_pine").value == 0.5162
    assert find("root_shoot_ratio", species="larch", edition="SREP2023").value == 0.283
    assert find("root_shoot_ratio", species="larch", edition="GROA").value == 0.442
