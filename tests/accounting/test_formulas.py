"""What holds for every formula of the account: arrays as scalars, monotone where nature is, described as written."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco import accounting, restoration
from mineco.core import units
from mineco.evaluation import steps
from mineco.standards.load import load_standard, standard_ids

FORMULAS = ({name: getattr(accounting, name) for name in accounting.__all__}
            | {name: one for name, one in vars(restoration).items() if inspect.isfunction(one)})
KEYS = ("first", "second")
SIZE = 3


def summed_over(parameter):
    return "Mapping" in str(parameter.annotation)


@pytest.mark.parametrize("name", FORMULAS)
@given(st.data())
def test_an_array_gives_what_its_elements_give_one_by_one(name, data):
    draw = st.lists(st.floats(0.1, 10), min_size=SIZE, max_size=SIZE).map(np.array)
    parameters = inspect.signature(FORMULAS[name]).parameters.values()
    arrays = {one.name: {key: data.draw(draw) for key in KEYS} if summed_over(one) else data.draw(draw)
              for one in parameters}
    together = FORMULAS[name](**arrays)
    for place in range(SIZE):
        alone = {symbol: {key: float(array[place]) for key, array in given_.items()} if isinstance(given_, dict)
                 else float(given_[place]) for symbol, given_ in arrays.items()}
        assert together[place] == pytest.approx(FORMULAS[name](**alone), rel=1e-12)


RISING = [
    ("combustion_co2", "fuel"), ("combustion_co2", "oxidation"), ("combustion_other_gas", "factor"),
    ("gas_combustion_co2", "volume"), ("unburnt_methane_volume", "methane"), ("underground_methane_volume", "drainage"),
    ("coal_gas_volume", "coal"), ("methane_mass", "volume"), ("abandoned_methane_volume", "initial"),
    ("abandoned_methane_volume_by_flooding", "initial"), ("spontaneous_combustion_co2", "burnt"),
    ("segment_emission", "activity"), ("dissolved_co2", "water"), ("carbonate_co2", "purity"),
    ("gas_loss", "purchased"), ("wastewater_ch4", "correction"), ("land_clearing_co2", "carbon_before"),
    ("filled_co2", "purity"), ("electricity_co2", "purchased"), ("contract_difference", "contract_factor"),
    ("heat_co2", "heat"), ("hot_water_heat", "temperature"), ("steam_heat", "enthalpy"), ("fuel_energy", "ncv"),
    ("freight_co2e", "distance"), ("product_footprint", "upstream"), ("biomass_gain", "growth"),
    ("tree_carbon_stock", "volume"), ("net_sequestration", "change"),
]
FALLING = [
    ("unburnt_methane_volume", "destroyed"), ("underground_methane_volume", "used"), ("gas_less_recovered", "flared"),
    ("abandoned_methane_volume", "flooded"), ("abandoned_methane_volume_by_flooding", "years"),
    ("abandoned_methane_volume_by_flooding", "flooded"), ("carbonation_co2", "product"), ("gas_loss", "recovered"),
    ("wastewater_ch4", "recovered"), ("land_clearing_co2", "carbon_after"), ("filled_co2", "leaked"),
    ("electricity_co2", "sold"), ("contract_difference", "residual_factor"), ("product_footprint", "production"),
    ("gain_loss_change", "loss"), ("net_sequestration", "project_emissions"), ("fuel_energy", "standard_coal"),
]
SHARES = {"flooded", "destroyed", "methane", "oxidation", "purity"}
AT = dict.fromkeys(SHARES, 0.5) | {"sold": 1.0, "b": -0.5, "carbon_after": 1.0}


@pytest.mark.parametrize(("name", "symbol", "sign"), [(*one, 1) for one in RISING] + [(*one, -1) for one in FALLING])
def test_emissions_move_the_way_their_cause_moves(name, symbol, sign):
    values = {one: AT.get(one, 2.0) for one in inspect.signature(FORMULAS[name]).parameters}
    ladder = np.linspace(0.1, 0.9, 9) if symbol in SHARES else np.linspace(3.0, 9.0, 9)
    moved = np.diff(FORMULAS[name](**values | {symbol: ladder}))
    assert (sign * moved > 0).all()


@pytest.fixture(scope="module")
def described():
    """A description for each function; of several sums that are one function, any will do."""
    return {one.function: one for standard in standard_ids() for one in load_standard(standard).formulas.values()}


@pytest.mark.parametrize("name", FORMULAS)
def test_each_formula_is_described_with_the_symbols_that_it_takes(name, described):
    assert list(described[name].symbols) == list(inspect.signature(FORMULAS[name]).parameters)


@pytest.mark.parametrize("name", FORMULAS)
def test_each_unit_of_a_formula_is_known(name, described):
    formula = described[name]
    for unit in (*formula.units, *(unit for symbol in formula.symbols.values() for unit in symbol.units)):
        assert units.is_known_unit(unit.replace("{gas}", "CO2")), unit


@pytest.mark.parametrize("name", FORMULAS)
def test_the_printed_formula_holds_every_symbol_and_no_name_of_code(name, described):
    written = steps.tex(described[name])
    for symbol in described[name].symbols.values():
        assert "{" + symbol.tex + "}" in written
    assert r"\mathrm{q" not in written, "a placeholder was left"
    assert "maximum" not in written


def test_the_printed_combustion_formula_is_that_of_the_guideline(described):
    assert steps.tex(described["combustion_co2"]).replace("{", "").replace("}", "") == (
        r"\fracFC \cdot NCV \cdot CC \cdot OF \cdot 4412")
