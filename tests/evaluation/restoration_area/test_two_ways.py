"""Every number of the conclusion on restoration areas, reached another way: from the files that a run hands on, counted
pixel by pixel, and from the tables that were handed in."""

import json

import geopandas
import numpy as np
import pytest
import rasterio
from scipy.ndimage import label as patches

from mineco import views
from mineco.core.kit import parameters
from mineco.core.labels import label
from mineco.core.yaml_reading import read_yaml
from mineco.evaluation.record.results import as_json, results_document
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.outputs import write_outputs
from mineco.report.tables import begun, heading
from tests.helpers.chain import rows
from tests.helpers.printed import about, form, number, numbers
from tests.helpers.real_land import willamette

TO_CO2 = 44 / 12
Z95 = 1.959964
CLOSE = 1e-9

pytestmark = pytest.mark.usefixtures("english")


class Land:
    """An evaluation, what its run hands on, and what was handed in, each read on its own."""

    def __init__(self, dossier, folder):
        self.dossier, self.evaluation, self.folder = dossier, area.check(dossier), folder
        (folder / "results.json").write_bytes(as_json(results_document(self.evaluation)))
        write_outputs(self.evaluation, folder / "results.json")
        self.outcome = json.loads((folder / "results.json").read_text("utf-8"))["outcome"]
        self.zones, self.gains, self.transitions = (
            rows(path) if (path := folder / "outputs" / f"{name}.csv").exists() else []
            for name in ("zones", "gains", "transition"))
        self.settings = read_yaml(dossier / "rasters" / "area.yaml")

    @property
    def shown(self):
        return form(views.verdict.conclusion(self.evaluation))

    def table(self, name):
        path = self.dossier / "rasters" / name
        return rows(path) if path.exists() else []

    def map(self, name):
        with rasterio.open(self.folder / "outputs" / f"{name}.tif") as file:
            return file.read(1), abs(file.transform.a * file.transform.e) / 10_000

    def cover(self, name):
        """A map of cover as it was handed in, -1 where it has no data, and the place of a point on it."""
        (file,) = [row["file"] for row in self.table("layers.csv") if row["layer"] == name]
        with rasterio.open(self.dossier / "rasters" / file) as found:
            codes = found.read(1).astype(int)
            return np.where(codes == found.nodata, -1, codes), found.index

    def both(self):
        """Pixels that are known on both dates, before and after."""
        before, after = self.cover("cover_start")[0], self.cover("cover_end")[0]
        known = (before >= 0) & (after >= 0)
        return before[known], after[known]

    def density(self):
        """tC/ha by class, all pools."""
        found = {}
        for row in self.table("pools.csv"):
            found[int(row["class"])] = found.get(int(row["class"]), 0.0) + float(row["mean_tc_per_ha"])
        return found


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return Land(parameters() / "mines" / "example-restoration-area", tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="module")
def basin(tmp_path_factory):
    """The Willamette basin, of which there are covers, elevation and pools."""
    folder = tmp_path_factory.mktemp("basin")
    return Land(willamette(folder / "willamette"), folder)


@pytest.fixture(params=["example", "basin"])
def land(request):
    return request.getfixturevalue(request.param)


# --- land -------------------------------------------------------------------------------------------------------------

def test_the_grid_is_its_pixels_and_classes_make_it_up(land):
    classes, pixel = land.map("class")
    assert number(land.shown[heading("grid_area")]) == about(classes.size * pixel)
    assert land.outcome["grid"]["pixel_ha"] == pytest.approx(pixel, rel=CLOSE)
    counted = [np.count_nonzero(classes == place) * pixel for place in range(len(land.outcome["classes_ha"]))]
    assert list(land.outcome["classes_ha"].values()) == pytest.approx(counted, rel=CLOSE)
    assert sum(land.outcome["never_ha"].values()) == pytest.approx(np.count_nonzero(classes == 254) * pixel, rel=CLOSE)
    assert land.outcome["unknown_ha"] == pytest.approx(np.count_nonzero(classes == 255) * pixel, rel=CLOSE)


def test_zones_have_the_same_hectares_in_map_polygons_table_results_and_print(land):
    numbers_, pixel = land.map("zone")
    zones = geopandas.read_file(land.folder / "outputs" / "zones.gpkg")
    by_map = [np.count_nonzero(numbers_ == one) * pixel for one in range(1, numbers_.max() + 1)]
    assert by_map, "without a zone nothing is compared"
    for found in ((zones.area / 10_000).tolist(), zones["area_ha"].tolist(),
                  [float(row["area_ha"]) for row in land.zones], [one["area_ha"] for one in land.outcome["zones"]]):
        assert found == pytest.approx(by_map, rel=CLOSE)
    assert numbers(land.shown[heading("zones_area")]) == [len(by_map), about(sum(by_map))]
    for one in land.outcome["zones"]:
        assert sum(one["land_ha"].values()) == pytest.approx(one["area_ha"], rel=CLOSE)


