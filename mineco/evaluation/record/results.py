"""An evaluation as one JSON document at full precision, for auditors and for other programs."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mineco.core.errors import Problem
from mineco.core.labels import label
from mineco.core.quantity import WEAK_STATUSES
from mineco.core.workbooks.live import live_workbook
from mineco.dossier.mine import Mine
from mineco.evaluation import reweighting
from mineco.evaluation.base import Evaluation, Recorded
from mineco.evaluation.record.archived import finished_run, held_against_record
from mineco.evaluation.record.form import SCHEMA_ID
from mineco.evaluation.record.kit_used import kit_used
from mineco.evaluation.record.lineage import data_used, factors_used, readings_used
from mineco.evaluation.record.trace import trace_document
from mineco.evaluation.reweighting import Variation, annex_evaluation
from mineco.report.tables import Block, note, show_text

WORKBOOK = "results.xlsx"
SENTINEL = re.compile(r"sha256:([0-9a-f]{64})")  # in the output of a notebook's last cell


def results_document(evaluation: Recorded, uncertainty: object = None, annex: Evaluation | None = None,
                     variations: Sequence[Variation] | None = None, sensitivity: object = None) -> dict[str, Any]:
    """The document of house form: mine, options with origin, readings, assumptions, notices, outcome.

    Parameters
    ----------
    evaluation : Recorded           Under any standard.
    uncertainty : object, optional  What the composition of the standard found of it, where it looks for it.
    variations : sequence of Variation, optional
        What other weights make of the result, as `annex_evaluation` and `sensitivity` give it, where it is at hand
        already.
    sensitivity : object, optional  What would change the grade, where the standard looks for it.

    Returns
    -------
    dict  Of the form that the standard names; numbers are floats at full precision.

    Raises
    ------
    BadInput  When sums that must agree do not: nothing is recorded.

    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import check
    >>> from mineco.core.kit import parameters
    >>> results_document(check(parameters() / "mines" / "tiny-quarry"))["outcome"]["grade"]["final"]
    'C'
    """
    evaluation.require_sums()
    case, mine = evaluation.case, evaluation.case.dossier.mine
    annex = annex or annex_evaluation(evaluation)
    outcome: Any = evaluation.outcome()
    weights: dict[str, Any] = {}
    if case.weights is not None:
        weights = {"weights": case.weights.model_dump(by_alias=True)}
        if isinstance(evaluation, Evaluation) and annex is not None:
            found = reweighting.sensitivity(evaluation, annex) if variations is None else variations
            weights["weights"]["sensitivity"] = found
            given = {name: one for name, one in outcome if name in outcome.model_fields_set}  # blank is not null
            outcome = {**given, "annex": annex.outcome()}
    made = evaluation.results.model_validate({
        "schema": SCHEMA_ID, **({"status": evaluation.status} if evaluation.status else {}),
        "standard": case.standard.id,
        "mine": mine_told(mine),
        "year": case.year, "report_date": mine.report_date, "options": case.options,
        "kit": kit_used(),
        "readings": readings_used(evaluation), "assumptions": _assumptions(evaluation),
        "notices": [as_notice(one) for one in evaluation.notices],
        **({"findings": case.dossier.findings} if case.dossier.findings else {}),
        "uncertainty": evaluation.uncertainty_outcome(uncertainty), **evaluation.sensitivity_outcome(sensitivity),
        "outcome": outcome, **weights})
    return made.model_dump(mode="json", by_alias=True, exclude_unset=True)


def write_results(evaluation: Recorded, path: str | Path, uncertainty: object = None,
                  annex: Evaluation | None = None, variations: Sequence[Variation] | None = None,
                  sensitivity: object = None) -> Block:
    """Write the results, and beside them ``trace.json`` and, where the standard has sheets, ``results.xlsx``.

    An empty path, as when a notebook is read, writes nothing.

    What is handed in is as for `results_document`. Where the path lies in a finished run, nothing is written either:
    the results are held against those that the run has recorded.

    Returns
    -------
    Block
        The digest of what was written, or that nothing was. Shown by the last cell, the digest proves in the notebook
        and in every form of the report that all cells before it ran, and which results they gave. In a finished run,
        also whether these are the recorded ones, and each number that is not.
    """
    if not str(path):
        return record(path)
    annex = annex or annex_evaluation(evaluation)
    document = results_document(evaluation, uncertainty, annex, variations, sensitivity)
    digest = record(path, document, trace_document(evaluation, annex))
    if (sheets := evaluation.sheets()) and not finished_run(path):
        workbook = live_workbook(sheets, evaluation.case.dossier.mine.report_date)
        Path(path).with_name(WORKBOOK).write_bytes(workbook)
    return digest


def record(path: str | Path, document: Mapping[str, Any] | None = None, trace: Mapping[str, Any] | None = None
           ) -> Block:
    """Write a document of results, and its trace beside it; in a finished run hold it against the recorded one.

    An empty path writes nothing. What is shown is as of `write_results`.

    >>> print(record("").text)
    No results were written; the parameter `results` is empty.
    """
    if not str(path):
        return show_text(label("results_not_written"))
    written = as_json(document)
    digest = note(label("results_digest"), [f"{Path(path).name} sha256:{hashlib.sha256(written).hexdigest()}"])
    if run := finished_run(path):
        return digest + held_against_record(run, json.loads(written), trace or {})
    Path(path).write_bytes(written)
    if trace is not None:
        Path(path).with_name("trace.json").write_bytes(as_json(trace))
    return digest


def mine_told(mine: Mine) -> dict[str, str]:
    """What results.json says of a mine."""
    return {"id": mine.id, "name_zh": mine.name.zh, "name_en": mine.name.en, "type": mine.type,
            "mine_subtype": mine.mine_subtype, "province": mine.province}


def as_json(content: object) -> bytes:
    """A document as it is written to a file: floats at full precision, and none that is not a number.

    >>> as_json({"share": 0.1})
    b'{\\n "share": 0.1\\n}\\n'
    """
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def notices_told(results: Mapping[str, Any]) -> list[Problem]:
    """The notices that a document of results tells, those of the evaluation that it holds first; none of an earlier
    version's.

    >>> told = {"message": "log_blank", "file": "events.csv", "row": "", "column": "", "value": "", "details": {}}
    >>> notices_told({"notices": [told]})[0].file
    'events.csv'
    """
    evaluation = results.get("evaluation", {})
    return [Problem(**one) for told in (evaluation, results) for one in told.get("notices", [])]


def as_notice(problem: Problem) -> dict[str, Any]:
    """A notice, or a gap, as data in no language.

    >>> as_notice(Problem("log_blank", "events.csv"))["file"]
    'events.csv'
    """
    return {"message": problem.message, "file": problem.file, "row": problem.row, "column": problem.column,
            "value": "" if problem.value is None else str(problem.value),
            "details": {name: one if isinstance(one, str | int | float) else str(one)
                        for name, one in problem.details.items()}}


def _assumptions(evaluation: Recorded) -> list[dict[str, Any]]:
    place_of = evaluation.case.dossier.place_of
    sourced = [*factors_used(evaluation), *evaluation.case.standard.panel_weights.values()]
    return [*({"what": one.name, "status": "assumed", "source": place_of(one.datum)}
              for one in data_used(evaluation) if one.kind == "assumed"),
            *({"what": one.id, "status": one.status, "source": one.source}
              for one in sourced if one.status in WEAK_STATUSES)]
