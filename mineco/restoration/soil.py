"""Carbon of soil: measured in layers, by reference stocks, and the change from one land use to another."""

from collections.abc import Mapping

from mineco.core.number import Number


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
