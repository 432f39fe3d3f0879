"""What would be if: a case with other data or other rules, told by their names and held to every check of a dossier."""

from pathlib import Path
from typing import Any

from mineco.core.calls import checked_arguments
from mineco.evaluation.case import Case, open_case
from mineco.evaluation.variants.grammar import RULES, Changes
from mineco.evaluation.variants.rules import with_rules


@checked_arguments()
def what_if(case: Case | str | Path, *, year: int | None = None, **changes: Any) -> Case:
    """The same case with some data or rules otherwise; its dossier stays as it is.

    What each keyword may be follows from the standard's own vocabulary. Ids are written with ``_`` for ``-``.

    ======================= ============================================== =============================================
    Keyword                 Value                                          What it writes
    ======================= ============================================== =============================================
    a source                ``{item: value}``, or a value where the source a row of activity.csv; a new one needs its
                            has one row: ``electricity={"purchased":       unit: ``heat={"purchased": "500 GJ", …}``
                            600}``, ``explosives=55``
    a metric                a value: ``production=310_000``                a row of metrics.csv
    ``offsets``             ``{serial: value}`` or ``{serial: {column:     a row of offsets.csv; its serial goes as far
                            value}}``                                      as the amount
    ``measures``            ``{id: {"project_t_co2e": 40}}``               a row of measures.csv
    ``parcels``             ``{"Q1": {"area_ha": 5}}``, of one pool        rows of restoration.csv
                            ``{"Q1:soil": {…}}``
    ``ratings``             ``{"M1.2": 75}`` of all raters, or             rows of ratings.csv
                            ``{"M1.2": {rater: 75}}``
    ``mine``                ``{"province": "Shanxi"}``,                    entries of mine.yaml
                            ``{"base_year.year": 2022}``
    ``options``             ``{"gwp": "AR4"}``                             an option, whoever set it
    ``factors``             ``{"NDRC2014.diesel.NCV": 40}``                a number of the factor tables, one in use
    ``knots``               ``{"E2.5": [(50, 0), (100, 100)]}``            a value function
    ``weights``             ``{"E1": 40, "E2": 20, …}`` in per cent, or a  weights; those of a level add up to 100
                            file of a panel's weights
    ======================= ============================================== =============================================

    A value is a number in the unit in which the mine gave it, a number with its unit (``"600 MWh"``), a `Quantity`,
    columns of the row (``{"quantity": 600, "note": "…"}``), or None, which takes the row out. A changed number is
    ``assumed`` from there on. A row that the mine does not have is added where all that it needs is given.

    Parameters
    ----------
    case : Case or path     Changes can be put on changes.
    year : int, optional    Of the rows that are written; the reporting year where left out.
    **changes               As above.

    Raises
    ------
    BadInput
        With every name that is not known, beside the nearest, and every problem for which the dossier would be refused;
        when a file of its folder changed after the case was opened.

    >>> import mineco as mc
    >>> quarry = mc.open_case("parameters/mines/tiny-quarry")
    >>> mc.evaluate(mc.what_if(quarry, offsets={"EX-F-2023-600001-600720": 880})).grade.by_offset
    'B'
    >>> mc.what_if(quarry, electricity={"purchased": -915})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: activity.csv, row 12, quantity = -915.0: cannot be (least 0 MWh, most —). ...
    """
    case = case if isinstance(case, Case) else open_case(case)
    rules = {name: changes.pop(name) for name in RULES if name in changes}
    return with_rules(Changes(case, year).write(changes).edits.opened(), **rules)