def test_zones_lie_in_land_to_restore_and_what_is_left_of_it_is_too_small(land):
    (zones, pixel), (classes, _) = land.map("zone"), land.map("class")
    last = len(land.outcome["classes_ha"]) - 1
    assert (classes[zones > 0] == last).all()
    left, _ = patches((classes == last) & (zones == 0))
    assert np.bincount(left.ravel())[1:].max(initial=0) * pixel < 1.0


def test_rows_and_columns_of_the_transitions_are_the_hectares_of_classes_on_the_maps(land):
    before, after = land.both()
    _, pixel = land.map("class")
    told, codes = np.array(land.outcome["transitions_ha"]["area"]), land.outcome["transitions_ha"]["classes"]
    assert told.sum(axis=1) == pytest.approx([np.count_nonzero(before == one) * pixel for one in codes], rel=CLOSE)
    assert told.sum(axis=0) == pytest.approx([np.count_nonzero(after == one) * pixel for one in codes], rel=CLOSE)
    table = {(int(row["class_before"]), int(row["class_after"])): float(row["area_ha"]) for row in land.transitions}
    pairs, counts = np.unique(np.stack([before, after]), axis=1, return_counts=True)
    assert table == {(int(one), int(other)): pytest.approx(count * pixel, rel=CLOSE)
                     for (one, other), count in zip(pairs.T, counts, strict=True)}


# --- carbon -----------------------------------------------------------------------------------------------------------

def test_stocks_are_hectares_times_pools_and_the_change_is_that_of_the_transitions(land):
    density, (_, pixel) = land.density(), land.map("class")
    stocks = [sum(density[int(one)] * count * pixel for one, count in zip(*np.unique(cover, return_counts=True),
                                                                         strict=True)) for cover in land.both()]
    assert land.outcome["carbon"]["mapped_tc"] == pytest.approx(stocks, rel=CLOSE)
    change = stocks[1] - stocks[0]
    moved = sum(float(row["area_ha"]) * (density[int(row["class_after"])] - density[int(row["class_before"])])
                for row in land.transitions)
    for found in (moved, sum(float(row["carbon_change_tc"]) for row in land.transitions),
                  np.sum(land.outcome["carbon"]["by_transition_tc"])):
        assert float(found) == pytest.approx(change, rel=1e-7)


def adjusted(land):
    """Hectares by class as the test points see them (Olofsson et al. 2014, equation 2); as mapped where there are none.
    """
    codes = land.outcome["transitions_ha"]["classes"]
    on_map = np.array(land.outcome["transitions_ha"]["area"]).sum(axis=0)
    cover, index = land.cover("cover_end")
    counts = np.zeros((len(codes), len(codes)))
    for one in land.table("points.csv"):
        if one["use"] == "test":
            mapped, seen = cover[index(float(one["x"]), float(one["y"]))], one["cover_end"]
            counts[codes.index(int(mapped)), codes.index(int(seen))] += 1
    if not counts.sum():
        return dict(zip(codes, on_map, strict=True))
    return dict(zip(codes, on_map @ (counts / counts.sum(axis=1, keepdims=True)), strict=True))


def test_stock_and_change_in_print_are_hectares_times_pools_and_their_intervals_those_of_the_draws(land):
    told, density = land.outcome["carbon"], land.density()
    value, low, high = numbers(land.shown[begun(views.carbon.dated(land.evaluation.carbon, "end"))])
    assert value == about(sum(area_ha * density[code] for code, area_ha in adjusted(land).items()))
    drawn = told["drawn_tc"]
    for name, shown in (("end", (value, low, high)),
                        ("change", numbers(land.shown[begun(views.carbon.dated(land.evaluation.carbon, "change"))]))):
        half = (drawn[name]["high"] - drawn[name]["low"]) / 2
        assert (shown[2] - shown[1]) / 2 == pytest.approx(half, rel=0.06)  # 2000 draws
        assert shown[0] == pytest.approx(drawn[name]["mean"], abs=0.06 * half)


# --- accuracy ---------------------------------------------------------------------------------------------------------

def test_accuracy_is_that_of_the_test_points_on_the_map_of_zones(example):
    classes, _ = example.map("class")
    _, index = example.cover("cover_end")
    last, counts = len(example.outcome["classes_ha"]) - 1, np.zeros((2, 2))
    for one in example.table("points.csv"):
        ranked = classes[index(float(one["x"]), float(one["y"]))]
        if one["use"] == "test" and ranked != 255:  # where the map says nothing it cannot be wrong
            counts[int(ranked != last), int(one["restore"] != "yes")] += 1
    pixels = np.array([np.count_nonzero(classes == last), np.count_nonzero((classes != last) & (classes != 255))])
    share = pixels / pixels.sum()
    overall = float(share @ (np.diag(counts) / counts.sum(axis=1)))
    found = [numbers(part) for part in example.shown[heading("verdict_T1")].split(";")]
    assert found[0][0] == about(100 * overall)
    assert [one[0] for one in found[1:]] == [about(100 * one) for one in (
        counts[0, 0] / counts[0].sum(), counts[0, 0] / counts[:, 0].sum())]  # all agree: adjusting changes nothing
    assert (np.diag(counts) == counts.sum(axis=1)).all()
    of_points = [counts.sum(), counts[0].sum(), counts[:, 0].sum()]  # Wilson where all n agree: n / (n + z²)
    assert [one[-1] for one in found] == [about(100 * n / (n + Z95 ** 2)) for n in of_points]


