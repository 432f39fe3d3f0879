"""The ledger: masses of gases to CO2e, sources to scopes, removals and offsets to what remains."""

from collections.abc import Mapping

from numpy import maximum

from mineco.accounting.number import Number


def total_mass(lines: Mapping[str, Number]) -> Number:
    """Mass of one gas over all sources.

    Parameters
    ----------
    lines : mapping of float or array
        Mass by source. [t of the gas]

    Returns
    -------
    float or array
        Sum. [t of the gas]

    >>> total_mass({"stationary": 3.0, "mobile": 4.0})
    7.0
    """
    return sum(lines[k] for k in lines)


def co2e(masses: Mapping[str, Number], gwp: Mapping[str, Number]) -> Number:
    """CO2 equivalent of masses kept by gas: the last step, so that another GWP set changes nothing before it.

    Parameters
    ----------
    masses : mapping of float or array
        Mass by gas. [t of each gas]
    gwp : mapping of float or array
        100-year warming potential by gas. [tCO2e/t of each gas]

    Returns
    -------
    float or array
        CO2 equivalent. [tCO2e]

    >>> round(co2e({"CO2": 100.0, "CH4_fossil": 2.0}, {"CO2": 1.0, "CH4_fossil": 29.8}), 1)
    159.6
    """
    return sum(masses[g] * gwp[g] for g in masses)


def total_emissions(scopes: Mapping[str, Number]) -> Number:
    """Emissions of the scopes that are graded.

    Parameters
    ----------
    scopes : mapping of float or array
        Emissions by scope. [tCO2e]

    Returns
    -------
    float or array
        Sum. [tCO2e]

    >>> total_emissions({"scope 1": 60.0, "scope 2": 40.0})
    100.0
    """
    return sum(scopes[s] for s in scopes)


def total_energy(lines: Mapping[str, Number]) -> Number:
    """Energy over all carriers.

    Parameters
    ----------
    lines : mapping of float or array
        Energy by source. [tce]

    Returns
    -------
    float or array
        Sum. [tce]

    >>> total_energy({"diesel": 1.5, "electricity": 2.0})
    3.5
    """
    return sum(lines[k] for k in lines)


def total_removals(parts: Mapping[str, Number]) -> Number:
    """Removals inside the boundary: restoration and filled CO2.

    Parameters
    ----------
    parts : mapping of float or array
        Removal by kind, positive. [tCO2e]

    Returns
    -------
    float or array
        Sum. [tCO2e]

    >>> total_removals({"restoration": 800.0, "filled CO2": 200.0})
    1000.0
    """
    return sum(parts[k] for k in parts)


def total_offsets(lines: Mapping[str, Number]) -> Number:
    """Offsets from outside the boundary that may be counted.

    Parameters
    ----------
    lines : mapping of float or array
        Retired credits, cancelled allowances and outside sinks. [tCO2e]

    Returns
    -------
    float or array
        Sum. [tCO2e]

    >>> total_offsets({"credit 1": 300.0, "sink 1": 50.0})
    350.0
    """
    return sum(lines[k] for k in lines)


def residual_emissions(emissions: Number, removals: Number) -> Number:
    """What remains to be offset: emissions less removals, not below zero (reading R8).

    Parameters
    ----------
    emissions, removals : float or array
        Both positive. [tCO2e]

    Returns
    -------
    float or array
        Residual emissions. [tCO2e]

    >>> float(residual_emissions(100.0, 30.0)), float(residual_emissions(100.0, 130.0))
    (70.0, 0.0)
    """
    return maximum(0, emissions - removals)


def unused_removals(emissions: Number, removals: Number) -> Number:
    """Removals beyond the emissions of the year, which offset nothing and are not carried over.

    Parameters
    ----------
    emissions, removals : float or array
        Both positive. [tCO2e]

    Returns
    -------
    float or array
        Unused removals. [tCO2e]

    >>> float(unused_removals(100.0, 130.0))
    30.0
    """
    return maximum(0, removals - emissions)


def net_emissions(residual: Number, offsets: Number) -> Number:
    """Residual emissions less offsets; negative where more was retired than was needed.

    Parameters
    ----------
    residual, offsets : float or array
        Both positive. [tCO2e]

    Returns
    -------
    float or array
        Net emissions. [tCO2e]

    >>> net_emissions(70.0, 70.0)
    0.0
    """
    return residual - offsets


def ledger_balance(emissions: Number, removals: Number, unused: Number, offsets: Number, net: Number) -> Number:
    """Zero when each tonne stands in one ledger only (reading R7).

    Parameters
    ----------
    emissions, removals, unused, offsets, net : float or array
        Entries of the ledger. [tCO2e]

    Returns
    -------
    float or array
        What does not balance. [tCO2e]

    >>> ledger_balance(100.0, 130.0, 30.0, 5.0, -5.0)
    0.0
    """
    return emissions - removals + unused - offsets - net


def measure_abatement(baseline: Number, project: Number) -> Number:
    """Abatement of a measure inside the boundary (ISO 14064-2), already in the lower emissions (readings R7, R8).

    Parameters
    ----------
    baseline, project : float or array
        Emissions without and with the measure. [tCO2e]

    Returns
    -------
    float or array
        Abatement. [tCO2e]

    >>> measure_abatement(5200.0, 1200.0)
    4000.0
    """
    return baseline - project


def total_abatement(measures: Mapping[str, Number]) -> Number:
    """Abatement of all measures.

    Parameters
    ----------
    measures : mapping of float or array
        Abatement by measure. [tCO2e]

    Returns
    -------
    float or array
        Sum. [tCO2e]

    >>> total_abatement({"heat pump": 900.0, "drive": 100.0})
    1000.0
    """
    return sum(measures[m] for m in measures)


def consolidated_emissions(emissions: Mapping[str, Number], shares: Mapping[str, Number]) -> Number:
    """Emissions of several sites rolled up to the parent (reading R16).

    Parameters
    ----------
    emissions : mapping of float or array
        Emissions by site. [tCO2e]
    shares : mapping of float or array
        The equity share of each site; under financial or operational control 1 where control is held, else 0. [1]

    Returns
    -------
    float or array
        Emissions of the parent. [tCO2e]

    >>> consolidated_emissions({"east": 1000.0, "west": 500.0}, {"east": 0.5, "west": 1.0})
    1000.0
    """
    return sum(emissions[s] * shares[s] for s in emissions)


def product_footprint(emissions: Number, upstream: Number, production: Number) -> Number:
    """Emissions per tonne of product from cradle to the gate of the mine (ISO 14067).

    Parameters
    ----------
    emissions : float or array
        Emissions of scopes 1 and 2 of the year. [tCO2e]
    upstream : float or array
        Scope 3 emissions before the gate. [tCO2e]
    production : float or array
        Product of the year. [t]

    Returns
    -------
    float or array
        Footprint. [kgCO2e/t]

    >>> product_footprint(250_000.0, 25_000.0, 5_000_000.0)
    55.0
    """
    return (emissions + upstream) * 1000 / production
