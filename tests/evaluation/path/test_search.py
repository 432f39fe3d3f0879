"""The cheapest way up is the cheapest: brute force, laws that any search must keep, and what is told holds in files."""

from functools import cache
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mineco as mc
from mineco.core.errors import BadInput
from mineco.evaluation.advice.effects import listed, outcomes
from mineco.evaluation.advice.figures import figures_of, taken
from mineco.evaluation.advice.library import load_library
from mineco.evaluation.path.sets import all_members, count_sets, evaluate_sets
from tests.helpers import mines

EXAMPLES = mines.held_to()
EXACT = {"rel": 1e-9, "abs": 1e-9}
FOUR = ("explosives-optimise", "haul-roads", "payload-dispatch", "own-solar")  # in the order in which they act
SHARES = {"explosives-optimise": 0.2, "haul-roads": 0.08, "payload-dispatch": 0.1, "own-solar": 0.3}
MOST_CREDITS = 600  # tonnes, of some 370 that are left to offset


@cache
def assumed(mine, **asked):
    """Ways of an example by the costs of the library, whatever they rest on."""
    return mc.path(mines.evaluated(mine), assumed_costs=True, **asked)


def written(mine, route):
    """The example with a way written into its files, opened and evaluated anew."""
    return mc.evaluate(mc.what_if(mines.example_once(mine), **route.changes))


# --- what is told holds -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("mine", EXAMPLES)
def test_each_way_written_into_the_dossier_gives_what_was_said(mine):
    before = mines.evaluated(mine)
    for route in assumed(mine).routes:
        after = written(mine, route)
        assert float(after.score.total) == pytest.approx(route.outcome.score, **EXACT)
        assert float(after.ledger.emissions) == pytest.approx(route.outcome.emissions, **EXACT)
        assert after.grade.final == route.outcome.grade
        assert float(after.ledger.offsets.total) - float(before.ledger.offsets.total) == pytest.approx(route.credits)
        left = [float(one.ledger.emissions) - float(one.ledger.removals.total) for one in (before, after)]
        assert route.tonnes == pytest.approx(left[0] - left[1], rel=1e-9, abs=1e-6)
        order = before.case.standard.grade_ids
        if route.target.id in order:
            reached = order.index(after.grade.final) <= order.index(route.target.id)
            assert reached == route.reached, route
        else:
            assert after.grade.carbon_neutral == route.reached


@pytest.mark.parametrize("mine", EXAMPLES)
def test_credits_are_the_fewest_whole_tonnes_that_suffice(mine):
    order = mines.example_once(mine).standard.grade_ids
    bought = 0
    for route in assumed(mine).routes:
        assert route.credits == int(route.credits) >= 0
        if not (route.reached and route.credits):
            continue
        bought += 1
        (row,) = route.changes["offsets"].values()
        less = {**route.changes, "offsets": {"ADVISED": {**row, "quantity": route.credits - 1}}}
        after = mc.evaluate(mc.what_if(mines.example_once(mine), **less))
        assert (order.index(after.grade.final) > order.index(route.target.id) if route.target.id in order
                else not after.grade.carbon_neutral)
    # of the one removals and credits cover what is left; of the other no measures bring a better grade its points
    assert bought or mine in ("example-mineral-water", "example-quarry-years")


@pytest.mark.parametrize("mine", EXAMPLES)
def test_sets_evaluated_at_once_are_those_evaluated_one_by_one(mine):
    found = assumed(mine)
    competing = sorted((one for one in found.candidates if one.competes), key=lambda one: one.measure.order)
    case, groups = mines.evaluated(mine).case, load_library().groups
    members, before = all_members(competing, groups)
    assert len(members) == count_sets(competing, groups) == found.tried
    some = np.random.default_rng(1).choice(len(members), 12, replace=False)
    sets = evaluate_sets(figures_of(case), competing, members, before, {})
    for number in some:
        figures = figures_of(case)
        for place in sets.taken(int(number)):
            figures, _ = taken(figures, competing[place].measure, competing[place].trial.share)
        (alone,) = outcomes(case, listed(case, [figures]))
        assert sets.columns["score"][number] == pytest.approx(alone.score, **EXACT)
        assert sets.columns["emissions_t_co2e"][number] == pytest.approx(alone.emissions, **EXACT)


