"""A run: a dossier goes in, and a new folder with report, notebook, results and all that they rest on comes out."""

import importlib
import json
import shutil
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, file_trouble
from mineco.core.kit import CHOSEN
from mineco.core.labels import label, problem_text
from mineco.evaluation.record.manifest import root_hash
from mineco.runs import runlog
from mineco.runs.archive import copy_kit, prefetch_environment, run_environment, seed_of, write_run_record
from mineco.runs.house_look import copy_look, look_of
from mineco.runs.notebook.cells import code_cells
from mineco.runs.notebook.execute import CELL_SECONDS, CellRefused, execute
from mineco.runs.notebook.files import in_file
from mineco.runs.notebook.kernel import TEMPORARY, fork_kernel, start_kernel
from mineco.runs.order import EVALUATION, FORMATS, Order, is_notebook, notebook_in, notebook_of, refuse
from mineco.runs.staging import defer_signals, move_into_place, remove_abandoned, staging, sync_all
from mineco.runs.status import require_complete, status_of
from mineco.runs.targets.copying import copy_weights
from mineco.runs.targets.made_for import DATE
from mineco.runs.targets.taking import check_targets, copy_targets

SCRATCH = ".scratch"  # temporary files of the kernel; gone before a run is complete


@checked_arguments()
def run(dossier: str | Path | Sequence[str | Path], standard_id: str = "carbon-neutral-mine-2025",
        out: str | Path = "runs", formats: Iterable[str] = FORMATS, language: str = "zh",
        options: Mapping[str, str] | None = None, progress: bool = False, engine: str | None = None,
        timeout: float = CELL_SECONDS, weights: str | Path | None = None, preliminary: bool = False,
        look: str | Path | None = None, notebook: str = "") -> Path:
    """Evaluate a dossier, or run another notebook that is made for a target, and keep everything in one new folder.

    The notebook reads the copies that the run keeps, so that what is archived is what was evaluated.

    Parameters
    ----------
    dossier : path or sequence of path
        The folder or workbook that the mine hands in; under a notebook what that is made for, which may be several runs
        and dossiers, or the folder of a batch.
    standard_id : str          Id of a folder in ``parameters/standards``.
    out : path                 Parent of the new folder ``<mine>-<year>-<time>``.
    formats : iterable of str  Of html, pdf and docx, one at least.
    language : str             zh or en.
    options : mapping          Options of the standard, or of the notebook, set by hand.
    progress : bool            Whether to show a bar on stderr.
    engine : str, optional
        ``fork`` runs the notebook in a fork of an interpreter that is kept ready; else a kernel is started.
    timeout : float            Longest time of one cell of the notebook. [s]
    weights : path, optional   A file of weights that a panel concluded (``mineco weights``); a copy is kept.
    preliminary : bool
        Whether to make a preliminary report of a dossier of which something is missing: the score as a range, what
        closing each gap would bring, and no grade (reading R34).
    look : path, optional      A folder with the look of a house (``look.yaml``); a copy is kept.
    notebook : str             Name of one beside those of the standards, such as sensitivity (`mineco.runs.targets`).

    Returns
    -------
    Path
        The new folder, an archive with its manifest. It appears whole or not at all, and replaces nothing; the log
        beside it tells its root hash, or why there is no folder.

    Raises
    ------
    BadInput
        With every problem of the dossier and the options; or when a cell fails, or a file cannot be written; when a
        preliminary report is asked for and nothing is missing, or its standard knows none; when no such notebook can be
        run, or it takes no such target, option, weights or preliminary report.

    >>> run("no-such-folder", out="runs")
    Traceback (most recent call last):
    mineco.core.errors.BadInput: no-such-folder: there is no such dossier folder. Check the path, or make a blank \
dossier with `mineco new`.
    """
    targets = [dossier] if isinstance(dossier, str | Path) else dossier
    order = Order(targets=tuple(map(Path, targets)), standard_id=standard_id, out=Path(out),
                  formats=(formats,) if isinstance(formats, str) else tuple(dict.fromkeys(formats)),
                  language=language, options=dict(options or {}), progress=progress, engine=engine, timeout=timeout,
                  weights=Path(weights) if weights else None, preliminary=preliminary,
                  look=Path(look) if look else None, notebook=notebook)
    refuse(order)
    try:
        order.out = order.out.resolve()
        order.found = order.out.exists()
        _log_abandoned(order.out)
        with staging(order.out, {"dossier": order.named, "start": order.start}) as folder:
            return _run(order, folder)
    except OSError as error:
        _log_failure(order, error)
        raise BadInput(file_trouble(error, out)) from error
    except BaseException as error:
        _log_failure(order, error)
        raise


