"""The pieces of work of a batch: what a worker does, wherever it is. Nothing here writes but the runs themselves."""

import functools
import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mineco import __version__
from mineco.core.errors import BadInput, Problem
from mineco.core.kit import WHOLE, code_hash, notebooks, parameters
from mineco.dossier.checks.noticed import notice_columns
from mineco.evaluation.case import Case, open_case
from mineco.evaluation.registry import evaluation_module
from mineco.evaluation.variants.columns import mine_columns
from mineco.runs.batch.forms import TableRows
from mineco.runs.batch.many import evaluate_stacked
from mineco.runs.batch.records import Records
from mineco.runs.batch.table_results import Refusal, results_of_rows

Task = tuple[Path, str]  # a dossier, and the key under which its row is recorded
TaskOutcome = dict[str, Any] | list[Problem]  # a row of the summary, or what is wrong


@dataclass(frozen=True)
class BatchTerms:
    """What all work of a batch has in common; ``kit`` is what a worker must be made of."""

    kit: str
    standard_id: str
    options: Mapping[str, Any]
    out: Path
    formats: tuple[str, ...] = ("html",)
    language: str = "zh"


@functools.cache
def kit_hash() -> str:
    """SHA-256 over the code and all that an evaluation reads beside its dossier.

    >>> len(kit_hash())
    64
    """
    digest = hashlib.sha256(code_hash().encode())
    roots = [parameters() / name for name in WHOLE] + [notebooks()]
    for root in roots:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and not any(part.startswith(".") for part in path.parts[-2:]):
                digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def worker_signature() -> dict[str, str]:
    """What must be the same wherever the work of one batch is done."""
    import numpy

    return {"mineco": __version__, "kit": kit_hash(), "python": platform.python_version(), "numpy": numpy.__version__}


def results_of_dossiers(terms: BatchTerms, tasks: Sequence[Task]) -> list[TaskOutcome]:
    """A row of the summary for each dossier, or its problems; those of one form are evaluated as arrays."""
    require_kit(terms.kit)
    cases: list[Case | BadInput] = []
    for folder, _ in tasks:
        try:
            cases.append(open_case(folder, terms.standard_id, **terms.options))
        except BadInput as error:
            cases.append(error)
    return [{"mine": case.dossier.mine.id, "year": case.year, "status": "complete", **mine_columns(case), **found}
            if isinstance(case, Case) and isinstance(found, dict) else found.problems  # type: ignore[union-attr]
            for case, found in zip(cases, evaluate_stacked(cases), strict=True)]


def report_of_dossier(terms: BatchTerms, tasks: Sequence[Task]) -> list[TaskOutcome]:
    """Run one dossier and record it under its key; where a worker given up for lost has recorded it, that stands."""
    from mineco.evaluation.record.results import notices_told  # what only reports need is not loaded for results
    from mineco.runs.run import run

    ((folder, key),), records = tasks, Records(terms.out)
    require_kit(terms.kit)
    recorded = records.row(key)
    if recorded is not None:
        return [recorded]
    try:
        made = run(folder, terms.standard_id, terms.out, terms.formats, terms.language,
                   {name: str(value) for name, value in terms.options.items()}, engine="fork")
    except BadInput as error:
        return [error.problems]
    results = json.loads((made / "results.json").read_text(encoding="utf-8"))
    row = {"mine": results["mine"]["id"], "year": results["year"], "status": "complete", "run": made.name,
           **mine_columns(open_case(folder, terms.standard_id, **terms.options)),
           **evaluation_module(results["standard"]).Evaluation.summary_from(results["outcome"]),
           **notice_columns((True, one) for one in notices_told(results))}
    records.add_row(key, row)
    return [row]


def results_of_part(terms: BatchTerms, rows: TableRows) -> tuple[Any, list[Refusal]]:
    """The results of some rows of a table."""
    require_kit(terms.kit)
    return results_of_rows(rows)


def require_kit(kit: str) -> None:
    """A worker that joined a cluster after the preflight is held to the same."""
    if kit_hash() != kit:
        raise BadInput(Problem("cluster_differs", column="--cluster", value=platform.node(),
                               details={"name": "kit", "here": kit, "there": kit_hash()}))
