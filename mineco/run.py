"""A run: a dossier goes in, and a new folder with report, notebook, results and copies of the inputs comes out."""

import errno
import importlib
import json
import os
import shutil
import threading
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mineco.errors import BadInput, Problem, Problems
from mineco.kernel import code_cells, execute, start_kernel
from mineco.kit import notebooks, parameters
from mineco.reading import list_files

FORMATS = ("html", "pdf", "docx")
LANGUAGES = ("zh", "en")
SCHEMA = Path(__file__).with_name("results.schema.json")


def run(dossier: str | Path, standard_id: str = "carbon-neutral-mine-2025", out: str | Path = "runs",
        formats: Iterable[str] = FORMATS, language: str = "zh", options: Mapping[str, str] | None = None,
        progress: bool = False) -> Path:
    """Evaluate a dossier and keep everything of it in one new folder.

    The evaluation reads the copies that it keeps, so that what is archived is what was evaluated.

    Parameters
    ----------
    dossier : path
        The folder that the mine hands in.
    standard_id : str
        Id of a folder in ``parameters/standards``.
    out : path
        Parent of the new folder ``<mine>-<year>-<time>``.
    formats : iterable of str
        Of html, pdf and docx.
    language : str
        zh or en.
    options : mapping
        Options of the standard, set by hand.
    progress : bool
        Whether to show a bar on stderr.

    Returns
    -------
    Path
        The new folder. It appears whole or not at all, and replaces nothing.

    Raises
    ------
    BadInput
        With every problem of the dossier and the options; or when a cell fails, or a file cannot be written.

    >>> run("no-such-folder", out="runs")
    Traceback (most recent call last):
    mineco.errors.BadInput: no-such-folder: dossier_not_found
    """
    dossier, out, formats = Path(dossier), Path(out), tuple(formats)
    _refuse(dossier, standard_id, out, formats, language)
    staging = out.resolve() / f".{uuid.uuid4().hex}.partial"
    try:
        staging.mkdir(parents=True)
        return _run(dossier.resolve(), standard_id, staging, formats, language, dict(options or {}), progress)
    except OSError as error:
        raise BadInput(Problem("file_trouble", file=str(error.filename or out),
                               details={"reason": error.strerror or str(error)})) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def notebook_of(standard_id: str) -> Path:
    """The notebook that tells the story of a standard: named like it, without the edition.

    >>> notebook_of("carbon-neutral-mine-2025").name
    'carbon-neutral-mine.ipynb'
    """
    return notebooks() / f"{standard_id.rpartition('-')[0]}.ipynb"


def _refuse(dossier: Path, standard_id: str, out: Path, formats: tuple[str, ...], language: str) -> None:
    """What is wrong with the order itself, before a file is touched."""
    problems = Problems()
    if not dossier.is_dir():
        problems.add("dossier_not_found", file=str(dossier))
    elif out.resolve().is_relative_to(dossier.resolve()):
        problems.add("out_inside_dossier", file=str(out), value=str(dossier))
    if not (parameters() / "standards" / standard_id / "standard.yaml").is_file():
        from mineco.standards import standard_ids

        problems.add("choice_not_allowed", column="standard", value=standard_id, allowed=", ".join(standard_ids()))
    for column, given, allowed in (("formats", formats, FORMATS), ("lang", (language,), LANGUAGES)):
        for value in given:
            if value not in allowed:
                problems.add("choice_not_allowed", column=column, value=value, allowed=", ".join(allowed))
    problems.stop()


