"""What the report on restoration areas shows: its numbers are those of the evaluation, and what is missing is said."""

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio import Affine

from mineco import views
from mineco.core import kit
from mineco.core.errors import BadInput
from mineco.core.formatting import format_number, format_percent, format_rounded
from mineco.core.labels import set_language
from mineco.evaluation.restoration_area import evaluate as rea
from mineco.evaluation.restoration_area.views import pictures
from mineco.geo.grid import Grid
from mineco.geo.windows import Window
from mineco.restoration.maps.terrain import hillshade
from tests import example_area as example
from tests.helpers import land
from tests.helpers.drawn import drawn
from tests.helpers.printed import column

EXAMPLE = kit.parameters() / "mines" / "example-restoration-area"


@cache
def area():
    return rea.check(EXAMPLE)


pytestmark = pytest.mark.usefixtures("english")


def edited(tmp_path: Path, file: str, *changes: tuple[str, str]) -> rea.Evaluation:
    """The example with some text of a file written otherwise."""
    copy = Path(shutil.copytree(EXAMPLE, tmp_path / EXAMPLE.name))
    text = (copy / file).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (copy / file).write_text(text, "utf-8")
    return rea.check(copy)


# --- the land -------------------------------------------------------------------------------------------------------

def test_every_file_is_told_with_its_grid_and_what_was_missing():
    text = views.land.layers(area().data, area().rules).text
    for one in area().data.layers.facts:
        (line,) = [line for line in text.splitlines() if f"| {one.file} |" in line]
        assert "EPSG:32649" in line
        assert format_percent(one.missing_share) in line
    assert "ndvi.tif | 2013–2024" in text


def test_the_matrix_of_transitions_adds_up_in_print():
    text = views.covers.transitions(area().data, area().identified).text
    # 96 by 96 pixels of 0.09 ha are 829.44 ha
    assert text.splitlines()[-1].endswith("| 829.4")


def test_the_zones_are_told_with_why():
    lines = views.land.zones(area().rules, area().identified).text.splitlines()[2:]
    assert len(lines) == len(area().identified.zones) == 3
    zones = {zone.id: zone for zone in area().identified.zones}
    for rank, (line, zone) in enumerate(zip(lines, (zones[2], zones[1], zones[3]), strict=True), start=1):
        assert line.startswith(f"{rank} | {zone.id} | {format_number(zone.area_ha)}")
        assert area().rules.factors[zone.reasons[0]].reason.en in line


def test_no_zone_is_said_and_not_an_empty_table():
    assert "No patch is large enough" in views.land.zones(area().rules, replace(area().identified, zones=())).text


def test_zones_beyond_those_that_a_table_lists_stand_in_one_row_with_their_area():
    zone = area().identified.zones[0]
    # 40 ha, and a hectare less for each zone that follows; the last is the most degraded
    many = replace(area().identified, zones=tuple(replace(
        zone, id=number, area_ha=41.0 - number, index=number / 40) for number in range(1, 36)))
    lines = views.land.zones(area().rules, many).text.splitlines()
    assert lines[2].startswith("1 | 35 | 6 | ")
    assert lines[31].startswith("30 | 6 | 35 | ")
    assert lines[32].startswith("5 more |  | 190 | ")  # 40 + 39 + 38 + 37 + 36
    assert lines[-1] == "The rest of the zones stand in outputs/zones.csv and results.xlsx."
    assert views.land.zones(area().rules, many, listed=10).text.splitlines()[12].startswith("25 more |  | ")
    assert len(views.land.zone_scores(area().case, many).text.splitlines()) == 32


def test_of_zones_that_are_as_degraded_the_larger_comes_first():
    zone = area().identified.zones[0]
    same = replace(area().identified, zones=tuple(replace(zone, id=number, index=0.8) for number in (1, 2, 3)))
    assert [one.id for one in same.by_rank] == [1, 2, 3]


