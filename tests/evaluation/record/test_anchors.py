"""What the anchors rest on: published limits from their year on, values that stand beside, and how much is assumed."""

from dataclasses import replace
from functools import cache

import pytest

from mineco import views
from mineco.core.labels import label, problem_text
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.record.anchors import knots_at, points_on_assumed
from mineco.evaluation.record.results import results_document
from mineco.scoring.values import value_score
from mineco.standards.load import load_standard
from tests.helpers import mines
from tests.helpers.printed import row

STANDARD = load_standard("carbon-neutral-mine-2025")
DEFAULTS = {name: option.default for name, option in STANDARD.options.items()}


@cache
def coal(years=0):
    return mines.years_later(mines.example("changcun-coal"), years)


def shown(view, *arguments, language="en"):
    """What a view says in a language."""
    views.set_language(language)
    return view(*arguments).text


def knots(indicator, subtype, year=2026):
    return STANDARD.variant(indicator, subtype, DEFAULTS, year).knots


# --- energy per tonne of coal: GB 29445-2025, table 1 ---------------------------------------------------------

def test_the_knots_of_coal_are_limit_access_and_best_of_gb_29445_2025_and_half_more_than_the_limit():
    assert knots("E2.2", "coal-underground") == ((pytest.approx(10.8 * 1.5), 0), (10.8, 60), (6.2, 80), (2.5, 100))
    assert knots("E2.2", "coal-opencast") == ((8.0 * 1.5, 0), (8.0, 60), (5.4, 80), (3.0, 100))


@pytest.mark.parametrize(("subtype", "energy", "points"), [
    ("coal-underground", 13.5, 30.0), ("coal-underground", 8.5, 70.0), ("coal-opencast", 4.2, 90.0)])
def test_energy_halfway_between_two_limits_gives_the_points_halfway(subtype, energy, points):
    assert float(value_score(energy, knots("E2.2", subtype))) == pytest.approx(points)


def test_a_coal_mine_is_scored_by_the_new_limits_from_2026_on_and_by_the_old_ones_before():
    before, after = (cnm.evaluate(coal(years)).indicators["E2.2"] for years in (1, 2))
    energy = float(after.value)
    assert energy == pytest.approx(float(before.value))
    assert 7.0 < energy < 9.0
    assert float(before.score) == pytest.approx(60 + 20 * (9.0 - energy) / (9.0 - 7.0))
    assert float(after.score) == pytest.approx(60 + 20 * (10.8 - energy) / (10.8 - 6.2))


def test_the_new_limits_stand_beside_before_they_score_and_no_longer():
    before, after = (shown(views.result.indicator_block, coal(years), cnm.evaluate(coal(years)).indicators["E2.2"])
                     for years in (1, 2))
    assert "beside · limits of GB 29445-2025 (scored from 2026 on): underground coal 10.8 kgce/t" in before
    assert "scored from 2026 on" not in after
    assert "k1 to k5 of Annex B" in after


# --- water: 51 mining companies, Mining Magazine --------------------------------------------------------------

def test_water_of_metal_mines_is_scored_by_the_51_companies_and_of_others_as_before():
    assert knots("E3.2", "metal-underground") == ((30, 0), (56.2, 60), (80, 80), (94.8, 100))
    assert knots("E3.2", "non-metal-opencast") == ((30, 0), (68, 60), (80, 80), (95, 100))
    assert knots("E3.2", "coal-opencast")[1] == (68, 60)


def test_the_copper_mines_water_lies_between_the_best_quarter_and_the_best():
    # 93.3186 %: 80 + 20 * 13.3186 / 14.8
    one = mines.evaluated("example-copper").indicators["E3.2"]
    assert float(one.score) == pytest.approx(80 + 20 * (float(one.value) - 80) / (94.8 - 80))


# --- beside ---------------------------------------------------------------------------------------------------

def test_means_of_biomes_stand_beside_and_no_value_function_cites_them():
    text = shown(views.result.indicator_block, coal(), mines.evaluated("changcun-coal").indicators["O2.2"])
    assert "mean yearly uptake by biome (tCO₂/(ha·yr)): temperate forest 7.26, " in text
    assert "temperate and boreal grassland 1.8," in text
    assert "not scored (R37)" in text
    assert not any(name.startswith("biome-") for one in STANDARD.indicators.values() for way in one.variants
                   for anchor in way.anchors for name in anchor.benchmarks)


# --- drained gas: GB 21522-2024 -------------------------------------------------------------------------------

def venting(years, share=None, drained=21e6, unit="%"):
    """The coal mine that uses 20 of the 21 million cubic metres that it drains."""
    case, year = coal(years), 2024 + years
    rows = [row for row in case.dossier.activity
            if (row.source, row.parameter, row.year) != ("underground-methane", "drainage", year)]
    drainage = mines.activity("underground-methane", "", "drainage", drained, "m3_20C", year=year)
    case = mines.with_dossier(case, activity=[*rows, drainage])
    given = [] if share is None else [mines.metric("drained_methane_share", share, unit, year=year)]
    return mines.with_dossier(case, metrics=[*case.dossier.metrics, *given])


