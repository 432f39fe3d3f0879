"""Indicators on emissions: one function for each, pure and array-safe.

Where nothing is left to abate they are at their best, as a case of the formula (reading R28): a mine must not be
refused, or fall, for emitting nothing.
"""

from mineco.core.number import Number
from mineco.scoring.values import elementwise


@elementwise
def compound_reduction_rate(amount: Number, earlier: Number, years: Number) -> Number:
    """Yearly reduction of an amount, compound: the same share saved a year is the same rate for any base year. [%/yr]

    Positive where the amount fell; 100 where nothing is left (reading R29).

    Parameters
    ----------
    amount : float or array     Of the reporting year. [tCO2e]
    earlier : float or array    Of the base year. [tCO2e]
    years : float or array      Between the two. [yr]

    >>> round(compound_reduction_rate(64.0, 100.0, 2.0), 9), compound_reduction_rate(0.0, 0.0, 1.0)
    (20.0, 100.0)
    """
    if amount <= 0:
        return 100.0
    else:  # noqa: RET505 - both branches are printed as the cases of the formula
        return (1 - (amount / earlier) ** (1 / years)) * 100


@elementwise
def annual_reduction_rate(amount: Number, earlier: Number, years: Number) -> Number:
    """Yearly reduction of an amount, linear, in per cent of the earlier amount. [%/yr]

    Positive where the amount fell; what rises from nothing rises by 100 %.

    Parameters
    ----------
    amount : float or array     Of the reporting year. [tCO2e]
    earlier : float or array    Of the year compared with. [tCO2e]
    years : float or array      Between the two. [yr]

    >>> annual_reduction_rate(90.0, 100.0, 2.0), annual_reduction_rate(0.0, 0.0, 1.0)
    (5.0, 100.0)
    """
    if amount <= 0:
        return 100 / years
    elif earlier <= 0:  # noqa: RET505 - the branches are printed as the cases of the formula
        return -100 / years
    else:
        return (earlier - amount) / (earlier * years) * 100


@elementwise
def intensity_reduction_rate(amount: Number, production: Number, earlier: Number, earlier_production: Number,
                             years: Number) -> Number:
    """Yearly reduction of emissions per unit mined, linear, in per cent of the earlier intensity. [%/yr]

    Positive where it fell; from nothing it rises by 100 %.

    Parameters
    ----------
    amount, earlier : float or array                   Emissions of the two years. [tCO2e]
    production, earlier_production : float or array    Production of the two years. [t, 10^4 Nm3 or m3]
    years : float or array                             Between the two. [yr]

    >>> round(intensity_reduction_rate(90.0, 10.0, 120.0, 12.0, 1.0), 9)
    10.0
    """
    if amount <= 0:
        return 100 / years
    elif earlier <= 0:  # noqa: RET505 - the branches are printed as the cases of the formula
        return -100 / years
    else:
        return (1 - amount * earlier_production / (production * earlier)) / years * 100


@elementwise
def abatement_share(abatement: Number, emissions: Number) -> Number:
    """Own abatement in per cent of what would have been emitted without it. [%]

    100 where nothing is left to abate (reading R28).

    Parameters
    ----------
    abatement : float or array    Baseline less project emissions of measures inside the boundary. [tCO2e]
    emissions : float or array    Emissions of the year, already lowered by them. [tCO2e]

    >>> abatement_share(20.0, 80.0), abatement_share(0.0, 0.0)
    (20.0, 100.0)
    """
    if emissions <= 0:
        return 100.0
    else:  # noqa: RET505 - both branches are printed as the cases of the formula
        return abatement / (emissions + abatement) * 100


@elementwise
def target_achievement(achieved: Number, planned: Number, least: Number, emissions: Number) -> Number:
    """Abatement achieved in per cent of the plan, which counts at least as much as ``least`` (reading R28). [%]

    Above 100 where the plan was exceeded; 100 where nothing is left to abate, 0 without a plan.

    Parameters
    ----------
    achieved, planned : float or array    [tCO2e]
    least : float or array                What a plan must reach to be one. [tCO2e]
    emissions : float or array            Of the year. [tCO2e]

    >>> target_achievement(45.0, 60.0, 25.0, 900.0), target_achievement(1.0, 1.0, 25.0, 900.0)
    (75.0, 4.0)
    """
    if emissions <= 0:
        return 100.0
    elif planned == 0:  # noqa: RET505 - the branches are printed as the cases of the formula
        return 0.0
    else:
        return achieved / max(planned, least) * 100


@elementwise
def share_of_emissions(part: Number, emissions: Number) -> Number:
    """Removals in per cent of the gross emissions of the year. [%]

    100 where nothing is left to remove (reading R28).

    Parameters
    ----------
    part, emissions : float or array    [tCO2e]

    >>> share_of_emissions(30.0, 120.0), share_of_emissions(0.0, 0.0)
    (25.0, 100.0)
    """
    if emissions <= 0:
        return 100.0
    else:  # noqa: RET505 - both branches are printed as the cases of the formula
        return part / emissions * 100


@elementwise
def recalculated_emissions(reported: Number, change: Number, share: Number, limit: Number) -> Number:
    """Emissions of an earlier year with the boundary, methods and data of today (GHG Protocol, chapter 5). [tCO2e]

    As reported where all changes together are not significant (reading R21).

    Parameters
    ----------
    reported : float or array    Emissions of the year as reported. [tCO2e]
    change : float or array      What the changes since then add, or take where below zero. [tCO2e]
    share : float or array       All changes of the base year together. [%]
    limit : float or array       Up to which they are not significant. [%]

    >>> recalculated_emissions(1_000.0, 60.0, 6.0, 5.0), recalculated_emissions(1_000.0, 50.0, 5.0, 5.0)
    (1060.0, 1000.0)
    """
    if share > limit:
        return reported + change
    else:  # noqa: RET505 - the branches are printed as the cases of the formula
        return reported
