"""What is asked on the what-if page, as changes, and what becomes of it."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mineco as mc
from mineco.core.kit import parameters
from mineco.core.labels import set_language
from mineco.evaluation.case import open_case
from mineco.runs.app.controls import controls_of
from mineco.runs.app.state import Asked, others_give_way, own_weights
from tests.helpers.refusals import refused_with

MINES = ("changcun-coal", "example-copper", "example-mineral-water", "example-quarry-years", "tiny-quarry")
weights = st.lists(st.integers(0, 1000), min_size=2, max_size=6)


@pytest.fixture(autouse=True)
def english():
    set_language("en")


def case_of(mine):
    return open_case(parameters() / "mines" / mine)


def control(case, *path):
    (found,) = [one for one in controls_of(case) if one.path == path]
    return found


def first_line(one):
    """File and line, the first of several: a year in periods becomes one row."""
    file, rows = one.place
    return file, str(rows).split("+")[0]


def test_nothing_is_asked_of_what_was_reported():
    case = case_of("tiny-quarry")
    asked = Asked(case)
    for one in controls_of(case):
        asked = asked.with_value(one, one.reported)
    for group, weight in own_weights(case).items():
        asked = asked.with_weight(group, weight)
    asked = asked.with_option("gwp", "AR6")
    assert asked.changes == {}
    assert asked.evaluated().told() == mc.evaluate(case).told()


@pytest.mark.parametrize("mine", MINES)
def test_every_control_changes_the_row_that_it_was_made_from(mine):
    case = case_of(mine)
    for one in controls_of(case):
        value = float(round(one.reported / 2)) or 1.0
        changed = mc.what_if(case, **Asked(case).with_value(one, value).changes)
        (same,) = [other for other in controls_of(changed) if first_line(other) == first_line(one)]
        assert (same.reported, same.unit) == (value, one.unit)


@pytest.mark.parametrize("mine", MINES)
def test_no_control_stands_for_a_source_that_the_mine_does_not_report(mine):
    case = case_of(mine)
    reported = {row.source for row in case.dossier.activity if row.year == case.year}
    sources = {one.path[0].replace("_", "-") for one in controls_of(case)} - {"parcels", "offsets"}
    assert sources <= reported
    assert ("mine_gas" in {one.section for one in controls_of(case)}) == (mine == "changcun-coal")


def test_credits_of_which_none_is_left_are_taken_out():
    case = case_of("tiny-quarry")
    none = Asked(case).with_value(control(case, "offsets", "EX-F-2023-600001-600720"), 0.0).evaluated()
    assert (float(none.ledger.offsets.total), none.grade.by_offset) == (0.0, "below")


def test_a_slider_of_credits_goes_by_whole_tonnes():
    steps = {one.step for mine in MINES for one in controls_of(case_of(mine)) if one.section == "retired_offsets"}
    assert all(one >= 1 and one == round(one) for one in steps)


def test_offsets_that_do_not_count_have_no_control():
    # of its four rows one is retired, young enough and beyond compliance
    paths = [one.path for one in controls_of(case_of("changcun-coal")) if one.section == "retired_offsets"]
    assert paths == [("offsets", "EX-W-2022-000001-030000")]


def test_diesel_burnt_half_emits_half_of_its_own_emissions():
    case = case_of("tiny-quarry")
    diesel = control(case, "mobile_combustion", "diesel")
    before, after = mc.evaluate(case).account(), Asked(case).with_value(diesel, 103.5).evaluated().account()

    def of_diesel(account):
        return math.fsum(float(account.co2e("line", [line]).value) for line in account.lines
                         if line.source.id == "mobile-combustion")

    assert of_diesel(after) == pytest.approx(of_diesel(before) / 2, rel=1e-12)
    saved = float(before.emissions()) - float(after.emissions())
    assert saved == pytest.approx(of_diesel(before) / 2, rel=1e-9)


def test_with_the_gas_that_is_used_goes_what_engines_burn_and_make():
    gas = control(case_of("changcun-coal"), "underground_methane", "used")
    assert gas.changes(10_000_000.0) == {
        ("underground_methane", "used"): 10_000_000.0, ("mine_gas_use", "gas power station"): 4659 / 2,
        ("mine_gas_use", "gas power station:power"): 66300 / 2}


@settings(max_examples=15)
@given(more=st.integers(0, 400), less=st.integers(0, 100))
def test_less_diesel_never_emits_more(more, less):
    case = case_of("tiny-quarry")
    diesel = control(case, "mobile_combustion", "diesel")
    high, low = (float(Asked(case).with_value(diesel, value).evaluated().ledger.emissions)
                 for value in (float(more), more * less / 100))
    assert low <= high


@settings(max_examples=15)
@given(tonnes=st.integers(0, 2000), more=st.integers(0, 500))
def test_more_credits_never_lower_the_offset_ratio(tonnes, more):
    case = case_of("tiny-quarry")
    credits = control(case, "offsets", "EX-F-2023-600001-600720")
    low, high = (float(Asked(case).with_value(credits, float(value)).evaluated().ledger.offset_ratio)
                 for value in (tonnes, tonnes + more))
    assert low <= high


@given(weights, st.integers(0, 1000), st.data())
def test_weights_of_which_one_is_moved_still_add_up_to_a_hundred(parts, tenths, data):
    total = sum(parts) or 1
    names = [f"G{number}" for number in range(len(parts))]
    before = {name: 100 * one / total for name, one in zip(names, parts, strict=True)}
    moved = data.draw(st.sampled_from(names))
    after = others_give_way(before, moved, tenths / 10)
    assert after[moved] == tenths / 10
    assert math.fsum(after.values()) == pytest.approx(100, abs=1e-9)
    assert all(one >= 0 for one in after.values())
    for one, other in zip(names, names[1:], strict=False):  # the others keep their order
        if moved not in (one, other) and before[one] < before[other]:
            assert after[one] <= after[other]


def test_a_weight_beyond_a_hundred_is_refused():
    with refused_with(r"weights\.E1: out_of_range"):
        Asked(case_of("tiny-quarry")).with_weight("E1", 150.0).evaluated()


@pytest.mark.parametrize("mine", MINES)
def test_the_call_that_is_written_down_gives_the_result_of_the_page(mine):
    case, asked = case_of(mine), Asked(case_of(mine))
    for one in controls_of(case):
        asked = asked.with_value(one, float(round(one.reported * 0.75)))
    asked = asked.with_weight("E1", 30.0).with_option("gwp", "AR5").with_option("scope2_basis", "market")
    *lines, last = asked.as_call(str(parameters() / "mines" / mine)).splitlines()
    scope = {}
    exec("\n".join([*lines, f"made = {last}"]), scope)
    made, shown = scope["made"], asked.evaluated()
    assert made.told() == shown.told()
    assert made.told() != mc.evaluate(case).told()
