"""The trace of an evaluation: from each result to the call that made it, its formulas, its input rows and factors."""

from collections.abc import Iterator, Mapping
from typing import Any

from mineco.carbon_neutral_mine import Evaluation
from mineco.quantity import Datum, Factor, Quantity, Step
from mineco.reweighted import annex_evaluation
from mineco.steps import function

SCHEMA_ID = "mineco-trace/1"


def trace_of(evaluation: Evaluation) -> dict[str, Any]:
    """Every result with the quantities behind it, as a graph that an auditor, or a program, can walk.

    Returns
    -------
    dict
        ``results``: path in results.json → call of the notebook, number of the quantity, and all rows and factors
        behind it. ``quantities``: each once; a step with its function and the numbers of its inputs, a datum with
        file and row, a factor with its id.

    >>> from mineco.carbon_neutral_mine import check
    >>> from mineco.kit import parameters
    >>> trace = trace_of(check(parameters() / "mines" / "tiny-quarry"))
    >>> trace["results"]["outcome.ledger.offsets_t_co2e"]["rows"]
    ['offsets.csv:2']
    """
    numbers: dict[Quantity, int] = {}  # by identity
    quantities: list[dict[str, Any]] = []

    def number(quantity: Quantity) -> int:
        if quantity not in numbers:
            numbers[quantity] = len(quantities)
            quantities.append({})
            quantities[numbers[quantity]] = _told(quantity, number)
        return numbers[quantity]

    results = {path: {"call": call, "function": made_by or _function_of(behind[0]),
                      "quantities": [number(one) for one in behind], **_ends(behind)}
               for path, call, made_by, behind in _results(evaluation)}
    return {"schema": SCHEMA_ID, "results": results, "quantities": quantities}


def ledger_quantities(evaluation: Evaluation) -> dict[str, tuple[str, Quantity]]:
    """Each figure of the ledger in results.json: the call of the notebook that makes it, and the quantity."""
    ledger, account = evaluation.ledger, evaluation.ledger.account
    of_account = {"scope1_t_co2e": account.scope("1"), "scope2_location_t_co2e": account.scope("2"),
                  "scope2_market_t_co2e": account.scope("2", "market"), "scope3_t_co2e": account.scope("3"),
                  "emissions_t_co2e": ledger.emissions, "energy_tce": account.energy()}
    of_ledger = {"abatement_t_co2e": ledger.abatement.total, "restoration_removals_t_co2e": ledger.removals.restoration,
                 "filled_co2_t_co2e": ledger.removals.filled, "removals_t_co2e": ledger.removals.total,
                 "residual_t_co2e": ledger.residual, "offsets_t_co2e": ledger.offsets.total,
                 "net_t_co2e": ledger.net, "offset_ratio": ledger.offset_ratio, "balance_t_co2e": ledger.balance}
    return ({name: ("keep_account", one) for name, one in of_account.items()}
            | {name: ("keep_ledger", one) for name, one in of_ledger.items()})


def _results(evaluation: Evaluation) -> Iterator[tuple[str, str, str, list[Quantity]]]:
    """Path in results.json, call of the notebook, function where it is not that of the quantity, quantities."""
    case, score, ledger = evaluation.case, evaluation.score, evaluation.ledger
    for name in ("final", "by_score", "by_offset", "binding", "carbon_neutral"):
        yield f"outcome.grade.{name}", "settle_grade", "mineco.scoring.final_grade", [score.total, ledger.offset_ratio]
    yield ("outcome.grade.near_zero", "evaluate", "mineco.carbon_neutral_mine.near_zero",
           [ledger.emissions, evaluation.accounts[case.base_year].emissions()])
    yield "outcome.score.total", "add_up_score", "", [score.total]
    for name, points in score.groups.items():
        yield f"outcome.score.groups.{name}", "add_up_score", "", [points]
    for name, one in evaluation.indicators.items():
        path = f"outcome.score.indicators[{name}]"
        weight = case.standard.weight(name).as_quantity()
        yield f"{path}.nominal_weight", "add_up_score", "mineco.carbon_neutral_mine.add_up_score", [weight]
        yield f"{path}.weight", "add_up_score", "mineco.scoring.effective_weights", [weight]
        if one.value is not None:
            behind = [one.value, *([one.bound] if one.bound is not None else [])]
            by_knots = one.variant is not None and not one.indicator.rubric
            yield f"{path}.value", "measure_indicators", "", behind
            yield f"{path}.score", "measure_indicators", "mineco.scoring.value_score" if by_knots else "", behind
        for label, value in one.beside.items():
            yield f"{path}.beside.{label}", "measure_indicators", "", [value]
    for name, (call, quantity) in ledger_quantities(evaluation).items():
        yield f"outcome.ledger.{name}", call, "", [quantity]
    if case.weights is not None:
        annex = annex_evaluation(evaluation)
        yield ("outcome.annex.grade.final", "annex_evaluation", "mineco.scoring.final_grade",
               [annex.score.total, ledger.offset_ratio])
        yield "outcome.annex.score.total", "annex_evaluation", "", [annex.score.total]
        for name, points in annex.score.groups.items():
            yield f"outcome.annex.score.groups.{name}", "annex_evaluation", "", [points]


def _function_of(quantity: Quantity) -> str:
    """The function of a step; of what was taken over as it stands, the method that did so."""
    if not isinstance(quantity.origin, Step):
        return "mineco.measured.measure"
    formula = function(quantity.origin.function)
    return f"{formula.__module__}.{formula.__name__}"


def _told(quantity: Quantity, number: Any) -> dict[str, Any]:
    """One quantity: what it is, and where it came from."""
    told = {"name": quantity.name, "value": float(quantity.value), "unit": quantity.unit, "kind": quantity.kind}
    origin = quantity.origin
    if isinstance(origin, Datum):
        return told | {"file": origin.file, "row": origin.row, "given": origin.given}
    if isinstance(origin, Factor):
        return told | {"factor": origin.id, "source": origin.source, "status": origin.status}
    inputs = {symbol: {key: number(one) for key, one in given.items()} if isinstance(given, Mapping) else number(given)
              for symbol, given in origin.inputs.items()}
    return told | {"function": _function_of(quantity), "clause": origin.clause, "inputs": inputs}


def _ends(behind: list[Quantity]) -> dict[str, list[str]]:
    """The rows and factors at the far ends of the chains, each once, in order."""
    origins = [one.origin for result in behind for one in result.chain()]
    rows = {(one.file, one.row): f"{one.file}:{one.row}" for one in origins if isinstance(one, Datum)}
    ordered = sorted(rows, key=lambda place: (place[0], isinstance(place[1], str), place[1]))
    return {"rows": [rows[place] for place in ordered],
            "factors": sorted({one.id for one in origins if isinstance(one, Factor)})}
