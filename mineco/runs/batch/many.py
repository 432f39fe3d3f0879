"""Many mines as one table: cases of one form put together as arrays, evaluated in one call, and taken apart again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mineco.core.calls import argument_problems, checked_arguments
from mineco.core.errors import BadInput, Problems
from mineco.core.labels import problem_text
from mineco.core.quantity import Quantity
from mineco.dossier.rows import EVIDENCE
from mineco.evaluation.case import QUANTITY_TABLES, Case, open_case
from mineco.evaluation.places import place_of, values_of, with_values
from mineco.evaluation.registry import as_opened, evaluation_module
from mineco.evaluation.variants.columns import evaluate_columns, mine_columns, summary_with_notices
from mineco.standards.procedure import procedure_ids

if TYPE_CHECKING:
    import pandas as pd

# What a mine is called, where it lies and who asks has no part in any number: mines that differ in nothing else are
# one group.
NAMES = ("id", "name", "legal_entity", "address", "longitude", "latitude", "depth_m", "boundary", "consolidation",
         "client", "evaluator_team", "licences", "objectives", "disclosures", "recommendations", "notice")


@checked_arguments()
def batch(mines: Iterable[str | Path | Case] | str | Path | Case, standard: str = "carbon-neutral-mine-2025",
          **chosen: Any) -> "pd.DataFrame":
    """Evaluate many dossiers or cases.

    Mines of one form go through the evaluation together, as arrays. For reports, many processes or a table with a row
    for each mine: ``mineco batch``.

    Parameters
    ----------
    mines : iterable of path or Case, or one of them
    standard : str  That dossiers given as paths are held to.
    **chosen        Options of those, as of `mineco.open_case`; a case has its own, and is refused with others beside.

    Returns
    -------
    DataFrame
        A row for each mine in the order given: ``mine``, ``status`` (complete or refused), ``reason``, and for a
        complete one the year, what tells the mine apart, its main figures by name, and its notices (``notice_count``,
        ``notices``).

    >>> import mineco as mc
    >>> found = mc.batch(["parameters/mines/tiny-quarry", "parameters/mines/changcun-coal", "no-such-mine"])
    >>> found["mine"].tolist(), found["status"].tolist()
    (['tiny-quarry', 'changcun-coal', 'no-such-mine'], ['complete', 'complete', 'refused'])
    """
    import pandas as pd

    given = [mines] if isinstance(mines, str | Path | Case) else list(mines)
    cases: list[Case | BadInput] = []
    for one in given:
        try:
            Problems(argument_problems("mines", one, str | Path | Case)).stop()
            cases.append(as_opened(one, chosen) if isinstance(one, Case) else open_case(one, standard, **chosen))
        except BadInput as error:
            cases.append(error)
    rows = []
    for one, case, found in zip(given, cases, evaluate_stacked(cases), strict=True):
        name = one.dossier.mine.id if isinstance(one, Case) else Path(str(one)).name
        row: dict[str, Any] = {"mine": name, "status": "complete", "reason": ""}
        if isinstance(case, Case):
            row |= {"mine": case.dossier.mine.id, "year": case.year, **mine_columns(case)}
        rows.append(row | (found if isinstance(found, dict) else {
            "status": "refused", "reason": " ".join(problem_text(problem) for problem in found.problems)}))
    return pd.DataFrame(rows)


def case_form(case: Case) -> tuple[Any, ...]:
    """What two cases must have in common to be evaluated as one: all but the numbers and the names.

    Which offsets count depends on their dates and on whether a file proves them, and is a matter of form too; so is
    what a notice tells of beside the numbers: the province of the address, the figures that a mine declares, and where
    in a workbook they stand. A standard under the weights of a panel is another standard.
    """
    dossier = case.dossier

    def bare(one: Any) -> Any:
        if isinstance(one, Quantity):
            return one.unit, one.kind, one.name, place_of(one.datum), bool(one.datum.meter)
        if isinstance(one, Mapping):
            return tuple((name, bare(given)) for name, given in one.items())
        return one

    rows = tuple((table, tuple(tuple(one.startswith(EVIDENCE) if name == "evidence" else bare(one)
                                     for name, one in vars(row).items())
                               for row in getattr(dossier, table))) for table in QUANTITY_TABLES)
    declared = tuple((row.item, *(one.value if isinstance(one, Quantity) else one
                                  for one in (row.initial, row.verified))) for row in dossier.declared)
    address = tuple(frozenset(case.factors.named_in("province", one))
                    for one in dossier.mine.address.given().values())
    ratings = tuple((row.indicator, row.rater) for row in dossier.ratings)
    places = str(dossier.book and replace(dossier.book, files={}))  # by which notices are told
    events = tuple(dossier.events) if case.standard.id in procedure_ids() else ()  # else they decide nothing
    return (id(case.standard), id(case.factors), tuple(case.options.items()), tuple(dossier.bases),
            dossier.mine.model_dump_json(exclude=set(NAMES)), rows, ratings, events, declared, address, places)


def evaluate_stacked(cases: Sequence[Case | BadInput]) -> list[dict[str, Any] | BadInput]:
    """The summary of each case, or its problems; cases of one form are evaluated in one call.

    What is no case, but why there is none, stays in its place.

    >>> from mineco.core.kit import parameters
    >>> quarry = open_case(parameters() / "mines" / "tiny-quarry")
    >>> [one["grade"] for one in evaluate_stacked([quarry, quarry])]
    ['C', 'C']
    """
    groups: dict[tuple[Any, ...], dict[int, Case]] = {}
    found: dict[int, dict[str, Any] | BadInput] = {}
    for place, case in enumerate(cases):
        if isinstance(case, BadInput):
            found[place] = case
        elif evaluation_module(case.standard.id).Evaluation.takes_arrays:
            groups.setdefault(case_form(case), {})[place] = case
        else:
            groups[place,] = {place: case}
    for members in groups.values():
        places = list(members)
        for some, result in evaluate_columns(_stacked(list(members.values())), len(places),
                                             summary_with_notices):
            for number, place in enumerate(places[some]):
                found[place] = result if isinstance(result, BadInput) else {
                    name: one[number] for name, one in result.items()}
    return [found[place] for place in range(len(cases))]


def _stacked(cases: Sequence[Case]) -> Callable[[slice], Case]:
    """Cases of one form as a function that gives some of them as one, whose data are arrays."""
    first, values = cases[0], [values_of(case) for case in cases]
    if not evaluation_module(first.standard.id).Evaluation.takes_arrays:
        return lambda some: first
    columns = {place: np.array([one[place] for one in values]) for place in values[0]}
    return lambda some: with_values(first, {place: column[some] for place, column in columns.items()})
