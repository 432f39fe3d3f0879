"""A change between two results is taken apart: the terms add up, each goes to its cause, and no order hides another."""

import shutil
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mineco.core.errors import BadInput, Problem
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.evaluation.case import open_case, with_options
from mineco.evaluation.comparison import mixed
from mineco.evaluation.comparison.explain import exchanges
from mineco.evaluation.comparison.sides import CAUSES, Outcome
from mineco.evaluation.registry import evaluate
from mineco.evaluation.variants.what_if import what_if
from mineco.runs.audit.compare import compare
from tests.helpers import mines
from tests.helpers.refusals import refused_with

DIESEL = "NDRC2014.diesel.NCV"
SCORE, EMISSIONS = "score", "emissions_t_co2e"
ONE_EACH = {  # a change of each cause that moves the score of the tiny quarry
    "data": {"explosives": 40},
    "factors": {"factors": {DIESEL: 40}},
    "method": {"options": {"gwp": "AR4"}},
    "standard": {"knots": {"E2.5": [(50, 0), (100, 100)]}},
    "weights": {"weights": {"E1": 20, "E2": 25}},
}


def changes(found, figure):
    """The terms of a figure by cause, without the version of mineco."""
    return found.terms(figure)["change"].drop("version").to_dict()


def together(*causes, of=None):
    """A case with the changes of some causes."""
    case = of or mines.example_once()
    return what_if(case, **{name: one for cause in causes for name, one in ONE_EACH[cause].items()})


def with_own(case, key, value, unit):
    """The case with a factor of its own: a row of activity.csv in place of which a factor would stand."""
    rows = [mines.activity("mobile-combustion", "diesel", key, value, unit, year=year) for year in (2023, 2024)]
    return mines.plus(case, *rows)


# --- What is told --------------------------------------------------------------------------------------------------


def test_nothing_is_told_of_two_results_that_are_the_same():
    found = compare(mines.example(), mines.example())
    assert (found.same, found.steps, found.grade_steps(), found.unused) == (True, (), [], 0)
    assert all(found.change(figure) == 0 for figure in found.figures)
    assert len(found.items()) == 0
    assert list(found.items())[:3] == ["cause", "file", "key"]
    assert found.terms(SCORE)["change"].to_dict() == dict.fromkeys((*CAUSES, "version"), 0.0)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_change_of_one_cause_is_all_its_own(cause):
    found = compare(mines.example_once(), together(cause))
    assert found.change(SCORE) != 0
    assert [one.causes for one in found.steps] == [(cause,)]
    for figure in found.figures:
        assert changes(found, figure) == {one: found.change(figure) if one == cause else 0.0 for one in CAUSES}
        assert found.terms(figure)["low"].tolist() == found.terms(figure)["high"].tolist()
    assert set(found.items()["cause"]) == {cause}


def test_less_diesel_of_less_heat_is_shared_as_by_hand_in_both_orders():
    """Emissions of diesel are k · t · GJ/t: with 207 → 150 t and 43.33 → 40 GJ/t the terms are known by hand."""
    base = mines.example_once()
    of_diesel = evaluate(base).parts_of(EMISSIONS)["mobile-combustion|diesel"]
    k = of_diesel / (207 * 43.33)
    other = what_if(base, mobile_combustion={"diesel": 150}, factors={DIESEL: 40})
    found = compare(base, other)
    assert changes(found, EMISSIONS) == pytest.approx(
        {"data": k * (150 - 207) * 43.33, "factors": k * 150 * (40 - 43.33), "method": 0, "standard": 0, "weights": 0})
    reverse = compare(base, other, "factors,data,method,standard,weights")
    assert changes(reverse, EMISSIONS) == pytest.approx(
        {"data": k * (150 - 207) * 40, "factors": k * 207 * (40 - 43.33), "method": 0, "standard": 0, "weights": 0})
    for one in (found, reverse):  # whichever order is asked for, the range is that of all orders
        assert one.orders == 2
        low, high = one.terms(EMISSIONS).loc["data", ["low", "high"]]
        assert (low, high) == pytest.approx((k * (150 - 207) * 43.33, k * (150 - 207) * 40))


