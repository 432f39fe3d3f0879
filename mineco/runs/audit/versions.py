"""Runs of earlier versions: which one made a run, whether its files have that version's form, and its trace in ours.

How an earlier version wrote a run is data, a file for each in ``parameters/archives``.
"""

import functools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from mineco import __version__
from mineco.core.errors import BadInput, Problem
from mineco.core.kit import archives
from mineco.core.yaml_reading import read_yaml
from mineco.evaluation.record import results, trace
from mineco.runs.audit.documents import input_numbers, is_trace
from mineco.runs.notebook.cells import code_cells
from mineco.runs.status import status_of

NOT_COMPARED = ("cell", "formula")  # the cell is another notebook's; formulas were not told by every version
RESTS_ON = re.compile(r"\.(rows|factors|quantities)(\..*)?$")  # of an entry of the trace
QUANTITY = re.compile(r"quantities\[(.+?)\](?:\.|$)")


@dataclass(frozen=True, kw_only=True)
class ArchiveForm:
    """How a version of the package writes a run.

    ``form`` holds what tells it from others, by file; ``steps`` and ``functions`` the ids of what its trace called
    otherwise; ``changes`` what is computed otherwise since then, each with its line of CHANGELOG.md and what it is
    ``of``: ids of formulas, functions, factors, steps and quantities, or paths of results, with ``*`` for any text.
    """

    version: str
    form: Mapping[str, object]
    steps: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def earlier(self) -> bool:
        """Whether it is another version than this one."""
        return self.version != __version__


def installed_form() -> ArchiveForm:
    """The form in which this version writes a run.

    >>> installed_form().earlier
    False
    """
    return ArchiveForm(version=__version__, form={
        "results.json": results.SCHEMA_ID, "trace.json": trace.SCHEMA_ID, "status.json": sorted(status_of(
            {"cells": []}, b"")), "kit": ["notebooks", "parameters", "templates"]})


def form_of(environment: Mapping[str, Any]) -> ArchiveForm:
    """The form of the version that a run names in environment.json; refused when this version knows nothing of it.

    >>> form_of({"mineco": {"version": "0.1.0"}}).steps["keep_account"]
    'account'
    >>> form_of({"mineco": {"version": "0.0.9"}})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: environment.json, mineco.version = 0.0.9: is no version that this one knows. ...
    """
    claimed, known = environment["mineco"].get("version"), _earlier_forms()
    if claimed == __version__:
        return installed_form()
    for one in known:
        if one.version == claimed:
            return one
    raise BadInput(Problem("version_unknown", file="environment.json", row="mineco.version", value=claimed,
                           details={"known": ", ".join([*(one.version for one in known), __version__])}))


@functools.cache
def _earlier_forms() -> tuple[ArchiveForm, ...]:
    """The forms of all earlier versions in order, each with the changes of those that came after it."""
    found: list[ArchiveForm] = []
    changes: dict[str, Mapping[str, Any]] = {}
    for path in sorted(archives().glob("*.yaml"), key=lambda path: [int(part) for part in path.stem.split(".")])[::-1]:
        told = read_yaml(path)
        changes = told["changes"] | changes
        found.append(ArchiveForm(version=path.stem, **(told | {"changes": changes})))
    return tuple(found[::-1])


def form_problems(run: Path, documents: Mapping[str, Any], claimed: ArchiveForm) -> list[Problem]:
    """Where the files of a run have not the form of the version that it names: a name that was written over."""
    found = {"results.json": documents["results.json"].get("schema"),
             "trace.json": documents["trace.json"].get("schema"), "status.json": sorted(documents["status.json"]),
             "kit": sorted(path.name for path in (run / "kit").iterdir()) if (run / "kit").is_dir() else []}
    return [Problem("form_of_another_version", file=name, value=_as_text(found[name]),
                    details={"version": claimed.version, "expected": _as_text(expected)})
            for name, expected in claimed.form.items()
            if found[name] != expected and documents.get(name) != {}]  # a notebook that evaluates nothing has no trace


def _as_text(told: object) -> str:
    return ", ".join(str(one) for one in told) if isinstance(told, list) else str(told)


def comparable_trace(document: Mapping[str, Any], form: ArchiveForm, notebook: Mapping[str, Any]) -> dict[str, Any]:
    """A trace as those of two versions are held against each other: by ids and names, whatever number a quantity has.

    The form is that of the version which wrote it. The cell of a result is left out where it is the first of the run's
    notebook that makes the call. What is no trace is refused.

    >>> told = {"call": "keep_ledger", "function": "mineco.measured.measure", "quantities": [0], "cell": ""}
    >>> old = {"quantities": [{"name": "net", "value": 1.0}], "results": {"outcome.net": told}}
    >>> comparable_trace(old, form_of({"mineco": {"version": "0.1.0"}}), {"cells": []})["results"]
    {'outcome.net': {'function': 'measure', 'quantities': {'net': 'net'}, 'step': 'ledger'}}
    """
    if not is_trace(document):
        raise BadInput(Problem("not_a_run", file="trace.json", details={"missing": "trace.json"}))
    names = [one["name"] for one in document["quantities"]]
    sources = [(cell.get("id", ""), source) for _, cell, source in code_cells(notebook)]
    found = {path: _result(told, form, names, sources) for path, told in document["results"].items()}
    quantities = [_plain(told, form) | {"inputs": _named(told.get("inputs", {}), names)}
                  for told in document["quantities"]]
    return without_order({name: told for name, told in document.items() if name != "schema"} | {
        "results": found, "quantities": sorted(quantities, key=lambda one: json.dumps(one, sort_keys=True))})


