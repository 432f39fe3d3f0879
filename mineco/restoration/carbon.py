"""Carbon of restored land (IPCC 2006, volume 4, chapter 2): biomass, soil, and their change to what counts as removed.

Growth, losses and stocks of stands; soil measured in layers, by reference stocks, or between two uses of land; then
the change from whichever figures a mine has.
"""

from collections.abc import Mapping

from mineco.core.number import Number


def biomass_gain(area: Number, growth: Number, root_shoot: Number, carbon_fraction: Number) -> Number:
    """Carbon gained by the growth of biomass (equations 2.9 and 2.10). [tC/yr]

    Parameters
    ----------
    area : float or array             Land. [ha]
    growth : float or array           Growth of above-ground biomass. [t_dm/(ha yr)]
    root_shoot : float or array       Below-ground to above-ground biomass. [1]
    carbon_fraction : float or array  Carbon in dry matter. [tC/t_dm]

    >>> round(biomass_gain(100_000.0, 4.0, 0.29, 0.47), 0)
    242520.0
    """
    return area * growth * carbon_fraction * (1 + root_shoot)


def wood_removal_loss(harvest: Number, expansion: Number, root_shoot: Number, carbon_fraction: Number) -> Number:
    """Carbon lost with harvested wood or fuel wood of whole trees, positive (equations 2.12 and 2.13). [tC/yr]

    Parameters
    ----------
    harvest : float or array          Merchantable volume taken. [m3/yr]
    expansion : float or array        Biomass conversion and expansion factor for removals, with bark. [t_dm/m3]
    root_shoot : float or array       Below-ground to above-ground biomass. [1]
    carbon_fraction : float or array  Carbon in dry matter. [tC/t_dm]

    >>> round(wood_removal_loss(1000.0, 1.11, 0.29, 0.47), 1)
    673.0
    """
    return harvest * expansion * carbon_fraction * (1 + root_shoot)


def disturbance_loss(area: Number, biomass: Number, root_shoot: Number, carbon_fraction: Number,
                     lost_share: Number) -> Number:
    """Carbon lost to fire, pests or drought, positive (equation 2.14). [tC/yr]

    Parameters
    ----------
    area : float or array             Land struck in the year. [ha/yr]
    biomass : float or array          Above-ground biomass before. [t_dm/ha]
    root_shoot : float or array       Below-ground to above-ground biomass. [1]
    carbon_fraction : float or array  Carbon in dry matter. [tC/t_dm]
    lost_share : float or array       Share of the biomass that is lost. [1]

    >>> round(disturbance_loss(2000.0, 1.0, 0.29, 0.47, 0.3), 2)
    363.78
    """
    return area * biomass * carbon_fraction * lost_share * (1 + root_shoot)


def tree_carbon_stock(area: Number, volume: Number, expansion: Number, root_shoot: Number,
                      carbon_fraction: Number) -> Number:
    """Carbon in living trees from their growing stock (equation 2.8 b). [tC]

    Parameters
    ----------
    area : float or array             Land. [ha]
    volume : float or array           Merchantable growing stock. [m3/ha]
    expansion : float or array        Biomass conversion and expansion factor of the stock. [t_dm/m3]
    root_shoot : float or array       Below-ground to above-ground biomass. [1]
    carbon_fraction : float or array  Carbon in dry matter. [tC/t_dm]

    >>> round(tree_carbon_stock(10.0, 60.0, 0.75, 0.4, 0.47), 1)
    296.1
    """
    return area * volume * expansion * carbon_fraction * (1 + root_shoot)


def reference_soil_carbon(area: Number, reference: Number, land_use: Number, management: Number,
                          inputs: Number) -> Number:
    """Soil carbon of a stratum after its transition, from the reference stock (equation 2.25). [tC]

    Parameters
    ----------
    area : float or array                          Land. [ha]
    reference : float or array                     Reference stock of climate and soil, 0 to 30 cm. [tC/ha]
    land_use, management, inputs : float or array  Stock change factors. [1]

    >>> round(reference_soil_carbon(10.0, 38.0, 0.8, 1.02, 1.0), 2)
    310.08
    """
    return area * reference * land_use * management * inputs


def soil_transition_change(stock_after: Number, stock_before: Number, transition: Number, years: Number) -> Number:
    """Yearly change of soil carbon from one stock to another, and zero afterwards (equation 2.25). [tC/yr]

    The bracket around the comparison is 1 while it holds and 0 when it does not.

    Parameters
    ----------
    stock_after, stock_before : float or array  Stocks at the end and at the beginning of the transition. [tC]
    transition : float or array                 Its length, 20 by default. [yr]
    years : float or array                      Years since the restoration, the present one counted. [yr]

    >>> soil_transition_change(400.0, 300.0, 20.0, 20.0), soil_transition_change(400.0, 300.0, 20.0, 21.0)
    (5.0, 0.0)
    """
    return (stock_after - stock_before) / transition * (years <= transition)


def measured_soil_carbon(carbon: Mapping[str, Number], bulk_density: Mapping[str, Number],
                         thickness: Mapping[str, Number], gravel: Mapping[str, Number]) -> Number:
    """Soil carbon per area from measured layers; g/kg times g/cm3 times cm is 0.1 t/ha. [tC/ha]

    Parameters
    ----------
    carbon : mapping of float or array        Organic carbon of the fine earth by layer. [g/kg]
    bulk_density : mapping of float or array  Dry bulk density by layer. [g/cm3]
    thickness : mapping of float or array     Thickness by layer. [cm]
    gravel : mapping of float or array        Volume share of stones by layer. [1]

    >>> round(measured_soil_carbon({"0-20 cm": 8.0}, {"0-20 cm": 1.4}, {"0-20 cm": 20.0}, {"0-20 cm": 0.1}), 2)
    20.16
    """
    return sum(carbon[k] * bulk_density[k] * thickness[k] * (1 - gravel[k]) / 10 for k in carbon)


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