def test_other_weights_alone_change_the_score_by_what_they_weigh_more():
    base = evaluate(mines.example_once())
    found = compare(base.case, together("weights"))
    points = {name: float(one) for name, one in base.score.groups.items()}
    by_hand = 0.05 * points["E1"] - 0.05 * points["E2"]  # 15 → 20 % and 30 → 25 %
    assert changes(found, SCORE)["weights"] == pytest.approx(by_hand)
    assert changes(found, EMISSIONS)["weights"] == 0
    assert found.items()[["file", "key", "before", "after"]].values.tolist() == [
        ["weights", "groups", "E1 15 %; E2 30 %", "E1 20 %; E2 25 %"]]


def test_own_rows_and_own_choices_of_factors_are_factors_and_no_data():
    base = mines.example_once()
    for other in (with_own(base, "ncv", 42.0, "GJ/t"),
                  mines.with_mine(base, factors={"diesel:ncv": "TOOL2022.diesel.NCV"})):
        found = compare(base, other)
        assert [one.causes for one in found.steps] == [("factors",)]
        assert found.change(EMISSIONS) != 0


def test_a_row_that_is_new_and_one_that_is_gone_are_told_as_such():
    base = mines.example_once()
    other = what_if(base, heat={"purchased": "500 GJ", "sold": "0 GJ"}, offsets={"EX-F-2023-600001-600720": None})
    table = compare(base, other).items().set_index("key")
    assert table["how"].to_dict()["EX-F-2023-600001-600720"] == "removed"
    assert "added" in set(table.loc[[name for name in table.index if name.startswith("2024 heat")], "how"])


def test_of_a_factor_that_neither_result_rests_on_only_the_number_is_told():
    base = mines.example_once()
    other = replace(base, factors=base.factors.with_values({"NDRC2014.gasoline.NCV": 40.0}, "a test"))
    found = compare(base, other)
    assert (found.steps, found.unused) == ((), 1)


def test_rows_that_say_the_same_elsewhere_in_the_file_are_no_change():
    base = mines.example_once()
    moved = mines.with_dossier(base, activity=[
        replace(row, quantity=replace(row.quantity, origin=replace(row.quantity.datum, row=99, note="moved")))
        for row in base.dossier.activity])
    assert compare(base, moved).same


# --- The single things ----------------------------------------------------------------------------------------------


def test_each_thing_is_told_alone_in_the_first_result_and_at_its_place_in_the_order():
    base = mines.example_once()
    other = what_if(base, electricity={"purchased": 600}, explosives=40, options={"gwp": "AR4"})
    table = compare(base, other).items().set_index("key")
    power = "2024 electricity purchased"
    assert table.loc[power, f"{EMISSIONS}_alone"] == pytest.approx(-40 * 0.4974)  # of the grid of Zhejiang
    assert table.loc[power, f"{EMISSIONS}_added"] == pytest.approx(-40 * 0.4974)
    alone = evaluate(with_options(base, gwp="AR4")).ledger.emissions.value - evaluate(base).ledger.emissions.value
    assert table.loc["gwp", f"{EMISSIONS}_alone"] == pytest.approx(float(alone))
    for figure in (SCORE, EMISSIONS):
        added = table.groupby("cause")[f"{figure}_added"].sum().to_dict()
        assert added == pytest.approx({cause: changes(compare(base, other), figure)[cause] for cause in added})


def test_parts_add_up_to_each_term():
    found = compare(mines.example_once(), together(*CAUSES))
    for figure in (SCORE, EMISSIONS):
        table = found.parts(figure)
        assert table.drop(columns="change").sum().to_dict() == pytest.approx(changes(found, figure))
        assert table["change"].sum() == pytest.approx(found.change(figure))


# --- Laws -----------------------------------------------------------------------------------------------------------

