"""An evaluation as one JSON document at full precision, for auditors and for other programs."""

import hashlib
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mineco.behind import data_behind, factors_used, readings_used
from mineco.carbon_neutral_mine import Evaluation, near_zero
from mineco.labels import label
from mineco.measured import Measured
from mineco.quantity import WEAK_STATUSES
from mineco.reweighted import annex_evaluation, sensitivity
from mineco.tables import Block, note
from mineco.trace import ledger_quantities, trace_of

SCHEMA_ID = "mineco-results/1"
SENTINEL = re.compile(r"sha256:([0-9a-f]{64})")  # in the output of a notebook's last cell


def results_of(evaluation: Evaluation) -> dict[str, Any]:
    """The document of house form: mine, options with origin, readings, assumptions, outcome.

    Returns
    -------
    dict
        Valid under ``results.schema.json``; numbers are floats at full precision.

    >>> from mineco.carbon_neutral_mine import check
    >>> from mineco.kit import parameters
    >>> results_of(check(parameters() / "mines" / "tiny-quarry"))["outcome"]["grade"]["final"]
    'C'
    """
    case, mine = evaluation.case, evaluation.case.dossier.mine
    told: dict[str, Any] = {
        "schema": SCHEMA_ID,
        "standard": case.standard.id,
        "mine": {"id": mine.id, "name_zh": mine.name.zh, "name_en": mine.name.en, "type": mine.type,
                 "mine_subtype": mine.mine_subtype, "province": mine.province},
        "year": case.year,
        "report_date": mine.report_date.isoformat(),
        "options": {name: {"value": one.value, "origin": one.origin} for name, one in case.options.items()},
        "readings": readings_used(evaluation),
        "assumptions": _assumptions(evaluation),
        "uncertainty": {},
        "outcome": {"grade": _grade(evaluation), "score": _score(evaluation), "ledger": _ledger(evaluation)},
    }
    if case.weights is not None:
        annex = annex_evaluation(evaluation)
        told["outcome"]["annex"] = {
            "grade": {name: one for name, one in _grade(annex).items() if name in ("final", "by_score", "by_offset",
                                                                                  "binding")},
            "score": {"total": float(annex.score.total),
                      "groups": {name: float(points) for name, points in annex.score.groups.items()}}}
        told["weights"] = {**case.weights.model_dump(by_alias=True),
                           "sensitivity": [asdict(one) for one in sensitivity(evaluation)]}
    return told


def write_results(evaluation: Evaluation, path: str | Path) -> Block | None:
    """Write the results, and beside them ``trace.json``; an empty path, as when a notebook is read, writes nothing.

    Returns
    -------
    Block, optional
        The digest of what was written. Shown by the last cell, it proves in the notebook and in every form of the
        report that all cells before it ran, and which results they gave.
    """
    if not str(path):
        return None
    written = as_json(results_of(evaluation))
    Path(path).write_bytes(written)
    Path(path).with_name("trace.json").write_bytes(as_json(trace_of(evaluation)))
    return note(label("results_digest"), [f"{Path(path).name} sha256:{hashlib.sha256(written).hexdigest()}"])


def as_json(content: object) -> bytes:
    """A document as it is written to a file: floats at full precision, and none that is not a number.

    >>> as_json({"share": 0.1})
    b'{\\n "share": 0.1\\n}\\n'
    """
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _grade(evaluation: Evaluation) -> dict[str, Any]:
    grade = evaluation.grade
    return {"final": grade.final, "by_score": grade.by_score, "by_offset": grade.by_offset, "binding": grade.binding,
            "carbon_neutral": bool(grade.carbon_neutral), "near_zero": bool(near_zero(evaluation)),
            "unmet_prerequisites": list(grade.unmet)}


def _score(evaluation: Evaluation) -> dict[str, Any]:
    score = evaluation.score
    return {"total": float(score.total),
            "groups": {name: float(points) for name, points in score.groups.items()},
            "indicators": [_indicator(name, one, score.weights[name], score.nominal_weights[name])
                           for name, one in evaluation.indicators.items()]}


def _indicator(name: str, one: Measured, weight: float, nominal: float) -> dict[str, Any]:
    return {"id": name, "value": None if one.value is None else float(one.value),
            "unit": "" if one.value is None else one.value.unit,
            "score": None if one.score is None else float(one.score), "weight": weight, "nominal_weight": nominal,
            "kind": "not_applicable" if one.value is None else one.value.kind, "reason": one.reason,
            "readings": list(one.indicator.readings),
            "beside": {label: float(beside) for label, beside in one.beside.items()}}


def _ledger(evaluation: Evaluation) -> dict[str, float]:
    return {name: float(quantity) for name, (_, quantity) in ledger_quantities(evaluation).items()}


def _assumptions(evaluation: Evaluation) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"what": one.name, "status": "assumed", "source": f"{one.datum.file}:{one.datum.row}"}
        for one in data_behind(evaluation) if one.kind == "assumed"]
    rows += [{"what": one.id, "status": one.status, "source": one.source} for one in factors_used(evaluation)
             if one.status in WEAK_STATUSES]
    rows += [{"what": one.id, "status": one.status, "source": one.source}
             for one in evaluation.case.standard.panel_weights.values() if one.status in WEAK_STATUSES]
    return rows
