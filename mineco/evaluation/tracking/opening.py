"""The dossiers and runs of one mine, opened to be set beside each other."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.labels import nothing_wrong
from mineco.dossier.workbook.papers import OF_RUN
from mineco.evaluation.case import Case, open_case, open_case_with_gaps
from mineco.evaluation.record.archived import recorded, require_as_recorded
from mineco.evaluation.registry import STANDARD, has_preliminary
from mineco.standards.load import undated

COMPARED = ("gwp", "scope2_basis", "combustion_ch4_n2o", "own_grid_factor", "carbon_status")  # that make amounts
OF_NO_CASE = ("dossier", "standard", "language", "results", "weights")  # parameters of a run that are no options

Target = Case | str | Path


def open_targets(targets: Sequence[Target], chosen: Mapping[str, Any]) -> list[Case]:
    """The cases of some targets, by year: dossiers, folders of runs, or cases.

    A run is opened as it was made: from the dossier that it keeps, with its options and weights. One of which data are
    missing is opened with its gaps. A dossier that was changed inside a run since is refused.

    Raises
    ------
    BadInput
        With every problem of every dossier; when they are of several mines, of one year twice, under several standards,
        or under options that make their amounts differ.

    >>> [case.year for case in open_targets(["parameters/mines/tiny-quarry"], {})]
    [2024]
    """
    problems, cases = Problems(), []
    for target in targets:
        with problems.collect():
            cases.append(target if isinstance(target, Case) else _opened(Path(target), chosen))
    problems.stop()
    cases.sort(key=lambda case: case.year)
    _require_one_mine(cases, problems)
    problems.stop()
    return cases


def recorded_grades(targets: Sequence[Target]) -> dict[int, str | None]:
    """The grade that each run among the targets has recorded, by year; None of one that is not eligible.

    Of a preliminary run there is none.

    >>> recorded_grades(["parameters/mines/tiny-quarry"])
    {}
    """
    results = [recorded(Path(one), "results.json") for one in targets if not isinstance(one, Case) and _is_run(one)]
    return {one["year"]: one["outcome"]["grade"]["final"] for one in results if "grade" in one["outcome"]}


def _is_run(path: str | Path) -> bool:
    return all((Path(path) / name).exists() for name in OF_RUN)


def _opened(path: Path, chosen: Mapping[str, Any]) -> Case:
    given: dict[str, Any] = {}
    if _is_run(path):
        require_as_recorded(path, OF_RUN[0])
        kept = recorded(path, "parameters.json")
        if undated(chosen.get("standard", kept["standard"])) != undated(kept["standard"]):
            raise BadInput(Problem("run_not_of_standard", str(path), "standard", kept["standard"],
                                   details={"asked": chosen["standard"]}))
        given = {name: value for name, value in kept.items() if name not in OF_NO_CASE}
        given |= {"standard": kept["standard"]} | (
            {"weights": path / kept["weights"]} if kept.get("weights") else {})
        path = path / OF_RUN[0]
    try:
        return open_case(path, **given | dict(chosen))
    except BadInput as error:
        if not nothing_wrong(error.problems) or not has_preliminary((given | dict(chosen)).get("standard", STANDARD)):
            raise
        return open_case_with_gaps(path, **given | dict(chosen))


def _require_one_mine(cases: Sequence[Case], problems: Problems) -> None:
    first, seen = cases[0], dict[int, str]()
    for case in cases:
        mine, place = case.dossier.mine, str(case.dossier.folder)
        if mine.id != first.dossier.mine.id:
            problems.append(Problem("other_mine", place, "id", value=mine.id, details={
                "first": first.dossier.mine.id, "other": str(first.dossier.folder)}))
        if case.standard.id != first.standard.id:
            problems.append(Problem("years_of_other_standards", place, "standard", case.standard.id, details={
                "other": first.standard.id, "year": first.year}))
        if case.year in seen:
            problems.append(Problem("year_in_two", place, "reporting_year", value=case.year,
                                    details={"other": seen[case.year]}))
        seen.setdefault(case.year, place)
        for name in COMPARED:
            if case.option_values.get(name) != first.option_values.get(name):
                problems.append(Problem("years_of_other_options", place, f"options.{name}", value=case.option(name),
                                        details={"other": str(first.option(name)), "year": first.year}))