def test_soil_loss_without_rain_or_soil_is_called_an_index_and_never_tonnes(tmp_path):
    lines = (EXAMPLE / "rasters" / "layers.csv").read_text("utf-8").splitlines(keepends=True)
    (erosivity,) = [line for line in lines if line.startswith("erosivity")]
    found = edited(tmp_path, "rasters/layers.csv", (erosivity, ""))
    shown = (views.land.loss_text(found.identified), views.land.value_map(found.identified, "soil_loss"),
             views.land.zones(found.rules, found.identified))
    told = shown[0].text + shown[1].alt + shown[2].text
    assert "relative index" in told
    assert "t/(ha" not in told


def test_without_rain_no_residual_trend_is_drawn(tmp_path):
    text = (EXAMPLE / "rasters" / "layers.csv").read_text("utf-8")
    rain = "".join(line for line in text.splitlines(keepends=True) if line.startswith("rain"))
    found = edited(tmp_path, "rasters/layers.csv", (rain, ""))
    assert "no residual trend" in views.land.trends(found.identified).text
    assert "nothing is known" in views.land.value_map(found.identified, "residual_trend").text


def test_a_picture_of_a_large_map_takes_every_so_many_pixels_from_where_they_lie():
    columns = np.arange(2000)[np.newaxis, :] + np.zeros((1500, 1))
    plan = replace(area().identified.maps.plan, layers=replace(area().data.layers, grid=Grid(
        "EPSG:32649", Affine(30.0, 0.0, 0.0, 0.0, -30.0, 0.0), 2000, 1500)))
    parts = tuple(Window(row, column, min(600, 1500 - row), min(700, 2000 - column))
                  for row in range(0, 1500, 600) for column in range(0, 2000, 700))
    identified = replace(area().identified, maps=replace(area().identified.maps, plan=plan, windows=parts))
    shown, small = pictures.picture(identified, lambda window: columns[
        window.row:window.row + window.height, window.column:window.column + window.width], np.nan)
    # 2000 pixels over at most 720 are every third, from the middle one of the first three
    assert shown.shape == (500, 667)
    assert shown[0, :3].tolist() == [1.0, 4.0, 7.0]
    assert (shown == shown[0]).all()
    assert small.transform.a == 90.0


def test_a_part_of_a_map_lies_where_it_does_on_the_whole():
    plan = area().identified.maps.plan
    whole, grid = pictures.picture(area().identified, lambda window: plan.read("cover_end", window), -1)
    part, small = pictures.picture(area().identified, lambda window: plan.read("cover_end", window), -1,
                                   Window(20, 30, 15, 40))
    assert np.array_equal(part, whole[20:35, 30:70])
    assert small.bounds == (grid.bounds[0] + 30 * 30, grid.bounds[3] - 35 * 30,
                            grid.bounds[0] + 70 * 30, grid.bounds[3] - 20 * 30)


def test_a_strip_of_many_pixels_keeps_every_row():
    plan = replace(area().identified.maps.plan, layers=replace(area().data.layers, grid=Grid(
        "EPSG:32649", Affine(30.0, 0.0, 0.0, 0.0, -30.0, 0.0), 6000, 3)))
    maps = replace(area().identified.maps, plan=plan, windows=(Window(0, 0, 3, 6000),))
    strip = replace(area().identified, maps=maps)
    shown, small = pictures.picture(strip, lambda window: np.zeros((3, 6000)) + np.arange(3)[:, np.newaxis], np.nan)
    assert shown[:, 0].tolist() == [0.0, 1.0, 2.0]
    assert small.pixel_size == (270.0, 30.0)


def test_light_is_that_of_the_layer_of_elevation_and_without_one_there_is_none():
    identified, ground = area().identified, land.whole(area().identified.maps, "elevation")
    found = pictures.light(identified)
    assert np.array_equal(found[1:-1, 1:-1], hillshade(ground, 30.0, 30.0))
    assert np.isfinite(found).all()  # at the edge of the map too
    plan = identified.maps.plan
    without = replace(identified, maps=replace(identified.maps, plan=replace(plan, single={
        name: one for name, one in plan.single.items() if name != "elevation"})))
    assert pictures.light(without) is None
    assert views.covers.cover_map(area().data, without, "cover_end").svg()