def test_deviations_are_those_of_plots_and_of_the_printed_intervals(example):
    density, (cover, index) = example.density(), example.cover("cover_end")
    plots = example.table("plots.csv")
    ground = np.array([float(one["carbon_tc_per_ha"]) for one in plots])
    apart = np.array([density[int(cover[index(float(one["x"]), float(one["y"]))])] for one in plots]) - ground
    bias, stock, change = (numbers(part) for part in example.shown[heading("verdict_T2")].split(";"))
    assert abs(bias[0]) == about(100 * abs(apart.mean()) / ground.mean())
    for found, name in ((stock, "end"), (change, "change")):
        value, low, high = numbers(example.shown[begun(views.carbon.dated(example.evaluation.carbon, name))])
        assert found[-1] == pytest.approx((high - low) / 2 / abs(value) * 100, rel=1e-3)


# --- gains ------------------------------------------------------------------------------------------------------------

def chosen(land, column):
    """What the chosen measures gain, by year, over all zones."""
    found = {}
    for row in land.gains:
        if row["chosen"] == "yes":
            found[int(row["year"])] = found.get(int(row["year"]), 0.0) + float(row[column])
    return np.array([found[year] for year in sorted(found)])


def test_the_gain_is_that_of_the_zones_less_leakage(example):
    kept = 1 - float(example.settings["leakage_share"])
    years = len(chosen(example, "yearly_mean_t_co2"))
    value, low, high = numbers(example.shown[begun(label("benefit_cumulated").format(years=years))])
    by_year = kept * chosen(example, "yearly_mean_t_co2")
    assert value == about(by_year.sum(), 5)
    assert value == about(kept * sum(float(row["gain_mean_t_co2"]) for row in example.zones), 5)
    lows, highs = (kept * sum(float(row[f"gain_{part}_t_co2"]) for row in example.zones) for part in ("low", "high"))
    assert (low, high) == (pytest.approx(lows, rel=0.06), pytest.approx(highs, rel=0.06))  # all plant the same trees


def test_worth_and_cost_are_prices_times_tonnes_and_hectares(example):
    price, kept = example.settings["price"], 1 - float(example.settings["leakage_share"])
    rate = (1 + price["growth"] / 100) / (1 + price["discount"] / 100)
    by_year = kept * chosen(example, "yearly_mean_t_co2")
    worth = sum(price["yuan_per_t_co2"] * gain * rate ** year for year, gain in enumerate(by_year))
    assert number(example.shown[begun(label("present_value"))]) == pytest.approx(worth, rel=1e-5)
    cost = sum(float(row["area_ha"]) * example.settings["costs_yuan_per_ha"][row["measure"]] for row in example.zones)
    assert number(example.shown[begun(label("cost_of_works"))]) == about(cost, 6)


def test_the_chance_of_a_rise_is_that_of_other_draws_from_the_intervals(example):
    change, additional = example.outcome["carbon"]["change_tc"], example.outcome["benefit"]["additional"]
    years, rng = example.outcome["carbon"]["years"], np.random.default_rng(1)
    to_yearly = TO_CO2 / (years[1] - years[0])
    before = rng.normal(change["value"] * to_yearly, change["error"] * to_yearly, 200_000)
    low, high = (np.mean(additional[name][:3]) for name in ("low", "high"))  # the first three years (reading T3)
    more = rng.lognormal(np.log(low * high) / 2, np.log(high / low) / 2 / Z95, 200_000)
    printed = number(example.shown[heading("verdict_T3")].partition("=")[2]) / 100
    assert printed == pytest.approx(np.mean(more > 0.25 * before), abs=0.02)


# --- that nothing is left ---------------------------------------------------------------------------------------------

def test_every_row_of_the_conclusion_that_holds_a_number_is_among_these(land):
    evaluation = land.evaluation
    reached = {heading("grid_area"), heading("zones_area"), heading("verdict_T1"), heading("verdict_T2"),
               heading("verdict_T3"), begun(label("present_value")), begun(label("cost_of_works")),
               begun(views.carbon.dated(evaluation.carbon, "end")),
               begun(views.carbon.dated(evaluation.carbon, "change")),
               begun(label("benefit_cumulated").format(years=20))}
    told = {name: content for name, content in land.shown.items() if numbers(content) and name not in reached}
    counts = {heading("notices_told"): len(json.loads((land.folder / "results.json").read_text("utf-8"))["notices"])}
    assert {name: number(content) for name, content in told.items()} == {
        name: count for name, count in counts.items() if count}
