"""What a run tells of itself, each part held to what is made here of its inputs."""

import itertools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mineco.core.errors import Problem
from mineco.core.reading.files import LARGEST_TABLE, OF_SHAPEFILE, read_bytes, sha256
from mineco.dossier.cells import tables
from mineco.dossier.workbook.papers import papers_at
from mineco.dossier.workbook.sheets import readable
from mineco.evaluation.record.compare import MISSING, differences
from mineco.evaluation.record.kit_used import changed_files, digests_of
from mineco.evaluation.record.manifest import NAME
from mineco.runs import runlog
from mineco.runs.archive import CRATE, crate_of, run_command
from mineco.runs.audit.found import Verification, as_problem
from mineco.runs.audit.texts import Phrases, first_difference
from mineco.runs.house_look import LOOK
from mineco.runs.order import FORMATS
from mineco.runs.status import cells_changed
from mineco.runs.targets.listed import INPUTS, is_run, targets_in

KIT = ("kit/parameters/", "kit/templates/")
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
OF_INPUTS = ("mine.yaml",)  # beside the tables
# beside the maps that they name
OF_RASTERS = (".csv", ".yaml", ".gpkg", ".kml", ".hdr", ".prj", ".aux.xml", ".msk", ".ovr", ".tfw")
MOST_NAMED = 5  # files that nothing reads


def anchor(run: Path, root: str, found: Verification) -> None:
    """Hold the root hash to the one that was written down, or else to that of the log beside the runs."""
    log, loose = runlog.check(run.parent)
    (found.notices if root else found.problems).extend(log)
    known = [("--root", root.removeprefix("sha256:"))] if root else [
        (runlog.NAME, line["root"]) for line in runlog.read(run.parent) if line["run"] == run.name]
    for source, expected in known:
        if expected != found.root:
            found.problems.append(Problem("root_differs", file=NAME, value=found.root,
                                          details={"source": source, "expected": expected}))
    if loose and not root:
        found.notices.append(Problem("log_not_chained", file=runlog.NAME, value=loose))
    if not known:
        found.notices.append(Problem("not_anchored", file=NAME))
        found.unknown[NAME] = "unknown_anchor"
    elif not root:
        found.unknown[runlog.NAME] = "unknown_log"


def names(run: Path, given: Mapping[str, Any], names_again: set[str], earlier: bool, found: Verification) -> set[str]:
    """The names of the files that both runs have; what only one of them has is told."""
    ours = {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()}
    own = {name for name in ours if not name.startswith(KIT) and not (earlier and name.startswith("kit/"))}
    found.problems += [Problem("file_foreign", file=name) for name in sorted(own - names_again)]
    if not earlier:
        found.problems += [Problem("file_lacks", file=name) for name in sorted(names_again - ours)
                           if not name.startswith(KIT)]
    unread = [name for place in _dossiers(run, given) for name in _unread(run, place, ours)]
    for name in unread[:MOST_NAMED]:
        found.unknown[name] = "unknown_use"
    if len(unread) > MOST_NAMED:
        found.unknown["inputs/…"] = "unknown_use"
    found.unknown["inputs/"] = "unknown_truth"
    return ours & names_again


def _dossiers(run: Path, given: Mapping[str, Any]) -> list[Path]:
    """Where the dossiers lie that a run keeps: all else that was handed in is read whole."""
    if "runs" in given:
        return [place / INPUTS if is_run(place) else place for place in targets_in(given["runs"], run)]
    return [run / INPUTS] if "dossier" in given else []


def _unread(run: Path, place: Path, ours: Iterable[str]) -> list[str]:
    """The files of a dossier that no evaluation reads: of evidence what the log of events tells no digest of, of
    rasters what no table beside them names."""
    papers, inside = papers_at(place), f"{place.relative_to(run).as_posix()}/"
    books = (papers.workbook.name,) if papers.workbook else ()
    read = {f"{inside}{name}" for name in (*OF_INPUTS, *tables(), *books)}
    left = [name for name in sorted(ours) if name.startswith(inside) and name not in read]
    with readable(papers) as (unpacked, _):
        events = _text(unpacked / "events.csv")
    named = "".join(_text(place / "rasters" / name) for name in ("layers.csv", "area.yaml"))
    return [name for name in left
            if not (name.startswith(f"{inside}evidence/") and sha256(run / name) in events)
            and not (name.startswith(f"{inside}rasters/") and (name.endswith(OF_RASTERS) or _main(name) in named))]


