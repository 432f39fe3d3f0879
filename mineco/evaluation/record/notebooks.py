"""results.json of a notebook that is no evaluation: what it found on a dossier, on several runs, or on a batch.

It has the same schema, and besides a ``kind``, by which it is told from the results of an evaluation. A notebook of its
own kind has the form of its ``found`` in `FORMS`; which notebooks can be run, and how, `mineco.runs.targets` tells.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, create_model

from mineco.core.errors import Problem
from mineco.dossier.mine import Mine
from mineco.evaluation.base import Recorded
from mineco.evaluation.record.form import SCHEMA_ID, KitForm, MineForm, NoticeForm, Part, where_given
from mineco.evaluation.record.kit_used import kit_used
from mineco.evaluation.record.results import as_notice, mine_told, record, results_document
from mineco.evaluation.record.trace import trace_document
from mineco.report.tables import Block

FORMS = {  # kind → the class of what it has found
    "portfolio": "mineco.evaluation.portfolio.form:PortfolioFound",
    "sensitivity": "mineco.evaluation.sensitivity.form:SensitivityFound",
    "tracking": "mineco.evaluation.tracking.form:TrackingFound",
    "tracking-restoration": "mineco.evaluation.tracking.restored.form:RestoredTrackingFound",
}
PART = "evaluation"  # where the results of the evaluation stand that a notebook begins from


class Found(Part):
    """What a notebook has found: the base of the form of every kind."""

    @classmethod
    def refuse(cls, targets: Sequence[Path], standard: str, **chosen: Any) -> None:
        """Stop, before a run begins, with every problem of its targets for which the notebook would stop.

        That dossiers, runs and batches are sound by themselves has been looked at before.
        """

    def told(self) -> list[str]:
        """The lines with which a run ends on the command line, in the language that is set."""
        return []


class AnyFound(Found):
    """Of a notebook without a form of its own: any keys."""

    model_config = ConfigDict(extra="allow")


class NotebookResults(Part):
    """Result of a notebook that is no evaluation: what it found on a dossier, on several runs, or on a batch.

    ``mine`` and ``year`` stand there where all is of one. ``evaluation`` are the results of the evaluation that a
    notebook on one dossier begins from, as its own run writes them; ``notices`` are those of the notebook alone.
    """

    form: Literal["mineco-results/1"] = Field(alias="schema")
    kind: Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]{0,60}$")]
    standard: str
    mine: MineForm = where_given()
    year: int = where_given()
    report_date: date
    kit: KitForm
    seed: int | None
    notices: list[NoticeForm]
    found: Any
    evaluation: Any = where_given()


def found_form(kind: str) -> type[Found]:
    """The class of what a kind of notebook has found.

    >>> found_form("sensitivity").__name__, found_form("one-of-my-own").__name__
    ('SensitivityFound', 'AnyFound')
    """
    if kind not in FORMS:
        return AnyFound
    module, _, name = FORMS[kind].partition(":")
    form: type[Found] = getattr(import_module(module), name)
    return form


def notebook_form(kind: str) -> type[NotebookResults]:
    """The form of results.json of a kind of notebook.

    >>> notebook_form("sensitivity").__name__
    'SensitivityResults'
    """
    name = "".join(part.title() for part in kind.split("-"))
    fields: dict[str, Any] = {"kind": Literal[kind], "found": found_form(kind)}
    return create_model(f"{name}Results", __base__=NotebookResults, **fields)


def found_document(kind: str, found: Found | Mapping[str, Any], evaluation: Recorded | None = None, *,
                   standard: str = "", mine: Mine | None = None, year: int | None = None,
                   report_date: date | None = None, seed: int | None = None, notices: Sequence[Problem] = (),
                   **evaluated: Any) -> dict[str, Any]:
    """The document of what a notebook has found; arguments are as for `write_found`."""
    if evaluation is not None:
        case = evaluation.case
        standard, mine, year = case.standard.id, case.dossier.mine, case.year
        report_date = mine.report_date
    made = notebook_form(kind).model_validate({
        "schema": SCHEMA_ID, "kind": kind, "standard": standard,
        **({"mine": mine_told(mine)} if mine else {}), **({"year": year} if year else {}),
        "report_date": report_date, "kit": kit_used(), "seed": seed, "notices": [as_notice(one) for one in notices],
        "found": found, **({PART: results_document(evaluation, **evaluated)} if evaluation is not None else {})})
    return made.model_dump(mode="json", by_alias=True, exclude_unset=True)


def write_found(kind: str, path: str | Path, found: Found | Mapping[str, Any], evaluation: Recorded | None = None,
                **more: Any) -> Block:
    """Write what a notebook has found, and beside it ``trace.json`` where it begins from an evaluation.

    An empty path writes nothing; in the folder of a finished run all is held against the record, as by `write_results`.

    Parameters
    ----------
    kind : str                       The name of the notebook.
    path : path                      Its parameter ``results``.
    found : Found or mapping         Of the form that `FORMS` has for the kind.
    evaluation : Recorded, optional  On one dossier: that from which the notebook begins.
    standard : str                   Without an evaluation: the id of the standard; likewise ``report_date``, and
                                     ``mine`` (of mine.yaml) and ``year`` where all is of one.
    seed : int, optional             Of what was drawn; none where nothing was.
    notices : sequence of Problem    What stops nothing and yet wants to be seen, beside those of the evaluation.
    evaluated : any                  What `results_document` takes beside the evaluation.

    Returns
    -------
    Block  The digest of what was written, as of `write_results`: the last cell shows it.
    """
    if not str(path):
        return record(path)
    document = found_document(kind, found, evaluation, **more)
    trace = None if evaluation is None else trace_document(evaluation, under=PART)
    return record(path, document, trace)


def notebook_forms() -> dict[str, type[NotebookResults]]:
    """The form of results.json of every kind that has one of its own."""
    return {kind: notebook_form(kind) for kind in FORMS}