def test_of_measures_that_exclude_each_other_no_set_has_two():
    found = assumed("example-copper")
    groups = load_library().groups
    for route in found.routes:
        exclusive = [one.measure.group for one in route.parts if groups[one.measure.group].exclusive]
        assert len(exclusive) == len(set(exclusive))


# --- the optimum is that of brute force -------------------------------------------------------------------------------

def by_hand(names):
    """The quarry with some of four measures in its files, each written in its own figures, spared tonnes listed."""
    quarry = mines.example_once()
    shares = {name: SHARES[name] if name in names else 0.0 for name in FOUR}
    diesel = 207 * (1 - shares["haul-roads"]) * (1 - shares["payload-dispatch"])
    sun = 640 * shares["own-solar"]
    changes = {"mobile_combustion": {"diesel": diesel}, "explosives": 60 * (1 - shares["explosives-optimise"]),
               "electricity": {"purchased": 640 - sun}}
    if sun:
        changes["renewable_electricity"] = {"sun": f"{sun} MWh", "sun:sold": "0 MWh"}
    after = mc.evaluate(mc.what_if(quarry, **changes)).account().frame().groupby("source")["emissions_t_co2e"].sum()
    before = mines.evaluated().account().frame().groupby("source")["emissions_t_co2e"].sum()
    spared = (before - after)[lambda one: one > 1e-9]
    if len(spared):
        changes["measures"] = {f"spared-{source}": {
            "name_en": source, "name_zh": source, "removal": "no", "credits_issued": "no", "source": source,
            "baseline_t_co2e": amount, "project_t_co2e": 0.0} for source, amount in spared.items()}
    return mc.what_if(quarry, **changes)


@cache
def every_set():
    """Each of the sixteen sets: its case, and what is left of emissions after removals. [t CO2e]"""
    found = {}
    for names in chain.from_iterable(combinations(FOUR, size) for size in range(len(FOUR) + 1)):
        case = by_hand(names)
        ledger = mc.evaluate(case).ledger
        found[names] = case, float(ledger.emissions) - float(ledger.removals.total)
    return found


@cache
def with_credits(names):
    """Grade, score and neutrality of a set with each whole number of tonnes of credits."""
    case = every_set()[names][0]
    row = mines.offset(np.arange(MOST_CREDITS + 1.0), case.dossier.mine.report_date, 2024, kind="external-sink",
                       serial="")
    found = mc.evaluate(mines.with_dossier(case, offsets=[*case.dossier.offsets, row]))
    return found.grade.final, found.score.total.value, found.grade.carbon_neutral


def fewest_credits(names, target):
    """The fewest whole tonnes with which a set reaches a target; None where none of them do."""
    order = mines.example_once().standard.grade_ids
    grades, scores, neutral = with_credits(names)
    enough = (neutral if target == "neutral" else scores >= target if isinstance(target, float)
              else np.isin(grades, order[:order.index(target) + 1]))
    return int(np.argmax(enough)) if enough.any() else None


def brute_force(target, costs, price):
    """The least that any of the sixteen sets costs with its credits, and the set."""
    best = None
    for names, (_, _) in every_set().items():
        credits = fewest_credits(names, target)
        if credits is None:
            continue
        left = [every_set()[names[:size]][1] for size in range(len(names) + 1)]
        cost = sum(costs[name] * (before - after) for name, before, after in zip(names, left, left[1:], strict=False))
        total = cost + price * credits
        if best is None or total < best[0] - 1e-9:
            best = total, names, credits
    return best


@settings(max_examples=12, deadline=None)
@given(costs=st.fixed_dictionaries({name: st.integers(-40, 160).map(float) for name in FOUR}),
       price=st.integers(20, 120).map(float), target=st.sampled_from(["C", "B", "neutral", 68.0, 70.5]))
def test_the_cheapest_way_is_that_of_brute_force(costs, price, target):
    asked = ({"neutral": True} if target == "neutral" else
             {"score": target} if isinstance(target, float) else {"grade": target})
    found = mc.path(mines.evaluated(), costs=costs, shares=SHARES, credits=price, **asked)
    assert {one.measure.id for one in found.candidates if one.competes} == set(FOUR)
    best, (route,) = brute_force(target, costs, price), found.routes
    assert route.reached == (best is not None)
    if best is not None:
        assert route.cost.middle == pytest.approx(best[0], abs=1e-6)
        assert route.credits * price + sum(one.cost.middle for one in route.parts) == pytest.approx(best[0], abs=1e-6)


