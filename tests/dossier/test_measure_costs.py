"""What measures would cost the mine, in mine.yaml: by the tonne or in a year, and every way in which it is none."""

import pytest

import mineco as mc
from mineco.core.errors import BadInput
from tests.helpers import mines


def with_costs(costs):
    return mc.what_if(mines.example_once(), mine={"measure_costs": costs})


def test_a_cost_is_a_range_by_the_tonne_or_what_is_built_and_runs():
    built = {"capex": 3e6, "yearly": -4e4, "rate": 6.0, "life_years": 25.0}
    costs = with_costs({"haul-roads": {"low": 40, "high": 60}, "own-solar": built, "water-recycling": {"yearly": 900}})
    found = costs.dossier.mine.measure_costs
    assert (found["haul-roads"].low, found["own-solar"].rate, found["water-recycling"].yearly) == (40.0, 6.0, 900.0)


@pytest.mark.parametrize(("costs", "message"), [
    ({"haul-roads": {"low": 40.0}}, "measure_cost_in_part"),
    ({"haul-roads": {}}, "measure_cost_in_part"),
    ({"haul-roads": {"low": 40.0, "high": 50.0, "yearly": 10.0}}, "measure_cost_in_part"),
    ({"own-solar": {"capex": 1e6}}, "measure_cost_in_part"),
    ({"own-solar": {"capex": 1e6, "yearly": 0.0, "rate": 6.0}}, "measure_cost_in_part"),
    ({"haul-roads": {"low": 60.0, "high": 40.0}}, "cost_low_above_high"),
    ({"own-solar": {"capex": -1.0, "yearly": 0.0, "rate": 6.0, "life_years": 20.0}}, "out_of_range"),
    ({"own-solar": {"yearly": "cheap"}}, "not_a_number"),
    ({"haul-road": {"low": 40.0, "high": 60.0}}, "unknown_measure"),
    ({"battery-loaders": {"low": 40.0, "high": 60.0}}, "unknown_measure"),  # which are for mines underground
    ({"haul-roads": {"low": 40.0, "high": 60.0, "per": "t"}}, "unknown_key")])
def test_what_is_no_cost_is_refused_at_its_entry(costs, message):
    with pytest.raises(BadInput) as refused:
        with_costs(costs)
    assert [one.message for one in refused.value.problems] == [message]
    assert all("measure_costs" in str(one.column) for one in refused.value.problems)
