"""A finished run whose notebook is run again where it lies: an archive, of which nothing is written anew.

The parameters are those that the run keeps, and the results are held against the recorded ones.
"""

import json
import math
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mineco import __version__
from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.kit import code_hash, kit, kit_files, use_parameters
from mineco.core.labels import label, sentence
from mineco.core.reading.files import sha256
from mineco.evaluation.record.compare import MISSING, Difference, differences, numbers_of, scales
from mineco.evaluation.record.manifest import NAME as MANIFEST
from mineco.evaluation.record.manifest import check_manifest
from mineco.report.tables import Block, heading, note, show, show_text

KEPT = Path("kit", "parameters")
DIGITS = 8  # of a digest, as it is told
LISTED = 5  # files
LONGEST = 80  # characters of a value in a table


def finished_run(place: str | Path) -> Path | None:
    """The finished run that a path lies in; None where there is none, or the nearest is still being made.

    >>> finished_run("no-such-folder")
    """
    path = Path(place).resolve()
    nearest = next((folder for folder in (path, *path.parents) if (folder / KEPT).is_dir()), None)
    return nearest if nearest and (nearest / MANIFEST).is_file() else None


def written_beside(results: str | Path, folder: str, write: Callable[[Path], Block], without: str) -> Block:
    """Write files into a folder beside the results of a run, and tell them, as ``write`` does.

    An empty path, as when a notebook is read, writes nothing: the label ``without`` says so. Where the results lie in
    a finished run, all is written elsewhere, held against what the run keeps, and removed.
    """
    if not str(results):
        return show_text(label(without))
    if run := finished_run(results):
        with tempfile.TemporaryDirectory() as place:
            return write(Path(place)) + files_held_against_record(run / folder, Path(place))
    beside = Path(results).with_name(folder)
    beside.mkdir(exist_ok=True)
    return write(beside)


def use_kept_parameters(run: Path, usual: Mapping[str, object], given: Mapping[str, object]) -> Block:
    """Take the parameters that a run keeps from here on; what a reader should know of it.

    Told are another code or other files than those installed, and which parameters of the notebook are not those that
    were recorded: ``usual`` are its own, ``given`` those that came with it this time.

    Raises
    ------
    BadInput
        When the run has no parameters.json or environment.json, or keeps no whole parameters.
    """
    made = recorded(run, "environment.json").get("mineco")
    version, code = (str(made.get(name)) if isinstance(made, dict) else "?" for name in ("version", "code_sha256"))
    told = []
    if (version, code) != (__version__, code_hash()):
        told.append(sentence("run_by_other_code", version=version, code=code[:DIGITS],
                             installed=__version__, own=code_hash()[:DIGITS]))
    own = kit_files(kit() / "parameters")
    if others := unlike_files(run, own, own):
        files = ", ".join(others[:LISTED]) + (" …" if len(others) > LISTED else "")
        told.append(sentence("run_with_other_kit", count=len(others), files=files))
    before, now = {**usual, **recorded(run, "parameters.json")}, {**usual, **given}
    told += [sentence("run_with_other_parameter", parameter=name, value=repr(value), recorded=repr(before.get(name)))
             for name, value in now.items() if value != before.get(name)]
    use_parameters(run / KEPT)
    head = show_text(sentence("run_again", run=run.name))
    return head + note(heading("notices"), told) if told else head


def unlike_files(run: Path, own: Mapping[str, Path], wanted: Iterable[str]) -> list[str]:
    """The files that a run keeps of the kit and that are not our own; those that are wanted may also be missing."""
    kept = {path.relative_to(run / "kit").as_posix(): path for kind in ("parameters", "templates")
            for path in (run / "kit" / kind).rglob("*") if path.is_file()}
    return [name for name in sorted(kept.keys() | set(wanted))
            if not (name in kept and name in own and sha256(own[name]) == sha256(kept[name]))]


def held_against_record(run: Path, results: Mapping[str, Any], trace: Mapping[str, Any]) -> Block:
    """The results made now held against those that a run has recorded, number by number.

    The trace made now gives the scale of each number; a difference within rounding is none.
    """
    found = list(differences(recorded(run, "results.json"), results, scales(trace)))
    matter = [one for one in found if one.matters]
    largest = max((one for one in found if math.isfinite(one.size)), key=lambda one: one.size, default=None)
    told: dict[str, Any] = {"count": sum(1 for _ in numbers_of(results)), "differing": len(matter),
                            "size": _size(largest), "path": largest.path if largest else MISSING}
    if not matter:
        return show_text(sentence("results_but_for_rounding" if found else "results_as_recorded", **told))
    rows = [{sentence("place_in_results"): one.path, sentence("recorded_value"): _shown(one.ours),
             sentence("value_now"): _shown(one.theirs), sentence("relative_difference"): _size(one)} for one in matter]
    return show_text(sentence("results_not_as_recorded", **told)) + show(rows)


def files_held_against_record(kept: Path, made: Path) -> Block:
    """The files of a folder made now held byte by byte against those that a run keeps: others, missing or more."""
    kept_files, made_files = ({path.name: sha256(path) for path in folder.glob("*") if path.is_file()}
                              for folder in (kept, made))
    others = sorted(name for name in kept_files | made_files if kept_files.get(name) != made_files.get(name))
    if others:
        return show_text(sentence("outputs_not_as_recorded", files=", ".join(f"{kept.name}/{one}" for one in others)))
    return show_text(sentence("outputs_as_recorded", count=len(made_files)))


def recorded(run: Path, name: str) -> dict[str, Any]:
    """A document of a run; refused where it is none."""
    try:
        document = json.loads((run / name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(Problem("not_a_run", file=str(run), details={"missing": name})) from error
    if not isinstance(document, dict):
        raise BadInput(Problem("not_a_run", file=str(run), details={"missing": name}))
    return document


def require_as_recorded(run: Path, under: str) -> None:
    """Stop where files in a folder of a finished run are not those of its manifest.

    Raises
    ------
    BadInput
        With every file that was changed, slipped in or taken away.
    """
    Problems(replace(one, file=str(run / one.file)) for one in check_manifest(run, f"{under}/")).stop()


def _size(one: Difference | None) -> str:
    return f"{one.size:.2g}" if one and math.isfinite(one.size) else MISSING


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
