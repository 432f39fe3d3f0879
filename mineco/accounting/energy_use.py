"""Energy in standard coal (GB/T 2589): fuels by their calorific value, electricity and heat by theirs."""

from collections.abc import Mapping

from numpy import maximum

from mineco.core.number import Number


def fuel_energy(fuel: Number, ncv: Number, standard_coal: Number) -> Number:
    """Energy of a fuel in standard coal, by the same calorific value that serves its CO2. [tce]

    Parameters
    ----------
    fuel : float or array             Fuel burnt. [t or 10^4 Nm3]
    ncv : float or array              Net calorific value. [GJ/t or GJ/(10^4 Nm3)]
    standard_coal : float or array    Calorific value of standard coal, 29.3076. [GJ/tce]

    >>> round(fuel_energy(1000.0, 20.908, 29.3076), 1)
    713.4
    """
    return fuel * ncv / standard_coal


def net_energy(purchased: Number, sold: Number, coefficient: Number) -> Number:
    """Electricity bought or generated less what was sold, in standard coal on the calorific basis. [tce]

    Parameters
    ----------
    purchased, sold : float or array    Electricity. [MWh]
    coefficient : float or array        Standard coal per electricity, 0.1229 kgce/kWh. [tce/MWh]

    >>> round(net_energy(10_000.0, 0.0, 0.1229), 1)
    1229.0
    """
    return coefficient * (purchased - sold)


def carrier_energy(quantity: Number, coefficient: Number) -> Number:
    """Energy of a carrier in standard coal by a coefficient of GB/T 2589. [tce]

    Parameters
    ----------
    quantity : float or array       Heat or electricity used. [GJ or MWh]
    coefficient : float or array    Standard coal per unit, 0.03412 kgce/MJ for heat. [tce/GJ or tce/MWh]

    >>> round(carrier_energy(200.0, 0.1229), 2)
    24.58
    """
    return quantity * coefficient


def exported_energy_not_netted(parts: Mapping[str, Number], renewable: Mapping[str, Number]) -> Number:
    """What brings the net of a carrier back to the renewables used of it, where more was sold (reading R27). [tce]

    Energy that exports beyond the purchase would have taken off.

    Parameters
    ----------
    parts : mapping of float or array        Energy of the carrier's lines: bought less sold, made at the mine. [tce]
    renewable : mapping of float or array    Of this from renewables at the mine and used there. [tce]

    >>> float(exported_energy_not_netted({"bought less sold": -30.0, "solar": 50.0}, {"solar": 40.0}))
    20.0
    >>> float(exported_energy_not_netted({"bought less sold": -10.0, "solar": 50.0}, {"solar": 40.0}))
    0.0
    """
    return maximum(0, sum(renewable[k] for k in renewable) + sum(-parts[k] for k in parts))
