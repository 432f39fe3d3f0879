"""What changed of a base year since it was reported: boundary, methods, errors (GHG Protocol Corporate Standard)."""

from collections.abc import Mapping

from mineco.core.number import Number


def base_year_share(changes: Mapping[str, Number], base: Number) -> Number:
    """All changes of a base year together in per cent of its emissions as reported, whichever way each goes. [%]

    Two that cancel out are two changes: else one would be declared to hide the other.

    Parameters
    ----------
    changes : mapping of float or array    What each adds to the base year, or takes from it. [tCO2e]
    base : float or array                  Emissions of the base year as reported, above zero. [tCO2e]

    >>> base_year_share({"plant bought": 40.0, "error": -10.0}, 1_000.0)
    5.0
    """
    return sum(abs(changes[k]) for k in changes) / base * 100  # type: ignore[misc]
