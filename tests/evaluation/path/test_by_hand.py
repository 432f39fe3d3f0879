"""Ways of the tiny quarry by hand: what is left, credits, annuities, the curve; and later years against files."""

import csv
import shutil

import pytest

import mineco as mc
from mineco.evaluation.path import views
from mineco.evaluation.path.costs import annuity
from tests.helpers import mines
from tests.helpers.places import ROOT

# The quarry emits 1113.78 t and binds 18.55 t: 1095.23 t are left, of which 720 t are offset, 65.7396 %. A tonne of its
# diesel is 43.33 GJ of 20.2 kgC/GJ, 98 % of it burnt, and CH4 4.15 and N2O 28.6 kg/TJ by 29.8 and 273.
LEFT, RETIRED = 1095.2295026, 720.0
DIESEL = 43.33 * (0.0202 * 0.98 * 44 / 12 + 4.15e-6 * 29.8 + 28.6e-6 * 273)
ROADS = 0.02 * 207 * DIESEL  # 2 % of 207 t
SUN = 0.1 * 640 * 0.4974  # 10 % of 640 MWh at Zhejiang's factor


def way(**asked):
    (route,) = mc.path(mines.evaluated(), **asked).routes
    return route


def test_neutral_by_credits_alone():
    found = way(neutral=True)
    assert found.credits == 376.0  # 375.23 in whole tonnes
    assert found.cost == (376 * 60, 376 * 70, 376 * 80)
    assert found.parts == ()
    assert found.ready == 2024


def test_credits_for_a_score_follow_the_knots():
    # 62.87 points of O1.2 at 65.74 %, by 3.5 %; 65 points lack 0.28858, 8.2452 of the indicator: 71.115 points, which
    # lie 1.115 of 15 between 80 and 90 %: 80.7434 % of 1095.23 t less 720 t is 164.3 t
    found = way(score=65.0)
    points = 60 + (65.73964618968982 - 60) / 20 * 10
    wanted = points + (65.0 - 64.71141591320996) / 0.035
    ratio = (80 + (wanted - 70) / 15 * 10) / 100
    assert (found.credits, ratio * LEFT - RETIRED) == (165.0, pytest.approx(164.33, abs=0.01))
    assert found.outcome.score == pytest.approx(65 + 0.035 * (165 - (ratio * LEFT - RETIRED)) / LEFT * 150)


def test_what_spares_is_taken_where_it_costs_less_than_credits():
    # 40 yuan a tonne where credits cost 70, and every tonne less is a tonne of credits less
    found = way(neutral=True, costs={"haul-roads": 40})
    (part,) = found.parts
    assert part.tonnes == pytest.approx(ROADS, rel=1e-6)
    assert found.credits == 361.0  # 375.23 - 14.44 = 360.79
    assert found.cost.middle == pytest.approx(40 * ROADS + 361 * 70, rel=1e-6)
    assert part.credits_cheaper_below == pytest.approx(40.0, rel=1e-3)
    assert way(neutral=True, costs={"haul-roads": 73}).parts == ()  # 1054 yuan for 15 credits of 70


def test_where_a_share_is_offset_a_tonne_spared_is_worth_that_share_of_a_tonne_of_credits():
    # the score asks for some 80 %, so that 50 yuan a tonne are dearer than credits of less than some 62 yuan
    cheap, dear = (way(score=65.0, costs={"haul-roads": cost}) for cost in (50, 1500))
    assert [one.measure.id for one in cheap.parts] == ["haul-roads"]
    assert dear.parts == ()
    assert cheap.parts[0].credits_cheaper_below == pytest.approx(50 / cheap.outcome.offset_ratio)


def test_what_is_built_costs_its_annuity_and_saves_energy_by_the_prices_of_the_mine():
    # 240 000 yuan at 8 % over 25 years, 9.368 % of it a year, less 26 000 that it earns; 64 MWh by prices
    costs = {"own-solar": {"capex": 240_000.0, "yearly": -26_000.0, "rate": 8.0}}
    yearly = 240_000 * 0.08 / (1 - 1.08**-25) - 26_000
    (part,) = way(neutral=True, costs=costs).parts
    assert (part.cost.low, part.cost.high) == (pytest.approx(yearly), pytest.approx(yearly))
    assert part.tonnes == pytest.approx(SUN)
    (part,) = way(neutral=True, costs=costs, prices={"electricity": 620.0}).parts
    assert part.cost.middle == pytest.approx(yearly - 64 * 620)