# --- laws -------------------------------------------------------------------------------------------------------------

@settings(max_examples=15, deadline=None)
@given(costs=st.fixed_dictionaries({name: st.integers(-20, 300) for name in FOUR}),
       budgets=st.tuples(st.integers(0, 60_000), st.integers(0, 60_000)).map(sorted))
def test_a_larger_budget_never_gives_a_lower_grade(costs, budgets):
    small, large = (mc.path(mines.evaluated(), costs=costs, shares=SHARES, budget=float(one)) for one in budgets)
    order = mines.example_once().standard.grade_ids
    assert order.index(large.highest) <= order.index(small.highest)
    for before, after in zip(small.routes, large.routes, strict=True):
        assert after.reached or not before.reached
        assert not before.reached or before.cost.middle <= budgets[0]
    assert order.index(mc.path(mines.evaluated(), costs=costs, shares=SHARES).highest) <= order.index(large.highest)


def worse_solar(cost):
    """A measure that does what solar does and costs more."""
    solar = load_library().measures["own-solar"].model_dump(by_alias=True, exclude={"id"})
    return {"measures": {"dear-solar": solar}}, {"dear-solar": cost}


@settings(max_examples=10, deadline=None)
@given(cost=st.integers(-200, 100), more=st.integers(1, 400))
def test_a_measure_that_another_one_beats_is_never_taken_without_it(cost, more):
    measures, dear = worse_solar(cost + more)
    found = mc.path(mines.evaluated(), measures=measures, costs={**dear, "own-solar": cost})
    for route in found.routes:
        names = [one.measure.id for one in route.parts]
        assert "dear-solar" not in names or "own-solar" in names


def test_a_measure_that_brings_nothing_and_costs_something_is_never_taken():
    # green land is at its limit of points already or moves none of what the target asks
    found = mc.path(mines.evaluated(), neutral=True, costs={"water-recycling": {"yearly": 1.0}, "haul-roads": 5})
    assert [one.measure.id for one in found.routes[0].parts] == ["haul-roads"]


@pytest.mark.parametrize("mine", EXAMPLES)
def test_cheaper_credits_never_make_a_way_dearer(mine):
    for cheap, dear in zip(mc.path(mines.evaluated(mine), assumed_costs=True, credits=30.0).routes,
                           mc.path(mines.evaluated(mine), assumed_costs=True, credits=300.0).routes, strict=True):
        if cheap.reached:
            assert cheap.cost.middle <= dear.cost.middle + 1e-6
            assert cheap.credits >= dear.credits


@pytest.mark.parametrize("mine", EXAMPLES)
def test_only_measures_that_are_ready_in_time_are_taken(mine):
    year = mines.evaluated(mine).case.year
    highest = []
    for wanted in (year, year + 1, year + 3):
        found = assumed(mine, year=wanted)
        for route in found.routes:
            assert all(one.measure.lead_years <= wanted - year for one in route.parts)
            assert route.ready <= wanted
        highest.append(found.case.standard.grade_ids.index(found.highest))
    assert highest == sorted(highest, reverse=True)
    assert not [one for one in assumed(mine, year=year).candidates if one.competes]


def test_without_a_price_that_may_be_used_there_are_credits_alone():
    found = mc.path(mines.evaluated())
    assert not any(one.competes for one in found.candidates)
    assert {one.target.id: one.reached for one in found.routes}["carbon_neutral"]
    assert all(not one.parts for one in found.routes)
    assert found.assumed == ()


def test_costs_that_nobody_has_published_are_named_where_a_way_rests_on_them():
    found = assumed("tiny-quarry")
    assert set(found.assumed) == {"derived", "unverified"}
    for route in found.routes:
        assert set(route.statuses) == {one.candidate.cost.status for one in route.parts}
        assert all(name in repr(route) for name in ("推导", "未核实"))


# --- many measures ----------------------------------------------------------------------------------------------------

def many(count):
    """So many measures of a mine's own that save some power or some diesel, and their costs."""
    def one(number):
        path = "activity.electricity..purchased" if number % 2 else "activity.mobile-combustion.diesel.quantity"
        return {"name": {"zh": f"措施 {number}", "en": f"measure {number}"}, "group": "management", "order": 2,
                "applies_to": ["all"], "acts": [{"amount": {"of": [path]}, "changes": [{"path": path, "per": -1}]}],
                "share": {"value": 0.01 + 0.001 * number, "from": 0.01, "to": 0.1, "status": "assumed"},
                "lead_years": 1, "evidence": {"zh": "电表", "en": "meters"}}
    return {"measures": {f"own-{number}": one(number) for number in range(count)}}, {
        f"own-{number}": 20.0 + 7 * number % 31 for number in range(count)}


