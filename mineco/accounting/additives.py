"""What is spread on soil, injected into exhaust, or burnt by its chemistry alone."""

from mineco.core.number import Number


def urea_co2(urea: Number, factor: Number) -> Number:
    """CO2 of urea in exhaust treatment or on soil (IPCC 2006 vol. 2, equation 3.2.2; vol. 4, equation 11.13). [tCO2]

    Parameters
    ----------
    urea : float or array      Urea, or a solution of it, used up. [t]
    factor : float or array    CO2 per mass: 12/60 of urea is carbon. [tCO2/t]

    >>> round(urea_co2(30.0, 0.2383), 3)
    7.149
    """
    return urea * factor


def liming_co2(lime: Number, factor: Number) -> Number:
    """CO2 of limestone or dolomite spread on soil (IPCC 2006 vol. 4, equation 11.12). [tCO2]

    Parameters
    ----------
    lime : float or array      Limestone or dolomite spread. [t]
    factor : float or array    CO2 per mass. [tCO2/t]

    >>> liming_co2(50.0, 0.44)
    22.0
    """
    return lime * factor


def soil_n2o(nitrogen: Number, factor: Number) -> Number:
    """Direct N2O of nitrogen spread on soil (IPCC 2019 Refinement vol. 4, equation 11.1, first term). [tN2O]

    44 g of N2O hold 28 g of nitrogen.

    Parameters
    ----------
    nitrogen : float or array    Nitrogen in the fertiliser spread. [t]
    factor : float or array      Share of the nitrogen that leaves as N2O-N. [1]

    >>> soil_n2o(7.0, 0.01)
    0.11
    """
    return nitrogen * factor * 44 / 28


def fuel_co2_by_mass(fuel: Number, factor: Number) -> Number:
    """CO2 of a pure substance burnt whole, by its chemical formula. [tCO2]

    Parameters
    ----------
    fuel : float or array      Substance burnt. [t]
    factor : float or array    CO2 per mass: 44/32 of methanol, 0 of hydrogen. [tCO2/t]

    >>> fuel_co2_by_mass(32.0, 1.375)
    44.0
    """
    return fuel * factor