def test_the_frame_of_a_map_has_a_slope_where_elevation_reaches_farther(tmp_path):
    copy = Path(shutil.copytree(EXAMPLE, tmp_path / EXAMPLE.name))
    path = copy / "rasters" / "elevation.tif"
    with rasterio.open(path) as file:
        one = file.transform
    land.rewritten(path, lambda bands: np.pad(bands, ((0, 0), (1, 1), (1, 1)), mode="edge"), width=98, height=98,
                   transform=Affine(one.a, one.b, one.c - one.a, one.d, one.e, one.f - one.e))
    reaches = land.whole(rea.check(copy).identified.maps, "slope")
    before = land.whole(area().identified.maps, "slope")
    assert np.isnan(before[0]).all()
    assert np.isfinite(reaches).all()
    assert np.array_equal(reaches[1:-1, 1:-1], before[1:-1, 1:-1])


# --- the zones to begin with ----------------------------------------------------------------------------------------

def of_fourteen_zones(folder: Path):
    """The example with fourteen zones of 4 by 6 pixels, the last numbers the most degraded."""
    identified = area().identified
    plan = replace(identified.maps.plan, folder=Path(shutil.copytree(identified.maps.plan.folder, folder / "tiles")))
    (window,) = identified.maps.windows
    tile = np.zeros((96, 96), np.int32)
    for number in range(1, 15):
        tile[6 * number:6 * number + 4, 5 * number:5 * number + 6] = number
    plan.save("zone", window, tile)
    zone = identified.zones[0]
    return replace(identified, maps=replace(identified.maps, plan=plan), zones=tuple(
        replace(zone, id=number, area_ha=24 * 0.09, index=0.5 + number / 100) for number in range(1, 15)))


