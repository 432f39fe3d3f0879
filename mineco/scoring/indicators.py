"""The quantitative indicators of a mine's evaluation: one function for each, pure and array-safe.

Ids, units and clauses of these formulas stand in the formulas.yaml of the standard that uses them. Each function takes
floats, or arrays with one element per mine or per draw. A denominator of zero is an error of the caller's data.
"""


from mineco.core.number import Number


def ratio_to_path(emissions: Number, base: Number, rate: Number, years: Number) -> Number:
    """Emissions relative to a linear contraction path from the base year (SBTi absolute contraction).

    Parameters
    ----------
    emissions : float or array    Emissions of the year. [t CO2e]
    base : float or array         Emissions of the base year. [t CO2e]
    rate : float or array         Contraction per year, as a share of the base year. [1/yr]
    years : float or array        Years since the base year. [yr]

    Returns
    -------
    float or array                1 on the path, above 1 over it. [1]

    >>> round(ratio_to_path(95.0, 100.0, 0.042, 5.0), 4)
    1.2025
    """
    return emissions / (base * (1 - rate * years))


def intensity(amount: Number, production: Number) -> Number:
    """Emissions or energy per unit mined.

    Parameters
    ----------
    amount : float or array        [kg CO2e or kgce]
    production : float or array    [t, 10^4 Nm3 or m3]

    Returns
    -------
    float or array                 [kg CO2e/t or kgce/t, or per 10^4 Nm3 or m3]

    >>> intensity(250_000.0, 2_000.0)
    125.0
    """
    return amount / production


def intensity_to_reference(amount: Number, production: Number, reference: Number) -> Number:
    """Emissions, energy or waste per unit mined, relative to a stated reference intensity.

    Parameters
    ----------
    amount : float or array        [kg CO2e, kgce or t]
    production : float or array    [t, 10^4 Nm3 or m3]
    reference : float or array     In the unit of amount over production.

    Returns
    -------
    float or array                 1 at the reference, below 1 better. [1]

    >>> intensity_to_reference(30_000.0, 1_000.0, 40.0)
    0.75
    """
    return amount / (production * reference)


def annual_reduction_rate(amount: Number, earlier: Number, years: Number) -> Number:
    """Yearly reduction of an amount, linear, in per cent of the earlier amount.

    Parameters
    ----------
    amount : float or array     Of the reporting year. [t CO2e]
    earlier : float or array    Of the year compared with. [t CO2e]
    years : float or array      Between the two. [yr]

    Returns
    -------
    float or array              Positive where the amount fell. [%/yr]

    >>> annual_reduction_rate(90.0, 100.0, 2.0)
    5.0
    """
    return (earlier - amount) / (earlier * years) * 100


def intensity_reduction_rate(amount: Number, production: Number, earlier: Number, earlier_production: Number,
                             years: Number) -> Number:
    """Yearly reduction of emissions per unit mined, linear, in per cent of the earlier intensity.

    Parameters
    ----------
    amount, earlier : float or array                   Emissions of the two years. [t CO2e]
    production, earlier_production : float or array    Production of the two years. [t, 10^4 Nm3 or m3]
    years : float or array                             Between the two. [yr]

    Returns
    -------
    float or array                                     Positive where the intensity fell. [%/yr]

    >>> round(intensity_reduction_rate(90.0, 10.0, 120.0, 12.0, 1.0), 9)
    10.0
    """
    return (1 - amount * earlier_production / (production * earlier)) / years * 100


def ratio_to_cap(amount: Number, cap: Number) -> Number:
    """Energy used relative to the quota or limit.

    Parameters
    ----------
    amount, cap : float or array    [tce]

    Returns
    -------
    float or array                  [1]

    >>> ratio_to_cap(9_000.0, 12_000.0)
    0.75
    """
    return amount / cap


def abatement_share(abatement: Number, emissions: Number) -> Number:
    """Own abatement in per cent of what would have been emitted without it.

    Parameters
    ----------
    abatement : float or array    Baseline less project emissions of measures inside the boundary. [t CO2e]
    emissions : float or array    Emissions of the year, already lowered by them. [t CO2e]

    Returns
    -------
    float or array                [%]

    >>> abatement_share(20.0, 80.0)
    20.0
    """
    return abatement / (emissions + abatement) * 100


def target_achievement(achieved: Number, planned: Number) -> Number:
    """Abatement achieved in per cent of the plan.

    Parameters
    ----------
    achieved, planned : float or array    [t CO2e]

    Returns
    -------
    float or array                        Above 100 where the plan was exceeded. [%]

    >>> target_achievement(45.0, 60.0)
    75.0
    """
    return achieved / planned * 100


def share(part: Number, whole: Number) -> Number:
    """A part in per cent of its whole: area, energy, water or carbon.

    Parameters
    ----------
    part, whole : float or array    In one unit.

    Returns
    -------
    float or array                  [%]

    >>> share(30.0, 120.0)
    25.0
    """
    return part / whole * 100


def share_without(part: Number, left_out: Number, whole: Number) -> Number:
    """A part less what is scored elsewhere, in per cent of the whole, so that nothing is scored twice.

    Parameters
    ----------
    part, left_out, whole : float or array    [tce]

    Returns
    -------
    float or array                            [%]

    >>> share_without(50.0, 20.0, 120.0)
    25.0
    """
    return (part - left_out) / whole * 100


def solid_waste_utilisation(used: Number, generated: Number, stored_used: Number) -> Number:
    """Solid waste used in per cent of the waste made plus the stored waste taken into use.

    Parameters
    ----------
    used : float or array           All waste used in the year, disposal excluded. [t]
    generated : float or array      Waste made in the year. [t]
    stored_used : float or array    Part of ``used`` that came from earlier years' stocks. [t]

    Returns
    -------
    float or array                  [%]

    >>> solid_waste_utilisation(88.0, 100.0, 10.0)
    80.0
    """
    return used / (generated + stored_used) * 100


def water_recycling(reused: Number, fresh: Number) -> Number:
    """Reused water in per cent of all water used.

    Parameters
    ----------
    reused, fresh : float or array    [m3]

    Returns
    -------
    float or array                    [%]

    >>> water_recycling(80.0, 20.0)
    80.0
    """
    return reused / (reused + fresh) * 100


def amount_per_output(amount: Number, output: Number) -> Number:
    """Waste per tonne mined, or fresh water per output value.

    Parameters
    ----------
    amount : float or array    [t or m3]
    output : float or array    [t or 10^4 yuan]

    Returns
    -------
    float or array             [t/t or m3/10^4 yuan]

    >>> amount_per_output(36.0, 200.0)
    0.18
    """
    return amount / output


def areal_rate(amount: Number, area: Number, period: Number) -> Number:
    """Removals per area and year.

    Parameters
    ----------
    amount : float or array    Net removals of the period. [t CO2e]
    area : float or array      Restored area. [ha]
    period : float or array    [yr]

    Returns
    -------
    float or array             [t CO2e/(ha yr)]

    >>> areal_rate(1_190.0, 100.0, 1.0)
    11.9
    """
    return amount / (area * period)


def relative_soil_loss(loss: Number, background: Number) -> Number:
    """Soil loss relative to that of undisturbed land around.

    Parameters
    ----------
    loss, background : float or array    [t/(km2 yr)]

    Returns
    -------
    float or array                       1 as undisturbed land, above 1 worse. [1]

    >>> relative_soil_loss(1_800.0, 1_500.0)
    1.2
    """
    return loss / background
