"""Whether a run is what it claims to be: whole, unchanged, executed to the end, and the same when made again."""

import functools
import hashlib
import json
import math
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem, Problems, checked_arguments
from mineco.core.kit import kit_files
from mineco.evaluation.record.archived import unlike_files
from mineco.evaluation.record.compare import Difference, differences, numbers_of, scales
from mineco.runs import runlog, versions
from mineco.runs.manifest import NAME, UNSAFE, check_manifest, read_manifest, root_hash
from mineco.runs.rerun import rerun_archived, rerun_earlier, run_parameters
from mineco.runs.run import WEIGHTS, notebook_of
from mineco.runs.status import cells_changed, status_of, status_problems
from mineco.runs.versions import ArchiveForm

DOCUMENTS = ("results.json", "trace.json")  # compared number by number
# the same bytes on the same platform
REPORTS = ("report.html", "report.pdf", "report.docx", "certificate.pdf", "public-notice.pdf", "notebook.ipynb")
OUTPUTS = "outputs"  # maps and tables that a run hands on to other programs: the same bytes too
QUANTITY = re.compile(r"quantities\[(\d+)\]")
SAME_FOR_BYTES = ("mineco", "python", "platform", "numerics", "packages")


@dataclass
class Verification:
    """What was found.

    ``problems`` are differences, ``obstacles`` what could not be verified, ``notices`` what a reader should know.
    """

    root: str
    problems: list[Problem] = field(default_factory=list)
    obstacles: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    compared: int = 0  # numbers
    largest: Difference | None = None

    @property
    def exit_status(self) -> int:
        """0 where all is as it should be, 1 where something differs, 2 where it could not be verified."""
        return 1 if self.problems else 2 if self.obstacles else 0


@checked_arguments()
def verify(run: str | Path, root: str = "") -> Verification:
    """Verify one run by all means there are.

    Parameters
    ----------
    run : path  A folder that ``run`` has made.
    root : str
        The root hash that an auditor has written down; else that of the log beside the runs is taken, if there is one.

    Raises
    ------
    BadInput
        When this is no folder of a run.

    >>> verify("parameters")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: ...parameters: is no folder of a run; it lacks manifest-sha256.txt. ...
    """
    run = Path(run).resolve()
    found = Verification(root_hash(run) if (run / NAME).is_file() else "", check_manifest(run))
    _check_root(run, root, found)
    if any(one.message in UNSAFE for one in found.problems):  # what is read from here on may lie anywhere
        return found
    documents = _read_documents(run, found)
    if documents:
        try:
            form = _form_of(run, documents, found)
            _check_execution(run, documents, form, found)
            if form.earlier:
                _check_against_this_version(run, documents, form, found)
            else:
                _check_against_again(run, documents, found)
        except BadInput as error:
            found.obstacles += error.problems
    return found


def compare_runs(run: str | Path, other: str | Path) -> Verification:
    """Hold two runs against each other: of one mine by two versions, or before and after a change of its data.

    Inputs and results that differ are differences; parameters, kit and versions that do are told as well.
    """
    run, other = Path(run).resolve(), Path(other).resolve()
    problems = Problems()
    problems.extend(check_manifest(run))
    problems.extend(check_manifest(other))
    found = Verification(root_hash(run), problems)
    if any(one.message in UNSAFE for one in problems):
        return found
    ours, theirs = _read_documents(run, found), _read_documents(other, found)
    mine, yours = read_manifest(run, Problems()), read_manifest(other, Problems())
    for name in sorted(mine.keys() | yours.keys()):
        if mine.get(name) != yours.get(name):
            if name.startswith("inputs/") or name == WEIGHTS:
                found.problems.append(Problem("file_differs", file=name))
            elif name.startswith("kit/") or name == "parameters.json":
                found.notices.append(Problem("file_differs", file=name))
    if ours and theirs:
        _compare("results.json", ours["results.json"], theirs["results.json"], theirs["trace.json"], found)
        _compare_versions(ours["environment.json"], theirs["environment.json"], found)
    return found


