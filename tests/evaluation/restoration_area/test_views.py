"""What the report on restoration areas shows: its numbers are those of the evaluation, and what is missing is said."""

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from rasterio import Affine

from mineco import views
from mineco.core import kit
from mineco.core.errors import BadInput
from mineco.core.formatting import format_number, format_percent, format_rounded
from mineco.evaluation.restoration_area import evaluate as rea
from mineco.geo.grid import Grid
from mineco.geo.windows import Window
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
    text = views.land.transitions(area().data, area().identified).text
    # 96 by 96 pixels of 0.09 ha are 829.44 ha
    assert text.splitlines()[-1].endswith("| 829.4")


def test_the_zones_are_told_with_why():
    lines = views.land.zones(area().rules, area().identified).text.splitlines()[2:]
    assert len(lines) == len(area().identified.zones) == 3
    for line, zone in zip(lines, area().identified.zones, strict=True):
        assert line.startswith(f"{zone.id} | {format_number(zone.area_ha)}")
        assert area().rules.factors[zone.reasons[0]].reason.en in line


def test_no_zone_is_said_and_not_an_empty_table():
    assert "No patch is large enough" in views.land.zones(area().rules, replace(area().identified, zones=())).text


def test_more_zones_than_a_table_holds_are_counted():
    many = replace(area().identified, zones=tuple(replace(area().identified.zones[0], id=number)
                                                 for number in range(1, 36)))
    assert "5 smaller zones stand in outputs/zones.csv" in views.land.zones(area().rules, many).text


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
    shown, small = views.land.picture(identified, lambda window: columns[
        window.row:window.row + window.height, window.column:window.column + window.width], np.nan)
    # 2000 pixels over at most 720 are every third, from the middle one of the first three
    assert shown.shape == (500, 667)
    assert shown[0, :3].tolist() == [1.0, 4.0, 7.0]
    assert (shown == shown[0]).all()
    assert small.transform.a == 90.0


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
    for shown in (views.land.transitions(found.data, found.identified), views.land.classes(found.data, found.rules),
                  views.land.cover_map(found.data, found.identified, "cover_end"),
                  views.accuracy.confusion(found.data, found.accuracy, "cover_end"),
                  views.land.transitions_figure(found.data, found.identified)):
        assert "<script" not in shown._repr_mimebundle_()["text/html"]
