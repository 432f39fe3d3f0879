"""Methane and carbon dioxide that coal seams give off: working mines, coal after mining, abandoned mines.

Volumes of relative emission and of ventilation are pure gas at 20 °C and 101.325 kPa, as mines report them.
"""

from numpy import exp

from mineco.core.number import Number


def underground_methane_volume(ventilation: Number, drainage: Number, flared: Number, used: Number) -> Number:
    """CH4 that reaches the air from working underground mines (IPCC 2006 vol. 2, chapter 4, tier 3). [m3_20C or tCH4]

    Parameters
    ----------
    ventilation : float or array     CH4 in the ventilation air of all shafts. [m3_20C or tCH4]
    drainage : float or array        CH4 drained from seams and goaf. [m3_20C or tCH4]
    flared, used : float or array    Of these fed to flares, and to engines, boilers or oxidisers. [m3_20C or tCH4]

    >>> underground_methane_volume(80e6, 50e6, 5e6, 30e6)
    95000000.0
    """
    return ventilation + drainage - flared - used


def coal_gas_volume(coal: Number, factor: Number) -> Number:
    """Gas given off by a mass of coal, before any recovery (IPCC 2006 vol. 2). [m3_20C]

    Relative emission, depth class (tier 1), surface mining, coal after mining: equations 4.1.3, 4.1.4, 4.1.7 and 4.1.8.

    Parameters
    ----------
    coal : float or array      Coal mined. [t]
    factor : float or array    Gas per tonne. [m3_20C/t]

    >>> coal_gas_volume(5e6, 13.4 * 1.6)
    107200000.0
    """
    return coal * factor


def gas_less_recovered(volume: Number, flared: Number, used: Number) -> Number:
    """Gas given off less what was fed to flares, engines, boilers or oxidisers. [m3_20C]

    Parameters
    ----------
    volume : float or array          Gas given off. [m3_20C]
    flared, used : float or array    Gas captured and fed to them. [m3_20C]

    >>> gas_less_recovered(10e6, 1e6, 4e6)
    5000000.0
    """
    return volume - flared - used


def coal_methane_by_mass(coal: Number, factor: Number) -> Number:
    """CH4 from coal by a factor in mass, as some Chinese tables print it. [tCH4]

    Parameters
    ----------
    coal : float or array      Coal mined. [t]
    factor : float or array    CH4 per tonne. [kgCH4/t]

    >>> coal_methane_by_mass(1e6, 1.34)
    1340.0
    """
    return coal * factor / 1000


def abandoned_methane_volume(initial: Number, a: Number, b: Number, years: Number, flooded: Number,
                             recovered: Number) -> Number:
    """CH4 from abandoned mines (IPCC 2006 vol. 2, equation 4.1.12 with the tier 2 decline). [m3_20C]

    Parameters
    ----------
    initial : float or array      Emission rate when the mine closed. [m3_20C]
    a : float or array            Constant of the decline by coal rank. [1/yr]
    b : float or array            Exponent of the decline by coal rank, negative. [1]
    years : float or array        Years since closure. [yr]
    flooded : float or array      Share of the workings that is flooded. [1]
    recovered : float or array    CH4 recovered in the year. [m3_20C]

    >>> round(abandoned_methane_volume(1000.0, 3.72, -0.42, 10.0, 0.0, 0.0), 1)
    216.5
    """
    return initial * (1 + a * years) ** b * (1 - flooded) - recovered


def abandoned_methane_volume_by_flooding(initial: Number, exponent: Number, dry_decline: Number,
                                         flooded_decline: Number, years: Number, flooded: Number) -> Number:
    """CH4 from abandoned mines, dry workings declining as a hyperbola and flooded ones exponentially. [m3_20C]

    Kholod et al. 2020, J. Cleaner Production 256, 120489.

    Parameters
    ----------
    initial : float or array                         Emission rate when the mine closed. [m3_20C]
    exponent : float or array                        Exponent of the hyperbola. [1]
    dry_decline, flooded_decline : float or array    Initial decline of dry, decline of flooded workings. [1/yr]
    years : float or array                           Years since closure. [yr]
    flooded : float or array                         Share of the workings that is flooded. [1]

    >>> float(abandoned_methane_volume_by_flooding(1e6, 2.017, 0.302, 0.672, 0.0, 0.5))
    1000000.0
    """
    dry = (1 + exponent * dry_decline * years) ** (-1 / exponent)
    return initial * ((1 - flooded) * dry + flooded * exp(-flooded_decline * years))


def spontaneous_combustion_co2(burnt: Number, carbon: Number, oxidation: Number) -> Number:
    """CO2 from coal or gangue that burns by itself, of a mass that was measured or reported. [tCO2]

    Parameters
    ----------
    burnt : float or array        Coal or gangue burnt. [t]
    carbon : float or array       Carbon per mass as received. [tC/t]
    oxidation : float or array    Share of the carbon that is oxidised. [1]

    >>> round(spontaneous_combustion_co2(1000.0, 0.15, 0.9), 1)
    495.0
    """
    return burnt * carbon * oxidation * 44 / 12
