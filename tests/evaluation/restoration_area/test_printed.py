"""What the report on restoration areas prints, held to sums over the rasters and tables by another way."""

import csv
from functools import cache

import numpy as np
import pytest
import rasterio

from mineco import views
from mineco.core import kit
from mineco.core.labels import label
from mineco.evaluation.restoration_area import evaluate as rea
from mineco.report.tables import begun, heading
from tests.helpers import by_hand
from tests.helpers.printed import about, column, form, lines, number, numbers, row, table

EXAMPLE = kit.parameters() / "mines" / "example-restoration-area"
PIXEL = 0.09  # ha of 30 by 30 m
YEARS = 2024 - 2013
TO_CO2 = 44 / 12


pytestmark = pytest.mark.usefixtures("english")


@cache
def area():
    return rea.check(EXAMPLE)


def cells(name):
    with (EXAMPLE / "rasters" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def cover(name):
    with rasterio.open(EXAMPLE / "rasters" / f"{name}.tif") as file:
        return file.read(1)


def class_at(one):
    """Place among the classes of the pixel of 2024 in which a point lies; the grid begins at 600000, 4050000."""
    return cover("cover_end")[int((4_050_000 - float(one["y"])) // 30), int((float(one["x"]) - 600_000) // 30)] - 1


@cache
def land():
    """Hectares by class in 2013 (rows) and in 2024 (columns), counted pixel by pixel."""
    before, after = cover("cover_start"), cover("cover_end")
    return np.array([[np.count_nonzero((before == one) & (after == other)) for other in range(1, 9)]
                     for one in range(1, 9)]) * PIXEL


@cache
def density():
    """tC/ha of each class, all pools."""
    return np.array([sum(float(one["mean_tc_per_ha"]) for one in cells("pools.csv") if one["class"] == str(code))
                     for code in range(1, 9)])


@cache
def matrix():
    """Test points by class of the map (rows) and of the reference (columns)."""
    found = np.zeros((8, 8))
    for one in cells("points.csv"):
        if one["use"] == "test":
            found[class_at(one), int(one["cover_end"]) - 1] += 1
    return found


@cache
def adjusted():
    """Area of each class and its standard error, ha (Olofsson et al. 2014, equations 2 and 10)."""
    on_map, counts = land().sum(axis=0), matrix()
    weight, of_row = on_map / on_map.sum(), matrix().sum(axis=1)
    share = weight[:, np.newaxis] * counts / of_row[:, np.newaxis]
    inside = counts / of_row[:, np.newaxis]
    error = np.sqrt((weight[:, np.newaxis] ** 2 * inside * (1 - inside) / (of_row[:, np.newaxis] - 1)).sum(axis=0))
    return share.sum(axis=0) * on_map.sum(), error * on_map.sum()


NAMES = ("forest", "grassland", "cropland", "mined land", "desertified grassland", "reclaimed dump", "village", "water")


# --- the land ---------------------------------------------------------------------------------------------------------

def test_the_matrix_of_transitions_counts_pixels():
    shown = table(views.covers.transitions(area().data, area().identified))
    for line, before in zip(shown, land(), strict=False):
        assert [0.0 if line[name] == "—" else number(line[name]) for name in NAMES] == [about(one) for one in before]
        assert number(line["Sum"]) == about(before.sum())
    assert [number(shown[-1][name]) for name in NAMES] == [about(one) for one in land().sum(axis=0)]
    assert number(shown[-1]["Sum"]) == about(96 * 96 * PIXEL)


def test_each_class_keeps_gains_and_loses_what_the_matrix_says():
    shown = views.covers.balance(area().data, area().identified)
    kept, first, last = np.diag(land()), land().sum(axis=1), land().sum(axis=0)
    for name, expected in (("Kept (ha)", kept), ("Gained (ha)", last - kept), ("Lost (ha)", first - kept),
                              ("On balance (ha)", last - first)):
        assert [number(one) for one in column(shown, name)] == [
            pytest.approx(one, rel=6e-4, abs=1e-9) for one in expected]


def test_the_grid_is_told_by_pixel_and_as_a_whole():
    shown = views.land.grid(area().data)
    assert numbers(row(shown, label("pixel_area"))["Content"]) == [PIXEL]
    assert numbers(row(shown, label("grid_size"))["Content"]) == [96, 96]
    assert numbers(row(shown, label("grid_area"))["Content"]) == [about(96 * 96 * PIXEL)]
    left, bottom, right, top = numbers(row(shown, label("grid_extent"))["Content"])
    assert (right - left, top - bottom) == (96 * 30, 96 * 30)


def test_classes_of_priority_and_land_without_data_make_up_the_grid():
    shown = table(views.land.class_areas(area().rules, area().identified))
    areas = [number(one["Area (ha)"]) for one in shown]
    assert sum(areas) == pytest.approx(96 * 96 * PIXEL, abs=0.1)
    ranked = areas[:4]
    assert [number(one["Share"]) for one in shown[:4]] == [
        pytest.approx(one / sum(ranked) * 100, rel=1e-3) for one in ranked]
    # the village and the lake, in the map of 2024, and then what has no data
    never = [np.count_nonzero(cover("cover_end") == code) * PIXEL for code in (7, 8)]
    assert sorted(areas[4:6]) == pytest.approx(sorted(never), rel=1e-3)
    assert [one["Share"] for one in shown[4:]] == ["—"] * 3


def test_the_index_of_a_zone_is_the_weighted_sum_of_its_scores():
    weights = {name: one.value / 100 for name, one in area().weighing.levels["groups"].weights.items()}
    assert sum(weights.values()) == pytest.approx(1)
    shown = table(views.land.zone_scores(area().case, area().identified))
    for one in shown:
        scores = {heading.split()[0]: number(cell) for heading, cell in one.items() if heading.split()[0] in weights}
        assert number(one["Index D"]) == pytest.approx(sum(weights[name] * scores[name] for name in weights), abs=2e-3)


# --- accuracy ---------------------------------------------------------------------------------------------------------

def test_the_confusion_matrix_counts_the_test_points_by_the_pixel_they_lie_in():
    shown = table(views.accuracy.confusion(area().data, area().accuracy, "cover_end"))
    assert [[number(line[name]) for name in NAMES] for line in shown] == matrix().tolist()
    assert [number(line["Sum"]) for line in shown] == matrix().sum(axis=1).tolist()
    told = views.accuracy.confusion(area().data, area().accuracy, "cover_end").text.splitlines()[-1]
    total, agreed = matrix().sum(), np.trace(matrix()) / matrix().sum()
    by_chance = (matrix().sum(axis=0) * matrix().sum(axis=1)).sum() / total**2
    assert numbers(told)[:2] == [about(agreed * 100), about((agreed - by_chance) / (1 - by_chance))]


def test_areas_are_adjusted_by_the_estimator_of_olofsson():
    shown = views.accuracy.adjusted(area().data, area().accuracy, "cover_end")
    expected, error = adjusted()
    for place, name in enumerate(NAMES):
        line = row(shown, name)
        assert number(line["Area on the map (ha)"]) == about(land().sum(axis=0)[place])
        found = numbers(line["Adjusted area (ha, 95 %)"])
        assert found[0] == about(expected[place])
        if error[place]:
            assert found[1:] == [about(expected[place] + sign * 1.959964 * error[place]) for sign in (-1, 1)]


def test_users_and_producers_accuracy_are_told_apart():
    shown = row(views.accuracy.adjusted(area().data, area().accuracy, "cover_end"), "cropland")
    right, of_row = matrix()[2, 2], matrix()[2].sum()
    assert numbers(shown["User's accuracy (95 %)"])[0] == about(right / of_row * 100)  # 33 of 38
    assert numbers(shown["Producer's accuracy (95 %)"])[0] == 100  # no point of cropland stands elsewhere
    water = row(views.accuracy.adjusted(area().data, area().accuracy, "cover_end"), "water")
    assert number(water["User's accuracy (95 %)"]) == 100
    assert number(water["Producer's accuracy (95 %)"]) == about(land().sum(axis=0)[7] / adjusted()[0][7] * 100)


def test_points_are_counted_by_their_use():
    shown = views.accuracy.points(area().data, area().accuracy)
    uses = [one["use"] for one in cells("points.csv")]
    assert int(row(shown, label("points_fit"))["Content"]) == uses.count("fit")
    assert int(row(shown, label("points_test"))["Content"]) == uses.count("test")
    # where the index is unknown no point is judged
    index = views.accuracy.confusion(area().data, area().accuracy, "restore")
    judged = sum(int(one) for one in column(index, "Sum"))
    assert int(row(shown, label("points_left_out"))["Content"]) == uses.count("test") - judged


def test_points_that_all_agree_leave_the_lower_end_of_wilson():
    # n of n right: the lower end is n / (n + z^2), 56 points of the land to restore and 334 in all
    first, users, _ = lines(views.accuracy.accuracy_verdict(area().accuracy))
    assert numbers(first.partition("interval")[2])[0] == about(100 * 334 / (334 + 1.959964**2))
    assert numbers(users.partition("interval")[2])[0] == about(100 * 56 / (56 + 1.959964**2))


# --- carbon -----------------------------------------------------------------------------------------------------------

def stocks():
    return {"start": land().sum(axis=1) @ density(), "end": land().sum(axis=0) @ density()}


def test_stocks_as_mapped_are_hectares_times_pools():
    shown = views.carbon.stocks(area().data, area().carbon)
    for name, expected in (*stocks().items(), ("change", stocks()["end"] - stocks()["start"])):
        line = row(shown, views.carbon.dated(area().carbon, name))
        assert number(line["As mapped"]) == about(expected)


def test_stocks_by_formula_are_adjusted_hectares_times_pools_and_draws_agree():
    line = row(views.carbon.stocks(area().data, area().carbon), views.carbon.dated(area().carbon, "end"))
    assert number(line["By formula (tC)"]) == about(adjusted()[0] @ density())
    assert number(line["By draws (tC)"]) == pytest.approx(adjusted()[0] @ density(), rel=5e-3)


def test_changes_of_class_are_told_by_the_carbon_that_they_move():
    shown = table(views.carbon.carbon_by_transition(area().data, area().carbon))
    moved = {f"{before} → {after}": land()[one, other] * (density()[other] - density()[one])
             for one, before in enumerate(NAMES) for other, after in enumerate(NAMES) if one != other}
    largest = sorted((name for name in moved if moved[name]), key=lambda name: -abs(moved[name]))[:12]
    assert [one["From → to"] for one in shown] == largest
    assert [number(one["Change of carbon (tC)"]) for one in shown] == [about(moved[name]) for name in largest]


def test_pools_are_printed_as_they_were_handed_in():
    shown = row(views.carbon.pools(area().data), "forest")
    assert [numbers(shown[label(f"pool_{name}")]) for name in ("above", "below", "dead", "soil")] == [
        [38, 4], [10, 1.5], [4, 0.8], [78, 6]]


def test_the_change_a_year_is_the_change_over_eleven_years():
    first, *_, soil = lines(views.carbon.gain_loss(area().carbon, area().rules))
    stock_difference = numbers(first.partition("stock difference")[2])[0]
    change = number(row(views.carbon.stocks(area().data, area().carbon), "change")["By formula (tC)"])
    assert stock_difference == pytest.approx(change / YEARS, rel=1e-3)
    settling, whole, by_now, _ = numbers(soil)
    assert by_now == pytest.approx(whole * YEARS / settling, rel=1e-3)  # eleven of twenty years


def test_plots_tell_the_mean_and_how_far_the_map_is_off():
    ground = np.array([float(one["carbon_tc_per_ha"]) for one in cells("plots.csv")])
    apart = np.array([density()[class_at(one)] for one in cells("plots.csv")]) - ground
    half = 2.022691 * apart.std(ddof=1) / np.sqrt(len(apart))  # Student, 39 degrees of freedom
    shown = views.carbon.plots(area().data, area().carbon)
    assert row(shown, label("plots_count"))["Content"] == "40"
    assert number(row(shown, label("plots_mean"))["Content"]) == about(ground.mean())
    assert numbers(row(shown, label("plots_bias"))["Content"]) == [
        about(one) for one in (apart.mean(), apart.mean() - half, apart.mean() + half)]
    assert number(row(shown, label("plots_rmse"))["Content"]) == about(np.sqrt((apart**2).mean()))


# --- gains ------------------------------------------------------------------------------------------------------------

# of 20 years, tC/(ha yr): living plants (trees north of 33°, times root share and carbon) and soil of dumps
BROADLEAF = 129.1 * (1 - np.exp(-0.0288 * 20)) ** 2 * 1.338 * 0.47 / 20 + 0.46
CONIFERS = (29.5 + (20 - 17.5) / (26.1 - 17.5) * (43.5 - 29.5)) * 1.254 * 0.47 / 20 + 0.46  # between two age classes
CONIFERS_AT_FIRST = 29.5 / 17.5 * 1.254 * 0.47 + 0.46
GRASS = 0.25 + 1.03
BASELINES = {1: -0.30, 2: 0.05, 3: 0.05}  # zone 1 is desertified, the others are mined


def old_pit():
    """Pixels of the old pit that are land to restore: bare, worn on both dates, and nothing falls."""
    slope, loss = by_hand.bare_ground()
    part, share = np.s_[6:26, 6:24], by_hand.weights()
    index = (share[0] * 1 + share[1] * 0 + share[2] * np.where(cover("cover_start") == 4, 0.5, 1)
             + share[3] * by_hand.scaled(slope, 5, 25) + share[4] * by_hand.scaled(loss, 10, 80))
    return np.count_nonzero((index >= 0.5)[part] & (cover("cover_end") == 4)[part])


# sand of 24 by 24 pixels and a pit of 22 by 20, as the program of the example made them; the old one by its index
HECTARES = {1: 24 * 24 * PIXEL, 2: 22 * 20 * PIXEL, 3: old_pit() * PIXEL}


def gain(zone, rate):
    """Beyond the baseline, over 20 years. [tCO2]"""
    return HECTARES[zone] * (rate - BASELINES[zone]) * TO_CO2 * 20


@pytest.mark.parametrize(("zone", "measure", "rate", "cost"), [
    (1, "planting broadleaf trees", BROADLEAF, 22_000), (1, "sowing grass", GRASS, 6000),
    (2, "planting broadleaf trees", BROADLEAF, 22_000), (3, "planting conifers", CONIFERS, 18_000)])
def test_each_measure_gains_hectares_times_rate_and_costs_hectares_times_price(zone, measure, rate, cost):
    (shown,) = [one for one in table(views.benefit.gains(area().data, area().rules, area().potential))
                if (one["Zone"], one["Measure"]) == (str(zone), measure)]
    mean, low, high = numbers(shown["Gain (95 %) (tCO₂)"])
    assert mean == pytest.approx(gain(zone, rate), rel=0.01)
    assert low < mean < high
    assert number(shown["Cost (yuan)"]) == about(HECTARES[zone] * cost)
    assert number(shown["Yuan per tonne"]) == pytest.approx(HECTARES[zone] * cost / mean, rel=1e-3)


def test_project_baseline_and_leakage_add_up_to_what_is_additional():
    shown = {one["Item"]: one for one in table(views.benefit.additional(area().data, area().benefit))}
    first = {name: number(one["First year (95 %) (tCO₂)"]) for name, one in shown.items()}
    project, baseline, leakage, additional = (first[label(f"benefit_{name}")] for name in (
        "project", "baseline", "leakage", "additional"))
    hectares = sum(HECTARES.values())
    assert project == pytest.approx(hectares * CONIFERS_AT_FIRST * TO_CO2, rel=0.03)
    assert baseline == pytest.approx(sum(HECTARES[one] * BASELINES[one] for one in HECTARES) * TO_CO2, rel=0.03)
    assert leakage == pytest.approx(0.05 * (project - baseline), rel=1e-3)
    assert additional == pytest.approx(project - baseline - leakage, rel=1e-3)
    whole = shown[label("benefit_additional")]
    all_years = sum(gain(zone, CONIFERS) for zone in HECTARES) * 0.95
    assert number(whole["All years (95 %) (tCO₂)"]) == pytest.approx(all_years, rel=0.03)
    slower = hectares * (CONIFERS_AT_FIRST - 0.46) * (1 - (43.5 - 29.5) / (26.1 - 17.5) / (29.5 / 17.5)) * TO_CO2 * 0.95
    last = number(whole["Last year (95 %) (tCO₂)"])
    assert additional - last == pytest.approx(slower, rel=0.05)  # trees between the second and the third class
    assert shown[label("benefit_project")]["All years (95 %) (tCO₂)"] == "—"


def test_the_worth_discounts_each_year_and_costs_add_up():
    shown = views.benefit.valuation(area().data, area().benefit)
    worth = sum(80 * gain * (1.02 / 1.05) ** year  # 80 yuan, up 2 %, at 5 %
                for year, gain in enumerate(area().benefit.additional.mean))
    assert number(row(shown, label("present_value"))["Content"]) == pytest.approx(worth, rel=1e-3)
    assert number(row(shown, label("cost_of_works"))["Content"]) == about(sum(HECTARES.values()) * 18_000)
    assert row(shown, label("price"))["Content"].startswith("80 yuan")
    assert row(shown, label("discount"))["Content"] == "5 %"
    assert row(shown, label("price_growth"))["Content"] == "2 %"


def test_the_sink_before_is_the_change_a_year_as_co2():
    before, rise, _ = lines(views.benefit.sink_rise_text(area().case, area().data, area().benefit))
    change = numbers(row(views.carbon.stocks(area().data, area().carbon), "change")["By draws (tC)"])
    assert numbers(before)[:3] == [pytest.approx(one / YEARS * TO_CO2, rel=1e-3) for one in change]
    additional = number(row(views.benefit.additional(area().data, area().benefit), label("benefit_additional"))[
        "First year (95 %) (tCO₂)"])
    within, risen, asked = numbers(rise)[:3]
    assert (within, asked) == (3, 25)
    assert risen == pytest.approx(additional / numbers(before)[0] * 100, rel=1e-3)


def test_ranges_and_baselines_are_printed_as_they_stand_in_the_tables():
    shown = {(one["Measure"], one["Pools"]): one for one in table(
        views.benefit.measures(area().case, area().data, area().rules))}
    trees = shown["planting broadleaf trees", "above ground, below ground"]
    assert numbers(trees["Gain a year (tC/(ha·yr))"]) == [about(BROADLEAF - 0.46), 62]
    soil = shown["sowing grass", "soil"]
    assert numbers(soil["Gain a year (tC/(ha·yr))"]) == [1.03, 0.3, 3.37]
    assert {one["Lasts (yr)"] for one in (trees, soil)} == {"20"}
    baseline = row(views.benefit.baselines(area().data, area().rules), "desertified land")
    assert numbers(baseline["Gain by itself a year (tC/(ha·yr))"]) == [-0.3, 0.15]


def test_zones_are_ranked_by_index_by_gain_and_by_cost():
    shown = sorted(table(views.benefit.priorities(area().identified, area().potential)),
                   key=lambda one: int(one["Zone"]))
    index = {2: 3, 1: 2, 3: 1}  # a new pit, bare and fallen; sand with some grass; an old pit, where nothing falls
    ranked = {"By degradation": index, "By gain": {zone: gain(zone, CONIFERS) for zone in HECTARES}}
    for name, by in ranked.items():
        order = sorted(by, key=lambda zone, by=by: -by[zone])
        assert [int(one[name]) for one in shown] == [order.index(zone) + 1 for zone in (1, 2, 3)]
    assert [number(one["Area (ha)"]) for one in shown] == [about(one) for one in HECTARES.values()]


def test_restored_units_are_compared_with_controls():
    shown = views.benefit.controls(area().data, area().benefit)
    raw, control, effect = (number(row(shown, label(f"did_{name}"))["Content"])
                            for name in ("raw", "control", "effect"))
    assert effect == pytest.approx(raw - control, abs=1e-3)
    assert number(row(shown, label("did_overstated"))["Content"]) == pytest.approx((raw / effect - 1) * 100, rel=0.01)


# --- conclusion -------------------------------------------------------------------------------------------------------

def test_the_conclusion_prints_land_stock_change_and_gain():
    shown = form(views.verdict.conclusion(area()))
    assert number(shown[heading("grid_area")]) == about(96 * 96 * PIXEL)
    count, hectares = numbers(shown[heading("zones_area")])
    assert (count, hectares) == (3, about(sum(HECTARES.values())))
    assert number(shown[begun(views.carbon.dated(area().carbon, "end"))]) == about(adjusted()[0] @ density())
    assert number(shown[begun(label("benefit_cumulated").format(years=20))]) == pytest.approx(
        sum(gain(zone, CONIFERS) for zone in HECTARES) * 0.95, rel=0.03)  # less 5 % of leakage
    assert number(shown[heading("cost_of_works")]) == about(sum(HECTARES.values()) * 18_000)


def test_the_half_width_of_the_verdict_is_that_of_the_interval():
    shown = {one["Item"]: one for one in table(views.verdict.verdicts(area()))}
    for name, item in (("end", "stock"), ("change", "change")):
        told = row(views.carbon.stocks(area().data, area().carbon), views.carbon.dated(area().carbon, name))
        value, low, high = numbers(told["By formula (tC)"])
        found = number(shown[label(f"deviation_{item}")]["Found"])
        assert found == pytest.approx((high - low) / 2 / value * 100, rel=1e-3)