def test_energy_is_saved_at_its_place_after_what_acts_before():
    # management saves 2 % of 640 MWh first, so that 10 % of what is left is 62.72 MWh
    costs = {"own-solar": {"yearly": 0.0}, "energy-management": {"yearly": 0.0}}
    found = way(neutral=True, costs=costs, prices={"electricity": 620.0, "diesel": 7000.0})
    cost = {one.measure.id: one.cost.middle for one in found.parts}
    assert cost["own-solar"] == pytest.approx(-0.1 * 640 * 0.98 * 620)
    assert cost["energy-management"] == pytest.approx(-0.02 * (640 * 620 + 207 * 7000))


def test_an_annuity_pays_back_what_was_lent():
    paid, debt = annuity(1000.0, 8.0, 3.0), 1000.0
    for _ in range(3):
        debt = debt * 1.08 - paid
    assert debt == pytest.approx(0.0, abs=1e-9)


def test_two_measures_on_diesel_spare_less_than_their_sum():
    found = way(neutral=True, costs={"haul-roads": 0, "payload-dispatch": 0})
    tonnes = {one.measure.id: one.tonnes for one in found.parts}
    assert tonnes["haul-roads"] == pytest.approx(ROADS, rel=1e-6)
    assert tonnes["payload-dispatch"] == pytest.approx(0.03 * 0.98 * 207 * DIESEL, rel=1e-6)


def test_the_curve_begins_with_what_earns_most_tonnes_and_not_with_the_lowest_yuan_a_tonne():
    costs = {"haul-roads": -900, "own-solar": -10, "payload-dispatch": 30, "progressive-rehabilitation": 5}
    curve = way(neutral=True, costs=costs).curve()
    assert [one.measure.id for one in curve] == [
        "own-solar", "haul-roads", "progressive-rehabilitation", "payload-dispatch"]
    assert [one.per_tonne for one in curve] == pytest.approx([-10.0, -900.0, 5.0, 30.0])


def test_the_end_of_the_ranges_that_is_made_least_may_choose_another_set():
    costs = {"haul-roads": (10.0, 200.0)}
    taken = {level: [one.measure.id for one in way(neutral=True, costs=costs, level=level).parts]
             for level in ("low", "middle", "high")}
    assert taken == {"low": ["haul-roads"], "middle": [], "high": []}  # 10 of 60, 105 of 70, 200 of 80 yuan


def test_a_year_of_budget_is_what_measures_and_credits_cost_together():
    enough, less = (way(neutral=True, budget=budget) for budget in (26_320.0, 26_319.0))
    assert (enough.state, less.state) == ("reached", "over_budget")  # 376 t at 70 yuan
    assert less.cost.middle == 26_320.0


def test_costs_of_the_dossier_count_and_those_of_the_call_before_them():
    case = mc.what_if(mines.example_once(), mine={"measure_costs": {"haul-roads": {"low": 20.0, "high": 60.0}}})
    found = mc.path(case, neutral=True)
    assert found.routes[0].parts[0].cost == pytest.approx((20 * ROADS, 40 * ROADS, 60 * ROADS), rel=1e-6)
    assert mc.path(case, neutral=True, costs={"haul-roads": 100}).routes[0].parts == ()


@pytest.mark.usefixtures("english")
def test_the_report_names_what_costs_rest_on_or_that_there_are_none():
    bare = views.way_up(mc.path(mines.evaluated())).text
    assert "nobody has published" in bare
    assert "Credits at 60 to 80 yuan/tCO₂e (read)" in bare
    told = views.way_up(mc.path(mines.evaluated(), assumed_costs=True)).text
    assert "Some costs nobody has published (unverified; derived)" in told
    assert views.in_short(mc.path(mines.evaluated())) == []


# --- later years ------------------------------------------------------------------------------------------------------

