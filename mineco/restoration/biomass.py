"""Carbon of biomass: growth, losses and stocks of restored stands."""

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