def _run(dossier: Path, standard_id: str, staging: Path, formats: tuple[str, ...], language: str,
         options: dict[str, Any], progress: bool) -> Path:
    path = notebook_of(standard_id)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    kernel = start_kernel(notebook, staging)
    try:
        # The kernel starts and imports in its own process, while the exporters are imported and the inputs read here.
        exporters = threading.Thread(target=importlib.import_module, args=("mineco.report",))
        exporters.start()
        _copy(dossier, staging / "inputs")
        options = check_dossier(staging / "inputs", standard_id, options)
        from tqdm import tqdm

        steps = len(code_cells(notebook)) + 2  # papermill adds a cell with the parameters; the report comes last
        with tqdm(total=steps, disable=not progress, leave=False) as bar:
            given = {"dossier": "inputs", "standard": standard_id, "language": language, "results": "results.json"}
            executed = execute(notebook, path.name, given | options, kernel, bar.update)
            results = _read_results(staging / "results.json")
            exporters.join()
            _write(executed, staging, formats, language, date.fromisoformat(results["report_date"]))
            bar.update()
    finally:
        kernel.stop()
    return _move_into_place(staging, f"{results['mine']['id']}-{results['year']}")


def _copy(dossier: Path, inputs: Path) -> None:
    """Exact copies of the files of a dossier; hidden files stay behind, and what is no file is refused."""
    names = list_files(dossier)  # each measured before the first is copied
    inputs.mkdir()
    for name in names:
        (inputs / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dossier / name, inputs / name, follow_symlinks=False)


def check_dossier(dossier: Path, standard_id: str, options: Mapping[str, str]) -> dict[str, Any]:
    """Stop with every problem of a dossier, before anything is computed.

    Returns
    -------
    dict
        The options set by hand, in the standard's own types.
    """
    from mineco.carbon_neutral_mine import check
    from mineco.standards import load_standard

    known = load_standard(standard_id).options
    typed = {name: next((one for one in known[name].allowed if str(one).lower() == str(value).lower()), value)
             if name in known else value for name, value in options.items()}
    check(dossier, standard_id, **typed)
    return typed


def notices(dossier: Path, standard_id: str) -> tuple[Problem, ...]:
    """What stops nothing and yet wants to be seen before a run: credits that will be listed and not counted."""
    from mineco.case import open_case

    return open_case(dossier, standard_id).dossier.warnings


def _write(executed: Any, folder: Path, formats: tuple[str, ...], language: str, day: date) -> None:
    """The executed notebook and its report in every format, dated like the report so that it can be made again."""
    import nbformat

    from mineco.report import export

    (folder / "notebook.ipynb").write_text(nbformat.writes(executed), encoding="utf-8", newline="\n")
    export(executed, formats, folder, language, day=day)


def _read_results(path: Path) -> dict[str, Any]:
    """The results that the notebook wrote, held to their schema; a number that is none is refused."""
    import jsonschema

    if not path.is_file():
        raise BadInput(Problem("results_missing", file=path.name))
    results = json.loads(path.read_text(encoding="utf-8"), parse_constant=_not_a_number)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    found = jsonschema.validators.validator_for(schema)(schema).iter_errors(results)
    problems = [Problem("results_not_valid", file=path.name, row=error.json_path, details={"reason": error.message})
                for error in found]
    if problems:
        raise BadInput(problems)
    return results


def _not_a_number(text: str) -> float:
    raise BadInput(Problem("results_not_valid", file="results.json", value=text,
                           details={"reason": "not a finite number"}))


def _move_into_place(staging: Path, name: str) -> Path:
    """Give a finished folder its name, once all of it is on the disk; a name that is taken gets a number."""
    for folder, _, files in os.walk(staging, topdown=False):
        for path in [*(Path(folder, file) for file in files), Path(folder)]:
            _sync(path)
    stem = f"{name}-{datetime.now():%Y%m%dT%H%M%S}"
    for number in range(1, 1000):
        final = staging.with_name(stem if number == 1 else f"{stem}-{number}")
        if os.path.lexists(final):
            continue
        try:
            staging.rename(final)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):  # another run took the name meanwhile
                raise
            continue
        _sync(final.parent)
        return final
    raise BadInput(Problem("file_trouble", file=stem, details={"reason": os.strerror(errno.EEXIST)}))


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows cannot open a folder
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
