"""The ledger: masses of gases to CO2e, sources to scopes, removals and offsets to what remains."""

from collections.abc import Mapping

from numpy import maximum

from mineco.core.number import Number


def total(parts: Mapping[str, Number]) -> Number:
    """Sum of like amounts: masses of one gas, energy of all carriers, offsets, areas; the data names each sum.

    In the unit of its parts; 0 over nothing.

    Parameters
    ----------
    parts : mapping of float or array    Amounts by name, all in one unit.

    >>> total({"stationary": 3.0, "mobile": 4.0})
    7.0
    """
    return sum(parts[k] for k in parts)


def co2e(masses: Mapping[str, Number], gwp: Mapping[str, Number]) -> Number:
    """CO2 equivalent of masses kept by gas: the last step, so that another GWP set changes nothing before it. [tCO2e]

    Parameters
    ----------
    masses : mapping of float or array    Mass by gas. [t of each gas]
    gwp : mapping of float or array       100-year warming potential by gas. [tCO2e/t of each gas]

    >>> round(co2e({"CO2": 100.0, "CH4_fossil": 2.0}, {"CO2": 1.0, "CH4_fossil": 29.8}), 1)
    159.6
    """
    return sum(masses[g] * gwp[g] for g in masses)


def residual_emissions(emissions: Number, removals: Number) -> Number:
    """What remains to be offset: emissions less removals, not below zero (reading R8). [tCO2e]

    Parameters
    ----------
    emissions, removals : float or array    Both positive. [tCO2e]

    >>> float(residual_emissions(100.0, 30.0)), float(residual_emissions(100.0, 130.0))
    (70.0, 0.0)
    """
    return maximum(0, emissions - removals)


def unused_removals(emissions: Number, removals: Number) -> Number:
    """Removals beyond the emissions of the year, which offset nothing and are not carried over. [tCO2e]

    Parameters
    ----------
    emissions, removals : float or array    Both positive. [tCO2e]

    >>> float(unused_removals(100.0, 130.0))
    30.0
    """
    return maximum(0, removals - emissions)


def net_emissions(residual: Number, offsets: Number) -> Number:
    """Residual emissions less offsets; negative where more was retired than was needed. [tCO2e]

    Parameters
    ----------
    residual, offsets : float or array    Both positive. [tCO2e]

    >>> net_emissions(70.0, 70.0)
    0.0
    """
    return residual - offsets


def ledger_balance(emissions: Number, removals: Number, unused: Number, offsets: Number, net: Number) -> Number:
    """What does not balance: zero when each tonne stands in one ledger only (reading R7). [tCO2e]

    Parameters
    ----------
    emissions, removals, unused, offsets, net : float or array    Entries of the ledger. [tCO2e]

    >>> ledger_balance(100.0, 130.0, 30.0, 5.0, -5.0)
    0.0
    """
    return emissions - removals + unused - offsets - net


def measure_abatement(baseline: Number, project: Number) -> Number:
    """Abatement of a measure inside the boundary (ISO 14064-2), already in the emissions (readings R7, R8). [tCO2e]

    Parameters
    ----------
    baseline, project : float or array    Emissions without and with the measure. [tCO2e]

    >>> measure_abatement(5200.0, 1200.0)
    4000.0
    """
    return baseline - project


def consolidated_emissions(emissions: Mapping[str, Number], shares: Mapping[str, Number]) -> Number:
    """Emissions of several sites rolled up to the parent (reading R16). [tCO2e]

    Parameters
    ----------
    emissions : mapping of float or array    Emissions by site. [tCO2e]
    shares : mapping of float or array       Equity share by site; by control 1 where it is held, else 0. [1]

    >>> consolidated_emissions({"east": 1000.0, "west": 500.0}, {"east": 0.5, "west": 1.0})
    1000.0
    """
    return sum(emissions[s] * shares[s] for s in emissions)


def co2e_in_other_set(amount: Number, chosen: Number, stated: Number) -> Number:
    """CO2e of a source in another set of warming potentials, by the gases that the source gives off. [tCO2e]

    Parameters
    ----------
    amount : float or array            In the set in which it is stated. [tCO2e]
    chosen, stated : float or array    What the source emits in the one set and in the other. [tCO2e]

    >>> round(co2e_in_other_set(298.0, chosen=2500.0, stated=2980.0), 9)  # methane of AR6 in AR4
    250.0
    """
    return amount * chosen / stated


def product_footprint(emissions: Number, upstream: Number, production: Number) -> Number:
    """Emissions per unit of product, or per unit mined, cradle to gate (ISO 14067). [kgCO2e/t, or per 10^4 Nm3 or m3]

    Parameters
    ----------
    emissions : float or array     Emissions of scopes 1 and 2 of the year. [tCO2e]
    upstream : float or array      Scope 3 emissions before the gate. [tCO2e]
    production : float or array    Product sold in the year, or what was mined. [t, 10^4 Nm3 or m3]

    >>> product_footprint(250_000.0, 25_000.0, 5_000_000.0)
    55.0
    """
    return (emissions + upstream) * 1000 / production
