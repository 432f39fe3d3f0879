"""Volumes of gas and their masses; a density belongs to the temperature of its volume."""

from mineco.core.number import Number


def component_volume(volume: Number, share: Number) -> Number:
    """One component of a gas: methane in ventilation air, CO2 in vented well gas. [m3_20C]

    Parameters
    ----------
    volume : float or array    Gas, flow times running time. [m3_20C]
    share : float or array     Volume share of it; for CO2 in ventilation air the share above that of fresh air. [1]

    >>> round(component_volume(10_000.0 * 60 * 8760, 0.003), 0)
    15768000.0
    """
    return volume * share


def methane_mass(volume: Number, density: Number) -> Number:
    """Mass of a volume of methane. [tCH4]

    Parameters
    ----------
    volume : float or array     Pure CH4. [m3_20C or Nm3]
    density : float or array
        0.67 at 20 °C (IPCC 2006 vol. 2, equation 4.1.7), 0.7158 at 0 °C, both at 101.325 kPa. [kg/m3_20C or kg/Nm3]

    >>> round(methane_mass(126.7e6, 0.67), 0)
    84889.0
    """
    return volume * density / 1000


def carbon_dioxide_mass(volume: Number, density: Number) -> Number:
    """Mass of a volume of carbon dioxide. [tCO2]

    Parameters
    ----------
    volume : float or array     Pure CO2. [m3_20C or Nm3]
    density : float or array    1.84 at 20 °C, 1.977 at 0 °C, both at 101.325 kPa. [kg/m3_20C or kg/Nm3]

    >>> round(carbon_dioxide_mass(1e6, 1.84), 0)
    1840.0
    """
    return volume * density / 1000
