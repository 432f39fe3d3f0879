"""The runs that a notebook was run on, as they are kept beside it: held to their manifests, and to their own inputs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput
from mineco.core.kit import code_hash
from mineco.evaluation.record.results import results_document
from mineco.evaluation.registry import LONG, check, check_gaps
from mineco.runs.audit.documents import is_trace, read_document
from mineco.runs.audit.found import Verification
from mineco.runs.audit.rerun import run_parameters
from mineco.runs.order import PRELIMINARY, story_of
from mineco.runs.run import read_results, results_form
from mineco.runs.targets.copying import WEIGHTS
from mineco.runs.targets.listed import INPUTS, is_run, run_problems, targets_in
from mineco.runs.targets.made_for import RESERVED
from mineco.standards.load import undated

OUTCOME = "outcome"


def check_listed(run: Path, given: Mapping[str, Any], found: Verification) -> None:
    """Find what is not as the manifest of a listed run says, and results that are not those of its inputs.

    These are evaluated again where this very code has made them, by the parameters that belong to it; of any other run
    it is told that its results were not held to its inputs.
    """
    for place in targets_in(given["runs"], run) if "runs" in given else ():
        if not is_run(place):
            continue
        problems = run_problems(place)
        found.problems += problems
        if not problems and not _same_outcome(place, place.relative_to(run).as_posix(), found):
            found.unknown[f"{place.relative_to(run).as_posix()}/"] = "unknown_listed"


def _same_outcome(place: Path, name: str, found: Verification) -> bool:
    """Compare the outcome of a run with that of its inputs; whether it could be."""
    given, environment = run_parameters(place), json.loads((place / "environment.json").read_text("utf-8"))
    if environment["mineco"].get("code_sha256") != code_hash() or undated(given["standard"]) in LONG:
        return False
    story = story_of(json.loads((place / "results.json").read_text("utf-8")))
    weights = place / WEIGHTS if "weights" in given else None
    options = {option: value for option, value in given.items() if option not in RESERVED}
    try:
        results = read_results(place / "results.json", results_form(given["standard"], story))
        if results["kit"]["state"] == "changed":
            return False
        look = check_gaps if story == PRELIMINARY else check
        made = results_document(look(place / INPUTS, given["standard"], weights, **options))
    except BadInput as error:
        found.problems += error.problems
        return True
    trace = read_document(place / "trace.json") if (place / "trace.json").is_file() else None
    found.compare(f"{name}/results.json", {OUTCOME: results[OUTCOME]}, {OUTCOME: made[OUTCOME]},
                  trace if trace and is_trace(trace) else {})
    return True
