"""Many mines at once: cases of one form put together as arrays, evaluated in one call, and taken apart again."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mineco.core.errors import BadInput
from mineco.core.quantity import Quantity
from mineco.dossier.mine import Mine
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import QUANTITY_TABLES, Case
from mineco.evaluation.places import DatumKey, place_of, values_of, with_values
from mineco.evaluation.registry import evaluation_module
from mineco.evaluation.variants.columns import evaluate_columns
from mineco.standards.procedure import procedure_ids

# What a mine is called and who asks has no part in any number: mines that differ in nothing else are one group.
NAMES = ("id", "name", "legal_entity", "address", "boundary", "consolidation", "client", "evaluator_team", "licences",
         "objectives", "disclosures", "recommendations", "notice")


def case_form(case: Case) -> tuple[Any, ...]:
    """What two cases must have in common to be evaluated as one: all but the numbers and the names.

    Which offsets count depends on their dates, and is a matter of form too. A standard under the weights of a panel is
    another standard.
    """
    dossier = case.dossier

    def bare(one: Any) -> Any:
        if isinstance(one, Quantity):
            return one.unit, one.kind, one.name, place_of(one.datum)
        if isinstance(one, Mapping):
            return tuple((name, bare(given)) for name, given in one.items())
        return one

    rows = tuple((table, tuple(tuple(bare(one) for name, one in vars(row).items() if name != "evidence")
                               for row in getattr(dossier, table))) for table in QUANTITY_TABLES)
    ratings = tuple((row.indicator, row.rater) for row in dossier.ratings)
    events = tuple(dossier.events) if case.standard.id in procedure_ids() else ()  # else they decide nothing
    return (id(case.standard), id(case.factors), tuple(case.options.items()), _terms(dossier.mine), rows, ratings,
            events)


def _terms(mine: Mine) -> str:
    return mine.model_dump_json(exclude=set(NAMES))


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
        first, columns = members[0], _columns(members)

        def case_of(some: slice, first: Case = first, columns: Mapping[DatumKey, np.ndarray] = columns) -> Case:
            return with_values(first, {place: column[some] for place, column in columns.items()})

        for some, result in evaluate_columns(case_of, len(members)):
            for number, place in enumerate(places[some]):
                found[place] = result if isinstance(result, BadInput) else {
                    name: one[number] for name, one in result.items()}
    return [found[place] for place in range(len(cases))]


def batch_row(evaluation: Evaluation) -> dict[str, Any]:
    """What a batch tells of an evaluation, by name; each a value or an array."""
    return evaluation.summary()


def batch_row_of_results(results: Mapping[str, Any]) -> dict[str, Any]:
    """The same, of the results that a run has written."""
    return evaluation_module(results["standard"]).Evaluation.summary_from(results["outcome"])
