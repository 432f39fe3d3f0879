"""What to restore under a budget: the plan of the example by hand, what is ruled out, what nobody gives a cost for."""

import csv
import itertools
import math
import shutil
from pathlib import Path

import pytest

import mineco as mc
from mineco import views
from mineco.core.errors import BadInput
from mineco.core.labels import label, problem_text
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.outputs import write_outputs
from tests.helpers.land import FOLDER

BUDGET = 1_200_000
STATED = "choice: {budget_yuan: 1200000, goal: carbon}"


@pytest.fixture(scope="module")
def found():
    return area.evaluate(area.open_case(FOLDER))


@pytest.fixture
def edited(tmp_path):
    """The example with other words in area.yaml, evaluated."""
    def edit(*changes):
        folder = Path(shutil.copytree(FOLDER, tmp_path / "dossier", dirs_exist_ok=True))
        path = folder / "rasters" / "area.yaml"
        text = path.read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, "utf-8")
        return area.check(folder)
    return edit


def refused(call, *given, **named):
    with pytest.raises(BadInput) as error:
        call(*given, **named)
    assert all(problem_text(one, language) for one in error.value.problems for language in ("zh", "en"))
    return [(one.message, one.row, one.value) for one in error.value.problems]


def by_hand(evaluation, budget, worth):
    """The best of all ways to give each zone a measure or none: its worth, and which."""
    prices = evaluation.data.settings.costs_yuan_per_ha
    ways = []
    for zone, plan in zip(evaluation.identified.zones, evaluation.potential.plans, strict=True):
        ways.append([(0.0, 0.0, None)] + [(worth(zone, plan, name), zone.area_ha * prices[name], name)
                                          for name in plan.measures if name in prices])
    able = [way for way in itertools.product(*ways) if sum(one[1] for one in way) <= budget]
    best = max(able, key=lambda way: (sum(one[0] for one in way), -sum(one[1] for one in way)))
    return sum(one[0] for one in best), [one[2] for one in best]


GOALS = {"carbon": lambda zone, plan, name: plan.cumulated[name].mean[-1],
         "hectares": lambda zone, plan, name: zone.area_ha,
         "soil": lambda zone, plan, name: zone.area_ha * zone.soil_loss}


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("budget", [0, 186_000, 200_000, 500_000, 800_000, BUDGET, 2_000_000, 5_000_000, math.inf])
def test_of_all_ways_to_spend_the_money_the_plan_is_the_best(found, budget, goal):
    plan = mc.choose(found, budget=budget, goal=goal).plan
    worth, measures = by_hand(found, budget, GOALS[goal])
    taken = {part.zone.id: part.measure for part in plan.parts}
    assert plan.worth == pytest.approx(worth)
    assert [taken.get(zone.id) for zone in found.identified.zones] == measures
    assert plan.cost <= budget
    assert plan.gap == 0
    assert set(plan.left) | set(taken) == {1, 2, 3}


def test_zones_of_the_plan_add_up_and_its_interval_is_that_of_the_draws(found):
    plan = found.choice.plan
    assert plan.gain.mean == pytest.approx(sum(part.gain.mean for part in plan.parts), rel=1e-9)
    assert plan.hectares == pytest.approx(sum(zone.area_ha for zone in found.identified.zones))
    # what is too high for one zone is too high for all that share the draw, so that the ends nearly add up
    assert sum(part.gain.low for part in plan.parts) < plan.gain.low
    assert plan.gain.high < sum(part.gain.high for part in plan.parts)
    whole = mc.choose(found, budget=math.inf)  # every zone by what gains most there, as it is planned without a budget
    leaving = found.benefit.project.mean.sum() - found.benefit.baseline.mean.sum()
    assert whole.plan.gain.mean == pytest.approx(leaving)


def test_more_money_brings_no_less_and_a_list_by_unit_cost_no_more(found):
    curve = found.choice.curve
    assert len(curve) == 20
    assert [one.budget for one in curve] == pytest.approx([curve[-1].budget * step / 20 for step in range(1, 21)])
    for one, other in itertools.pairwise(curve):
        assert one.worth <= other.worth
    for one in curve:
        assert one.cost <= one.budget
        assert one.listed <= one.worth == one.bound
        assert one.worth == pytest.approx(by_hand(found, one.budget, GOALS["carbon"])[0])


def test_what_is_ruled_out_is_in_no_plan_and_is_told(found):
    plan = mc.choose(found, budget=BUDGET, without={"zones": [2], "measures": ["grass"]}).plan
    assert {part.zone.id for part in plan.parts} <= {1, 3}
    assert "grass" not in {part.measure for part in plan.parts}
    assert plan.left[2] == "ruled_out"
    none = mc.choose(found, budget=BUDGET, without={"measures": list(found.rules.measures)}).plan
    assert (none.parts, set(none.left.values())) == ((), {"ruled_out"})
    assert none.gain.mean == 0


@pytest.mark.usefixtures("english")
def test_a_measure_without_a_cost_cannot_be_chosen_and_is_named(edited):
    one = edited(("  grass: 6000\n", ""))
    assert one.choice.without_cost == ("grass",)
    assert "grass" not in {part.measure for part in one.choice.plan.parts}
    assert "nobody gives their cost: sowing grass." in views.choice.plan(one.data, one.choice).text


