"""Whether a run is what it claims to be: whole, unchanged, executed to the end, and the same when made again."""

import functools
import json
import re
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, Problems, file_trouble
from mineco.core.reading.files import sha256
from mineco.evaluation.record.compare import differences, numbers_of
from mineco.evaluation.record.manifest import NAME, UNSAFE, check_manifest, read_manifest, root_hash
from mineco.evaluation.record.results import WORKBOOK
from mineco.runs.archive import CRATE
from mineco.runs.audit import held, versions
from mineco.runs.audit.documents import WHOLE, read_document, read_notebook
from mineco.runs.audit.found import Verification, as_problem
from mineco.runs.audit.listed import check_listed
from mineco.runs.audit.pages import REPORTS, compare_files, pages_of
from mineco.runs.audit.rerun import rerun_archived, rerun_earlier, run_parameters
from mineco.runs.audit.texts import Phrases
from mineco.runs.audit.versions import ArchiveForm
from mineco.runs.house_look import FOUND, LOOK
from mineco.runs.order import is_notebook, notebook_of, story_of
from mineco.runs.status import cells_changed, status_of, status_problems
from mineco.runs.targets.copying import WEIGHTS
from mineco.runs.targets.made_for import made_for

RESULTS, TRACE = DOCUMENTS = ("results.json", "trace.json")  # compared number by number
BESIDE = ("status.json", "environment.json", "notebook.ipynb", "parameters.json", CRATE)
OUTPUTS = "outputs/"  # maps and tables that a run hands on to other programs
PAGES = (".html", ".pdf", ".docx")
PYTHON = ("Python", "metadata.language_info.version")  # as the appendix and a notebook's metadata name it
IN_A_ROW = r"</td><td[^>]*>| \| "  # stands between a name and its version, in a table and in print
NOT_COMPARED = ("looks_not_compared", "pdf_not_readable_here")  # told of a page that may be as it should be


@checked_arguments()
def verify(run: str | Path, root: str = "", kit_differs_ok: bool = False) -> Verification:
    """Verify one run by all means there are.

    Parameters
    ----------
    run : path  A folder that ``run`` has made.
    root : str
        The root hash that an auditor has written down; else that of the log beside the runs is taken, if there is one.
    kit_differs_ok : bool
        Whether parameters and templates may be others than those that belong to this version.

    Raises
    ------
    BadInput
        When this is no folder of a run, or a file of it cannot be read.

    >>> verify("parameters")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: ...parameters: is no folder of a run; it lacks manifest-sha256.txt. ...
    """
    try:
        return _verify(Path(run).resolve(), root, kit_differs_ok)
    except OSError as error:
        raise BadInput(file_trouble(error, run)) from error


def _verify(run: Path, root: str, kit_differs_ok: bool) -> Verification:
    found = Verification(root_hash(run) if (run / NAME).is_file() else "", check_manifest(run))
    held.anchor(run, root, found)
    if any(one.message in UNSAFE for one in found.problems):  # what is read from here on may lie anywhere
        return found
    documents = _read_documents(run, found)
    if documents:
        try:
            form = _form_of(run, documents, found)
            _check_execution(run, documents, form, found)
            with tempfile.TemporaryDirectory(prefix="mineco-verify-") as folder:
                if form.earlier:
                    _check_against_this_version(run, documents, form, Path(folder), found)
                else:
                    _check_against_again(run, documents, Path(folder), kit_differs_ok, found)
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
        found.files = len(mine.keys() & yours.keys())
        _count(theirs, found)
        found.compare("results.json", ours["results.json"], theirs["results.json"], theirs["trace.json"])
        found.compare_versions(ours["environment.json"], theirs["environment.json"])
    return found


def _read_documents(run: Path, found: Verification) -> dict[str, Any]:
    """The JSON files of a run by name; nothing when one of them cannot be read."""
    documents = {}
    for name in _documents_of(run):
        document = read_document(run / name)
        if not (run / name).is_file():
            found.obstacles.append(Problem("not_a_run", file=str(run), details={"missing": name}))
        elif document is None or not WHOLE.get(name, bool)(document):
            found.obstacles.append(Problem("document_not_sound", file=name))
        else:
            documents[name] = document
    if is_notebook(story := story_of(documents.get(RESULTS, {}))):
        try:
            made_for(story)  # a name that anybody may have written
        except BadInput as error:
            found.obstacles += error.problems
    elif TRACE not in documents and not found.obstacles:
        found.obstacles.append(Problem("not_a_run", file=str(run), details={"missing": TRACE}))
    return {} if found.obstacles else {TRACE: {}, **documents}


def _documents_of(run: Path) -> list[str]:
    """The names of the JSON files of a run; where a notebook evaluates nothing, there is no trace."""
    return [name for name in (*DOCUMENTS, *BESIDE) if name != TRACE or (run / TRACE).is_file()]


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
        found.problems.append(as_problem("status.json", one))
    given = run_parameters(run)
    ours = notebook_of(given["standard"], given["language"], story_of(documents[RESULTS]))
    name = f"kit/notebooks/{ours.name}"
    source = read_notebook(run / name)
    if not ((run / name).is_file() and ours.is_file()):
        found.obstacles.append(Problem("not_a_run", file=str(run), details={"missing": name}))
        return
    if source is None:
        found.obstacles.append(Problem("document_not_sound", file=name))
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


