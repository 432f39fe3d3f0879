"""The trace of an evaluation: from each result to the call that made it, its formulas, its input rows and factors."""

from collections.abc import Iterator, Mapping
from typing import Any

from mineco.core.quantity import Datum, Factor, Quantity, Step
from mineco.dossier.read import Dossier
from mineco.evaluation.base import Evaluation, Recorded, TraceEntry
from mineco.evaluation.reweighting import annex_evaluation

SCHEMA_ID = "mineco-trace/2"


def trace_document(evaluation: Recorded, annex: Evaluation | None = None, under: str = "") -> dict[str, Any]:
    """Every result with the quantities behind it, as a graph that an auditor, or a program, can walk.

    Parameters
    ----------
    annex : Evaluation, optional  As `annex_evaluation` gives it, where it is at hand already.
    under : str, optional         The part of results.json that holds the evaluation, where it is not the whole of it.

    Returns
    -------
    dict
        ``results``: path in results.json → step of the notebook (its cell is tagged ``step-…``), function, numbers of
        the quantities, and all rows and factors behind them. ``quantities``: each once; a step with its formula and
        the numbers of its inputs, a datum with file and row (of a
        workbook with sheet and cell), a factor with its id. Formulas and functions go by the
        ids of formulas.yaml, and by no place in a program.

    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import check
    >>> from mineco.core.kit import parameters
    >>> trace = trace_document(check(parameters() / "mines" / "tiny-quarry"))
    >>> trace["results"]["outcome.ledger.offsets_t_co2e"]["rows"]
    ['offsets.csv:2']
    """
    dossier = evaluation.case.dossier
    numbers: dict[Quantity, int] = {}  # by identity
    quantities: list[dict[str, Any]] = []

    def number(quantity: Quantity) -> int:
        if quantity not in numbers:
            numbers[quantity] = len(quantities)
            quantities.append({})
            quantities[numbers[quantity]] = _quantity_record(quantity, number, dossier)
        return numbers[quantity]

    traced = list(evaluation.trace())
    annex = annex or annex_evaluation(evaluation)
    if annex is not None:
        traced += _traced_beside(annex)
    lists = {id(behind): behind for *_, behind in traced}  # many results rest on one list
    ends = {place: _ends(behind, dossier) for place, behind in lists.items()}
    results = {f"{under}.{path}" if under else path: {
        "step": step, "function": function or _function_of(behind[0]),
        "quantities": [number(one) for one in behind], **ends[id(behind)]}
               for path, step, function, behind in traced}
    return {"schema": SCHEMA_ID, "results": results, "quantities": quantities}


def _traced_beside(annex: Evaluation) -> Iterator[TraceEntry]:
    """Of the trace of an annex what stands in it beside the result of a panel."""
    for path, _, function, behind in annex.trace():
        for own, beside in annex.annexed.items():
            if path == own or path.startswith(f"{own}."):
                yield path.replace(own, beside), "annex", function, behind


def _function_of(quantity: Quantity) -> str:
    """The function of a step, as formulas.yaml names it; of what was taken over as it stands, that it was measured."""
    return quantity.origin.function if isinstance(quantity.origin, Step) else "measure"


def _quantity_record(quantity: Quantity, number: Any, dossier: Dossier) -> dict[str, Any]:
    """One quantity: what it is, and where it came from."""
    told = {"name": quantity.name, "value": float(quantity.value), "unit": quantity.unit, "kind": quantity.kind}
    origin = quantity.origin
    if isinstance(origin, Datum):
        file, row = dossier.file_and_row(origin)
        return told | {"file": file, "row": row, "given": origin.given}
    if isinstance(origin, Factor):
        return told | {"factor": origin.id, "source": origin.source, "status": origin.status}
    inputs = {symbol: {key: number(one) for key, one in given.items()} if isinstance(given, Mapping) else number(given)
              for symbol, given in origin.inputs.items()}
    return told | {"formula": origin.formula, "function": origin.function, "clause": origin.clause, "inputs": inputs}


def _ends(behind: list[Quantity], dossier: Dossier) -> dict[str, list[str]]:
    """The rows and factors at the far ends of the chains, each once, in order."""
    origins = [one.origin for result in behind for one in result.chain()]
    rows = {(one.file, one.row): dossier.place_of(one) for one in origins
            if isinstance(one, Datum) and one.file}  # not what stands for a missing datum
    ordered = sorted(rows, key=lambda place: (place[0], isinstance(place[1], str), place[1]))
    return {"rows": [rows[place] for place in ordered],
            "factors": sorted({one.id for one in origins if isinstance(one, Factor)})}
