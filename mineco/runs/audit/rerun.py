"""A run made again from what it keeps, in a process of its own."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.core.kit import CHOSEN, kit
from mineco.runs.archive import story_options
from mineco.runs.audit.documents import is_parameters
from mineco.runs.house_look import LOOK
from mineco.runs.notebook.interpreter import PACKAGE_PARENT
from mineco.runs.order import FORMATS
from mineco.runs.targets.copying import WEIGHTS
from mineco.runs.targets.listed import INPUTS, targets_in
from mineco.runs.targets.made_for import RESERVED

DROPPED_ENVIRONMENT = ("PYTHON", "MINECO_", "MPL", "OMP_", "OPENBLAS_", "MKL_", "NUMEXPR_", "JUPYTER", "IPYTHON")
TEXTS = ("labels.yaml", "accounting/locators.yaml")  # of the parameters: what the views of this installation say
SECONDS = 3600
PROGRESS = re.compile(r"(?:\w+:)?\s*\d+%")  # how each line of a progress bar begins


def run_parameters(run: Path) -> dict[str, Any]:
    """The parameters of a run, refused unless they are those of one: anybody may have written the file."""
    try:
        given = json.loads((run / "parameters.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(Problem("not_a_run", file=str(run), details={"missing": "parameters.json"})) from error
    if not isinstance(given, dict) or not is_parameters(given):
        raise BadInput(Problem("rerun_failed", file="parameters.json", details={"reason": "parameters.json"}))
    return given


def rerun_archived(run: Path, out: Path, parameters: Path | None = None, story: str = "") -> Path:
    """Run the archived inputs with the archived parameters, or with others, in a clean environment: the new run.

    The notebook is that of this installation: the archived one is code that somebody else may have written.
    """
    given = run_parameters(run)
    formats = [name for name in FORMATS if (run / f"report.{name}").is_file()] or ["html"]
    targets = targets_in(given["runs"], run) if "runs" in given else [run / INPUTS]
    command = [sys.executable, "-P", "-m", "mineco", "run", *map(str, targets), f"--standard={given['standard']}",
               f"--formats={','.join(formats)}", f"--lang={given['language']}", f"--out={out}",
               *([f"--weights={run / WEIGHTS}"] if "weights" in given else []),
               *story_options(story),
               *([f"--look={run / LOOK}"] if (run / LOOK).is_dir() else []),
               *(f"--option={name}={value}" for name, value in given.items() if name not in RESERVED)]
    environment = _environment(parameters or run / "kit" / "parameters")
    try:
        made = subprocess.run(command, env=environment, cwd=out, capture_output=True, text=True, encoding="utf-8",
                              errors="replace", timeout=SECONDS, stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired as error:
        raise _failed(f"{SECONDS} s") from error
    folders = [path for path in out.iterdir() if path.is_dir()]
    if made.returncode or len(folders) != 1:
        raise _failed(made.stderr)
    return folders[0]


def rerun_earlier(run: Path, out: Path, story: str = "") -> tuple[Path, list[Problem]]:
    """Run what an earlier version archived, with the parameters that it keeps as far as this version can read them.

    Their texts alone are those of this installation, whose views ask for them. Where the parameters are of a form that
    cannot be read any more, those of this installation stand in, and that is told beside the new run.
    """
    ours, kept = kit() / "parameters", out / "parameters"
    shutil.copytree(run / "kit" / "parameters", kept)
    for name in TEXTS:
        shutil.copyfile(ours / name, kept / name)
    for name in ("kept", "ours"):
        (out / name).mkdir()
    try:
        return rerun_archived(run, out / "kept", kept, story), []
    except BadInput as error:
        made = rerun_archived(run, out / "ours", ours, story)
        return made, [Problem("kit_not_readable", file="kit/parameters", details=one.details) for one in error.problems]


def _environment(parameters: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED_ENVIRONMENT)}
    return kept | {"PYTHONPATH": PACKAGE_PARENT, "PYTHONUTF8": "1", CHOSEN: str(parameters)}


def _failed(reason: str) -> BadInput:
    """What a run that was made again said last, without the bars that it drew meanwhile.

    >>> _failed("\\r  3% ▎ 00:01 gone, about 00:54 to go\\r        \\rmetrics.csv: is missing.").problems[0].details
    {'reason': 'metrics.csv: is missing.'}
    """
    lines = [line for line in reason.replace("\r", "\n").splitlines() if line.strip() and not PROGRESS.match(line)]
    if any(line.startswith("Traceback") for line in lines):
        lines = lines[-1:]  # what it ended with
    return BadInput(Problem("rerun_failed", file="inputs", details={"reason": " ".join(lines)[-600:] or "?"}))