def _main(name: str) -> str:
    """The name of a file of rasters/, for a part of a shapefile that of its .shp."""
    path = Path(name)
    return path.with_suffix(".shp").name if path.suffix.lower() in OF_SHAPEFILE else path.name


def _text(path: Path) -> str:
    return read_bytes(path, LARGEST_TABLE).decode("utf-8", errors="replace") if path.is_file() else ""


def kit(run: Path, found: Verification, differs_ok: bool) -> int:
    """Hold parameters and templates to those that belong to this version; how many of them there are."""
    kept = _kept(run)
    changed = [Problem("kit_not_ours", file=f"kit/{name}") for name in changed_files(kept)]
    (found.notices if differs_ok else found.problems).extend(changed)
    return len(kept)


def kit_of_earlier(run: Path, found: Verification) -> None:
    """Tell which parameters of an earlier version are others today."""
    kept = _kept(run)
    found.notices += [Problem("kit_not_ours", file=f"kit/{name}") for name in changed_files(kept) if name in kept]


def _kept(run: Path) -> dict[str, str]:
    return digests_of({path.relative_to(run / "kit").as_posix(): path for kind in KIT
                       for path in (run / kind).rglob("*") if path.is_file()})


def environment(run: Path, given: Mapping[str, Any], story: str, ours: Mapping[str, Any],
                theirs: Mapping[str, Any], found: Verification) -> None:
    """Hold the command to the parameters, the seed to the one that was drawn with, and the times to each other."""
    formats = [name for name in FORMATS if (run / f"report.{name}").is_file()] or [FORMATS[0]]
    orders = itertools.permutations(formats)  # in the order of the option
    commands = [run_command(given, order, story, (run / LOOK).is_dir()) for order in orders]
    wanted = {"seed": theirs["seed"], "command": ours["command"] if ours["command"] in commands else commands[0]}
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in ours or name not in theirs or ours[name] != wanted.get(name, ours[name]):
            found.problems.append(Problem("value_differs", file="environment.json", row=name, value=ours.get(name),
                                          details={"other": wanted.get(name, MISSING)}))
    if not (TIME.fullmatch(ours["start"]) and TIME.fullmatch(ours["end"]) and ours["start"] <= ours["end"]):
        found.problems.append(Problem("times_not_in_order", file="environment.json", row="start",
                                      value=ours["start"], details={"end": ours["end"]}))
    found.unknown["environment.json"] = "unknown_times"


def source(name: str, ours: Mapping[str, Any] | None, theirs: Mapping[str, Any] | None, found: Verification) -> None:
    """Hold what stands in a source notebook beside its cells' text, which is held already: outputs and metadata."""
    if ours and theirs and _with_tags(ours) != _with_tags(theirs) and not cells_changed(theirs, ours):
        found.problems.append(Problem("report_differs", file=name))


def _with_tags(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """A notebook each cell of which has tags, if only none: papermill adds those to one that was worked in."""
    return {**notebook, "cells": [{**cell, "metadata": {"tags": [], **cell["metadata"]}} for cell in notebook["cells"]]}


def crate(run: Path, workflow: str, documents: Mapping[str, Any], results: Mapping[str, Any],
          found: Verification) -> None:
    """Hold the metadata for other archives to those that its files make."""
    made = crate_of(run, workflow, documents["parameters.json"], documents["environment.json"], results)
    for one in differences(documents[CRATE], made):
        found.problems.append(as_problem(CRATE, one))


def notebook(ours: Mapping[str, Any], theirs: Mapping[str, Any], same: Phrases, same_versions: bool,
             found: Verification) -> bool:
    """Hold an executed notebook to the one that was executed here, cell by cell; whether they are the same.

    Of each part the first difference is told. A drawing by other versions of what draws it cannot be compared.
    """
    told: set[str] = set()
    for one in differences(ours, theirs):
        place = one.path.partition("]")[0]
        if place in told or not one.matters:
            continue
        value, other, drawn = one.ours, one.theirs, False
        if isinstance(one.ours, str) and isinstance(one.theirs, str):
            first = first_difference(f"{one.path} | {one.ours}", f"{one.path} | {one.theirs}", same)
            if first is None:
                continue
            value, other, drawn = first
        told.add(place)
        if drawn and not same_versions:
            found.obstacles.append(Problem("drawing_not_compared", file="notebook.ipynb", row=one.path))
        else:
            found.problems.append(Problem("output_differs", file="notebook.ipynb", row=one.path, value=value,
                                          details={"other": other}))
    return not told