def moved(folder, year, changes=()):
    """A copy of the quarry's files one year later: what is of 2024 stands there once more, some cells otherwise."""
    copy = folder / f"quarry-{year}"
    shutil.copytree(ROOT / "parameters" / "mines" / "tiny-quarry", copy)
    for file in ("activity.csv", "metrics.csv", "measures.csv", "restoration.csv"):
        with (copy / file).open(encoding="utf-8-sig", newline="") as text:
            header, *rows = list(csv.reader(text))
        at = header.index("year")
        later = [[str(year) if place == at else cell for place, cell in enumerate(row)] for row in rows
                 if row[at] == "2024"]
        for row in later:
            for (name, item), value in changes:
                if file == name and item in row:
                    row[header.index("quantity")] = value
        with (copy / file).open("w", encoding="utf-8", newline="") as text:
            csv.writer(text).writerows([header, *rows, *later])
    for file, pairs in {"mine.yaml": [("reporting_year: 2024", f"reporting_year: {year}"),
                                      ('report_date: "2025-03-31"', f'report_date: "{year + 1}-03-31"')],
                        "offsets.csv": [(",2023,2024-06-20,2025-02-10,", ",2024,2025-06-20,2026-02-10,")]}.items():
        text = (copy / file).read_text("utf-8-sig")
        for before, after in pairs:
            assert before in text
            text = text.replace(before, after)
        (copy / file).write_text(text, "utf-8")
    return mc.open_case(copy)


def test_a_year_in_which_nothing_is_done_is_that_of_files_a_year_later(tmp_path):
    first, second = way(grade="C").stages  # the quarry has the grade: nothing is taken
    after = mc.evaluate(moved(tmp_path, 2025))
    assert (first.year, first.starts, second.starts) == (2025, (), ())
    assert first.outcome.score == pytest.approx(float(after.score.total), rel=1e-9)
    assert float(after.indicators["E1.3"].value) == 0.0
    assert first.outcome.score < mines.evaluated().score.total.value  # whose year had a fall
    for name, one in after.indicators.items():
        if one.score is not None:
            assert first.outcome.points[name] == pytest.approx(float(one.score), abs=1e-9)


def test_a_year_in_which_a_measure_begins_is_that_of_files_a_year_later(tmp_path):
    found = way(neutral=True, costs={"haul-roads": 0}, credits=1.0)
    first = found.stages[0]
    assert [one.id for one in first.starts] == ["haul-roads"]
    later = moved(tmp_path, 2025, changes=[(("activity.csv", "柴油"), str(207 * 0.98))])
    spared = {"name_en": "roads", "name_zh": "道路", "removal": "no", "credits_issued": "no",
              "source": "mobile-combustion", "baseline_t_co2e": ROADS, "project_t_co2e": 0.0}
    credits = {"kind": "external-sink", "programme": "a", "project": "b", "vintage": "2025", "retired": "2026-03-31",
               "beyond_compliance": "yes", "quantity": found.credits}
    after = mc.evaluate(mc.what_if(later, measures={"roads": spared}, offsets={"C": credits}))
    assert first.outcome.score == pytest.approx(float(after.score.total), rel=1e-6)
    assert first.outcome.emissions == pytest.approx(float(after.ledger.emissions), rel=1e-9)


def test_a_step_is_rewarded_once_and_each_measure_begins_when_it_is_ready():
    found = mc.path(mines.evaluated(), grade="B", assumed_costs=True).routes[0]
    began = {measure.id: one.year for one in found.stages for measure in one.starts}
    assert began == {one.measure.id: 2024 + max(1, -int(-one.measure.lead_years // 1)) for one in found.parts}
    *_, last, after = found.stages
    assert after.starts == ()
    assert after.outcome.emissions == pytest.approx(last.outcome.emissions)
    assert after.outcome.points["E1.3"] == pytest.approx(50.0)  # no change since the year before
    assert after.outcome.score < last.outcome.score


def test_the_fewest_credits_reach_their_target_in_about_half_of_the_draws():
    fewest = way(neutral=True)
    assert 0.3 < fewest.chance(draws=2000) < 0.7
    assert way(score=50.0).chance(draws=500) > 0.99
    assert way(score=66.0).chance(draws=2000, seed=1) == way(score=66.0).chance(draws=2000, seed=1)