def _run(order: Order, folder: Path) -> Path:
    path = notebook_of(order.standard_id, order.language, order.story)
    notebook = notebook_in(order.standard_id, order.language, order.story)
    kept = copy_kit(path, folder / "kit")
    (folder / SCRATCH).mkdir()
    kernel = _start(order, notebook, folder, kept)
    try:
        # The kernel starts and imports in its own process, while what comes after it is imported and the inputs read.
        later = threading.Thread(target=_prepare)
        later.start()
        target = copy_targets(order.made_for, order.targets, folder)
        copy_look(order.look, folder)
        kept_weights = copy_weights(order.weights, folder)
        options = _check(order, folder, target, kept_weights)
        order.begun = True
        from tqdm import tqdm

        steps = len(code_cells(notebook)) + 2  # papermill adds a cell with the parameters; the report comes last
        shown = "{percentage:3.0f}% {bar} " + label("time_left", order.language)
        with tqdm(total=steps, disable=not order.progress, leave=False, bar_format=shown, delay=1) as bar:
            given = {**target, "standard": order.standard_id, "language": order.language, "results": "results.json",
                     **({"weights": kept_weights.name} if kept_weights else {}), **dict(sorted(options.items()))}
            try:
                executed = execute(notebook, path.name, given, kernel, bar.update, order.timeout)
            except BadInput as error:
                _check_all(order, folder, kept_weights, options, refused=isinstance(error, CellRefused))
                raise
            results = read_results(folder / "results.json", results_form(order.standard_id, order.story))
            status = status_of(executed, (folder / "results.json").read_bytes())
            require_complete(status, path.name)
            later.join()
            _write(executed, folder, order.formats, order.language, date.fromisoformat(results["report_date"]))
            bar.update()
    finally:
        kernel.stop()
    shutil.rmtree(folder / SCRATCH)
    environment = run_environment(given, order.formats, order.start, seed_of(results), order.story,
                                  order.look is not None)
    write_run_record(folder, notebook, path.name, given, status, environment, results)
    sync_all(folder)
    parts = results.get("mine", {}).get("id"), results.get("year"), order.story
    return _publish(order, folder, "-".join(str(part) for part in parts if part))


def _check(order: Order, folder: Path, target: Mapping[str, str], weights: Path | None) -> dict[str, Any]:
    """Stop with every problem of what the run has copied; the options set by hand, in their types.

    An evaluation is not made here as well: where its notebook stops, `_check_all` tells why.
    """
    if order.made_for is EVALUATION:
        if order.preliminary:
            return check_dossier(folder / "inputs", order.standard_id, order.options, weights, preliminary=True)
        return typed_options(order.standard_id, order.options)
    made_for, options = order.made_for, dict(order.options)
    if DATE in made_for.declared:
        options.setdefault(DATE, order.start[:10])
    return check_targets(made_for, folder, target, order.standard_id, options, weights)


def _check_all(order: Order, folder: Path, weights: Path | None, options: Mapping[str, Any], refused: bool) -> None:
    """Stop with every problem where it is the dossier that made a cell fail: such a dossier has not been run."""
    from mineco.evaluation.registry import check

    order.begun = False
    if order.made_for is EVALUATION:
        check_dossier(folder / "inputs", order.standard_id, order.options, weights, order.preliminary)
    elif refused and order.made_for.target == "dossier":
        check(folder / "inputs", order.standard_id, weights, **order.made_for.of_standard(options))
    order.begun = True


def _start(order: Order, notebook: Mapping[str, Any], folder: Path, kept: Path) -> Any:
    """The kernel that was asked for; an ordinary one reads the parameters that the run keeps.

    It is ended without being asked, so its temporary files lie in a folder that is taken away.
    """
    temporary = dict.fromkeys(TEMPORARY, str(folder / SCRATCH))
    if order.engine == "fork":
        return fork_kernel(notebook, folder, temporary)
    return start_kernel(notebook, folder, {CHOSEN: str(kept), **temporary})