def test_more_measures_than_can_be_tried_in_every_set_give_what_was_found_and_say_so(monkeypatch):
    measures, costs = many(10)
    every = mc.path(mines.evaluated(), measures=measures, costs=costs)
    assert (every.tried, {one.cheapest for one in every.routes}) == (2**10, {True})
    monkeypatch.setattr("mineco.evaluation.path.search.MOST_SETS", 2**9)
    found = mc.path(mines.evaluated(), measures=measures, costs=costs)
    assert {one.cheapest for one in found.routes} == {False}
    assert "未必最省" in repr(found.routes[0])
    for proven, one in zip(every.routes, found.routes, strict=True):
        assert one.reached == proven.reached
        assert one.cost.middle >= proven.cost.middle - 1e-6 or not one.reached
        after = written("tiny-quarry", one)
        assert float(after.score.total) == pytest.approx(one.outcome.score, **EXACT)
    assert found.routes[0].cost.middle == pytest.approx(every.routes[0].cost.middle, rel=0.02)


def test_twenty_one_measures_are_found_and_not_all_tried():
    measures, costs = many(21)
    found = mc.path(mines.evaluated(), measures=measures, costs=costs, grade="B")
    assert found.routes[0].reached
    assert not found.routes[0].cheapest
    assert found.tried < 2**12
    assert written("tiny-quarry", found.routes[0]).grade.final == "B"


# --- what is refused --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("asked", "message"), [
    ({"grade": "Z"}, "choice_not_allowed"), ({"grade": "A", "neutral": True}, "one_target"),
    ({"level": "dear"}, "choice_not_allowed"), ({"credits": "cer"}, "choice_not_allowed"),
    ({"credits": (80.0, 60.0)}, "cost_low_above_high"), ({"year": 2020}, "out_of_range"),
    ({"costs": {"solar": 1}}, "unknown_measure"), ({"costs": {"own-solar": "cheap"}}, "not_a_number"),
    ({"costs": {"own-solar": {"capital": 1}}}, "unknown_cost_part"),
    ({"costs": {"own-solar": {"capex": 1e6, "yearly": 0}}}, "cost_part_missing"),
    ({"costs": {"own-solar": {"capex": -1, "yearly": 0, "rate": 8}}}, "out_of_range"),
    ({"costs": {"haul-roads": {"yearly": 10}}, "prices": {"electricity": 600}}, "energy_without_price"),
    ({"shares": {"own-solar": 2.0}}, "out_of_range")])
def test_what_is_no_question_is_refused_in_words(asked, message):
    with pytest.raises(BadInput) as refused:
        mc.path(mines.evaluated(), **asked)
    assert message in [one.message for one in refused.value.problems]
    assert str(refused.value)


def test_everything_wrong_with_costs_is_told_at_once():
    with pytest.raises(BadInput) as refused:
        mc.path(mines.evaluated(), costs={"own-solar": {"capex": 1e6}, "haul-roads": "free", "planting": (2, 1)})
    assert sorted({one.row for one in refused.value.problems}) == [
        "costs.haul-roads", "costs.own-solar", "costs.planting"]


def test_everything_wrong_with_a_question_is_told_at_once():
    with pytest.raises(BadInput) as refused:
        mc.path(mines.evaluated(), score=140.0, level="dear", credits="cer", year=1990, budget=float("nan"),
                shares={"solar": 1.0}, prices={"moonlight": 1.0})
    told = {one.column or one.row for one in refused.value.problems}
    assert {"score", "level", "credits", "year", "budget", "shares.solar"} <= told
    assert "moonlight" in str(refused.value)


def test_an_own_measure_on_no_figure_of_a_dossier_is_refused():
    measures, costs = many(1)
    measures["measures"]["own-0"]["acts"][0]["changes"][0]["path"] = "activity.diesel.litres"
    with pytest.raises(BadInput) as refused:
        mc.path(mines.evaluated(), measures=measures, costs=costs)
    assert [(one.message, one.row, one.value) for one in refused.value.problems] == [
        ("unknown_place", "measures.own-0", "activity.diesel.litres")]


