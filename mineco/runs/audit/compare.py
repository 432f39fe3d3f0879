"""Two runs compared: each opened from its archive with its own parameters, and the change between them explained."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mineco import __version__
from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, file_trouble
from mineco.core.kit import WHOLE as WHOLE_KIT
from mineco.core.kit import code_hash, kit, kit_files, parameters
from mineco.evaluation import registry
from mineco.evaluation.case import Case, open_case
from mineco.evaluation.comparison.explain import explain, require_order
from mineco.evaluation.comparison.found import Comparison
from mineco.evaluation.comparison.kits import Kits
from mineco.evaluation.comparison.sides import BINDINGS, CAUSES, Side
from mineco.evaluation.record.manifest import check_manifest
from mineco.runs.audit.documents import WHOLE, read_document
from mineco.runs.audit.rerun import run_parameters
from mineco.runs.audit.versions import form_of
from mineco.runs.order import is_notebook, story_of
from mineco.runs.targets.copying import WEIGHTS
from mineco.runs.targets.made_for import RESERVED
from mineco.standards.load import undated


@checked_arguments()
def compare(run: Case | str | Path, other: Case | str | Path, order: str | Sequence[str] = CAUSES) -> Comparison:
    """What changed between two results of one mine, and how much each thing explains of it.

    Data, factors, method (options, accounting rules), standard and weights of the second take the place of those of the
    first, one after the other; every state is evaluated by the whole chain, and the terms add up to the change.

    Parameters
    ----------
    run, other : path or Case
        Folders that `mineco run` has made, the earlier first, each opened with the parameters that it keeps; or cases.
    order : str or sequence of str
        In which they are exchanged: ``data,factors,method,standard,weights`` unless asked otherwise.

    Returns
    -------
    Comparison
        ``terms("score")`` and ``terms("emissions_t_co2e")`` have the terms with their ranges over all orders,
        ``items()`` every row, factor and option that is not the same, ``parts()`` where a change shows.

    Raises
    ------
    BadInput
        When a run is not whole or preliminary, when they are of two mines or two standards, or the order is none.

    >>> import mineco as mc
    >>> quarry = mc.open_case("parameters/mines/tiny-quarry")
    >>> found = mc.compare(quarry, mc.what_if(quarry, explosives=55, options={"gwp": "AR4"}))
    >>> found.terms("emissions_t_co2e")["change"].round(2).to_dict()
    {'data': -0.85, 'factors': 0.0, 'method': 6.23, 'standard': 0.0, 'weights': 0.0, 'version': 0.0}
    """
    wanted = [one.strip() for one in order.split(",")] if isinstance(order, str) else list(order)
    require_order(wanted)
    return explain(side_of(run), side_of(other), wanted)


def side_of(given: Case | str | Path) -> Side:
    """A case as it is, or that of a run."""
    if isinstance(given, Case):
        return Side(case=given, name=f"{given.dossier.mine.id} {given.year}", parameters=parameters(),
                    version=__version__, code=code_hash())
    try:
        return opened_run(Path(given).resolve())
    except OSError as error:
        raise BadInput(file_trouble(error, given)) from error


def opened_run(run: Path) -> Side:
    """A run opened from its archive, with what it recorded.

    Raises
    ------
    BadInput
        When it is not what its manifest says, is preliminary or of another notebook, or its files are none that a run
        writes.
    """
    if problems := check_manifest(run):
        raise BadInput([Problem("compare_not_whole", file=run.name),
                        *(replace(one, file=f"{run.name}/{one.file}") for one in problems)])
    results, environment = (_document(run, name) for name in ("results.json", "environment.json"))
    if is_notebook(story := story_of(results)):
        raise BadInput(Problem("run_of_notebook", file=run.name, value=story))
    if story:
        raise BadInput(Problem("compare_preliminary", file=run.name))
    given = run_parameters(run)
    if undated(given["standard"]) not in registry.COMPOSITIONS:
        raise BadInput(Problem("choice_not_allowed", file=f"{run.name}/parameters.json", row="standard",
                               value=given["standard"], details={"allowed": ", ".join(registry.COMPOSITIONS)}))
    form, code = form_of(environment), str(environment["mineco"].get("code_sha256"))
    if not code.isalnum():  # it is printed
        raise BadInput(Problem("document_not_sound", file=f"{run.name}/environment.json", row="mineco.code_sha256"))
    kept, stand_in = run / "kit" / "parameters", False
    if form.earlier and not _has_every_file(kept):
        kept, stand_in = parameters(), True
    if missing := [name for name in WHOLE_KIT if not (kept / name).exists()]:
        raise BadInput(Problem("not_a_run", file=run.name, details={
            "missing": ", ".join(f"kit/parameters/{name}" for name in missing)}))
    with Kits(kept, kept) as kits:
        kits.use(())
        case = _opened(run, given)
    return Side(case=case, name=run.name, parameters=kept, recorded=_recorded(run, results, case),
                version=form.version, code=code, stand_in=stand_in)


def _opened(run: Path, given: dict[str, Any]) -> Case:
    options = {name: value for name, value in given.items() if name not in RESERVED}
    try:
        return open_case(run / "inputs", given["standard"], run / WEIGHTS if "weights" in given else None, **options)
    except BadInput as error:
        raise BadInput([Problem("compare_not_evaluated", file=run.name), *error.problems]) from None
    except KeyError as error:  # of parameters that somebody edited
        raise BadInput([Problem("compare_not_evaluated", file=run.name),
                        Problem("compare_word_unknown", value=str(error.args[0]))]) from None


def _has_every_file(kept: Path) -> bool:
    """Whether parameters have every file that those of this installation have: else they are of an older form."""
    return all((kept.parent / name).is_file() for name in kit_files(kit() / "parameters")
               if name.startswith(f"{kept.name}/"))


def _document(run: Path, name: str) -> dict[str, Any]:
    document = read_document(run / name)
    if document is None or not WHOLE.get(name, bool)(document):
        raise BadInput(Problem("document_not_sound", file=f"{run.name}/{name}"))
    return document


def _recorded(run: Path, results: dict[str, Any], case: Case) -> dict[str, Any]:
    """The summary of what a run recorded; refused where that is none."""
    evaluation = registry.evaluation_module(case.standard.id).Evaluation
    unsound = Problem("document_not_sound", file=f"{run.name}/results.json", row="outcome")
    try:
        found = evaluation.summary_from(results["outcome"])
    except (KeyError, TypeError, AttributeError, IndexError):
        raise BadInput(unsound) from None
    numbers = all(found.get(name) is None or type(found[name]) in (int, float) for name in evaluation.explained)
    if not (numbers and found.get("grade") in (None, *case.standard.grade_ids)
            and found.get("binding", BINDINGS[0]) in BINDINGS):
        raise BadInput(unsound)
    return found