def told(case):
    found = [one for one in cnm.evaluate(case).notices if one.message.startswith("drained_gas")]
    assert all(problem_text(one, tongue) for one in found for tongue in ("zh", "en"))
    return [one.message for one in found]


@pytest.mark.parametrize(("share", "expected"), [
    (40.0, ["drained_gas_vented"]), (8.0, ["drained_gas_vented"]), (7.9, []), (None, ["drained_gas_unknown"])])
def test_drained_gas_of_eight_per_cent_or_more_that_is_vented_is_told(share, expected):
    assert told(venting(1, share)) == expected


def test_nothing_is_told_before_the_limit_was_in_force_or_where_nothing_is_vented():
    assert told(venting(0, 40.0)) == []
    assert told(venting(1, 40.0, drained=20e6)) == []


def test_the_conclusion_tells_beside_the_gates_what_was_vented_and_the_gates_stay_declared():
    found = cnm.evaluate(venting(1, 40.0))
    assert "1,000,000 m³(20 ℃) (pure) of drained gas with 40 %" in shown(views.conclusion.formal_table, found)
    assert "Drained gas that is vented" not in shown(views.conclusion.formal_table, cnm.evaluate(coal(1)))
    assert "law" not in found.grade.unmet


def test_a_share_of_one_is_held_against_the_limit_in_per_cent():
    assert told(venting(1, 0.40, unit="1")) == told(venting(1, 40.0)) == ["drained_gas_vented"]
    assert told(venting(1, 0.079, unit="1")) == []


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("share", "amount"), [(40.0, "1,000,000 m³"), (None, "1,000,000 m³"), (7.9, None)])
def test_the_page_on_gates_tells_it_beside_the_law(share, amount):
    law = row(views.mine_pages.gates(cnm.evaluate(venting(1, share))), "Keeps the laws")["What the year's data show"]
    assert amount in law if amount else law == label("year_shows_nothing")


# --- how much is assumed --------------------------------------------------------------------------------------

# Weights of the quarry's indicators with an assumed knot on either side of the value, per cent of group and total:
# E1.1, E1.2 of 15; E2.1, E2.2, E2.3, E2.5 of 30; all of E3, 15; M1.6 of 20; O1.1 of 10; O2.1 of 10.
# Its E1.3 (3.6 derived to 7 unverified), E1.4 (beyond 4.2, quoted), M1.5, O1.2 and O2.2 rest on none.
QUARRY = (15 * (0.30 + 0.25) + 30 * (0.20 + 0.10 + 0.30 + 0.20) + 15 + 20 * 0.20 + 10 * 0.35 + 10 * 0.50)
RUBRICS = 30 * 0.20 + 20 * 4 * 0.15 + 10 * 0.30  # E2.4, M1.1 to M1.4, O1.3


def test_points_on_assumed_anchors_are_the_weights_of_the_indicators_whose_value_lies_at_one():
    found = mines.evaluated().points_on_assumed()
    assert found == {"value_functions": pytest.approx(QUARRY), "rubrics": pytest.approx(RUBRICS)}
    assert pytest.approx(59.75) == QUARRY


def test_a_value_function_put_in_by_hand_is_assumed():
    # M1.5, 20 per cent of 20 points
    case = mines.example()
    changed = cnm.evaluate(replace(case, standard=case.standard.with_knots({"M1.5": [(0, 0), (100, 100)]})))
    assert changed.points_on_assumed()["value_functions"] == pytest.approx(QUARRY + 4)


def test_an_indicator_that_does_not_apply_rests_on_nothing_and_its_weight_goes_to_its_group():
    # mineral water has no solid waste: E3.2 and E3.4, both assumed, take the 15 points of the group, as 20 to 15
    found = mines.evaluated("example-mineral-water")
    others = {name: one for name, one in found.indicators.items() if name not in ("E3.2", "E3.4")}
    assert [name for name, one in found.indicators.items() if not one.applicable] == ["E3.1", "E3.3"]
    without = points_on_assumed(STANDARD, others, found.score)["value_functions"]
    assert found.points_on_assumed()["value_functions"] == pytest.approx(without + 15)


def test_a_value_rests_on_the_knots_around_it_or_on_the_one_that_it_meets_or_passes():
    falling = STANDARD.variant("E2.2", "coal-underground", DEFAULTS, 2026).anchors
    rested = {value: [knot.x for knot in knots_at(falling, value)] for value in (20.0, 12.0, 10.8, 3.0, 1.0)}
    assert rested == {20.0: [16.2], 12.0: [10.8, 16.2], 10.8: [10.8], 3.0: [2.5, 6.2], 1.0: [2.5]}


def test_results_and_conclusion_hold_the_points_on_assumed_anchors():
    found = mines.evaluated()
    assert results_document(found)["outcome"]["points_on_assumed"] == found.points_on_assumed()
    assert "80.8 / 100 分" in shown(views.conclusion.facts, found, language="zh")  # 59.75 and 21
    assert "On assumed anchors: 80.8 of 100 points" in shown(views.conclusion.facts, found)
