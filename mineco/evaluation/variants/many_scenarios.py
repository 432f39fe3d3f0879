"""Scenarios: one case with several values of some data, evaluated as arrays under the checks of a dossier."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.labels import label
from mineco.core.quantity import Quantity
from mineco.core.units import convert
from mineco.evaluation.case import Case, open_case
from mineco.evaluation.places import DatumKey, contradictory, limits_by_place, with_unchecked_values, with_values
from mineco.evaluation.registry import evaluate, evaluation_module
from mineco.evaluation.variants.columns import evaluate_columns
from mineco.evaluation.variants.edits import number_cells
from mineco.evaluation.variants.grammar import RULES, Changes, Path
from mineco.evaluation.variants.rules import with_factors
from mineco.evaluation.variants.what_if import what_if

if TYPE_CHECKING:
    import pandas as pd

HELD = ("mine", "options", "knots", "weights")  # a list in one of these is one value


@checked_arguments()
def scenarios(case: Case | str | FilePath, *, year: int | None = None, **changes: Any) -> "pd.DataFrame":
    """The results of many scenarios, told by the keywords of `what_if` with several values in place of one.

    Parameters
    ----------
    case : Case or path
    year : int, optional    Of the rows that are written; the reporting year where left out.
    **changes
        As of `mineco.what_if`. Where a list or an array stands in place of a number of the dossier or of ``factors``
        there are as many scenarios; lists of one length go together. What stands alone holds for all.

    Returns
    -------
    DataFrame
        A row for each scenario, counted from 1: what was varied, in the unit of the first, then grade, score, ledger
        and indicators.

    Raises
    ------
    BadInput
        With every problem of every scenario, and its number; when lists differ in length.

    >>> import mineco as mc
    >>> quarry = mc.open_case("parameters/mines/tiny-quarry")
    >>> found = mc.scenarios(quarry, electricity={"purchased": [640, 320, 0]})
    >>> [round(one, 1) for one in found["emissions_t_co2e"].diff()[1:]]  # 320 MWh of 0.4974 t/MWh
    [-159.2, -159.2]
    """
    import pandas as pd

    case = case if isinstance(case, Case) else open_case(case)
    varied: dict[Path, list[Any]] = {}
    for keyword in sorted(changes, key=lambda name: name == "factors"):  # which come last in the frame
        _collect((keyword,), changes[keyword], varied)
    count = _count(varied)

    def chosen(number: int) -> dict[str, Any]:
        return {name: _at((name,), one, varied, number) for name, one in changes.items()}

    def single(number: int) -> Case:
        try:
            return what_if(case, year=year, **chosen(number))
        except BadInput as error:
            raise _numbered(error, number) from None

    base = single(0)
    if evaluation_module(case.standard.id).Evaluation.takes_arrays:
        data = {name: one for name, one in chosen(0).items() if name not in RULES}
        places = Changes(case, year).write(data).places
        columns, factors = _columns(base, places, varied)
        told: dict[str, Any] = {".".join(path): factors[path[1]] if path[0] == "factors" else columns[places[path][0]]
                                for path in varied}
        _require(base, columns, count, single)
        found = _evaluated(base, columns, factors, count)
    else:
        told = {".".join(path): values for path, values in varied.items()}
        rows = [evaluate(single(number)).summary() for number in range(count)]
        found = {name: [row[name] for row in rows] for name in rows[0]}
    return pd.DataFrame({**told, **found}, index=pd.RangeIndex(1, count + 1, name="scenario"))


def _collect(path: Path, given: Any, varied: dict[Path, list[Any]]) -> None:
    if isinstance(given, Mapping):
        for name, one in given.items():
            _collect((*path, str(name)), one, varied)
    elif isinstance(given, Sequence) and not isinstance(given, str | bytes) and path[0] not in HELD:
        varied[path] = list(given)
    elif hasattr(given, "tolist") and np.ndim(given) == 1:
        varied[path] = given.tolist()


def _at(path: Path, given: Any, varied: Mapping[Path, list[Any]], number: int) -> Any:
    if path in varied:
        return varied[path][number]
    if isinstance(given, Mapping):
        return {name: _at((*path, str(name)), one, varied, number) for name, one in given.items()}
    return given


def _count(varied: Mapping[Path, list[Any]]) -> int:
    lengths = {".".join(path): len(values) for path, values in varied.items()}
    if not lengths or 0 in lengths.values():
        raise BadInput(Problem("nothing_varied"))
    if len(set(lengths.values())) > 1:
        raise BadInput([Problem("lengths_differ", row=name, value=length) for name, length in lengths.items()])
    return next(iter(lengths.values()))


def _columns(base: Case, places: Mapping[Path, Sequence[DatumKey]], varied: Mapping[Path, list[Any]]
             ) -> tuple[dict[DatumKey, np.ndarray], dict[str, np.ndarray]]:
    """Values by place in the unit in which the first scenario has them, and those of factors by id."""
    limits = limits_by_place(base)
    columns: dict[DatumKey, np.ndarray] = {}
    factors: dict[str, np.ndarray] = {}
    for path, values in varied.items():
        if path[0] == "factors":
            factors[path[1]] = _numbers(path, values, base.factors.by_id(path[1]).unit)
            continue
        for place in places.get(path, ()):
            if place not in limits:
                raise BadInput(Problem("not_to_be_varied", place[0], ".".join(path)))
            columns[place] = _numbers(path, values, limits[place].unit)
        if path not in places:
            _numbers(path, values, "")  # whether the first took its row out
            raise BadInput(Problem("not_to_be_varied", row=".".join(path)))
    return columns, factors


def _numbers(path: Path, values: Sequence[Any], unit: str) -> np.ndarray:
    """The numbers of all scenarios in a unit; what is none is told at its number."""
    problems, found = Problems(), []
    for number, one in enumerate(values):
        with problems.collect():
            try:
                found.append(_number(path, one, unit))
            except BadInput as error:
                raise _numbered(error, number) from None
    problems.stop()
    return np.array(found)


def _number(path: Path, given: Any, unit: str) -> float:
    """The number in a unit; NaN where it is none in a dossier's words either, in which the scenario is refused."""
    if isinstance(given, Quantity):
        given = f"{float(given)!r} {given.unit}"
    cells = number_cells(".".join(path), given, "number", "unit")
    if not cells["number"]:  # which would take a row out, or leave a cell blank
        raise BadInput(Problem("scenario_without_number", row=".".join(path), value=str(given)))
    with suppress(ValueError, BadInput):
        return float(convert(float(cells["number"].replace(",", "")), cells.get("unit", unit), unit))
    return float("nan")


