"""How far a figure counts that a mine declares of itself (reading R28). Pure and array-safe."""

from numpy import maximum, minimum

from mineco.core.number import Number


def least_plan(emissions: Number, share: Number) -> Number:
    """The smallest abatement that counts as a plan. [tCO2e]

    Parameters
    ----------
    emissions : float or array    Of last year. [tCO2e]
    share : float or array        [1]

    >>> least_plan(1_000.0, 0.025)
    25.0
    """
    return emissions * share


def baseline_limit(emitted: Number, base: Number, older: Number) -> Number:
    """Baselines that count at one source: what it emitted last year and what older measures spare. [tCO2e]

    What older measures declare counts up to what the source emitted last year or in the base year, or else they would
    open their own room.

    Parameters
    ----------
    emitted, base : float or array    Emissions of last year and of the base year. [tCO2e]
    older : float or array            Abatement that older measures declare. [tCO2e]

    >>> float(baseline_limit(700.0, 900.0, 300.0)), float(baseline_limit(700.0, 900.0, 1e6))
    (1000.0, 1600.0)
    """
    return emitted + minimum(older, maximum(emitted, base))


def counted_abatement(baseline: Number, project: Number, limit: Number) -> Number:
    """Abatement of the measures at one source, not below 0; baselines count up to what it would have emitted. [tCO2e]

    Parameters
    ----------
    baseline, project : float or array    Without and with the measures. [tCO2e]
    limit : float or array                Last year's emissions and the abatement of older measures. [tCO2e]

    >>> float(counted_abatement(5_000.0, 50.0, 200.0)), float(counted_abatement(100.0, 40.0, 200.0))
    (150.0, 60.0)
    """
    return maximum(minimum(baseline, limit) - project, 0)


def at_most(declared: Number, limit: Number) -> Number:
    """A declared cap or reference, counted up to the mine's own value.

    Parameters
    ----------
    declared, limit : float or array    In one unit.

    >>> float(at_most(1_000.0, 400.0))
    400.0
    """
    return minimum(declared, limit)


def cap_by_limit(limit: Number, production: Number) -> Number:
    """The energy cap that a limit per unit mined comes to. [tce]

    Parameters
    ----------
    limit : float or array         [tce/t, tce/(10^4 Nm3) or tce/m3]
    production : float or array    [t, 10^4 Nm3 or m3]

    >>> cap_by_limit(0.009, 8_000_000.0)
    72000.0
    """
    return limit * production


def cap_without_own_gas(cap: Number, own_gas: Number) -> Number:
    """An energy cap that was set with own mine gas in it, without that gas, not below 0 (reading R36). [tce]

    Parameters
    ----------
    cap : float or array        [tce]
    own_gas : float or array    Own mine gas used last year. [tce]

    >>> float(cap_without_own_gas(1_000.0, 300.0))
    700.0
    """
    return maximum(cap - own_gas, 0)


def larger_area(one: Number, other: Number) -> Number:
    """The larger of two areas (reading R37). [ha]

    Parameters
    ----------
    one, other : float or array    [ha]

    >>> float(larger_area(160.0, 520.0))
    520.0
    """
    return maximum(one, other)