DRAWN = st.fixed_dictionaries({}, optional={
    "electricity": st.floats(0, 5000).map(lambda one: {"purchased": one}),
    "explosives": st.floats(1, 500),
    "production": st.floats(1e5, 1e6),
    "options": st.sampled_from([{"gwp": "AR4"}, {"gwp": "AR5"}, {"scope2_basis": "market"},
                                {"combustion_ch4_n2o": False}]),
    "factors": st.floats(30, 50).map(lambda one: {DIESEL: one}),
    "knots": st.floats(10, 90).map(lambda one: {"E2.5": [(one, 0), (100, 100)]}),
    "weights": st.integers(1, 40).map(lambda one: {"E1": one, "E2": 45 - one}),
})


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=DRAWN, other=DRAWN, order=st.permutations(CAUSES))
def test_terms_add_up_to_the_change_in_any_order_and_lie_within_their_ranges(one, other, order):
    try:
        first, second = (what_if(mines.example_once(), **drawn) for drawn in (one, other))
    except BadInput:  # a dossier that would be refused
        return
    found = compare(first, second, order)
    for figure in found.figures:
        table, size = found.terms(figure), abs(found.recorded[0].figures[figure]) + 1
        assert table["change"].sum() == pytest.approx(found.change(figure), rel=1e-9, abs=1e-9 * size)
        assert (table["low"] <= table["change"]).all()
        assert (table["change"] <= table["high"]).all()
    items = found.items()
    for figure in found.figures if len(items) else ():
        assert items[f"{figure}_added"].sum() == pytest.approx(found.change(figure), rel=1e-9, abs=1e-9 * size)


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_whichever_way_round_the_change_is_the_opposite(name):
    base = mines.example_once(name)
    other = what_if(base, production=200_000, options={"gwp": "AR5"}, weights={"E1": 20, "E2": 25})
    there, back = compare(base, other), compare(other, base, CAUSES[::-1])
    for figure in there.figures:
        assert there.change(figure) == -back.change(figure)
        assert changes(there, figure) == pytest.approx({cause: -one for cause, one in changes(back, figure).items()})


# --- The grade ------------------------------------------------------------------------------------------------------


def test_it_is_told_which_step_changed_the_grade_and_by_which_key():
    base = mines.example_once("example-copper")
    other = what_if(base, electricity={"purchased": 200_000}, knots={"E2.5": [(50, 0), (100, 100)]})
    found = compare(base, other)
    first, middle, last = (evaluate(case).grade for case in (
        base, what_if(base, electricity={"purchased": 200_000}), other))
    assert first.binding == "offset"  # which held it down, and is better now
    assert last.binding == "score"  # which is worse now
    assert found.grade_steps() == [(("data",), first.final, middle.final, "offset"),
                                   (("standard",), middle.final, last.final, "score")]


def test_a_gate_that_is_missed_is_the_key():
    base = mines.example_once("example-copper")
    law = base.dossier.mine.prerequisites["law"]
    other = mines.with_mine(base, prerequisites={**base.dossier.mine.prerequisites,
                                                 "law": law.model_copy(update={"met": False})})
    (step,) = compare(base, other).grade_steps()
    assert (step[0], step[2:]) == (("data",), ("below", "gates"))
    (back,) = compare(other, base).grade_steps()
    assert back[1:] == ("below", step[1], "gates")


# --- What cannot be told apart ---------------------------------------------------------------------------------------


def without_diesel(case):
    """The case with gasoline in place of diesel, and factors that know no diesel."""
    gone = {one.id: None for one in case.factors if one.facets.get("fuel") == "diesel"}
    other = what_if(case, mobile_combustion={"diesel": None, "gasoline": "200 t"})
    other = what_if(other, mobile_combustion={"diesel": None, "gasoline": "219 t"}, year=2023)
    return replace(other, factors=other.factors.with_rows(gone))


def test_causes_of_which_the_first_alone_cannot_be_evaluated_are_one_term():
    base = mines.example_once()
    other = without_diesel(base)
    apart, joined = compare(base, other), compare(base, other, "factors,data,method,standard,weights")
    assert [one.causes for one in apart.steps] == [("data",), ("factors",)]
    assert [one.causes for one in joined.steps] == [("factors", "data")]
    assert joined.terms(EMISSIONS).loc["factors+data", "change"] == pytest.approx(joined.change(EMISSIONS))
    assert [one.message for one in joined.steps[0].why][:1] == ["item_without_factor"]


@pytest.mark.parametrize("order", list(permutations(("data", "standard", "weights"))))
def test_causes_wait_until_something_can_be_evaluated(order):
    end = Outcome({}, None, "score", {})

    def outcome(state):
        return end if len(state) > 1 or state == {"weights"} else BadInput(Problem("no_result"))

    found = [causes for causes, *_ in exchanges(order, outcome)]
    assert [one for causes in found for one in causes] == list(order)
    assert found[0] == (order[:1] if order[0] == "weights" else order[:2])


def test_a_source_that_the_other_rules_do_not_know_is_no_error_of_the_program():
    base = mines.example_once()
    sources = {name: one for name, one in base.standard.sources.items() if name != "explosives"}
    case = replace(base, standard=base.standard.model_copy(update={"sources": sources}))
    found = mixed.evaluated(case)
    assert [(one.message, one.value) for one in found.problems] == [("compare_word_unknown", "explosives")]


# --- Two years ------------------------------------------------------------------------------------------------------