def _is_notebook(document: Mapping[str, Any]) -> bool:
    cells = document.get("cells")
    return isinstance(cells, list) and isinstance(document.get("metadata"), dict) and all(
        isinstance(cell, dict) and isinstance(cell.get("cell_type"), str) and isinstance(cell.get("metadata"), dict)
        and isinstance(cell.get("source"), str | list) and all(isinstance(line, str) for line in cell["source"])
        for cell in cells)


def _is_environment(document: Mapping[str, Any]) -> bool:
    return all(isinstance(document.get(name), dict) for name in SAME_FOR_BYTES)


WHOLE: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "notebook.ipynb": _is_notebook, "environment.json": _is_environment}


def _check_root(run: Path, root: str, found: Verification) -> None:
    expected = [("--root", root.removeprefix("sha256:"))] if root else [
        (runlog.NAME, line["root"]) for line in runlog.read(run.parent) if line["run"] == run.name]
    for source, known in expected:
        if known != found.root:
            found.problems.append(Problem("root_differs", file=NAME, value=found.root,
                                          details={"source": source, "expected": known}))


def _read_documents(run: Path, found: Verification) -> dict[str, Any]:
    """The JSON files of a run by name; nothing when one of them cannot be read."""
    documents = {}
    for name in (*DOCUMENTS, "status.json", "environment.json", "notebook.ipynb"):
        document = _read_json(run / name)
        if document is None or not WHOLE.get(name, bool)(document):
            found.obstacles.append(Problem("not_a_run", file=str(run), details={"missing": name}))
        else:
            documents[name] = document
    return {} if found.obstacles else documents


