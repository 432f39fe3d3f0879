"""From dossier to grade: the worse of two keys behind the gates, what stands beside, and many mines at once."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mineco import views
from mineco.core.errors import BadInput
from mineco.dossier.mine import Consolidation, NotApplicable, Prerequisite, Site
from mineco.dossier.texts import OwnText
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from tests.helpers import mines
from tests.helpers.refusals import refused_with


@cache
def quarry():
    return mines.example()


@cache
def coal():
    return mines.example("changcun-coal")


@cache
def mineral_water():
    return mines.example("example-mineral-water")


ORDER = ("AAA", "AA", "A", "B", "C", "below")


def scored(evaluation, points):
    """The evaluation's score with another total."""
    return replace(evaluation.score, total=replace(evaluation.score.total, value=points))


def offsetting(evaluation, share):
    """The evaluation's ledger with another offset ratio."""
    ledger = evaluation.ledger
    return replace(ledger, offset_ratio=replace(ledger.offset_ratio, value=share))


def graded(points, share, case=None):
    case = case or quarry()
    return cnm.determine_grade(case, scored(mines.evaluated(), points), offsetting(mines.evaluated(), share),
                               mines.evaluated().accounts)


def unmet(case, name="no_eliminated_technology"):
    gates = {**case.dossier.mine.prerequisites,
             name: Prerequisite(met=False, evidence=OwnText(zh="未满足", en="not met"))}
    return mines.with_mine(case, prerequisites=gates)


# --- the score ------------------------------------------------------------------------------------------------------

GROUPS = {"E1": 15, "E2": 30, "E3": 15, "M1": 20, "O1": 10, "O2": 10}  # table A.1
WITHIN = {"E1": (30, 25, 25, 20), "E2": (20, 10, 30, 20, 20), "E3": (50, 20, 15, 15), "M1": (15, 15, 15, 15, 20, 20),
          "O1": (35, 35, 30), "O2": (50, 50)}


@pytest.mark.parametrize("name", ["tiny-quarry", "changcun-coal", "example-copper"])
def test_the_total_is_the_weighted_sum_of_table_a_1(name):
    found = mines.evaluated(name)
    total = 0.0
    for group, weight in GROUPS.items():
        scores = [float(found.indicators[f"{group}.{number}"].score) for number in range(1, len(WITHIN[group]) + 1)]
        points = sum(k * m for k, m in zip(WITHIN[group], scores, strict=True)) / 100
        assert float(found.score.groups[group]) == pytest.approx(points, rel=1e-12)
        total += weight / 100 * points
    assert float(found.score.total) == pytest.approx(total, rel=1e-12)


def test_the_effective_weights_add_up_to_the_total():
    for found in map(mines.evaluated, mines.EXAMPLES):
        total = sum(found.score.weights[name] * float(one.score) for name, one in found.indicators.items()
                    if one.applicable)
        assert float(found.score.total) == pytest.approx(total, rel=1e-12)
        assert sum(found.score.weights.values()) == pytest.approx(1.0)


def test_a_group_without_any_indicator_is_refused():
    reasons = {"O2.1": "no_greenable_area", "O2.2": "no_disturbed_land"}
    bare = mines.without_figures(mines.with_dossier(quarry(), parcels=[]), "greenable_area", "green_area",
                                 "disturbed_area", "planned_reclamation_area", "reclaimed_area", "quality_met_area")
    case = mines.with_mine(bare, not_applicable={
        name: NotApplicable(reason=reason, text=OwnText(zh="理由", en="why")) for name, reason in reasons.items()})
    with refused_with("group_without_indicator"):
        cnm.evaluate(case)


# --- two keys (reading R9) ------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("points", "share", "final", "by_score", "by_offset", "binding"), [
    (95.0, 1.0, "AAA", "AAA", "AAA", "both"), (94.999, 1.0, "AA", "AA", "AAA", "score"),
    (95.0, 0.999, "AA", "AAA", "AA", "offset"), (90.0, 0.95, "AA", "AA", "AA", "both"),
    (89.999, 0.95, "A", "A", "AA", "score"), (90.0, 0.9499, "A", "AA", "A", "offset"),
    (85.0, 0.90, "A", "A", "A", "both"), (84.999, 0.90, "B", "B", "A", "score"),
    (85.0, 0.8999, "B", "A", "B", "offset"),
    (70.0, 0.80, "B", "B", "B", "both"), (69.999, 0.80, "C", "C", "B", "score"),
    (70.0, 0.7999, "C", "B", "C", "offset"),
    (60.0, 0.60, "C", "C", "C", "both"), (59.999, 0.60, "below", "below", "C", "score"),
    (60.0, 0.5999, "below", "C", "below", "offset"), (100.0, 0.0, "below", "AAA", "below", "offset")])
