"""What being an archive costs a run, and what verifying it costs, beside the run itself."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.report import seconds
from mineco.runs import run as run_module
from mineco.runs import runlog

BUDGET_MS = 300.0
PARTS = {  # every call of a run that it would not make if it kept report and results alone
    "kit": (run_module, "copy_kit"),
    "status": (run_module, "status_of"),
    "environment": (run_module, "run_environment"),
    "trace, metadata, manifest": (run_module, "write_run_record"),
    "fsync": (run_module, "sync_all"),
    "lock, move, log": (run_module, "_publish"),
    "abandoned runs": (run_module, "_log_abandoned"),
}
BESIDE = """
import json, sys, time
from mineco.report import export
from mineco.runs import run
from mineco.evaluation.carbon_neutral_mine.evaluate import check
evaluation = check(sys.argv[1])
begun = time.perf_counter()
from mineco.evaluation.record.results import as_json
from mineco.evaluation.record.trace import trace_document
as_json(trace_document(evaluation, None))
traced = time.perf_counter()
import rocrate.rocrate
from mineco.runs import archive
archive.prefetch_environment()
print(json.dumps([1000 * (traced - begun), 1000 * (time.perf_counter() - traced)]))
"""


def timed(took: dict[str, float], name: str, call: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Call, and add the time it took."""
    begun = time.perf_counter()
    try:
        return call(*given, **named)
    finally:
        took[name] = took.get(name, 0.0) + time.perf_counter() - begun


def added(dossier: Path, out: Path) -> dict[str, float]:
    """Milliseconds of each part of one run in this process."""
    took: dict[str, float] = {}
    kept = {name: getattr(module, call) for name, (module, call) in PARTS.items()}
    try:
        for name, (module, call) in PARTS.items():
            setattr(module, call, partial(timed, took, name, kept[name]))
        run_module.run(dossier, out=out)
    finally:
        for name, (module, call) in PARTS.items():
            setattr(module, call, kept[name])
    return {name: 1000 * value for name, value in took.items()}


def rows(dossier: Path) -> Iterator[tuple[str, float, str]]:
    """What, value, unit; the ratio is of times from this one run."""
    dossier = dossier.resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mineco = (sys.executable, "-m", "mineco")
        ran, _ = seconds(*mineco, "run", dossier, "--out", folder / "runs", folder=folder)
        (made,) = (folder / "runs" / line["run"] for line in runlog.read(folder / "runs"))
        verified, _ = seconds(*mineco, "verify", made, folder=folder)
        took = added(dossier, folder / "again")
        said = subprocess.run([sys.executable, "-c", BESIDE, dossier], capture_output=True, check=True).stdout
        took["trace, in the notebook"], took["imports and versions, while the notebook runs"] = json.loads(said)
        for part, value in took.items():
            yield f"archive: {part}", value, "ms"
        yield f"archive: all that it adds to a run (at most {BUDGET_MS:.0f})", sum(took.values()), "ms"
        yield "mineco run", ran, "s"
        yield "mineco verify", verified, "s"
        yield "verify / run (at most 1.3)", verified / ran, "times"
