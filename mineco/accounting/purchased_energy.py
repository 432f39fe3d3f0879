"""Electricity and heat that a mine buys and sells (scope 2)."""

from collections.abc import Mapping

from numpy import maximum

from mineco.core.number import Number


def electricity_co2(purchased: Number, sold: Number, factor: Number) -> Number:
    """CO2 of net purchased electricity, with the grid factor (location) or the residual factor (market). [tCO2]

    Parameters
    ----------
    purchased, sold : float or array    Electricity bought, and passed on to others. [MWh]
    factor : float or array             CO2 per electricity. [tCO2/MWh]

    >>> round(electricity_co2(8157.0, 0.0, 0.7921), 2)
    6461.16
    """
    return factor * (purchased - sold)


def contract_difference(contracted: Number, contract_factor: Number, residual_factor: Number) -> Number:
    """What a contract for part of the purchased electricity changes in the market-based figure (reading R15). [tCO2]

    The market-based figure is the residual factor on all purchases plus this difference for each contract, which is the
    contract's factor on its part and the residual factor on the rest. Negative where the contract is cleaner.

    Parameters
    ----------
    contracted : float or array         Electricity under the contract or certificate, part of the purchased. [MWh]
    contract_factor : float or array    Its own factor; 0 for green power and certificates. [tCO2/MWh]
    residual_factor : float or array    Factor of electricity without a contract. [tCO2/MWh]

    >>> contract_difference(1000.0, 0.0, 0.6096)
    -609.6
    """
    return contracted * (contract_factor - residual_factor)


def exports_not_netted(parts: Mapping[str, Number]) -> Number:
    """What brings the net of a carrier back to zero where more was sold than bought (reading R27). [tCO2]

    Emissions that exports beyond the purchase would have taken off.

    Parameters
    ----------
    parts : mapping of float or array    Emissions of the carrier's lines, exports negative. [tCO2]

    >>> float(exports_not_netted({"site": -30.0, "contract": 10.0})), float(exports_not_netted({"site": 5.0}))
    (20.0, 0.0)
    """
    return maximum(0, sum(-parts[k] for k in parts))


def net_heat(purchased: Number, sold: Number) -> Number:
    """Heat bought less heat sold. [GJ]

    Parameters
    ----------
    purchased, sold : float or array    Heat bought, and passed on to others. [GJ]

    >>> net_heat(12_000.0, 2_000.0)
    10000.0
    """
    return purchased - sold


def heat_co2(heat: Number, factor: Number) -> Number:
    """CO2 of net purchased heat, hot water or steam. [tCO2]

    Parameters
    ----------
    heat : float or array      Heat. [GJ]
    factor : float or array    CO2 per heat. [tCO2/GJ]

    >>> round(heat_co2(10_000.0, 0.11), 1)
    1100.0
    """
    return heat * factor


def hot_water_heat(purchased: Number, sold: Number, temperature: Number, reference: Number,
                   specific_heat: Number) -> Number:
    """Heat of hot water above the reference temperature (NDRC formula 19-03). [GJ]

    Parameters
    ----------
    purchased, sold : float or array           Hot water bought, and passed on to others. [t]
    temperature, reference : float or array    Its temperature and the reference of 20 °C. [degC]
    specific_heat : float or array             4.1868 kJ for a kilogram and a kelvin. [kJ/(kg K)]

    >>> round(hot_water_heat(1000.0, 0.0, 70.0, 20.0, 4.1868), 2)
    209.34
    """
    return specific_heat * (purchased - sold) * (temperature - reference) / 1000


def steam_heat(purchased: Number, sold: Number, enthalpy: Number, reference_enthalpy: Number) -> Number:
    """Heat of steam above water at 20 °C (NDRC formula 19-04). [GJ]

    Parameters
    ----------
    purchased, sold : float or array                 Steam bought, and passed on to others. [t]
    enthalpy, reference_enthalpy : float or array
        Enthalpy of the steam at its pressure and temperature, and 83.74 of water at 20 °C. [kJ/kg]

    >>> round(steam_heat(1000.0, 0.0, 2763.0, 83.74), 2)
    2679.26
    """
    return (purchased - sold) * (enthalpy - reference_enthalpy) / 1000
