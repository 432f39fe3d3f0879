"""Where measures suit: slope, rain and elevation of a zone against limits of the data or of the dossier."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from mineco import views
from mineco.core.errors import BadInput
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.gains.plans import project_gains
from mineco.evaluation.restoration_area.gains.suitability import limits_of, outside
from mineco.evaluation.restoration_area.outputs import zone_rows
from tests.helpers.land import FOLDER, rewritten, table, whole

TREES = {"planting-broadleaf", "planting-conifer", "mine-reclamation"}


def with_limits(folder, text):
    path = folder / "rasters" / "area.yaml"
    path.write_text(path.read_text("utf-8") + f"\nlimits:\n  {text}\n", "utf-8")
    return area.check(folder)


def site(**known):
    return SimpleNamespace(**({"slope_degrees": 10.0, "rain_mm": 500.0, "elevation_m": 1000.0} | known))


@pytest.mark.parametrize(("known", "why"), [
    ({"slope_degrees": 35.0}, ()), ({"slope_degrees": 35.1}, ("most_slope",)),
    ({"rain_mm": 400.0}, ()), ({"rain_mm": 399.9}, ("least_rain",)),
    ({"elevation_m": 4900.0}, ()), ({"elevation_m": 4901.0, "rain_mm": 80.0}, ("least_rain", "most_elevation")),
    ({"rain_mm": np.nan, "elevation_m": np.nan, "slope_degrees": np.nan}, ())])
def test_trees_suit_sites_within_all_limits_and_what_is_not_known_keeps_nothing_out(known, why):
    found = area.check(FOLDER)
    limits = limits_of(found.rules, "planting-broadleaf", {})
    assert outside(site(**known), limits) == why


def test_mean_rain_and_elevation_of_a_zone_are_those_of_its_pixels():
    found = area.check(FOLDER)
    plan, maps = found.identified.maps.plan, found.identified.maps
    zones = whole(maps, "zone")
    window, = maps.windows
    rain = np.nanmean(plan.series(plan.rained, window), axis=0)
    for zone in found.identified.zones:
        inside = zones == zone.id
        assert zone.rain_mm == pytest.approx(np.nanmean(rain[inside]), rel=1e-12)
        assert zone.elevation_m == pytest.approx(np.nanmean(plan.read("elevation", window)[inside]), rel=1e-12)
    rows = list(zone_rows(found))
    assert [row["rain_mm"] for row in rows] == [zone.rain_mm for zone in found.identified.zones]


@pytest.mark.usefixtures("english")
def test_dry_land_is_not_planted_with_trees_and_is_told_why(copy):
    rewritten(copy / "rasters" / "rain.tif", lambda bands: np.where(bands == 65535, bands, bands * 0.7))
    found, wetter = area.check(copy), area.check(FOLDER)
    for plan, before, zone in zip(found.potential.plans, wetter.potential.plans, found.identified.zones, strict=True):
        assert 300 < zone.rain_mm < 400
        assert set(plan.unsuitable) == TREES & set(before.measures)
        assert set(plan.unsuitable.values()) == {("least_rain",)}
        assert set(plan.measures) == set(before.measures) - TREES
        assert plan.chosen == "grass"  # which gains most of those that are left
        assert plan.yearly["grass"].mean == pytest.approx(before.yearly["grass"].mean)
    text = views.benefit.unsuitable(found.data, found.rules, found.identified, found.potential).text
    assert f"planting conifers | rain of {found.identified.zones[0].rain_mm:.1f} mm a year is below 400 mm" in text
    assert found.outcome().zones[0].unsuitable["planting-conifer"] == ["least_rain"]
    assert "trees_least_rain" in {one.name for one in found.quantities()}


@pytest.mark.usefixtures("english")
def test_without_a_layer_of_rain_nothing_is_kept_out_by_it_and_that_is_said(copy):
    table(copy / "rasters" / "layers.csv", lambda rows: [row for row in rows if row["layer"] != "rain"])
    found = area.check(copy)
    assert all(np.isnan(zone.rain_mm) and zone.elevation_m > 0 for zone in found.identified.zones)
    assert {plan.chosen for plan in found.potential.plans} == {"planting-conifer"}
    text = views.benefit.unsuitable(found.data, found.rules, found.identified, found.potential).text
    assert "no layer of rain" in text
    assert "no layer of elevation" not in text
    assert found.outcome().zones[0].rain_mm is None


@pytest.mark.usefixtures("english")
def test_the_dossier_knows_its_own_tree_line(copy):
    found = with_limits(copy, "planting-conifer: {most_elevation: 1150, source: local forest office}")
    high = [zone.elevation_m > 1150 for zone in found.identified.zones]
    assert high == [True, False, True]
    assert [plan.unsuitable for plan in found.potential.plans] == [
        {"planting-conifer": ("most_elevation",)} if one else {} for one in high]
    limits = limits_of(found.rules, "planting-conifer", found.data.settings.limits)
    assert limits == {"most_slope": 45.0, "least_rain": 400.0, "most_elevation": 1150.0}
    text = views.benefit.suitability(found.case, found.data, found.rules).text
    assert "local forest office" in text
    told = {one.name: (one.value, one.unit) for one in found.quantities()}
    assert told["limit.planting-conifer.most_elevation"] == (1150.0, "m")


def test_steep_land_is_told_as_too_steep():
    found = area.check(FOLDER)
    steep = replace(found.identified, zones=tuple(replace(zone, slope_degrees=40.0) for zone in found.identified.zones))
    rates = area.draw_rates(found.case, found.data, found.rules)
    plan = project_gains(found.case, found.data, found.rules, steep, rates).plans[1]
    assert plan.unsuitable == {"planting-broadleaf": ("most_slope",), "mine-reclamation": ("most_slope",)}


@pytest.mark.parametrize(("text", "message", "row"), [
    ("planting: {least_rain: 300, source: x}", "not_in_list", "limits"),
    ("grass: {least_rain: 300}", "missing_key", None), ("grass: {most_slope: 100, source: x}", "out_of_range", None)])
def test_a_limit_of_no_measure_without_a_source_or_beyond_reason_is_refused(copy, text, message, row):
    with pytest.raises(BadInput) as refused:
        with_limits(copy, text)
    problem, = refused.value.problems
    assert problem.message == message
    assert row is None or problem.row == row