def test_the_grade_is_the_worse_of_two_on_both_sides_of_every_cut(points, share, final, by_score, by_offset, binding):
    grade = graded(points, share)
    assert (grade.final, grade.by_score, grade.by_offset, grade.binding) == (final, by_score, by_offset, binding)


@given(points=st.floats(0, 100), more=st.floats(0, 100), share=st.floats(0, 2), further=st.floats(0, 2))
def test_more_points_or_offsets_never_lower_the_grade(points, more, share, further):
    better = graded(max(points, more), max(share, further)).final
    assert ORDER.index(better) <= ORDER.index(graded(points, share).final)


@pytest.mark.parametrize(("share", "neutral"), [(0.80, False), (0.9999999, False), (1.0, True), (1.7, True)])
def test_carbon_neutral_is_said_only_from_100_per_cent(share, neutral):
    assert graded(99.0, share).carbon_neutral is neutral  # reading R11


# --- gates (reading R26) --------------------------------------------------------------------------------------------

def test_a_mine_that_misses_a_gate_is_not_graded_and_keeps_its_account():
    found = cnm.evaluate(unmet(mineral_water()))
    plain = mines.evaluated("example-mineral-water")
    assert (found.grade.final, found.grade.binding, found.grade.unmet) == ("below", "gates",
                                                                           ("no_eliminated_technology",))
    assert plain.grade.carbon_neutral
    assert not found.grade.carbon_neutral
    assert (found.grade.by_score, found.grade.by_offset) == (plain.grade.by_score, plain.grade.by_offset)
    assert float(found.ledger.emissions) == float(plain.ledger.emissions)
    assert float(found.score.total) == float(plain.score.total)


def test_a_gate_holds_for_every_one_of_many():
    grade = graded(np.array([99.0, 50.0]), np.array([1.0, 0.0]), unmet(quarry()))
    assert list(grade.final) == ["below", "below"]
    assert not grade.carbon_neutral.any()


# --- near zero (reading R17) ----------------------------------------------------------------------------------------

def near_zero_at(share, base_year=2023):
    found = mines.evaluated()
    base = found.accounts[2023].emissions().value
    case = mines.with_mine(quarry(), base_year=quarry().dossier.mine.base_year.model_copy(update={"year": base_year}))
    ledger = replace(found.ledger, emissions=replace(found.ledger.emissions, value=share * base))
    return replace(found, case=case, ledger=ledger).near_zero()


def test_near_zero_is_at_most_a_tenth_of_the_base_year():
    assert near_zero_at(0.0999) is True
    assert near_zero_at(0.1001) is False
    assert near_zero_at(1.0) is False
    assert list(near_zero_at(np.array([0.05, 0.5]))) == [True, False]


def test_a_mine_without_an_earlier_base_year_is_not_near_zero():
    assert near_zero_at(0.0, base_year=2024) is False


# --- outlook (reading R23) ------------------------------------------------------------------------------------------

def looking_ahead(scores):
    indicators = {name: replace(one, score=scores.get(name, 100.0))
                  for name, one in mines.evaluated().indicators.items()}
    return cnm.grade_outlook(quarry(), indicators, scored(mines.evaluated(), 82.0), offsetting(mines.evaluated(), 0.7))


def test_carbon_capture_at_zero_keeps_the_best_grade_out_of_reach():
    # 30 % of the total times 20 % of the group = 6 points
    outlook = looking_ahead({"E2.4": 0.0})
    assert (outlook.at_zero, outlook.highest_grade) == (("E2.4",), "AA")
    assert outlook.highest_score == pytest.approx(94.0)


def test_a_low_score_can_still_rise_and_a_zero_cannot():
    assert looking_ahead({"E1.1": 1.0}).highest_score == pytest.approx(100.0)
    # 6 points of E2.4 and 10 % times 35 % = 3.5 of O1.2
    assert looking_ahead({"E2.4": 0.0, "O1.2": 0.0}).highest_score == pytest.approx(90.5)


def test_the_distance_to_the_next_grade_is_told_on_both_keys():
    outlook = looking_ahead({})
    assert outlook.points_to_next == pytest.approx(85 - 82)
    assert outlook.offsets_to_next == pytest.approx(0.8 - 0.7)


# --- beside ---------------------------------------------------------------------------------------------------------

