"""The quantitative indicators of a mine's evaluation: one function for each, pure and array-safe.

Ids, units and clauses of these formulas stand in the formulas.yaml of the standard that uses them. Each function takes
floats, or arrays with one element per mine or per draw. A denominator of zero is an error of the caller's data.
"""

from mineco.core.number import Number
from mineco.scoring.values import elementwise


def intensity(amount: Number, production: Number) -> Number:
    """Emissions or energy per unit mined. [kgCO2e/t, kgce/t or t/t, or per 10^4 Nm3 or m3]

    Parameters
    ----------
    amount : float or array        [kgCO2e, kgce or t]
    production : float or array    [t, 10^4 Nm3 or m3]

    >>> intensity(250_000.0, 2_000.0)
    125.0
    """
    return amount / production


@elementwise
def intensity_to_reference(amount: Number, production: Number, reference: Number) -> Number:
    """Emissions, energy or waste per unit mined, relative to a stated reference intensity. [1]

    1 at the reference, below 1 better; 0 where there is nothing.

    Parameters
    ----------
    amount : float or array        [kgCO2e, kgce or t]
    production : float or array    [t, 10^4 Nm3 or m3]
    reference : float or array     In the unit of amount over production.

    >>> intensity_to_reference(30_000.0, 1_000.0, 40.0), intensity_to_reference(0.0, 1_000.0, 0.0)
    (0.75, 0.0)
    """
    if amount <= 0:
        return 0.0
    else:  # noqa: RET505 - both branches are printed as the cases of the formula
        return amount / (production * reference)


def ratio_to_cap(amount: Number, cap: Number) -> Number:
    """Energy used relative to the quota or limit. [1]

    Parameters
    ----------
    amount, cap : float or array    [tce]

    >>> ratio_to_cap(9_000.0, 12_000.0)
    0.75
    """
    return amount / cap


def share(part: Number, whole: Number) -> Number:
    """A part in per cent of its whole: area, energy, water or carbon. [%]

    Parameters
    ----------
    part, whole : float or array    In one unit.

    >>> share(30.0, 120.0)
    25.0
    """
    return part / whole * 100


def share_without(part: Number, left_out: Number, whole: Number) -> Number:
    """A part less what is scored elsewhere, in per cent of the whole, so that nothing is scored twice. [%]

    Parameters
    ----------
    part, left_out, whole : float or array    [tce]

    >>> share_without(50.0, 20.0, 120.0)
    25.0
    """
    return (part - left_out) / whole * 100


def solid_waste_utilisation(used: Number, generated: Number, stored_used: Number) -> Number:
    """Solid waste used in per cent of the waste made plus the stored waste taken into use. [%]

    Parameters
    ----------
    used : float or array           All waste used in the year, disposal excluded. [t]
    generated : float or array      Waste made in the year. [t]
    stored_used : float or array    Part of ``used`` that came from earlier years' stocks. [t]

    >>> solid_waste_utilisation(88.0, 100.0, 10.0)
    80.0
    """
    return used / (generated + stored_used) * 100


def water_recycling(reused: Number, fresh: Number) -> Number:
    """Reused water in per cent of all water used. [%]

    Parameters
    ----------
    reused, fresh : float or array    [m3]

    >>> water_recycling(80.0, 20.0)
    80.0
    """
    return reused / (reused + fresh) * 100


def amount_per_output(amount: Number, output: Number) -> Number:
    """Waste per tonne mined, or fresh water per output value. [t/t or m3/万元]

    Parameters
    ----------
    amount : float or array    [t or m3]
    output : float or array    [t or 万元]

    >>> amount_per_output(36.0, 200.0)
    0.18
    """
    return amount / output


def areal_rate(amount: Number, area: Number, period: Number) -> Number:
    """Removals per area and year. [tCO2e/(ha yr)]

    Parameters
    ----------
    amount : float or array    Net removals of the period. [tCO2e]
    area : float or array      Restored area. [ha]
    period : float or array    [yr]

    >>> areal_rate(1_190.0, 100.0, 1.0)
    11.9
    """
    return amount / (area * period)


@elementwise
def planned_areal_rate(amount: Number, planned: Number, area: Number, period: Number) -> Number:
    """Removals per hectare that is to be restored and year (reading R37). [tCO2e/(ha yr)]

    0 where disturbed land has no plan.

    Parameters
    ----------
    amount : float or array     Net removals of the period. [tCO2e]
    planned : float or array    What the approved plan asks for up to the end of the year. [ha]
    area : float or array       To be restored: the largest of the plans and of what was restored before. [ha]
    period : float or array     [yr]

    >>> planned_areal_rate(1_190.0, 80.0, 100.0, 1.0), planned_areal_rate(1_190.0, 0.0, 100.0, 1.0)
    (11.9, 0.0)
    """
    if planned == 0:
        return 0.0
    else:  # noqa: RET505 - both branches are printed as the cases of the formula
        return amount / (area * period)


def relative_soil_loss(loss: Number, background: Number) -> Number:
    """Soil loss relative to that of undisturbed land around. [1]

    1 as undisturbed land, above 1 worse.

    Parameters
    ----------
    loss, background : float or array    [t/(km2 yr)]

    >>> relative_soil_loss(1_800.0, 1_500.0)
    1.2
    """
    return loss / background
