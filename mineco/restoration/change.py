"""Change of the carbon of restored land, from whichever figures a mine has, to what counts as removed."""

from mineco.core.number import Number


def gain_loss_change(gain: Number, loss: Number) -> Number:
    """Yearly change of biomass carbon by gains and losses (equations 2.7 and 2.11). [tC/yr]

    Parameters
    ----------
    gain : float or array  Gain by growth. [tC/yr]
    loss : float or array  Wood, fuel wood and disturbance, positive. [tC/yr]

    >>> gain_loss_change(1000.0, 250.0)
    750.0
    """
    return gain - loss


def area_carbon_stock(area: Number, density: Number) -> Number:
    """Carbon of a pool from its areal density. [tC]

    Parameters
    ----------
    area : float or array     Land. [ha]
    density : float or array  Carbon per area. [tC/ha]

    >>> area_carbon_stock(20.0, 52.5)
    1050.0
    """
    return area * density


def stock_density(stock: Number, area: Number) -> Number:
    """Carbon stock per area. [tC/ha]

    Parameters
    ----------
    stock : float or array  Of all pools. [tC]
    area : float or array   Land. [ha]

    >>> stock_density(1_050.0, 20.0)
    52.5
    """
    return stock / area


def stock_difference_change(stock_after: Number, stock_before: Number, years: Number) -> Number:
    """Yearly change of carbon between two inventories of the same land (equation 2.5). [tC/yr]

    Parameters
    ----------
    stock_after, stock_before : float or array  Stocks at the later and at the earlier inventory. [tC]
    years : float or array                      Years between them. [yr]

    >>> stock_difference_change(1200.0, 1000.0, 5.0)
    40.0
    """
    return (stock_after - stock_before) / years


def rate_change(area: Number, rate: Number) -> Number:
    """Yearly change of carbon from a rate per area. [tC/yr]

    Parameters
    ----------
    area : float or array  Land. [ha]
    rate : float or array  Change of carbon per area. [tC/(ha yr)]

    >>> rate_change(50.0, 0.8)
    40.0
    """
    return area * rate


def net_sequestration(change: Number, project_emissions: Number) -> Number:
    """What restoration takes from the air in a year: change of carbon as CO2, less the emissions of the work. [tCO2e]

    The change counts from the disturbed land, not from the land before mining.

    Parameters
    ----------
    change : float or array             Change of a pool, or of all pools. [tC/yr]
    project_emissions : float or array
        Leakage and emissions of the work of the year that scopes 1 and 2 do not already hold. [tCO2e]

    >>> round(net_sequestration(90.0, 10.0), 1)
    320.0
    """
    return change * 44 / 12 - project_emissions


def project_gain(removals: Number, baseline: Number) -> Number:
    """What a project takes up beyond the same land without it. [tCO2e]

    Parameters
    ----------
    removals : float or array  Net removals of the project in the year. [tCO2e]
    baseline : float or array  Removals of the same land without the project; negative on degrading land. [tCO2e]

    >>> project_gain(900.0, 150.0)
    750.0
    """
    return removals - baseline