def test_every_other_value_of_the_options_that_matter_stands_beside():
    found = cnm.alternatives(quarry())
    assert set(found) == {("gwp", "AR5"), ("gwp", "AR4"), ("gwp", "SAR"), ("gwp", "AR6 GWP20"),
                          ("scope2_basis", "market"), ("combustion_ch4_n2o", False), ("count_allowances", False),
                          ("green_power_slot", "green_power"),
                          ("green_cover_denominator", "total"), ("strict_gates", True)}
    # 640 MWh at the residual mix 0.6096 instead of Zhejiang's 0.4974
    more = float(found["scope2_basis", "market"].ledger.emissions) - float(mines.evaluated().ledger.emissions)
    assert more == pytest.approx(640 * (0.6096 - 0.4974))


def test_the_result_over_twenty_years_stands_beside_and_is_never_chosen():
    beside = cnm.alternatives(quarry())["gwp", "AR6 GWP20"]
    methane = 207 * 43.33 * 4.15e-6  # t of the diesel's; N2O has 273 over both horizons
    more = float(beside.ledger.emissions) - float(mines.evaluated().ledger.emissions)
    assert more == pytest.approx(methane * (82.5 - 29.8), rel=1e-9)
    with refused_with("option_only_beside"):
        mines.example(gwp="AR6 GWP20")


def test_what_cannot_stand_beside_does_not_stop_the_mines_own_result():
    rows = [mines.activity("gas-loss", "NF3", name, amount, "kgNF3", year) for year in (2023, 2024)
            for name, amount in (("stock_begin", 2.0), ("purchased", 1.0), ("recovered", 0.0), ("stock_end", 2.0))]
    found = cnm.alternatives(mines.plus(quarry(), *rows))
    assert isinstance(found["gwp", "SAR"], BadInput)  # the second report has no potential of NF3
    assert float(found["gwp", "AR4"].ledger.emissions) > 0


# --- consolidation (reading R16) ------------------------------------------------------------------------------------

def test_the_parents_emissions_by_three_approaches():
    def site(name, share, financial, operational, scope1, scope2):
        return Site(id=name, name=OwnText(zh=name, en=name), equity_share=share, financial_control=financial,
                    operational_control=operational, scope1_t_co2e=scope1, scope2_t_co2e=scope2)

    sites = [site("a", 0.6, True, True, 900.0, 100.0), site("b", 0.5, True, False, 300.0, 100.0),
             site("c", 0.25, False, True, 80.0, 0.0)]
    case = mines.with_mine(quarry(), consolidation=Consolidation(approach="equity-share", sites=sites))
    rolled = {name: float(one) for name, one in cnm.consolidate(case, cnm.compute_account(case, case.year)).items()}
    # 0.6 * 1000 + 0.5 * 400 + 0.25 * 80; 1000 + 400; 1000 + 80
    assert rolled == pytest.approx({"equity-share": 820.0, "financial-control": 1400.0, "operational-control": 1080.0})


def test_the_mine_itself_enters_the_parents_table_as_computed_and_not_as_typed():
    own = Site(id=quarry().dossier.mine.id, name=OwnText(zh="a", en="a"), equity_share=0.5, financial_control=True,
               operational_control=True, scope1_t_co2e=1.0, scope2_t_co2e=1.0)
    case = mines.with_mine(quarry(), consolidation=Consolidation(approach="equity-share", sites=[own]))
    account = cnm.compute_account(case, case.year)
    rolled = cnm.consolidate(case, account)
    assert float(rolled["operational-control"]) == float(account.emissions())
    assert float(rolled["equity-share"]) == pytest.approx(float(account.emissions()) / 2)


def test_a_mine_without_a_parent_has_no_consolidation():
    assert cnm.consolidate(quarry(), cnm.compute_account(quarry(), quarry().year)) == {}


# --- own figures and footprint --------------------------------------------------------------------------------------

def test_the_figures_set_beside_the_declared_ones_are_those_of_the_evaluation():
    figures = cnm.own_figures(mines.evaluated().ledger, mines.evaluated().score, mines.evaluated().grade)
    assert set(figures) >= {row.item for row in quarry().dossier.declared}
    assert float(figures["scope1"]) + float(figures["scope2_location"]) == pytest.approx(float(figures["emissions"]))
    assert figures["grade"] == mines.evaluated().grade.final


def test_the_footprint_of_coal_counts_what_comes_before_the_gate_and_not_what_follows():
    found = mines.evaluated("changcun-coal")
    footprint = cnm.product_footprint(coal(), found.ledger.account)
    # 21000 t of steel at 2 t CO2e; railway and the use of the coal sold come after the gate; 7.6 of 8 Mt are sold
    assert float(footprint) == pytest.approx((float(found.ledger.emissions) + 42_000) * 1000 / 7_600_000)