def _require(base: Case, columns: Mapping[DatumKey, np.ndarray], count: int, single: Any) -> None:
    """Each scenario that a dossier could not give is opened as one, and refused in its words."""
    limits, problems = limits_by_place(base), Problems()
    odd = contradictory(with_unchecked_values(base, columns), count)
    for place, values in columns.items():
        odd |= ~limits[place].holds(values)
    for number in np.flatnonzero(odd).tolist():
        with problems.collect():
            single(number)
    problems.stop()


def _evaluated(base: Case, columns: Mapping[DatumKey, np.ndarray], factors: Mapping[str, np.ndarray],
               count: int) -> dict[str, list[Any]]:
    def case_of(some: slice) -> Case:
        case = with_values(base, {place: one[some] for place, one in columns.items()})
        return with_factors(case, {id: one[some] for id, one in factors.items()}) if factors else case

    problems = Problems()
    parts: list[tuple[int, dict[str, list[Any]]]] = []
    for some, result in evaluate_columns(case_of, count):
        if isinstance(result, BadInput):
            with problems.collect():
                raise _numbered(result, some.start)
        else:
            parts.append((some.start, result))
    problems.stop()
    parts.sort(key=lambda part: part[0])
    return {name: [one for _, part in parts for one in part[name]] for name in parts[0][1]}


def _numbered(error: BadInput, number: int) -> BadInput:
    """The problems of a scenario, each at its number."""
    said = label("scenario_number").format(number=number + 1)
    return BadInput([replace(one, file=" ".join(filter(None, (said, one.file)))) for one in error.problems])