def _read_json(path: Path) -> dict[str, Any] | None:
    """A document, if there is one and it is one."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _form_of(run: Path, documents: Mapping[str, Any], found: Verification) -> ArchiveForm:
    """The form of the version that a run names; where its files have another one, the name switches nothing off."""
    form = versions.form_of(documents["environment.json"])
    problems = versions.form_problems(run, documents, form)
    found.problems += problems
    return versions.installed_form() if problems else form


def _check_execution(run: Path, documents: Mapping[str, Any], form: ArchiveForm, found: Verification) -> None:
    """Counts, sentinel, and every cell of the source notebook in the executed one."""
    status = status_of(documents["notebook.ipynb"], (run / "results.json").read_bytes())
    found.problems += status_problems(status, "notebook.ipynb")
    for one in differences(documents["status.json"], status):
        found.problems.append(_as_problem("status.json", one))
    given = run_parameters(run)
    ours = notebook_of(given["standard"], given["language"])
    name = f"kit/notebooks/{ours.name}"
    source = _read_json(run / name)
    if source is None or not _is_notebook(source) or not ours.is_file():
        found.obstacles.append(Problem("not_a_run", file=str(run), details={"missing": name}))
        return
    for cell, how in cells_changed(source, documents["notebook.ipynb"]):
        found.problems.append(Problem("cell_changed", file="notebook.ipynb", value=cell, details={"how": how}))
    changed = cells_changed(json.loads(ours.read_text(encoding="utf-8")), source)
    if changed and form.earlier:
        found.notices.append(Problem("notebook_of_version", file=name, details={"version": form.version}))
    elif changed:
        found.obstacles.append(Problem("notebook_not_ours", file=name, details={
            "cells": ", ".join(cell for cell, _ in changed),
            "version": documents["environment.json"]["mineco"].get("version", "?")}))


def _check_against_again(run: Path, documents: Mapping[str, Any], found: Verification) -> None:
    """Make the run again and compare numbers, and on the same platform every report."""
    with tempfile.TemporaryDirectory(prefix="mineco-verify-") as folder:
        again = rerun_archived(run, Path(folder))
        theirs = _written(again)
        found.compared = sum(1 for name in DOCUMENTS for _ in numbers_of(theirs[name]))
        for name in DOCUMENTS:
            _compare(name, documents[name], theirs[name], theirs["trace.json"], found)
        _compare_kit(run, kit_files(), found)
        if _compare_versions(documents["environment.json"], theirs["environment.json"], found):
            for name in (*(one for one in REPORTS if (run / one).is_file()), *_outputs(run, again)):
                if _normalised(run / name) != _normalised(again / name):
                    found.problems.append(Problem("report_differs", file=name))


def _check_against_this_version(run: Path, documents: Mapping[str, Any], form: ArchiveForm,
                                found: Verification) -> None:
    """Compute what an earlier version archived by this one, and name every number that differs, and why if known."""
    with tempfile.TemporaryDirectory(prefix="mineco-verify-") as folder:
        again, notices = rerun_earlier(run, Path(folder))
        theirs = _written(again)
    found.compared = sum(1 for name in DOCUMENTS for _ in numbers_of(theirs[name]))
    found.notices += [versions.made_by(form), *notices]
    trace, since = theirs["trace.json"], functools.partial(versions.told_since, form, theirs["trace.json"])
    told: list[Problem] = []
    ours, other = versions.unlike_quantities(
        versions.comparable_trace(documents["trace.json"], form, documents["notebook.ipynb"]),
        versions.comparable_trace(trace, versions.installed_form(), theirs["notebook.ipynb"]))
    _compare("results.json", versions.without_order(documents["results.json"]),
             versions.without_order(theirs["results.json"]), trace, found, lambda problem: told.append(since(problem)))
    _compare("trace.json", ours, other, trace, found, lambda problem: told.append(since(problem)))
    for problem in versions.with_changes(form, told):
        found.problems.append(problem)
    _compare_kit(run, {}, found)
    _compare_versions(documents["environment.json"], theirs["environment.json"], found)


def _written(run: Path) -> dict[str, Any]:
    """The documents of a run that was made here."""
    return {name: json.loads((run / name).read_text(encoding="utf-8"))
            for name in (*DOCUMENTS, "environment.json", "notebook.ipynb")}


def _outputs(*runs: Path) -> list[str]:
    """The maps and tables that any of the runs handed on."""
    return sorted({path.relative_to(run).as_posix() for run in runs for path in (run / OUTPUTS).rglob("*")
                   if path.is_file()})


def _compare(name: str, ours: Mapping[str, Any], theirs: Mapping[str, Any], trace: Mapping[str, Any],
             found: Verification, note: Callable[[Problem], None] | None = None) -> None:
    """Compare one document; the scale of a number comes from the trace of the side that was not handed in."""
    for one in differences(ours, theirs, scales(trace)):
        if math.isfinite(one.size) and (found.largest is None or one.size > found.largest.size):
            found.largest = one
        if one.matters:
            (note or found.problems.append)(_as_problem(name, one, _behind(theirs, one.path)))


def _behind(document: Mapping[str, Any], path: str) -> str:
    """What a quantity of a trace is: its name, and the row or the factor where it stands."""
    place = QUANTITY.match(path)
    if not place:
        return ""
    told = document["quantities"][int(place[1])] if int(place[1]) < len(document["quantities"]) else {}
    where = f"inputs/{told['file']}:{told['row']}" if "file" in told else told.get("factor", "")
    return f"{told.get('name', '')} {where}".strip()


def _as_problem(name: str, one: Difference, column: str = "") -> Problem:
    return Problem("result_differs", file=name, row=one.path, column=column, value=one.ours,
                   details={"other": one.theirs, "size": f"{one.size:.2g}"})


def _normalised(path: Path) -> str:
    """The hash of a report, of a text whatever ends its lines; empty where one of two runs has no such file."""
    if not path.is_file():
        return ""
    data = path.read_bytes()
    return hashlib.sha256(data.replace(b"\r\n", b"\n") if path.suffix in (".html", ".ipynb") else data).hexdigest()


def _compare_kit(run: Path, wanted: Iterable[str], found: Verification) -> None:
    """Parameters and templates that are not those of this installation: another edition, or replaced, or missing."""
    found.notices += [Problem("kit_not_ours", file=f"kit/{name}") for name in unlike_files(run, kit_files(), wanted)]


def _compare_versions(ours: Mapping[str, Any], theirs: Mapping[str, Any], found: Verification) -> bool:
    """Whether both runs were made on the same platform with the same versions; what is not the same is told."""
    same = True
    for name in SAME_FOR_BYTES:
        for one in differences(ours.get(name), theirs.get(name), path=name):
            same = False
            found.notices.append(Problem("made_with_other", file="environment.json", row=one.path, value=one.ours,
                                         details={"other": one.theirs}))
    return same
