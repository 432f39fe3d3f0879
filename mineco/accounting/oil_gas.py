"""Oil, gas and water-gas mines: segments by factor, recovered gas, carbon dioxide that leaves the water."""

from mineco.core.number import Number


def segment_emission(activity: Number, factor: Number) -> Number:
    """Gas from a segment of an oil or gas system by a factor (IPCC 2006 vol. 2, equation 4.2.1, tier 1). [t of the gas]

    Chinese guidelines count facilities instead: activity is then their number, the factor is per facility and year.

    Parameters
    ----------
    activity : float or array    Oil, or gas at 15 °C, handled in the year; or facilities. [m3, m3_15C or 1]
    factor : float or array      Gas per activity. [kg/m3, kg/m3_15C or kg of the gas]

    >>> segment_emission(2_000_000.0, 0.855)
    1710.0
    """
    return activity * factor / 1000


def recovered_volume(volume: Number, share: Number) -> Number:
    """CH4 or CO2 recovered from gas that the vent and fugitive lines count as released. [Nm3]

    Negative: an emission that did not happen.

    Parameters
    ----------
    volume : float or array    Gas recovered. [Nm3]
    share : float or array     Volume share of the component. [1]

    >>> recovered_volume(1000.0, 0.9)
    -900.0
    """
    return -volume * share


def dissolved_co2(water: Number, released: Number) -> Number:
    """CO2 of the ground that leaves mineral or thermal water when it comes up. [tCO2]

    Parameters
    ----------
    water : float or array       Water lifted. [m3]
    released : float or array
        Dissolved CO2 at the well head less what the water still holds when it leaves the mine. [kgCO2/m3]

    >>> round(dissolved_co2(300_000.0, 1.8), 1)
    540.0
    """
    return water * released / 1000