def of_the_year_before(case):
    """The same mine a year before, its base year."""
    base_year = case.dossier.mine.base_year.model_copy(update={"documented_first_year": True})
    return mines.with_mine(case, reporting_year=2023, base_year=base_year)


def test_of_two_years_the_data_are_told_by_source_and_indicator_and_not_row_by_row():
    base = mines.example_once()
    before = of_the_year_before(base)
    found = compare(before, base)
    assert found.by_year
    assert [one.causes for one in found.steps] == [("data",)]
    assert len(found.items()) == 0
    by_source = found.parts(EMISSIONS)["data"]
    of_power = [evaluate(case).account().scope("2").value for case in (before, base)]
    assert by_source["electricity|"] == pytest.approx(of_power[1] - of_power[0])
    assert by_source.sum() == pytest.approx(found.change(EMISSIONS))


# --- The other standards ---------------------------------------------------------------------------------------------


def test_of_a_carbon_sink_removals_and_score_are_explained():
    base = open_case(parameters() / "mines" / "changcun-coal", "restoration-carbon-sink-2024")
    other = what_if(base, baseline_removals=300, mine={"stage": "closed"}, ratings={"SM.1": 75})
    found = compare(base, other)
    assert list(found.figures) == ["restoration_removals_t_co2e", "score"]
    assert changes(found, "score")["data"] == pytest.approx(found.change("score")) != 0
    assert set(found.items()["key"]) >= {"stage", "2024 baseline_removals"}


def test_judgements_of_a_carbon_sink_are_weights():
    base = open_case(parameters() / "mines" / "changcun-coal", "restoration-carbon-sink-2024")
    judged = {stage: tuple(one.model_copy(update={"value": "1"}) if one.level == "groups" else one for one in given)
              for stage, given in base.standard.judgements.items()}
    other = replace(base, standard=base.standard.model_copy(update={"judgements": judged}))
    found = compare(base, other)
    assert [one.causes for one in found.steps] == [("weights",)]
    groups = {name: float(one) for name, one in evaluate(base).score.groups.items()}
    assert found.recorded[1].figures["score"] == pytest.approx(sum(groups.values()) / 3)  # all compared as alike


def test_a_mine_that_is_not_eligible_has_no_score_to_explain_and_the_gate_is_the_key():
    base = open_case(parameters() / "mines" / "changcun-coal", "restoration-carbon-sink-2024")
    gates = base.dossier.mine.prerequisites
    name = next(iter(base.standard.prerequisites))
    other = mines.with_mine(base, prerequisites={**gates, name: gates[name].model_copy(update={"met": False})})
    found = compare(base, other)
    assert list(found.figures) == ["restoration_removals_t_co2e"]
    assert [(after, key) for _, _, after, key in found.grade_steps()] == [(None, "gates")]


def test_of_restoration_areas_hectares_and_tonnes_are_explained_as_a_whole(tmp_path):
    land = parameters() / "mines" / "example-restoration-area"
    other = shutil.copytree(land, tmp_path / "land")
    path = other / "rasters" / "area.yaml"
    path.write_text(path.read_text("utf-8").replace("leakage_share: 0.05", "leakage_share: 0.10"), "utf-8")
    first, second = (open_case(one, "restoration-area-2025") for one in (land, other))
    found = compare(first, second)
    assert list(found.figures) == ["zones_ha", "additional_t_co2"]
    assert changes(found, "additional_t_co2")["data"] == found.change("additional_t_co2")
    # a share of 5 % becomes 10 %: what was left at 95 % is left at 90 %
    before = found.recorded[0].figures["additional_t_co2"]
    assert found.change("additional_t_co2") == pytest.approx(before * (0.90 / 0.95 - 1))
    assert found.items()["file"].tolist() == ["rasters/area.yaml"]


# --- What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [
    "data", "data,data,method,standard,weights", "data,factors,method,standard,luck", ""])
def test_an_order_names_each_cause_once(order):
    with refused_with("order: compare_order"):
        compare(mines.example_once(), mines.example_once(), order)


def test_two_mines_are_not_compared_nor_two_standards():
    quarry, copper = mines.example_once(), mines.example_once("example-copper")
    with refused_with("compare_two_mines"):
        compare(quarry, copper)
    sink = open_case(parameters() / "mines" / "changcun-coal", "restoration-carbon-sink-2024")
    with refused_with("compare_two_standards") as caught:
        compare(mines.example_once("changcun-coal"), sink)
    for one in caught.value.problems:
        assert problem_text(one, "zh") != problem_text(one, "en")
