"""Emissions and uptake that are neither fuel nor seam gas: rock, blasting, equipment, wastewater, land, filling."""

from mineco.core.number import Number


def carbonate_co2(carbonate: Number, decomposed: Number, factor: Number, purity: Number) -> Number:
    """CO2 from carbonate rock that is calcined or dissolved in acid (NDRC mining guideline, row 19-05). [tCO2]

    Parameters
    ----------
    carbonate : float or array     Carbonate used. [t]
    decomposed : float or array    Share that decomposes. [1]
    factor : float or array        CO2 per pure carbonate. [tCO2/t]
    purity : float or array        Mass share of the carbonate. [1]

    >>> round(carbonate_co2(1000.0, 1.0, 0.4397, 0.95), 1)
    417.7
    """
    return carbonate * decomposed * factor * purity


def carbonation_co2(product: Number, factor: Number, purity: Number) -> Number:
    """CO2 bound when a carbonate is made, a negative emission (NDRC mining guideline, row 19-06). [tCO2]

    Parameters
    ----------
    product : float or array    Carbonate made. [t]
    factor : float or array     CO2 per pure carbonate. [tCO2/t]
    purity : float or array     Mass share of the carbonate. [1]

    >>> round(carbonation_co2(1000.0, 0.4397, 0.98), 2)
    -430.91
    """
    return -product * factor * purity


def explosive_co2(explosive: Number, factor: Number) -> Number:
    """CO2 set free by blasting. [tCO2]

    Parameters
    ----------
    explosive : float or array    Explosive fired. [t]
    factor : float or array       CO2 per explosive. [tCO2/t]

    >>> round(explosive_co2(850.0, 0.17), 1)
    144.5
    """
    return explosive * factor


def gas_loss(stock_begin: Number, purchased: Number, recovered: Number, stock_end: Number) -> Number:
    """Refrigerant or SF6 lost from equipment, by mass balance. [t of the gas]

    Parameters
    ----------
    stock_begin, stock_end : float or array    Gas in equipment and store on the first and last day. [kg of the gas]
    purchased : float or array                 Gas bought, with that inside new equipment. [kg of the gas]
    recovered : float or array                 Gas handed out: sold, returned, destroyed. [kg of the gas]

    >>> gas_loss(120.0, 30.0, 10.0, 115.0)
    0.025
    """
    return (stock_begin + purchased - recovered - stock_end) / 1000


def wastewater_ch4(cod: Number, methane_yield: Number, correction: Number, recovered: Number) -> Number:
    """CH4 from wastewater treated without air (IPCC 2006 vol. 5, equation 6.4); not of fossil carbon. [tCH4]

    Parameters
    ----------
    cod : float or array              Chemical oxygen demand removed. [tCOD]
    methane_yield : float or array    Largest CH4 yield, 0.25. [tCH4/tCOD]
    correction : float or array       Methane correction factor of the treatment, 0 to 1. [1]
    recovered : float or array        CH4 burnt or used. [tCH4]

    >>> wastewater_ch4(200.0, 0.25, 0.8, 10.0)
    30.0
    """
    return cod * methane_yield * correction - recovered


def land_clearing_co2(area: Number, carbon_before: Number, carbon_after: Number) -> Number:
    """CO2 from vegetation and soil of newly disturbed land, all in the year of disturbance. [tCO2]

    IPCC 2006 vol. 4, equations 2.15 and 2.16.

    Parameters
    ----------
    area : float or array                           Land disturbed in the year. [ha]
    carbon_before, carbon_after : float or array    Carbon of biomass, litter and soil before, and right after. [tC/ha]

    >>> round(land_clearing_co2(12.0, 45.0, 15.0), 1)
    1320.0
    """
    return area * 44 / 12 * (carbon_before - carbon_after)


def filled_co2(injected: Number, purity: Number, leaked: Number, energy_emissions: Number) -> Number:
    """CO2 fixed by filling a mine: a removal, positive, and never also an abatement (reading R7). [tCO2]

    Parameters
    ----------
    injected : float or array            Gas bound in the fill (mass balance) that would else have reached the air. [t]
    purity : float or array              Mass share of CO2 in it. [1]
    leaked : float or array              CO2 that left again. [tCO2]
    energy_emissions : float or array    CO2 of capture and transport that scopes 1 and 2 do not already hold. [tCO2]

    >>> filled_co2(1000.0, 0.99, 15.0, 75.0)
    900.0
    """
    return injected * purity - leaked - energy_emissions
