"""The library of measures holds together: every path, unit, kind of mine and number is one that the account knows."""

import pytest

from mineco.core.kit import parameters
from mineco.core.units import compatible, is_known_unit
from mineco.core.yaml_reading import read_yaml
from mineco.evaluation.advice.library import Cost, Library, load_library
from mineco.evaluation.advice.outcome import shown_cost
from tests.helpers import mines

LIBRARY = load_library()
STANDARD = mines.example_once().standard
PARCEL_UNITS = {"area_ha": "ha", "rate_tc_per_ha_yr": "tC/(ha yr)"}


def paths(measure):
    """Every path of a measure with the unit that it is spoken of in; blank where it is the figure's own."""
    for condition in measure.conditions:
        yield from ((path, condition.unit) for path in condition.of)
    for act in measure.acts:
        for amount in (act.amount, *([act.at_most] if act.at_most else [])):
            yield from ((path, amount.unit) for path in (*amount.of, *amount.less))
        for change in act.changes:
            yield change.path, change.unit or act.amount.unit
            if change.like:
                yield change.like, change.unit
            if change.most:
                yield change.most, change.unit


def units_of(path):
    table, *rest = path.split(".")
    if table == "parcel":
        return [PARCEL_UNITS[rest[0]]]
    return STANDARD.metrics[rest[0]].units if table == "metric" else STANDARD.sources[rest[0]].items[rest[2]].units


@pytest.mark.parametrize("measure", LIBRARY.measures.values(), ids=LIBRARY.measures)
def test_a_measure_acts_on_figures_that_a_dossier_has_in_units_that_they_have(measure):
    for path, unit in paths(measure):
        assert units_of(path), path
        assert not unit or (is_known_unit(unit) and any(compatible(unit, one) for one in units_of(path))), (path, unit)


@pytest.mark.parametrize("measure", LIBRARY.measures.values(), ids=LIBRARY.measures)
def test_a_measure_is_for_kinds_of_mine_and_proposes_what_lies_in_its_range(measure):
    kinds = {"all", *STANDARD.mine_types, *STANDARD.mine_subtypes}
    assert measure.acts
    assert set(measure.applies_to) <= kinds
    assert measure.share.least <= measure.share.value <= measure.share.most
    assert measure.cost is None or measure.cost.low <= measure.cost.high
    assert all(act.each in STANDARD.sources for act in measure.acts if act.each)


def test_what_is_left_out_says_why_and_is_not_tried():
    left = [name for one in LIBRARY.left_out.values() for name in one.measures]
    assert len(left) == len(set(left)) == 38
    assert not set(left) & set(LIBRARY.measures)
    assert all(one.why.zh and one.why.en for one in LIBRARY.left_out.values())


@pytest.mark.parametrize("status", ["derived", "unverified", "assumed", "suspect"])
def test_a_cost_that_nobody_published_is_not_shown_unasked(status):
    measure = LIBRARY.measures["haul-roads"].model_copy(update={"cost": Cost(low=1, high=2, status=status)})
    assert shown_cost(measure, {}, assumed=False) is None
    assert shown_cost(measure, {}, assumed=True).status == status


def test_a_cost_that_was_read_is_shown_and_the_mines_own_before_it():
    read = Cost(low=1, high=2, status="read", source={"zh": "公报", "en": "a bulletin"})
    measure = LIBRARY.measures["haul-roads"].model_copy(update={"cost": read})
    assert shown_cost(measure, {}, assumed=False) is read
    own = shown_cost(measure, {"haul-roads": (5, 7)}, assumed=False)
    assert (own.low, own.high, own.status) == (5.0, 7.0, "own")


def test_prices_of_credits_were_read_and_say_where():
    assert all(one.status in ("read", "quoted") and one.source and one.seen for one in LIBRARY.credits.values())


def test_a_number_that_was_read_without_a_source_is_refused():
    with pytest.raises(ValueError, match="says where"):
        Cost(low=1, high=2, status="read")


def test_a_measure_of_no_group_is_refused():
    given = {**read_yaml(parameters() / "measures" / "measures.yaml"), "credits": {}, "left_out": {}}
    with pytest.raises(ValueError, match="unknown groups: heat"):
        Library.model_validate({**given, "groups": {name: one for name, one in given["groups"].items()
                                                    if name != "heat"}})
