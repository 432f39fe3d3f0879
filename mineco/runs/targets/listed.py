"""Several runs and dossiers that one notebook is run on: each copied as far as it is read, and held to its manifest."""

import re
import shutil
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.files import sha256
from mineco.dossier.workbook.papers import papers_at
from mineco.evaluation.record.manifest import NAME as MANIFEST
from mineco.evaluation.record.manifest import read_manifest
from mineco.runs.audit.documents import WHOLE, read_document
from mineco.runs.targets.copying import NAME_OF_FILE, WEIGHTS, copy_dossier

INPUTS = "inputs"
RESULTS = "results.json"
NEEDED = (RESULTS, "parameters.json", "environment.json")
KEPT = (*NEEDED, "trace.json", WEIGHTS)  # of a run, beside its manifest and its inputs
BETWEEN = "; "  # two targets in the text that a notebook is given
ODD = re.compile(r"[^\w.-]+")  # what a name on a command line cannot hold as it is
TARGET = re.compile(rf"{INPUTS}/\w[\w.-]*")


def is_run(folder: Path) -> bool:
    """Whether a folder is that of a finished run."""
    return (folder / MANIFEST).is_file()


def refuse_targets(targets: Iterable[Path]) -> list[Problem]:
    """What is wrong with targets as they are named: neither run nor dossier, or named twice."""
    problems, seen = Problems(), set[Path]()
    for one in targets:
        if one.resolve() in seen:
            problems.add("target_twice", file=str(one))
        seen.add(one.resolve())
        with problems.collect():
            if not is_run(one):
                papers_at(one)
    return problems


def names_of(targets: Sequence[Path]) -> list[str]:
    """A plain name for the copy of each target: that of its folder or workbook; the second of a name is ``name-2``.

    Names that differ in case alone are one, as they are to Windows and macOS.

    >>> names_of([Path("/a/pit 1-2023"), Path("/b/pit 1-2023"), Path("/矿山")])
    ['pit-1-2023', 'pit-1-2023-2', '矿山']
    """
    names: list[str] = []
    for one in targets:
        known = {name.casefold() for name in names}
        path = one.resolve()
        plain = ODD.sub("-", path.stem if path.is_file() else path.name).strip(".-_") or "mine"
        taken = (f"{plain}-{number}" if number > 1 else plain for number in range(1, len(targets) + 1))
        names.append(next(name for name in taken if name.casefold() not in known))
    return names


def copy_targets(targets: Sequence[Path], folder: Path) -> str:
    """Copy each target into ``inputs/NAME`` of a folder; the text that the notebook is given."""
    names = [f"{INPUTS}/{name}" for name in names_of(targets)]
    for one, name in zip(targets, names, strict=True):
        if is_run(one):
            _copy_run(one, folder / name)
        else:
            copy_dossier(papers_at(one.resolve()), folder / name)
    return BETWEEN.join(names)


def targets_in(text: str, folder: Path) -> list[Path]:
    """The targets that a run keeps, of the text that its notebook was given, which anybody may have written.

    Raises
    ------
    BadInput
        Where the text names anything but folders right under ``inputs/``.
    """
    names = text.split(BETWEEN)
    if not all(TARGET.fullmatch(name) and (folder / name).is_dir() for name in names):
        raise BadInput(Problem("rerun_failed", file="parameters.json", details={"reason": f"runs = {text}"}))
    return [folder / name for name in names]


def _copy_run(run: Path, folder: Path) -> None:
    """Copy what is read of a run: a file that is not there is found missing when the copy is checked."""
    problems = Problems()
    named = [name for name in read_manifest(run, problems) if name in KEPT or name.startswith(f"{INPUTS}/")]
    problems += [Problem("file_name_not_plain", file=repr(name)[1:-1]) for name in named
                 if not NAME_OF_FILE.fullmatch(name)]
    problems.stop()
    for name in (MANIFEST, *named):
        if (run / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(run / name, folder / name, follow_symlinks=False)


def run_problems(folder: Path) -> list[Problem]:
    """Where the copy of a run is not what its manifest says, and where it is the run of no evaluation."""
    problems, place = Problems(), folder.name
    named = read_manifest(folder, problems)
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
    kept = [name for name in named if name in KEPT or name.startswith(f"{INPUTS}/")]
    for name in dict.fromkeys([*NEEDED, *kept]):
        if name not in named or name not in found:
            problems.add("manifest_missing", file=f"{place}/{name}")
        elif not stat.S_ISREG(found[name].lstat().st_mode):
            problems.add("manifest_link", file=f"{place}/{name}")
        elif sha256(found[name]) != named[name]:
            problems.add("manifest_changed", file=f"{place}/{name}")
    problems += [Problem("manifest_extra", file=f"{place}/{name}") for name in sorted(found)
                 if name not in (*kept, MANIFEST)]
    if not problems:
        documents = {name: read_document(folder / name) for name in NEEDED}
        problems += [Problem("document_not_sound", file=f"{place}/{name}") for name, one in documents.items()
                     if one is None or not WHOLE.get(name, bool)(one)]
        if kind := (documents[RESULTS] or {}).get("kind"):
            problems.add("run_of_notebook", file=place, value=kind)
    return problems