def _check_against_again(run: Path, documents: Mapping[str, Any], folder: Path, kit_differs_ok: bool,
                         found: Verification) -> None:
    """Make the run again, and hold every file to the one that it wrote there."""
    story, given = story_of(documents[RESULTS]), run_parameters(run)
    check_listed(run, given, found)
    again = rerun_archived(run, folder, story=story)
    theirs = _written(again)
    ours = held.names(run, given, files_of(again), False, found)
    kit = held.kit(run, found, kit_differs_ok)
    _count(theirs, found)
    for name in DOCUMENTS:
        found.compare(name, documents[name], theirs[name], theirs["trace.json"])
    for one in differences(documents["parameters.json"], theirs["parameters.json"]):
        found.problems.append(as_problem("parameters.json", one))
    environment, other = documents["environment.json"], theirs["environment.json"]
    held.environment(run, given, story, environment, other, found)
    source = f"kit/notebooks/{notebook_of(given['standard'], story=story).name}"
    held.source(source, read_notebook(run / source), read_notebook(again / source), found)
    held.crate(run, source, documents, theirs["results.json"], found)
    same_versions = found.compare_versions(environment, other)
    made = again
    if sha256(run / "notebook.ipynb") != sha256(again / "notebook.ipynb") and held.notebook(
            documents["notebook.ipynb"], theirs["notebook.ipynb"], _same_phrases(run, again, environment, other),
            same_versions, found):
        made = folder / "pages"  # of the archived notebook, which says the same, so that they are the same bytes
        made.mkdir()
        pages_of(run / "notebook.ipynb", again, made, given["language"],
                 date.fromisoformat(theirs["results.json"]["report_date"]))
    pages = sorted(name for name in ours if "/" not in name and name.endswith(PAGES))
    outputs = sorted(name for name in ours if name.startswith(OUTPUTS) or name == WORKBOOK)
    fonts = [sha256(one / LOOK / FOUND) if (one / LOOK / FOUND).is_file() else "" for one in (run, again)]
    same_looks = same_versions and fonts[0] == fonts[1]  # a font that this machine lacks gives way to another
    for told in (*compare_files(pages, run, made, same_looks), *compare_files(outputs, run, again, same_versions)):
        (found.obstacles if told.message in NOT_COMPARED else found.problems).append(told)
    found.reports = sum(name in REPORTS for name in pages)
    found.files = kit + sum(not name.startswith((*held.KIT, "inputs/")) for name in ours)


def _check_against_this_version(run: Path, documents: Mapping[str, Any], form: ArchiveForm, folder: Path,
                                found: Verification) -> None:
    """Compute what an earlier version archived by this one, and name every number that differs, and why if known."""
    again, notices = rerun_earlier(run, folder, story_of(documents[RESULTS]))
    theirs = _written(again)
    ours = held.names(run, run_parameters(run), files_of(again), True, found)
    found.unknown |= {name: "unknown_earlier" for name in sorted(ours) if not name.startswith(("kit/", "inputs/"))
                      and name not in (*DOCUMENTS, "status.json", "parameters.json", "environment.json", NAME)}
    _count(theirs, found)
    found.files = len(DOCUMENTS) + 1  # and the status
    found.notices += [versions.made_by(form), *notices]
    trace, since = theirs["trace.json"], functools.partial(versions.told_since, form, theirs["trace.json"])
    told: list[Problem] = []
    earlier, later = versions.unlike_quantities(
        versions.comparable_trace(documents["trace.json"], form, documents["notebook.ipynb"]),
        versions.comparable_trace(trace, versions.installed_form(), theirs["notebook.ipynb"]))
    found.compare("results.json", versions.without_order(documents["results.json"]),
                  versions.without_order(theirs["results.json"]), trace, lambda problem: told.append(since(problem)))
    found.compare("trace.json", earlier, later, trace, lambda problem: told.append(since(problem)))
    found.problems += versions.with_changes(form, told)
    if not found.problems:  # what people read of it is not compared
        found.obstacles.append(versions.made_by(form))
    held.kit_of_earlier(run, found)
    found.compare_versions(documents["environment.json"], theirs["environment.json"])


def _written(run: Path) -> dict[str, Any]:
    """The documents of a run that was made here."""
    return {TRACE: {}} | {name: json.loads((run / name).read_text(encoding="utf-8")) for name in _documents_of(run)}


def files_of(run: Path) -> set[str]:
    """The names of the files of a run."""
    return {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()}


def _count(theirs: Mapping[str, Any], found: Verification) -> None:
    found.compared = sum(1 for name in DOCUMENTS for _ in numbers_of(theirs[name]))


def _same_phrases(run: Path, again: Path, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Phrases:
    """What a notebook tells of its own run: the digest of its results, and by name the versions of what made it."""
    same = {f"sha256:{sha256(run / 'results.json')}": f"sha256:{sha256(again / 'results.json')}"}
    told = {name: (ours["packages"].get(name), version) for name, version in theirs["packages"].items()}
    told |= dict.fromkeys(PYTHON, (ours["python"].get("version"), theirs["python"]["version"]))
    return same | {rf"(>|^|\| ){re.escape(name)}({IN_A_ROW}){re.escape(str(one))}(?=<|\s|$)": rf"\1{name}\g<2>{other}"
                   for name, (one, other) in told.items() if one != other}