def unlike_quantities(earlier: dict[str, Any], later: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two comparable traces with those quantities of the earlier alone that the later has not, each with an id of its
    own, and what the later has in their place; what only a later version tells is no difference.
    """
    def left(one: dict[str, Any], other: dict[str, Any]) -> dict[str, dict[str, Any]]:
        held = {json.dumps(quantity, sort_keys=True) for quantity in other["quantities"]}
        kept = {text: quantity for quantity in one["quantities"]
                if (text := json.dumps(quantity, sort_keys=True)) not in held}
        return dict(zip(_names(list(kept.values())), kept.values(), strict=True))

    ours, theirs = left(earlier, later), left(later, earlier)
    return (earlier | {"quantities": [{"id": name, **told} for name, told in ours.items()]},
            later | {"quantities": [{"id": name, **told} for name, told in theirs.items() if name in ours]})


def without_order(document: Any) -> Any:
    """A document whose lists of texts, and of entries that say what they are, are told by those: in which order two
    versions list rows, factors or readings means nothing.

    >>> without_order({"readings": ["R1", "R2"], "numbers": [1.0]})
    {'readings': {'R1': 'R1', 'R2': 'R2'}, 'numbers': [1.0]}
    """
    if isinstance(document, Mapping):
        return {name: without_order(told) for name, told in document.items()}
    if isinstance(document, list):
        if document and all(isinstance(one, str) for one in document):
            return {one: one for one in document}
        if document and all(isinstance(one, Mapping) and "what" in one for one in document):
            return {one["what"]: without_order(one) for one in document}
        return [without_order(one) for one in document]
    return document


def made_by(form: ArchiveForm) -> Problem:
    """What a reader of the verification of an earlier run should know."""
    return Problem("made_by_version", file="environment.json", row="mineco.version", value=form.version,
                   details={"installed": __version__})


def told_since(form: ArchiveForm, document: Mapping[str, Any], told: Problem) -> Problem:
    """A difference from an earlier version, with the changes since then of what it rests on by this version's trace.

    Its row is the path of the number in results.json or in the comparable trace.
    """
    changes = changes_behind(form, document, str(told.row))
    details = {**told.details, "version": form.version, "installed": __version__}
    if changes:
        return replace(told, message="result_changed_since", details=details | {"changes": ", ".join(changes)})
    return replace(told, message="result_of_version", details=details)


def with_changes(form: ArchiveForm, problems: Iterable[Problem]) -> list[Problem]:
    """The differences, and then each change that explains some with its line of CHANGELOG.md.

    What a change explains in the trace, where every number is told with all that it rests on, is counted there and not
    listed.
    """
    given = list(problems)
    explained = [one for one in given if one.message == "result_changed_since"]
    count = Counter(name for one in explained for name in str(one.details["changes"]).split(", "))
    return [one for one in given if one not in explained or one.file != "trace.json"] + [
        Problem("change_since_version", file="CHANGELOG.md", row=name, details={
            "count": count[name], "line_zh": told["zh"], "line_en": told["en"]})
        for name, told in form.changes.items() if count[name]]


def changes_behind(form: ArchiveForm, document: Mapping[str, Any], path: str) -> list[str]:
    """The changes since a version, by name, of all that a number of results.json or of the trace rests on."""
    quantities, place = document["quantities"], RESTS_ON.sub("", path.removeprefix("results."))
    told = document["results"].get(place, {})
    ids = {path.removeprefix("results."), told.get("step"), told.get("function")}
    numbers = list(told.get("quantities", []))
    if named := QUANTITY.match(path):
        ids.add(named[1])
        numbers = [number for number, one in enumerate(quantities) if one["name"] == named[1].partition("#")[0]]
    seen: set[int] = set()
    while numbers:
        number = numbers.pop()
        if number not in seen:
            seen.add(number)
            ids |= {quantities[number].get(key) for key in ("name", "formula", "function", "factor")}
            numbers += input_numbers(quantities[number].get("inputs", {}))
    names = [one for one in ids if one]
    return [name for name, told in form.changes.items()
            if any(fnmatchcase(one, of) for of in told["of"] for one in names)]


def _names(quantities: Sequence[Mapping[str, Any]]) -> list[str]:
    """A name of its own for each quantity: the second of a name is ``name#2``."""
    count: dict[str, int] = {}
    names = []
    for one in quantities:
        count[one["name"]] = count.get(one["name"], 0) + 1
        names.append(one["name"] if count[one["name"]] == 1 else f"{one['name']}#{count[one['name']]}")
    return names


def _named(inputs: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {symbol: {key: names[one] for key, one in given.items()} if isinstance(given, Mapping) else names[given]
            for symbol, given in inputs.items()}


def _plain(told: Mapping[str, Any], form: ArchiveForm) -> dict[str, Any]:
    """An entry with the id of its function, without what is not compared."""
    return {key: form.functions.get(str(value), value) if key == "function" else value for key, value in told.items()
            if key not in NOT_COMPARED}


def _result(told: Mapping[str, Any], form: ArchiveForm, names: Sequence[str],
            sources: Sequence[tuple[str, str]]) -> dict[str, Any]:
    found = _plain(told, form) | {"quantities": [names[number] for number in told["quantities"]]}
    if form.steps:
        call = found.pop("call", None)
        found["step"] = form.steps.get(str(call), call)
        if told.get("cell") != next(_cells_that_call(str(call), sources), ""):
            found["cell"] = told.get("cell")
    return found


def _cells_that_call(name: str, sources: Sequence[tuple[str, str]]) -> Iterator[str]:
    return (cell for cell, source in sources if f".{name}(" in source)
