"""Oil, gas and water-gas mines: segments by factor, vented and recovered gas, carbon dioxide that leaves the water."""

from mineco.accounting.number import Number


def segment_emission(activity: Number, factor: Number) -> Number:
    """Gas from a segment of an oil or gas system by a factor (IPCC 2006 vol. 2, equation 4.2.1, tier 1).

    Chinese guidelines count facilities instead: activity is then their number, the factor is per facility and year.

    Parameters
    ----------
    activity : float or array
        Oil, or gas at 0 °C, handled in the year; or facilities. [m3, Nm3 or 1]
    factor : float or array
        Gas per activity. [kg/m3, kg/Nm3 or kg]

    Returns
    -------
    float or array
        Emissions. [t of the gas]

    >>> segment_emission(2_000_000.0, 0.855)
    1710.0
    """
    return activity * factor / 1000


def component_mass(volume: Number, share: Number, density: Number) -> Number:
    """CH4 or CO2 in a gas that is vented, or CO2 that passes a flare unchanged.

    Parameters
    ----------
    volume : float or array
        Gas vented or flared, at 0 °C and 101.325 kPa. [10^4 Nm3]
    share : float or array
        Volume share of the component. [1]
    density : float or array
        Its density at 0 °C. [kg/Nm3]

    Returns
    -------
    float or array
        Emissions; 10^4 Nm3 times kg/Nm3 is 10 t. [tCH4 or tCO2]

    >>> round(component_mass(100.0, 0.05, 1.977), 3)
    98.85
    """
    return volume * share * density * 10


def recovered_component(volume: Number, share: Number, density: Number) -> Number:
    """CH4 or CO2 that is recovered from gas which the vent and fugitive lines count as released.

    Parameters
    ----------
    volume : float or array
        Gas recovered, at 0 °C and 101.325 kPa. [10^4 Nm3]
    share : float or array
        Volume share of the component. [1]
    density : float or array
        Its density at 0 °C. [kg/Nm3]

    Returns
    -------
    float or array
        A negative emission. [tCH4 or tCO2]

    >>> round(recovered_component(100.0, 0.9, 0.7158), 2)
    -644.22
    """
    return -volume * share * density * 10


def dissolved_co2(water: Number, released: Number) -> Number:
    """CO2 of the ground that leaves mineral or thermal water when it comes up.

    Parameters
    ----------
    water : float or array
        Water lifted. [m3]
    released : float or array
        Dissolved CO2 at the well head less what the water still holds when it leaves the mine. [kgCO2/m3]

    Returns
    -------
    float or array
        Emissions. [tCO2]

    >>> round(dissolved_co2(300_000.0, 1.8), 1)
    540.0
    """
    return water * released / 1000
