"""Cases read from a dossier, whole or with gaps: every problem of every file at once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.labels import nothing_wrong, what_is_missing
from mineco.core.quantity import Quantity
from mineco.dossier.checks.mine_checks import check_order_of_years, check_use_of_factors, check_years_with_rows
from mineco.dossier.read import gather_dossier
from mineco.dossier.rows import RatingRow
from mineco.dossier.workbook.papers import Papers
from mineco.dossier.workbook.places import by_sheet, told_by_sheet
from mineco.evaluation.case.case import Case, with_panel
from mineco.evaluation.case.options import resolve_options
from mineco.standards.factors import load_factors
from mineco.standards.load import load_standard

QUANTITY_TABLES = ("activity", "metrics", "measures", "offsets", "parcels")  # whose rows hold quantities


@checked_arguments()
def open_case(dossier: str | Path, standard: str = "carbon-neutral-mine-2025", weights: str | Path | None = None,
              **chosen: object) -> Case:
    """Read a dossier and what it is to be held to.

    Parameters
    ----------
    dossier : path              The folder or workbook that the mine hands in.
    standard : str              Id of a folder in ``parameters/standards``.
    weights : path, optional    Weights that a panel concluded; they replace those of the standard that the file has.
    **chosen                    Options, before those of mine.yaml, and these before the standard's. None: not set.

    Raises
    ------
    BadInput
        With every problem of the dossier, else with every problem of the options and of the choices in mine.yaml.

    >>> case = open_case("parameters/mines/tiny-quarry", gwp="AR4")
    >>> case.option("gwp"), case.options["gwp"].origin, case.years
    ('AR4', 'command-line', (2023, 2024))
    """
    with told_by_sheet(dossier):
        return checked_case(dossier, standard, weights, chosen)


@checked_arguments()
def open_case_with_gaps(dossier: str | Path, standard: str = "carbon-neutral-mine-2025",
                        weights: str | Path | None = None, **chosen: object) -> Case:
    """As `open_case`, but what is only missing stops nothing: rows without their figure are left out (reading R34).

    Raises
    ------
    BadInput
        With every problem, where one of them is more than a gap.

    >>> open_case_with_gaps("parameters/mines/tiny-quarry").gaps
    ()
    """
    problems = Problems()
    with told_by_sheet(dossier):
        case = gather_case(dossier, standard, chosen, problems, weights)
    if case is None or not nothing_wrong(problems):
        raise BadInput(by_sheet(dossier, problems))
    return _without_blank_rows(case, problems) if problems else case


def gather_case(dossier: str | Path | Papers, standard: str, chosen: Mapping[str, object], problems: Problems,
                weights: str | Path | None = None) -> Case | None:
    """As `open_case`, but what is wrong is noted in ``problems``, and what is left can be checked further.

    None when too little is left: mine.yaml is wrong, or a table cannot be read at all.
    """
    rules, factors = load_standard(standard), load_factors()
    papers = gather_dossier(dossier, rules, factors, problems)
    rows_are_sound, mine_is_sound = nothing_wrong(problems), nothing_wrong(
        one for one in problems if one.file == "mine.yaml")
    options = resolve_options(rules, {}, {})
    with problems.collect():
        options = resolve_options(rules, papers.mine.options if papers else {}, chosen)
    concluded = None
    if weights:
        from mineco.weighting.weights_file import read_weights

        with problems.collect():
            concluded = read_weights(weights, standard)
    if papers is None or not mine_is_sound:
        return None
    check_order_of_years(papers.mine, problems)
    if rows_are_sound:  # else the row that would use a factor may be one that could not be read, or its year
        check_years_with_rows(papers.mine, papers.activity, rules, problems)
        check_use_of_factors(papers.mine, papers.activity, papers.parcels, rules, problems)
    case = Case(papers, rules, factors, options)
    return with_panel(case, concluded) if concluded else case


def checked_case(dossier: str | Path | Papers, standard: str, weights: str | Path | None, chosen: Mapping[str, object],
                 require: Callable[[Case], None] = lambda case: None) -> Case:
    """A case of which every problem was looked for: of its rows, and of what ``require`` asks for beside them.

    Raises
    ------
    BadInput
        With all of them.
    """
    problems = Problems()
    case = gather_case(dossier, standard, chosen, problems, weights)
    if case and problems:  # the figures cannot be used, but whether they are all there can be said
        with problems.collect():
            require(case)
    problems.stop()
    assert case is not None
    return case


def _without_blank_rows(case: Case, problems: Problems) -> Case:
    """The case without the rows whose figure is missing; with a rating, every rating of its indicator.

    A rating whose basis or evidence is missing is not shown yet, and left out too.
    """
    blank: dict[tuple[str, str], list[Problem]] = {}
    for one in problems:
        if what_is_missing(one) == "figure" or one.file == "ratings.csv":
            blank.setdefault((one.file, str(one.row)), []).append(one)

    def gaps(row: Any) -> list[Problem]:
        file, lines = _place(row)
        return [one for line in lines for one in blank.get((file, line), ())]

    left_out = {table: [(row, gap) for row in getattr(case.dossier, table) for gap in gaps(row)]
                for table in (*QUANTITY_TABLES, "ratings")}
    kept: dict[str, Any] = {table: [row for row in getattr(case.dossier, table) if not gaps(row)] for table in left_out}
    unrated = {row.indicator for row, _ in left_out["ratings"]}
    kept["ratings"] = [row for row in kept["ratings"] if row.indicator not in unrated]
    return replace(case, dossier=replace(case.dossier, **kept), gaps=tuple(problems), left_out=left_out)


def _place(row: Any) -> tuple[str, list[str]]:
    """File and lines of a row; one of a year has those of its periods."""
    if isinstance(row, RatingRow):
        return "ratings.csv", [str(row.line)]
    datum = next(one.datum for one in vars(row).values() if isinstance(one, Quantity))
    return datum.file, str(datum.row).split("+")