def _prepare() -> None:
    """Import and find out, while the notebook runs, what is needed after it."""
    for name in ("mineco.report.export", "rocrate.rocrate"):
        importlib.import_module(name)
    prefetch_environment()


def _publish(order: Order, folder: Path, name: str) -> Path:
    """Move a finished folder to its place and log it: both, or neither."""
    with defer_signals(), runlog.locked(order.out):
        final = move_into_place(folder, name)
        try:
            runlog.append(order.out, run=final.name, dossier=order.named, status="complete",
                          root=root_hash(final))
        except BaseException:
            final.rename(folder)
            raise
        order.begun = False  # what comes now does not interrupt this run any more
    return final


def _log_failure(order: Order, error: BaseException) -> None:
    """Log why there is no folder; where not even the log can be written, the error says enough.

    A dossier that is refused is no run: nothing is written of it, not even the folder of runs.
    """
    if not order.begun and not order.found:
        with suppress(OSError):  # another run may have begun in it
            order.out.rmdir()
    if not order.begun and not (order.found and isinstance(error, OSError)):
        return
    if isinstance(error, BadInput):
        reason = "; ".join(problem_text(problem, order.language) for problem in error.problems[:3])
    else:
        reason = f"{type(error).__name__}: {error}".removesuffix(": ")
    status = "failed" if isinstance(error, Exception) else "interrupted"
    with suppress(OSError), runlog.locked(order.out):
        runlog.append(order.out, dossier=order.named, status=status, reason=reason)


def _log_abandoned(out: Path) -> None:
    for about in remove_abandoned(out):
        with runlog.locked(out):
            runlog.append(out, dossier=about.get("dossier", ""), status="interrupted",
                          reason=f"killed; begun {about.get('start', '')}")


def check_dossier(dossier: Path, standard_id: str, options: Mapping[str, str],
                  weights: Path | None = None, preliminary: bool = False) -> dict[str, Any]:
    """Stop with every problem of a dossier; of a preliminary run, when nothing is missing.

    Returns
    -------
    dict  The options set by hand, in the standard's own types.
    """
    from mineco.evaluation.registry import check, check_gaps

    typed = typed_options(standard_id, options)
    (check_gaps if preliminary else check)(dossier, standard_id, weights, **typed)
    return typed


def typed_options(standard_id: str, options: Mapping[str, str]) -> dict[str, Any]:
    """The options set by hand, in the standard's own types, which is read for them alone."""
    from mineco.evaluation.case import parse_options
    from mineco.standards.load import load_standard

    return parse_options(load_standard(standard_id), options) if options else {}


def _write(executed: Any, folder: Path, formats: tuple[str, ...], language: str, day: date) -> None:
    """The executed notebook and its report in every format, dated like the report so that it can be made again."""
    from mineco.report.export import export, export_pages

    (folder / "notebook.ipynb").write_text(in_file(executed), encoding="utf-8", newline="\n")
    look = look_of(folder)
    export(executed, formats, folder, language, day=day, look=look)
    if "pdf" in formats:
        export_pages(executed, folder, language, day, look)


def results_form(standard_id: str, story: str = "") -> Any:
    """What results.json is held to: that of an evaluation under a standard, a preliminary one, or of a notebook."""
    from mineco.evaluation import registry
    from mineco.evaluation.record.notebooks import notebook_form

    return notebook_form(story) if is_notebook(story) else registry.results_form(standard_id, story)


def read_results(path: Path, form: Any) -> dict[str, Any]:
    """The results that the notebook wrote, held to their form."""
    from pydantic import ValidationError

    if not path.is_file():
        raise BadInput(Problem("results_missing", file=path.name))
    written = path.read_bytes()
    try:
        form.model_validate_json(written, strict=True)
    except ValidationError as error:
        raise BadInput(Problem("results_not_valid", file=path.name, row=".".join(map(str, ("$", *one["loc"]))),
                               details={"reason": one["msg"]}) for one in error.errors()) from None
    told: dict[str, Any] = json.loads(written)
    return told
