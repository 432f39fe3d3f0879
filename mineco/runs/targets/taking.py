"""The targets of a notebook taken into the folder of a run: refused as they are named, copied, checked as copied."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mineco.core.errors import Problem, Problems
from mineco.dossier.workbook.papers import papers_at
from mineco.runs.targets import batches, listed
from mineco.runs.targets.copying import copy_dossier
from mineco.runs.targets.made_for import MadeFor, typed_options


def refuse_targets(notebook: MadeFor, targets: Sequence[Path]) -> list[Problem]:
    """What is wrong with targets as they are named, before a file is touched: none of the kind, or too many."""
    if notebook.several:
        return listed.refuse_targets(targets)
    if notebook.target == "batch":
        return [one for target in targets for one in batches.refuse_batch(target)]
    problems = Problems()
    for target in targets:
        with problems.collect():
            papers_at(target)
    return problems


def copy_targets(notebook: MadeFor, targets: Sequence[Path], folder: Path) -> dict[str, str]:
    """Copy the targets into ``inputs`` of a folder; the parameter with which the notebook is told of them."""
    if notebook.several:
        return {notebook.target: listed.copy_targets(targets, folder)}
    if notebook.target == "batch":
        batches.copy_batch(targets[0], folder / listed.INPUTS)
    else:
        copy_dossier(papers_at(targets[0].resolve()), folder / listed.INPUTS)
    return {notebook.target: listed.INPUTS}


def check_targets(notebook: MadeFor, folder: Path, given: Mapping[str, str], standard_id: str,
                  options: Mapping[str, str], weights: Path | None) -> dict[str, Any]:
    """Stop with every problem of the copied targets and of the options, before anything is computed.

    Returns
    -------
    dict  The options set by hand, in the types of the notebook or of the standard.
    """
    from mineco.evaluation.record.notebooks import found_form
    from mineco.evaluation.registry import check

    problems, typed = Problems(), dict[str, Any]()
    with problems.collect():
        typed = typed_options(notebook, standard_id, options)
    chosen = notebook.of_standard(typed)
    paths = listed.targets_in(given[notebook.target], folder) if notebook.several else [folder / listed.INPUTS]
    for path in paths:
        with problems.collect():
            if notebook.target == "batch":
                problems += batches.batch_problems(path)
            elif notebook.several and listed.is_run(path):
                problems += listed.run_problems(path)
            else:
                check(path, standard_id, weights, **chosen)
    problems.stop()
    found_form(notebook.name).refuse(paths, standard_id, **typed)
    return typed