def test_the_first_ten_zones_by_rank_have_a_small_map_each_with_their_outline(tmp_path):
    many = of_fourteen_zones(tmp_path)
    drawing = views.first_zones.first_zones(area().rules, many, None)
    assert [part.partition(",")[0] for part in drawing.alt.partition(": ")[2].split("; ")] == [
        f"{rank} · zone {15 - rank}" for rank in range(1, 11)]
    west, _, _, north = many.maps.plan.layers.grid.bounds
    for axes, number in zip(drawing.figure.axes, range(14, 4, -1), strict=True):
        (outline,) = axes.patches
        assert outline.get_path().get_extents().bounds == (west + 150 * number, north - 30 * (6 * number + 4), 180, 120)
        (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
        # the longer side is of 6 pixels, half as much on each side of it is shown: 12 of 30 m
        assert right - left == top - bottom == 360
        assert west <= left < right <= west + 96 * 30
        assert north - 96 * 30 <= bottom < top <= north
    assert "measure" not in drawing.alt + drawing.caption


def test_small_maps_tell_hectares_reasons_and_the_measure_that_is_chosen():
    rows = views.first_zones.first_zones(area().rules, area().identified, area().potential).alt.partition(": ")[2]
    zones = {zone.id: zone for zone in area().identified.zones}
    plans = {plan.zone: plan for plan in area().potential.plans}
    for row, number in zip(rows.split("; "), (2, 1, 3), strict=True):
        assert format_number(zones[number].area_ha, "ha") in row
        for name in zones[number].reasons:
            assert area().rules.factors[name].reason.en in row
        assert row.endswith(f"measure: {area().rules.measures[plans[number].chosen].name.en}")


def test_without_a_zone_no_small_map_is_drawn():
    none = replace(area().identified, zones=())
    assert views.first_zones.first_zones(area().rules, none, area().potential) is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_small_maps_are_the_same_bytes_at_every_run(tmp_path, language):
    set_language(language)
    many = of_fourteen_zones(tmp_path)
    first, second = (views.first_zones.first_zones(area().rules, many, None) for _ in range(2))
    assert first.svg() == second.svg()
    assert first.caption


def test_many_zones_are_numbered_with_those_to_begin_with_in_frames(tmp_path):
    many = of_fourteen_zones(tmp_path)
    drawing = views.land.priority_map(area().rules, many)
    framed = [text.get_text() for text in drawing.figure.axes[0].texts if text.get_bbox_patch()]
    assert set(framed) <= set(map(str, range(5, 15)))
    assert framed[0] == "14"
    assert "in frames the 10 to begin with" in drawing.caption
    few = views.land.priority_map(area().rules, area().identified)
    assert not any(text.get_bbox_patch() for text in few.figure.axes[0].texts)


def test_a_number_stands_on_its_zone_though_the_middle_of_this_lies_elsewhere(tmp_path):
    many = of_fourteen_zones(tmp_path)
    west, _, _, north = many.maps.plan.layers.grid.bounds
    # zone 1 has columns 5 to 10 and rows 6 to 9: nearest to a middle in column 20, row 7 is column 10 of that row
    zones = [replace(many.zones[0], x=west + 20.5 * 30, y=north - 7.5 * 30), replace(many.zones[1], x=west, y=north),
             replace(many.zones[2], x=west + 15.5 * 30, y=north - 18.5 * 30)]
    found = pictures.marks(many, zones)
    assert found["1"] == (west + 10.5 * 30, north - 7.5 * 30)
    assert found["3"] == (zones[2].x, zones[2].y)  # it lies in it


def test_small_maps_show_the_boundary_and_leave_blank_what_lies_beyond(tmp_path):
    edge = shapely.Polygon([(example.TRANSFORM.c + x * 30, example.TRANSFORM.f - y * 30)
                            for x, y in ((4, 4), (94, 4), (94, 92), (4, 92))])
    found = rea.check(drawn(tmp_path, boundary=edge))
    drawing = views.first_zones.first_zones(found.rules, found.identified, found.potential)
    for axes in drawing.figure.axes:
        boundary, zone = axes.patches
        assert boundary.get_path().get_extents().bounds == edge.bounds[:2] + (90 * 30, 88 * 30)
        assert edge.contains(shapely.box(*zone.get_path().get_extents().extents))
    west, east, south, north = drawing.figure.axes[-1].images[0].get_extent()
    shown = drawing.figure.axes[-1].images[0].get_array()
    columns = shown.shape[1] * (edge.bounds[0] - west) / (east - west)
    assert 0 < columns < shown.shape[1]
    assert (shown[:, :int(columns) - 1] == 255).all()
    assert (shown[:, int(columns) + 1:, :3] < 255).any()


# --- accuracy, carbon, gains ----------------------------------------------------------------------------------------

def test_every_demand_of_the_notes_stands_with_what_decides():
    lines = views.verdict.verdicts(area()).text.splitlines()[2:]
    met = [one.met for one in (*area().accuracy.verdicts.values(), *area().carbon.deviations.values())]
    met.append(area().benefit.rise_met)
    assert [line.split(" | ")[4] for line in lines] == ["met" if one else "not met" for one in met]
    assert format_percent(area().accuracy.verdicts["users"].low) in lines[1]


def test_a_class_without_a_wrong_point_is_not_called_certain():
    text = views.accuracy.adjusted(area().data, area().accuracy, "cover_end").text
    (line,) = [line for line in text.splitlines() if line.startswith("reclaimed dump")]
    assert "no point was wrong, so that its interval cannot be told" in line


def test_the_points_of_the_next_round_are_planned_from_the_accuracy_that_is_asked_for():
    plan = rea.plan_points(area().case, area().identified)
    # with 85 % in both classes the deviation is sqrt(0.85 * 0.15) = 0.357; (0.357 / 0.02)^2 = 318.75
    assert plan.needed == 319
    assert sum(plan.by_class) == 319
    assert plan.by_class[0] == max(50, round(319 * plan.share[0]))


def test_stocks_are_told_as_mapped_by_formula_and_by_draws():
    line = views.carbon.stocks(area().data, area().carbon).text.splitlines()[3]
    for value in (area().carbon.mapped[1], float(area().carbon.end.value), float(area().carbon.drawn["end"].mean)):
        assert format_number(value) in line


def test_the_chosen_measure_of_each_zone_is_marked_once():
    text = views.benefit.gains(area().data, area().rules, area().potential).text
    assert text.count("■") == len(area().identified.zones)


def test_another_way_to_choose_chooses_the_cheapest():
    others = rea.alternatives(area().case)
    ((name, value), other), = others.items()
    assert (name, value) == ("plan_by", "cheapest")
    text = views.verdict.alternatives_table(area(), others).text
    assert format_number(other.benefit.cost, "yuan") in text
    assert other.benefit.cost < area().benefit.cost
    from_the_start = rea.evaluate(rea.open_case(EXAMPLE, plan_by="cheapest"))
    assert other.outcome() == from_the_start.outcome()


def test_without_controls_no_difference_is_made_up(tmp_path):
    copy = Path(shutil.copytree(EXAMPLE, tmp_path / EXAMPLE.name))
    (copy / "rasters" / "controls.csv").unlink()
    found = rea.check(copy)
    assert views.benefit.controls(found.data, found.benefit).text.startswith("Not assessed: Restored units")


def test_a_cost_that_nobody_gives_is_a_dash_and_no_zero(tmp_path):
    found = edited(tmp_path, "rasters/area.yaml", ("  planting-conifer: 18000\n", ""))
    line = views.benefit.gains(found.data, found.rules, found.potential).text.splitlines()[3]
    assert "planting conifers" in line
    assert line.split(" | ")[3:5] == ["—", "—"]
    assert "Cost of the measures | —" in views.benefit.valuation(found.data, found.benefit).text


def test_rates_that_are_ours_are_not_laid_at_the_door_of_the_notes():
    text = views.benefit.measures(area().case, area().data, area().rules).text
    (line,) = [line for line in text.splitlines() if line.startswith("fixing sand")]
    assert "convention of this tool" in line
    assert "Drafting notes" not in text


def test_the_table_of_measures_tells_pools_trees_and_why_measures_can_be_ranked(tmp_path):
    text = views.benefit.measures(area().case, area().data, area().rules).text
    assert "conifers at 33° N and north" in text
    assert "none dead wood and litter" in text
    larch = edited(tmp_path, "rasters/area.yaml", ("price: {", "growth: {planting-conifer: larch}\nprice: {"))
    assert ", larch, " not in text
    assert "larch, Biomass and age of forests in China" not in text
    assert "larch" in views.benefit.measures(larch.case, larch.data, larch.rules).text
    # 20 years of larch: 30.0 t at 19.4, 33.6 at 25.6, times 1.442 and 0.47; soil 0.46 a year; sand loses 0.3
    stand = (30.0 + 0.6 / 6.2 * 3.6) * 1.442 * 0.47
    zone = larch.identified.zones[0]
    gain = larch.potential.plans[0].cumulated["planting-conifer"].mean[-1] / zone.area_ha
    assert gain == pytest.approx((stand + 9.2 + 6.0) * 44 / 12, rel=0.03)


@pytest.mark.parametrize(("given", "row", "value"), [
    ("planting-conifer: banyan", "growth.planting-conifer", "banyan"), ("grass: larch", "growth", "grass")])
def test_a_tree_that_nobody_knows_and_a_measure_without_trees_are_told(tmp_path, given, row, value):
    with pytest.raises(BadInput) as refused:
        edited(tmp_path, "rasters/area.yaml", ("price: {", f"growth: {{{given}}}\nprice: {{"))
    assert [(one.message, one.row, one.value) for one in refused.value.problems] == [("not_in_list", row, value)]


def test_the_conclusion_names_zones_verdicts_and_gain():
    text = views.verdict.conclusion(area()).text
    assert f"3 zones, together {format_number(sum(one.area_ha for one in area().identified.zones), 'ha')}" in text
    assert format_number(float(area().benefit.cumulated.mean[-1])) in text


def test_advice_follows_from_the_verdict_that_is_not_met():
    assert "The change is not sure enough" in views.verdict.advice(area()).text
    assert "The stock is not sure enough" not in views.verdict.advice(area()).text


def test_advice_tells_where_to_begin_with_the_figures_of_the_tables():
    told = views.verdict.advice(area()).text
    plans = {plan.zone: plan for plan in area().potential.plans}
    first = max(plans.values(), key=lambda plan: float(plan.cumulated[plan.chosen].mean[-1]))
    gains = {zone: float(plan.cumulated[plan.chosen].mean[-1]) for zone, plan in plans.items()}
    assert f"Zone {first.zone} ({24 * 24 * 0.09:.2f} ha) would gain most" in told
    share = format_rounded(100 * gains[first.zone] / sum(gains.values()), "%")
    assert f"{share} of what the chosen measures gain" in told
    cheapest = min((cost, zone, name) for zone, plan in plans.items() for name, cost in plan.cost_per_tonne.items())
    assert f"cheapest in zone {cheapest[1]}" in told
    assert f"for {format_number(cheapest[0])} yuan" in told


def test_advice_says_what_more_ground_truth_would_make_of_the_interval_that_is_too_wide():
    shown, found = views.verdict.advice(area()), area().carbon.variances["change"]
    widths = dict(zip(column(shown, "Ground truth"), column(shown, "95 % half-width"), strict=True))
    assert widths["The points and plots there are"] == format_percent(area().carbon.deviations["change"].point)
    # 55.67 % of the variance are of pools, 43.87 % of areas, 0.47 % of both: 68.08 % √(0.5567 + 0.4433/4) = 55.62 %
    assert (widths["4 times the points"], widths["4 times the plots"]) == ("55.62 %", "51.8 %")
    assert "forest 83 %" in shown.text
    assert found.half_width(*[found.times_needed(0.1)[2]] * 2) == pytest.approx(0.1)
    assert "The points that test the map of zones suffice: land to restore 56 (50 needed)" in shown.text


def test_advice_counts_the_points_that_a_map_lacks(tmp_path):
    lines = (EXAMPLE / "rasters" / "points.csv").read_text("utf-8").splitlines()
    head = lines[0].split(",")
    use, restore = head.index("use"), head.index("restore")
    cells = [line.split(",") for line in lines[1:]]
    gone = [",".join(one) for one in cells if one[use] == "test" and one[restore] == "yes"][40:]
    fewer = edited(tmp_path, "rasters/points.csv", *[(f"{line}\n", "") for line in gone])
    assert "The points that test the map of zones are too few" in views.verdict.advice(fewer).text


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "$x$", "a|b & c"])
def test_a_class_with_a_hostile_name_stays_text(tmp_path, name):
    found = edited(tmp_path, "rasters/classes.csv", ("grassland\n", f'"{name}"\n'))
    for shown in (views.covers.transitions(found.data, found.identified), views.land.classes(found.data, found.rules),
                  views.covers.cover_map(found.data, found.identified, "cover_end"),
                  views.accuracy.confusion(found.data, found.accuracy, "cover_end"),
                  views.covers.transitions_figure(found.data, found.identified)):
        assert "<script" not in shown._repr_mimebundle_()["text/html"]


def test_stands_are_drawn_as_they_grow_with_what_most_of_them_lie_between():
    shown = views.benefit.growth_figure(["oak"], 20)
    axes = shown.figure.axes[0]
    line = next(line for line in axes.lines if len(line.get_xdata()) == 21)
    by_hand = 121.8 * (1 - np.exp(-0.0476 * 20)) ** 2 * (1 + 0.24) * 0.47  # A, k, R and CF of the factors
    assert line.get_ydata()[-1] == pytest.approx(by_hand, rel=1e-9)
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("carbon of living biomass (tC/ha)", "age of the stand (years)")
    band = axes.collections[0].get_paths()[0].vertices
    low, high = np.quantile(band[band[:, 0] == 20, 1], [0, 1])
    assert low < by_hand < high
