"""What makes a run folder an archive: the kit that was used, the environment, parameters, trace, metadata, manifest.

The metadata for other archives and programs are an RO-Crate after the Workflow Run profile.
"""

import functools
import json
import mimetypes
import platform
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from mineco import __version__
from mineco.core.kit import code_hash, kit_files
from mineco.evaluation.record.manifest import NAME as MANIFEST
from mineco.evaluation.record.manifest import write_manifest
from mineco.evaluation.record.results import as_json
from mineco.runs.notebook.cells import bare, code_cells
from mineco.runs.notebook.interpreter import ENVIRONMENT
from mineco.runs.targets.listed import BETWEEN
from mineco.runs.targets.made_for import RESERVED, TARGETS

STEP = "step-"  # and the id of the step: tag of the cell that makes it

CRATE = "ro-crate-metadata.json"
CRATE_VERSION = "1.1"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
CONTEXT = "https://w3id.org/ro/terms/workflow-run/context"
FORMAL_PARAMETER = "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"
TYPES = {str: "Text", bool: "Boolean", int: "Integer", float: "Float"}
MEDIA_TYPES = {".ipynb": "application/x-ipynb+json", ".yaml": "application/yaml", ".csv": "text/csv",
               ".json": "application/json", ".txt": "text/plain", ".md": "text/markdown",
               ".tif": "image/tiff; application=geotiff; profile=cloud-optimized",
               ".gpkg": "application/geopackage+sqlite3",
               ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
               ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
NOTEBOOK_LANGUAGE = {"@type": "ComputerLanguage", "name": "Jupyter Notebook", "url": "https://jupyter.org"}
HANDED_IN = ("inputs/", "kit/", "look/", "weights.yaml")
RIGHTS = "The dossier belongs to the mine that handed it in; ask before passing it on."


def copy_kit(notebook: Path, folder: Path) -> Path:
    """Copy what a run reads beside its inputs: standards, factors, accounting, labels, templates, source notebook.

    Of a notebook that holds outputs what is kept is the notebook without them. The copied parameters are returned, from
    which the evaluation is then made.
    """
    for name, source in (kit_files() | {f"notebooks/{notebook.name}": notebook}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
    kept = folder / "notebooks" / notebook.name
    given = json.loads(kept.read_text(encoding="utf-8"))
    if bare(given) != given:
        written = json.dumps(bare(given), ensure_ascii=False, indent=1, sort_keys=True) + "\n"  # as Jupyter writes
        kept.write_text(written, encoding="utf-8", newline="\n")
    return folder / "parameters"


def utc_now() -> str:
    """The time in UTC, as the archive writes it."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def run_environment(given: Mapping[str, Any], formats: tuple[str, ...], start: str,
                    seed: int | None = None, story: str = "", look: bool = False) -> dict[str, Any]:
    """Versions, platform, numerics, seed and command: what somebody needs who makes the run again.

    The command is the one that works in the run folder; nothing here names a path or a person.
    """
    return {
        "mineco": {"version": __version__, "code_sha256": code_hash()},
        "python": {"version": platform.python_version(), "implementation": platform.python_implementation()},
        "platform": {"system": platform.system(), "release": platform.release(), "machine": platform.machine(),
                     "libc": " ".join(platform.libc_ver())},
        "numerics": _numerics(),
        "packages": _packages(),
        "seed": seed,  # None: nothing is drawn at random
        "command": run_command(given, formats, story, look),
        "start": start,
        "end": utc_now(),
    }


def run_command(given: Mapping[str, Any], formats: Sequence[str], story: str = "", look: bool = False) -> str:
    """The command that makes a run again from its own inputs.

    >>> run_command({"dossier": "inputs", "standard": "s", "language": "en", "results": "r", "gwp": "AR4"}, ("html",))
    'mineco run inputs --standard s --formats html --lang en --option gwp=AR4'
    """
    targets = next(given[one] for one in TARGETS if one in given).split(BETWEEN)
    options = [f"--weights {given['weights']}"] if "weights" in given else []
    options += [f"--option {name}={value}" for name, value in sorted(given.items()) if name not in RESERVED]
    return " ".join(["mineco run", *targets, f"--standard {given['standard']} --formats {','.join(formats)}",
                     f"--lang {given['language']}", *options, *story_options(story),
                     *(["--look look"] if look else [])])


def story_options(story: str) -> list[str]:
    """The options by which a run of a story is asked for.

    >>> story_options("preliminary"), story_options("sensitivity"), story_options("")
    (['--preliminary'], ['--notebook=sensitivity'], [])
    """
    return [] if not story else ["--preliminary"] if story == "preliminary" else [f"--notebook={story}"]


def seed_of(results: Mapping[str, Any]) -> int | None:
    """The seed that results were drawn with; None where nothing was drawn.

    >>> seed_of({"uncertainty": {"seed": 1}}), seed_of({"kind": "tracking", "seed": None})
    (1, None)
    """
    seed: int | None = results["seed"] if "kind" in results else results["uncertainty"].get("seed")
    return seed


def prefetch_environment() -> None:
    """Find out, ahead of time, what about this process does not change."""
    for found in (code_hash, _packages, _numerics):
        found()


@functools.cache
def _packages() -> dict[str, str]:
    found = {told["Name"]: told["Version"] for told in (one.metadata for one in distributions())}  # read once each
    return dict(sorted(found.items(), key=lambda pair: pair[0].lower()))


@functools.cache
def _numerics() -> dict[str, Any]:
    import numpy as np

    known = np.show_config(mode="dicts")
    blas = known["Build Dependencies"]["blas"]
    return {"blas": {name: blas.get(name, "") for name in ("name", "version", "openblas configuration")},
            "simd": [*known["SIMD Extensions"]["baseline"], *known["SIMD Extensions"].get("found", [])],
            "float": sys.float_info.mant_dig, "environment": dict(ENVIRONMENT)}


def step_cells(notebook: Mapping[str, Any]) -> dict[str, str]:
    """The cell of each step of an evaluation, by the step's id: the cell that is tagged ``step-ID``.

    >>> cell = {"cell_type": "code", "id": "cnm-036", "source": "1", "metadata": {"tags": ["step-account"]}}
    >>> step_cells({"cells": [cell]})
    {'account': 'cnm-036'}
    """
    return {tag.removeprefix(STEP): cell.get("id", "") for _, cell, _ in code_cells(notebook)
            for tag in cell["metadata"].get("tags", []) if tag.startswith(STEP)}


def add_cells_to_trace(folder: Path, notebook: Mapping[str, Any]) -> None:
    """Add to ``trace.json`` the cell of each step, which only the notebook knows."""
    path = folder / "trace.json"
    if path.is_file():
        trace, cells = json.loads(path.read_text(encoding="utf-8")), step_cells(notebook)
        for entry in trace["results"].values():
            entry["cell"] = cells.get(entry["step"], "")
        path.write_bytes(as_json(trace))


def write_run_record(folder: Path, notebook: Mapping[str, Any], name: str, given: Mapping[str, Any],
                     status: Mapping[str, Any], environment: Mapping[str, Any], results: Mapping[str, Any]) -> None:
    """Write what is told about a run beside its results, then the manifest over all of it.

    The notebook is the source of that name, and ``given`` its parameters.
    """
    add_cells_to_trace(folder, notebook)
    (folder / "parameters.json").write_bytes(as_json(dict(sorted(given.items()))))
    (folder / "status.json").write_bytes(as_json(status))
    (folder / "environment.json").write_bytes(as_json(environment))
    (folder / CRATE).write_bytes(as_json(crate_of(folder, f"kit/notebooks/{name}", given, environment, results)))
    write_manifest(folder)


def crate_of(folder: Path, workflow: str, parameters: Mapping[str, Any], environment: Mapping[str, Any],
             results: Mapping[str, Any]) -> dict[str, Any]:
    """What ``ro-crate-metadata.json`` says of the files of a run but for itself and the manifest.

    The workflow is the source notebook, as a path within the folder; the parameters are what it was given.
    """
    from rocrate.model.computerlanguage import ComputerLanguage
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version=CRATE_VERSION)
    crate.metadata.extra_contexts.append(CONTEXT)
    names = sorted({path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
                   - {CRATE, MANIFEST})
    language = crate.add(ComputerLanguage(crate, "#jupyter", properties=dict(NOTEBOOK_LANGUAGE)))
    main = crate.add_workflow(dest_path=workflow, main=True, lang=language, properties={
        "name": Path(workflow).stem, "encodingFormat": _media_type(workflow), "license": {
            "@id": "https://spdx.org/licenses/Apache-2.0"}})
    files = {name: crate.add_file(dest_path=name, properties={
        "name": name, "encodingFormat": _media_type(name), "contentSize": str((folder / name).stat().st_size)})
        for name in names if name != workflow}
    slots = {name: crate.add(ContextEntity(crate, f"#slot-{name}", {
        "@type": "FormalParameter", "name": name, "additionalType": TYPES[type(value)],
        "conformsTo": {"@id": FORMAL_PARAMETER}})) for name, value in sorted(parameters.items())}
    values = [crate.add(ContextEntity(crate, f"#value-{name}", {
        "@type": "PropertyValue", "name": name, "value": value, "exampleOfWork": {"@id": f"#slot-{name}"}}))
        for name, value in sorted(parameters.items())]
    main["input"] = list(slots.values())
    tool = crate.add(ContextEntity(crate, "#mineco", {
        "@type": "SoftwareApplication", "name": "mineco", "softwareVersion": environment["mineco"]["version"]}))
    action = crate.add(ContextEntity(crate, "#run", {
        "@type": "CreateAction", "name": environment["command"], "startTime": environment["start"],
        "endTime": environment["end"], "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"}}))
    action["instrument"] = main
    action["object"] = [*(one for name, one in files.items() if name.startswith(HANDED_IN)), *values]
    action["result"] = [one for name, one in files.items() if not name.startswith(HANDED_IN)]
    main["softwareRequirements"] = tool
    _describe(crate, results, environment["end"])
    crate.root_dataset["mentions"] = action
    crate.root_dataset["conformsTo"] = [crate.add(ContextEntity(crate, url, {
        "@type": "CreativeWork", "name": name, "version": url.rpartition("/")[2]})) for url, name in PROFILES.items()]
    document: dict[str, Any] = crate.metadata.generate()
    return document


def _describe(crate: Any, results: Mapping[str, Any], end: str) -> None:
    mine, year = results.get("mine", {}), results.get("year")
    name = mine.get("name_en") or mine.get("name_zh") or mine.get("id")
    crate.name = ", ".join(str(one) for one in (name, year, results.get("kind")) if one)
    kind = (f"Notebook {results['kind']}," if "kind" in results else
            "Preliminary evaluation, not graded," if "status" in results else "Evaluation")
    of = f" of {mine['id']}" if mine else ""
    crate.description = (f"{kind}{of}{f' for {year}' if year else ''}: inputs, parameters, notebook, results and "
                         "report. Based on a draft standard; not a certification.")
    crate.datePublished = end
    crate.license = RIGHTS


def _media_type(name: str) -> str:
    ending = Path(name).suffix.lower()
    known, _ = _known_types().guess_type(name)
    return MEDIA_TYPES.get(ending) or known or "application/octet-stream"


@functools.cache
def _known_types() -> mimetypes.MimeTypes:
    """Those of Python, whatever this machine knows."""
    return mimetypes.MimeTypes()