def test_own_measures_may_stand_in_a_file_and_every_key_that_is_wrong_is_told(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text("""
measures:
  dim-lights:
    name: {zh: 照明改造, en: dimmed lights}
    group: management
    order: 2
    applies_to: [all]
    acts:
      - amount: {of: [activity.electricity..purchased]}
        changes: [{path: activity.electricity..purchased, per: -1}]
    share: {value: 0.05, from: 0.05, to: 0.05, status: assumed}
    evidence: {zh: 电表, en: meters}
""", "utf-8")
    (route,) = mc.path(mines.evaluated(), neutral=True, measures=file, costs={"dim-lights": 10}).routes
    assert route.parts[0].tonnes == pytest.approx(0.05 * 640 * 0.4974)
    with pytest.raises(BadInput) as refused:
        _ = route.stages
    assert [(one.message, one.row) for one in refused.value.problems] == [("lead_time_not_known", "dim-lights")]
    assert route.ready is None
    found = mc.path(mines.evaluated(), neutral=True, measures=file, costs={"dim-lights": 10}, year=2030)
    assert {one.measure.id: one.state for one in found.candidates}["dim-lights"] == "lead_unknown"
    file.write_text(file.read_text("utf-8").replace("order: 2", "ordre: 2").replace("value: 0.05", "value: 5"), "utf-8")
    with pytest.raises(BadInput) as refused:
        mc.path(mines.evaluated(), measures=file)
    assert {one.message for one in refused.value.problems} == {
        "standard_key_missing", "standard_key_unknown", "standard_bad_value"}


# --- gates and bases --------------------------------------------------------------------------------------------------

def test_behind_a_gate_that_is_not_met_nothing_is_reached():
    gates = mines.example().dossier.mine.prerequisites
    first = next(iter(gates))
    case = mines.with_mine(mines.example(), prerequisites={
        **gates, first: gates[first].model_copy(update={"met": False})})
    found = mc.path(case, assumed_costs=True)
    assert {one.state for one in found.routes} == {"gates"}
    assert found.highest == found.now.grade == "below"


def test_certificates_compete_where_power_counts_by_the_market():
    by_place, by_market = (mc.path(mines.example(scope2_basis=basis), neutral=True, assumed_costs=True)
                           for basis in ("location", "market"))
    states = [{one.measure.id: one.state for one in found.candidates}["green-certificates"]
              for found in (by_place, by_market)]
    assert states == ["no_tonnes", "competes"]
    assert "green-certificates" in [one.measure.id for one in by_market.routes[0].parts]  # 6.5 yuan, credits 70


def test_certificates_have_a_yearly_cost_where_they_spare_no_tonne():
    # the share of renewable energy rises (M1.6), and no tonne is less
    found = mc.path(mines.evaluated(), score=67.0, costs={"green-certificates": {"yearly": 700.0}})
    (part,) = found.routes[0].parts
    assert (part.measure.id, part.tonnes, part.per_tonne) == ("green-certificates", 0.0, None)
    assert part.credits_cheaper_below is None


def test_a_gate_that_measures_mend_is_no_end_of_the_way():
    # under strict gates the intensity may not be above that of the year before, which bought less power (reading R30)
    case = mc.what_if(mines.example(strict_gates=True), year=2023, electricity={"purchased": 460})
    found = mc.path(case, assumed_costs=True, credits=1.0)
    assert (found.now.grade, found.now.binding) == ("below", "gates")
    reached = {one.target.id: one for one in found.routes if one.reached}
    assert set(reached) == {"C", "B", "carbon_neutral"}
    assert all(one.parts for one in reached.values())
    assert mc.evaluate(mc.what_if(case, **reached["C"].changes)).grade.binding != "gates"
    assert not any(one.reached for one in mc.path(case).routes)  # credits alone mend none


@pytest.mark.parametrize("mine", EXAMPLES)
@pytest.mark.parametrize(("option", "value"), [("scope2_basis", "market"), ("gwp", "AR5")])
def test_under_other_options_too_each_way_gives_what_was_said(mine, option, value):
    case = mines.example(mine, **{option: value})
    for route in mc.path(case, assumed_costs=True).routes:
        after = mc.evaluate(mc.what_if(case, **route.changes))
        assert float(after.score.total) == pytest.approx(route.outcome.score, **EXACT)
        assert after.grade.final == route.outcome.grade