def test_the_footprint_of_copper_is_per_tonne_of_concentrate():
    found = mines.evaluated("example-copper")
    footprint = cnm.product_footprint(found.case, found.ledger.account)
    per_ore = cnm.product_footprint(mines.with_metric(found.case, "product_sold", 0.0), found.ledger.account)
    assert (footprint.name, per_ore.name) == ("product_footprint", "mined_footprint")
    assert float(footprint) == pytest.approx(float(per_ore) * 10_050_000 / 156_000)  # t of ore, t of concentrate


def test_where_no_product_is_given_the_footprint_is_called_per_unit_mined():
    views.set_language("en")
    for mine in (quarry(), mineral_water()):
        account = mines.evaluated(mine.dossier.mine.id).ledger.account
        told = views.account.footprint_steps(account).text
        assert "per unit mined" in told
        assert "footprint of the product" not in told
    assert cnm.product_footprint(mine, account).unit == "kgCO2e/m3"


# --- problems -------------------------------------------------------------------------------------------------------

def test_problems_of_both_years_and_of_the_indicators_come_together():
    case = mines.without(quarry(), "electricity", "sold")
    case = mines.with_dossier(case, metrics=[row for row in case.dossier.metrics if row.metric != "energy_cap"])
    with pytest.raises(BadInput) as caught:
        cnm.evaluate(case)
    found = [(one.message, one.details["year"]) for one in caught.value.problems]
    assert found == [("missing_reference", 2024), ("missing_item", 2023), ("missing_item", 2024)]


def test_a_check_of_a_folder_is_the_whole_evaluation():
    found = cnm.check(quarry().dossier.folder, gwp="AR4")
    assert float(found.score.total) == float(cnm.evaluate(mines.example(gwp="AR4")).score.total)


# --- many mines at once ---------------------------------------------------------------------------------------------

HELD = ("gas-loss.", "mine-gas-use.", "underground-methane.", "vented-gas.")  # a factor for each breaks their balances


def drawn(count, seed):
    """A change of each quantity by a random factor of its own, and the same for one element alone."""
    def change(element=None):
        draw = np.random.default_rng(seed)

        def apply(quantity):
            values = quantity.value * (draw.uniform(0.9, 1.1, count) if not quantity.name.startswith(HELD)
                                       else np.ones(count))
            return replace(quantity, value=values if element is None else float(values[element]))

        return apply

    return change


@pytest.mark.parametrize("name", mines.EXAMPLES)
@settings(max_examples=3)
@given(seed=st.integers(0, 2**32 - 1))
def test_many_mines_at_once_are_each_mine_alone(name, seed):
    case, count = mines.example(name), 4
    change = drawn(count, seed)
    many = cnm.evaluate(mines.mapped(case, change()))
    for element in range(count):
        one = cnm.evaluate(mines.mapped(case, change(element)))
        for quantity in ("emissions", "residual", "net", "offset_ratio", "offset_ratio_without_allowances"):
            expected = getattr(one.ledger, quantity).value
            assert getattr(many.ledger, quantity).value[element] == pytest.approx(expected, rel=1e-12)
        assert many.score.total.value[element] == pytest.approx(one.score.total.value, rel=1e-12)
        for indicator, alone in one.indicators.items():
            if alone.applicable:
                score = np.broadcast_to(many.indicators[indicator].score, count)[element]
                assert score == pytest.approx(float(alone.score), rel=1e-9, abs=1e-9), indicator
        assert np.broadcast_to(many.grade.final, count)[element] == one.grade.final
        assert np.broadcast_to(many.grade.binding, count)[element] == one.grade.binding
        assert bool(np.broadcast_to(many.grade.carbon_neutral, count)[element]) == one.grade.carbon_neutral
        assert bool(np.broadcast_to(many.near_zero(), count)[element]) == one.near_zero()


def test_a_hundred_thousand_draws_are_one_evaluation():
    count = 100_000
    many = cnm.evaluate(mines.mapped(quarry(), drawn(count, 7)()))
    assert many.score.total.value.shape == (count,)
    assert np.isfinite(many.score.total.value).all()
    assert set(many.grade.final) <= set(ORDER)
    spread = many.ledger.emissions.value
    # each of two large rows varies by 10 % / sqrt(3) = 5.8 %: the mean stays where the single mine is
    assert spread.mean() == pytest.approx(float(mines.evaluated().ledger.emissions), rel=0.005)


@pytest.mark.parametrize("element", [0, 1])
def test_a_mine_among_many_with_a_zero_divisor_stops_all(element):
    caps = np.array([430.0, 430.0])
    caps[element] = 0.0
    with refused_with("divided_by_zero"):
        cnm.evaluate(mines.with_metric(quarry(), "energy_cap", caps))
