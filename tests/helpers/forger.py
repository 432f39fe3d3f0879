"""What somebody does who has changed a run and knows how a run is written: metadata, manifest and log are made anew."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from mineco.evaluation.record.manifest import root_hash, write_manifest
from mineco.runs import runlog
from mineco.runs.archive import CRATE, crate_of
from mineco.runs.audit.documents import is_environment, read_document


def edit(path: Path, change: Callable[[Any], object]) -> None:
    """Change a JSON file in place, written as a run writes it."""
    document = json.loads(path.read_text("utf-8"))
    change(document)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def seal(run: Path, log: bool = True) -> None:
    """Metadata and manifest of a run over what its files are now, and, if asked for, a log beside it
    that knows no other root hash."""
    given, environment, results, crate = (read_document(run / name) for name in (
        "parameters.json", "environment.json", "results.json", CRATE))
    workflows = list((run / "kit" / "notebooks").glob("*.ipynb"))
    sound = given and all(isinstance(value, str | int | float) for value in given.values())
    if sound and environment and is_environment(environment) and results and crate and workflows:
        with suppress(AttributeError, KeyError, TypeError):  # of results that tell no mine there are no metadata
            written = crate_of(run, f"kit/notebooks/{workflows[0].name}", given, environment, results)
            (run / CRATE).write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")
    write_manifest(run)
    if log:
        (run.parent / runlog.NAME).unlink(missing_ok=True)
        with runlog.locked(run.parent):
            runlog.append(run.parent, run=run.name, dossier="mine", status="complete", root=root_hash(run))