@pytest.mark.usefixtures("english")
def test_without_costs_nothing_is_chosen_and_what_is_needed_is_said(edited):
    prices = [line for line in (FOLDER / "rasters" / "area.yaml").read_text("utf-8").splitlines(keepends=True)
              if line.startswith(("  planting-", "  grass: 6", "  mine-rec", "  sand-"))]
    one = edited(*((line, "") for line in prices), ("costs_yuan_per_ha:", "costs_yuan_per_ha: {}"))
    assert one.choice is None
    assert one.outcome().choice is None
    assert "costs of measures (costs_yuan_per_ha in area.yaml)" in views.choice.plan(one.data, one.choice).text
    assert refused(mc.choose, one, budget=BUDGET)[0][:2] == ("no_cost_of_measures", "costs")
    plan = mc.choose(one, budget=BUDGET, costs={"grass": 6000}).plan  # asked with a cost of one's own
    assert [part.measure for part in plan.parts] == ["grass"] * 3


@pytest.mark.usefixtures("english")
def test_without_a_budget_the_curve_alone_is_told(edited, tmp_path):
    one = edited((STATED, ""))
    assert one.choice.plan is None
    assert "states no budget" in views.choice.plan(one.data, one.choice).text
    assert len(one.choice.curve) == 20
    assert views.choice.in_short(one.choice) == []
    write_outputs(one, tmp_path / "results.json")
    assert not (tmp_path / "outputs" / "plan.csv").exists()


@pytest.mark.usefixtures("english")
def test_the_plan_is_written_as_a_table_and_shown_with_its_proof(found, tmp_path):
    write_outputs(found, tmp_path / "results.json")
    with (tmp_path / "outputs" / "plan.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    plan = found.choice.plan
    assert [(int(row["zone"]), row["measure"]) for row in rows] == [(part.zone.id, part.measure) for part in plan.parts]
    assert sum(float(row["cost_yuan"]) for row in rows) == pytest.approx(plan.cost)
    assert sum(float(row["gain_mean_t_co2"]) for row in rows) == pytest.approx(plan.gain.mean)
    for row, part in zip(rows, plan.parts, strict=True):
        assert float(row["soil_loss_on_treated_land_t_per_yr"]) == pytest.approx(
            part.zone.area_ha * part.zone.soil_loss)
    text = views.choice.plan(found.data, found.choice).text
    assert "The plan under a budget of 1,200,000 yuan" in text
    assert "every set that could be was compared" in text
    assert "1,200,000 yuan" in views.verdict.suggestions(found).text


@pytest.mark.usefixtures("english")
def test_loss_of_soil_is_that_of_today_and_no_reduction(edited):
    one = edited(("goal: carbon", "goal: soil"))
    text = views.choice.plan(one.data, one.choice).text
    assert "The loss is that of today" in text
    assert one.choice.unit == "t/yr"
    assert "present soil loss on treated land" in views.choice.curve(one.choice).text


def test_a_budget_below_the_cheapest_zone_restores_none_and_says_so(found):
    plan = mc.choose(found, budget=1000).plan
    assert (plan.parts, plan.cost, plan.worth) == ((), 0, 0)
    assert set(plan.left.values()) == {"budget"}
    assert "1,000" in views.choice.parts(plan).text


def test_a_choice_shows_itself_as_line_table_and_figure(found):
    asked = mc.choose(found, budget=BUDGET)
    assert label("goal_carbon") in repr(asked)
    assert list(asked.frame().columns) == ["budget", "cost", "worth", "bound", "zones", "listed"]
    assert list(asked.plan.frame().index) == [part.zone.id for part in asked.plan.parts]
    assert "1,200,000" in asked._repr_html_()
    assert "→" in views.choice.curve_figure(asked).alt
    assert asked.told() == found.choice.told()


def test_everything_wrong_with_a_question_is_told_at_once(found):
    told = refused(mc.choose, found, budget=-1.0, goal="money", without={"zones": [9], "measures": "gras", "land": 1},
                   costs={"gold": 5, "grass": "six"})
    assert told == [("out_of_range", "budget", -1.0), ("not_in_list", "goal", "money"),
                    ("not_in_list", "without", "land"), ("unknown_measure", "without.measures.gras", ""),
                    ("unknown_measure", "costs.gold", ""), ("not_a_number", "costs.grass", "six"),
                    ("unknown_zone", "without.zones", "9")]
    assert refused(mc.choose, "parameters/mines/example-restoration-area", budget=math.nan)[0][0] == "not_a_number"
    other = mc.evaluate("parameters/mines/tiny-quarry")
    assert refused(mc.choose, other)[0][0] == "choice_not_allowed"


@pytest.mark.parametrize(("choice", "message", "row"), [
    ("{budget_yuan: -5}", "out_of_range", None), ("{goal: money}", "not_in_list", None),
    ("{without_measures: [gras]}", "not_in_list", "choice.without_measures"), ("{zones: [1]}", "unknown_key", None),
    ("{budget_yuan: 500000, without_zones: [7]}", "unknown_zone", "choice.without_zones")])
def test_what_area_yaml_asks_wrongly_is_told_with_its_place(edited, choice, message, row):
    (told,) = refused(edited, (STATED, f"choice: {choice}"))
    assert told[0] == message
    assert row is None or told[1] == row


def test_a_panel_may_number_zones_otherwise_and_its_annex_has_no_choice(edited):
    one = edited((STATED, "choice: {budget_yuan: 1200000, without_zones: [3]}"))
    assert one.choice.plan.left[3] == "ruled_out"
    assert one.with_weights_of(one.case).choice is None
