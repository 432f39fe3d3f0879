"""Many mines at once: cases of one form put together as arrays, evaluated in one call, and taken apart again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mineco.core.errors import BadInput
from mineco.core.quantity import Datum, Number, Quantity
from mineco.dossier.mine import Mine
from mineco.dossier.rows import RatingRow
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.registry import evaluate, evaluation_module
from mineco.standards.procedure import procedure_ids

QUANTITY_TABLES = ("activity", "metrics", "measures", "offsets", "parcels")
DatumKey = tuple[str, int | str, str]  # file, row and column

# What a mine is called and who asks has no part in any number: mines that differ in nothing else are one group.
NAMES = ("id", "name", "legal_entity", "address", "boundary", "consolidation", "client", "evaluator_team", "licences",
         "objectives", "disclosures", "recommendations", "notice")


def with_values(case: Case, value: Callable[[DatumKey, float], Number]) -> Case:
    """The case with the value of every datum asked for anew, by its place.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.kit import parameters
    >>> quarry = open_case(parameters() / "mines" / "tiny-quarry")
    >>> doubled = with_values(quarry, lambda place, old: 2 * old if place[0] == "offsets.csv" else old)
    >>> float(quarry.dossier.offsets[0].quantity), float(doubled.dossier.offsets[0].quantity)
    (720.0, 1440.0)
    """
    def of_quantity(one: Any) -> Any:
        if isinstance(one, Quantity) and isinstance(one.origin, Datum):
            return replace(one, value=value(_place(one.datum), one.value))  # type: ignore[arg-type]
        if isinstance(one, Mapping):
            return {name: of_quantity(given) for name, given in one.items()}
        return one

    def of_row(row: Any) -> Any:
        changed = {name: of_quantity(one) for name, one in vars(row).items() if isinstance(one, Quantity | Mapping)}
        return replace(row, **changed)

    dossier = case.dossier
    rows: dict[str, Any] = {table: [of_row(row) for row in getattr(dossier, table)] for table in QUANTITY_TABLES}
    rows["ratings"] = [replace(row, score=value(rating_place(row), row.score))  # type: ignore[arg-type]
                       for row in dossier.ratings]
    return replace(case, dossier=replace(dossier, **rows))


def rating_place(row: RatingRow) -> DatumKey:
    """Where the score of a rating stands, whether the mine gave it as points or as a level of the rubric."""
    return "ratings.csv", row.line, "score"


def values_of(case: Case) -> dict[DatumKey, float]:
    """Every datum by its place, in the order in which `with_values` asks for them."""
    found: dict[DatumKey, float] = {}

    def note(place: DatumKey, old: float) -> float:
        found[place] = old
        return old

    with_values(case, note)
    return found


def case_form(case: Case) -> tuple[Any, ...]:
    """What two cases must have in common to be evaluated as one: all but the numbers and the names.

    Which offsets count depends on their dates, and is a matter of form too. A standard under the weights of a panel is
    another standard.
    """
    dossier = case.dossier

    def bare(one: Any) -> Any:
        if isinstance(one, Quantity):
            return one.unit, one.kind, one.name, _place(one.datum)
        if isinstance(one, Mapping):
            return tuple((name, bare(given)) for name, given in one.items())
        return one

    rows = tuple((table, tuple(tuple(bare(one) for name, one in vars(row).items() if name != "evidence")
                               for row in getattr(dossier, table))) for table in QUANTITY_TABLES)
    ratings = tuple((row.indicator, row.rater) for row in dossier.ratings)
    events = tuple(dossier.events) if case.standard.id in procedure_ids() else ()  # else they decide nothing
    return id(case.standard), tuple(case.options.items()), _terms(dossier.mine), rows, ratings, events


def _terms(mine: Mine) -> str:
    return mine.model_dump_json(exclude=set(NAMES))


def stack_cases(cases: Sequence[Case]) -> Case:
    """Cases of one form as one case whose data are arrays, with one element for each of them."""
    columns = _columns(cases)
    return with_values(cases[0], lambda place, _: columns[place])


def _columns(cases: Sequence[Case]) -> dict[DatumKey, np.ndarray]:
    given = [values_of(case) for case in cases]
    return {place: np.array([one[place] for one in given]) for place in given[0]}


def evaluate_stacked(cases: Sequence[Case]) -> list[dict[str, Any] | BadInput]:
    """The summary of each case, or its problems; cases of one form are evaluated in one call.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.kit import parameters
    >>> quarry = open_case(parameters() / "mines" / "tiny-quarry")
    >>> [one["grade"] for one in evaluate_stacked([quarry, quarry])]
    ['C', 'C']
    """
    groups: dict[tuple[Any, ...], list[int]] = {}
    for place, case in enumerate(cases):
        groups.setdefault(case_form(case), []).append(place)
    found: dict[int, dict[str, Any] | BadInput] = {}
    for places in groups.values():
        members = [cases[place] for place in places]
        for some, result in evaluate_columns(members[0], _columns(members), len(members)):
            for number, place in enumerate(places[some]):
                found[place] = result if isinstance(result, BadInput) else {
                    name: one[number] for name, one in result.items()}
    return [found[place] for place in range(len(cases))]


def evaluate_columns(case: Case, columns: Mapping[DatumKey, np.ndarray],
                     count: int) -> Iterator[tuple[slice, dict[str, list[Any]] | BadInput]]:
    """Summaries of many mines of one form: slices of them with columns, or a single mine with its problems.

    Parameters
    ----------
    case : Case
        What they have in common.
    columns : mapping
        Values by place; a datum without column is the same for all.
    count : int
        Number of mines.
    """
    waiting = [slice(0, count)]
    while waiting:
        some = waiting.pop()
        size = some.stop - some.start
        part = {place: column[some] for place, column in columns.items()}
        try:
            made = evaluate(with_values(case, lambda place, old, part=part: part.get(place, old)))  # type: ignore[misc]
        except BadInput as error:  # of one of them at least: whose it is comes out by halving
            if size == 1:
                yield some, error
            else:
                middle = some.start + size // 2
                waiting += [slice(middle, some.stop), slice(some.start, middle)]
            continue
        yield some, {name: _list(value, size) for name, value in batch_row(made).items()}


def batch_row(evaluation: Evaluation) -> dict[str, Any]:
    """What a batch tells of an evaluation, by name; each a value or an array."""
    return evaluation.summary()


def batch_row_of_results(results: Mapping[str, Any]) -> dict[str, Any]:
    """The same, of the results that a run has written."""
    return evaluation_module(results["standard"]).Evaluation.summary_from(results["outcome"])


def _list(value: Any, size: int) -> list[Any]:
    return value.tolist() if np.ndim(value) else [value.item() if isinstance(value, np.generic) else value] * size


def _place(datum: Datum) -> DatumKey:
    return datum.file, datum.row, datum.column
