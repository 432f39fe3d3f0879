"""Scope 3: what suppliers, carriers and customers emit for the mine; it stands beside the grade.

The use of sold fuels (category 11) is `mineco.accounting.combustion.combustion_co2` of what was sold.
"""

from mineco.core.number import Number


def activity_co2e(activity: Number, factor: Number) -> Number:
    """Emissions of a purchase, of energy before the mine, of waste, travel, or of processing sold products. [tCO2e]

    GHG Protocol scope 3, average-data and spend-based methods; freight by tonne-kilometres too.

    Parameters
    ----------
    activity : float or array
        What was bought, used, carried or sold. [t, 10^4 Nm3, MWh, GJ, yuan, m3, t km, km, person km or night]
    factor : float or array      Emissions per activity, of the supplier or of a data base. [tCO2e per the same unit]

    >>> activity_co2e(3000.0, 2.5)
    7500.0
    """
    return activity * factor


def freight_co2e(mass: Number, distance: Number, factor: Number) -> Number:
    """Emissions of goods carried by others (GHG Protocol scope 3, categories 4 and 9). [tCO2e]

    Parameters
    ----------
    mass : float or array        Goods. [t]
    distance : float or array    Way. [km]
    factor : float or array      Emissions per tonne-kilometre. [kgCO2e/(t km)]

    >>> round(freight_co2e(1_000_000.0, 250.0, 0.008), 1)
    2000.0
    """
    return mass * distance * factor / 1000
