"""Burning fuels and mine gas, in furnaces, engines, flares and oxidisers."""

from mineco.core.number import Number


def combustion_co2(fuel: Number, ncv: Number, carbon: Number, oxidation: Number) -> Number:
    """CO2 from burning a fuel, positive (IPCC 2006 vol. 2, equation 2.1 in its carbon form). [tCO2]

    The same product serves biomass, whose CO2 is reported apart, and the use of sold fuels (scope 3, category 11).

    Parameters
    ----------
    fuel : float or array         Fuel burnt in the year. [t or 10^4 Nm3]
    ncv : float or array          Net calorific value. [GJ/t or GJ/(10^4 Nm3)]
    carbon : float or array       Carbon per energy. [tC/GJ]
    oxidation : float or array    Share of the carbon that is oxidised. [1]

    >>> round(combustion_co2(100.0, 42.652, 0.0202, 0.98), 1)
    309.6
    """
    return fuel * ncv * carbon * oxidation * 44 / 12


def combustion_other_gas(fuel: Number, ncv: Number, factor: Number) -> Number:
    """CH4 or N2O from burning a fuel (IPCC 2006 vol. 2, equation 2.1). [tCH4 or tN2O]

    Parameters
    ----------
    fuel : float or array      Fuel burnt in the year. [t or 10^4 Nm3]
    ncv : float or array       Net calorific value. [GJ/t or GJ/(10^4 Nm3)]
    factor : float or array    Gas per energy; GJ times kg/TJ is 10^-6 t. [kgCH4/TJ or kgN2O/TJ]

    >>> round(combustion_other_gas(1000.0, 42.652, 3.9), 4)
    0.1663
    """
    return fuel * ncv * factor / 10**6


def gas_carbon_content(methane: Number) -> Number:
    """Carbon in mine gas whose only carbon that burns is methane (NDRC coal guideline, flare formula). [tC/(10^4 Nm3)]

    One molecule of CH4 carries 12 kg C per kmol; a kmol fills 22.4 Nm3 at 0 °C, so 10^4 Nm3 hold 12·10/22.4 t.

    Parameters
    ----------
    methane : float or array    Volume share of CH4. [1]

    >>> round(gas_carbon_content(1.0), 4)
    5.3571
    """
    return methane * 12 * 10 / 22.4


def gas_calorific_value(methane: Number, methane_ncv: Number) -> Number:
    """Net calorific value of mine gas whose only part that burns is methane. [GJ/(10^4 Nm3)]

    Parameters
    ----------
    methane : float or array        Volume share of CH4. [1]
    methane_ncv : float or array    Net calorific value of pure methane. [GJ/(10^4 Nm3)]

    >>> gas_calorific_value(0.5, 358.0)
    179.0
    """
    return methane * methane_ncv


def gas_combustion_co2(volume: Number, carbon: Number, oxidation: Number) -> Number:
    """CO2 from mine gas burnt in a flare, an engine, a boiler or an oxidiser. [tCO2]

    Parameters
    ----------
    volume : float or array       Gas burnt, at 0 °C and 101.325 kPa. [10^4 Nm3]
    carbon : float or array       Carbon content, CO2 already in the gas left out. [tC/(10^4 Nm3)]
    oxidation : float or array    Share of the carbon that is oxidised. [1]

    >>> round(gas_combustion_co2(100.0, 5.3571, 0.98), 1)
    1925.0
    """
    return volume * carbon * oxidation * 44 / 12


def unburnt_methane_volume(volume: Number, methane: Number, destroyed: Number) -> Number:
    """CH4 that leaves a flare, an engine or an oxidiser unburnt (IPCC 2006 vol. 2, chapter 4, 4.1.3). [10^4 Nm3]

    Parameters
    ----------
    volume : float or array       Gas fed in, at 0 °C and 101.325 kPa. [10^4 Nm3]
    methane : float or array      Volume share of CH4. [1]
    destroyed : float or array    Share of the methane that burns. [1]

    >>> round(unburnt_methane_volume(100.0, 0.5, 0.98), 6)
    1.0
    """
    return volume * methane * (1 - destroyed)
