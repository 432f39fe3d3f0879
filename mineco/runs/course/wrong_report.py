"""A wrong report for the lesson on auditing: an honest run with five errors, in a folder that nobody keeps."""

import csv
import functools
import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mineco.core.errors import Problem
from mineco.core.formatting import unit_text
from mineco.core.kit import kit
from mineco.core.labels import current_language, label, problem_text
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.checks.serials import of_length
from mineco.evaluation.case import Case
from mineco.evaluation.record.manifest import root_hash, write_manifest
from mineco.evaluation.registry import evaluate
from mineco.evaluation.views.words import named
from mineco.report.tables import Block, note, show, show_text
from mineco.runs.audit.found import Verification

RESULTS, OFFSETS, SUMMARY = "results.json", "inputs/offsets.csv", "summary.csv"
TONNES, POINTS, PER_CENT = "tCO2e", "1", "%"
LINES = ("mobile-combustion", "electricity", "explosives", "land-clearing")  # of the page, before its total


@dataclass(frozen=True)
class WrongReport:
    """What is handed in: an archive, and a page beside it; and what the auditor wrote down before.

    Attributes
    ----------
    run : Path          The archive with its errors.
    summary : Path      The page, ``summary.csv``.
    root : str          Root hash of the honest run, written down on the day on which it was made.
    claimed : mapping   The figures of the page by name; sources and ledger [t CO2e], ratio [%], score [-].
    grade : str         The grade that the page claims.
    """

    run: Path
    summary: Path
    root: str
    claimed: Mapping[str, float]
    grade: str


def desk() -> TemporaryDirectory[str]:
    """A folder to work in, which goes away with what holds it.

    >>> with desk() as folder:
    ...     Path(folder).is_dir()
    True
    """
    return TemporaryDirectory(prefix="mineco-course-")


@functools.cache
def planted() -> dict[str, dict[str, Any]]:
    """The five errors by name: file, size and the way that finds each, of ``parameters/course/teaching``.

    >>> list(planted()), planted()["credit"]["adds"]
    (['score', 'credit', 'explosives', 'electricity', 'grade'], 175)
    """
    return read_yaml(kit() / "parameters" / "course" / "teaching" / "wrong-report.yaml")


def wrong_report(honest: str | Path, folder: str | Path) -> WrongReport:
    """Put the five errors into a copy of an honest run, and write a page beside it; the run stays as it is.

    Parameters
    ----------
    honest : path   A run of the tiny quarry.
    folder : path   New, for the copy and the page; best one that is thrown away.
    """
    errors, honest, folder = planted(), Path(honest), Path(folder)
    run, summary = folder / honest.name, folder / SUMMARY
    claimed = _claimed(honest, errors)
    shutil.copytree(honest, run)
    _raise_credit(run / OFFSETS, errors["credit"]["adds"])
    write_manifest(run)  # the careful forger
    _raise_score(run / RESULTS, errors["score"]["adds"])  # and the careless one
    grade = errors["grade"]["grade"]
    with summary.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("item", "value"), *((name, f"{one:.2f}") for name, one in claimed.items()),
                                    ("grade", grade)])
    return WrongReport(run, summary, root_hash(honest), claimed, grade)


def _claimed(honest: Path, errors: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """The figures of the page: those of the honest run, with what tired hands and the forger made of them."""
    evaluation = evaluate(honest / "inputs")
    case, found = evaluation.case, evaluation.summary()
    sources = evaluation.account(case.year).frame()["emissions_t_co2e"].groupby("source").sum()
    lines = {name: float(sources[name]) for name in LINES}
    purchased = next(float(row.quantity) for row in case.dossier.activity  # [MWh]
                     if (row.source, row.parameter, row.year) == ("electricity", "purchased", case.year))
    lines["electricity"] = purchased * float(case.factors.by_id(errors["electricity"]["factor"]).value)
    total = sum(lines.values())
    lines["explosives"] *= errors["explosives"]["times"]
    removals, offsets = float(found["removals_t_co2e"]), float(found["offsets_t_co2e"]) + errors["credit"]["adds"]
    return {**lines, "emissions": total, "removals": removals, "residual": total - removals, "offsets": offsets,
            "offset_ratio": offsets / (total - removals) * 100,
            "score": float(found["score"]) + errors["score"]["adds"]}


def _raise_credit(path: Path, tonnes: float) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    raised = float(row["quantity"]) + tonnes
    row |= {"quantity": f"{raised:g}", "serial": of_length(row["serial"], raised)}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)


def _raise_score(path: Path, points: float) -> None:
    results = json.loads(path.read_text("utf-8"))
    results["outcome"]["score"]["total"] += points
    path.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


# --- what the lesson shows of it ------------------------------------------------------------------------------------

def page(report: WrongReport) -> Block:
    """The page of the wrong report, figures with two decimals, the ratio as its author rounded it."""
    units = dict.fromkeys(report.claimed, TONNES) | {"offset_ratio": PER_CENT, "score": POINTS}
    rows = [{"item": label(f"course_page_{name.replace('-', '_')}"),
             "reported": round(one, 0 if units[name] == PER_CENT else 2),
             "unit": "" if units[name] == POINTS else unit_text(units[name])} for name, one in report.claimed.items()]
    return show(rows, "course_page", digits=7) + show_text(label("course_page_grade").format(grade=report.grade))


def groups(report: WrongReport, case: Case) -> Block:
    """The scores of the groups in ``results.json``, their weights, and the total that it claims."""
    score = json.loads((report.run / RESULTS).read_text("utf-8"))["outcome"]["score"]
    rows = [{"item": f"{name} {named(case.standard.groups[name])}", "weight": case.standard.weight(name).value,
             "score": one} for name, one in score["groups"].items()]
    return show([*rows, {"item": label("total_score"), "weight": None, "score": score["total"]}], "course_groups",
                units={"weight": "%"})


def told(problems: Sequence[Problem]) -> Block:
    """What is wrong with an archive, one line each."""
    return note("course_told", [problem_text(one) for one in problems])


def files_told(found: Verification) -> Block:
    """How many differences a verification has told of each file."""
    count = Counter(one.file for one in found.problems)
    return show([{"file": name, "count": number} for name, number in count.items()], "course_files_told")


def results_told(found: Verification) -> Block:
    """The numbers under ``outcome`` of ``results.json`` that are others when made again of its inputs."""
    rows = [{"place": one.row, "archived": one.value, "recomputed": one.details["other"]} for one in found.problems
            if one.file == RESULTS and one.message == "result_differs" and str(one.row).startswith("outcome.")]
    return show(rows, "course_results_told", digits=6)


def errors_table() -> Block:
    """The five errors, where each lies, and the way that finds it first."""
    return show([{"error": one[current_language()], "file": one["file"],
                  "found_by": label(f"course_by_{one['found_by']}")} for one in planted().values()], "course_errors")
