"""Which code evaluates which standard: the one place that tells standards apart."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from pydantic import BaseModel

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, Problems
from mineco.dossier.workbook.places import told_by_sheet
from mineco.evaluation import base
from mineco.evaluation.case import Case, open_case, open_case_with_gaps
from mineco.standards.load import standard_ids, undated

if TYPE_CHECKING:
    from mineco.evaluation.carbon_neutral_mine.preliminary import Preliminary
    from mineco.evaluation.sensitivity import Sensitivity
    from mineco.evaluation.uncertainty import Uncertainty

STANDARD = "carbon-neutral-mine-2025"  # where none is named
COMPOSITIONS = {
    "carbon-neutral-mine": "mineco.evaluation.carbon_neutral_mine.evaluate",
    "restoration-carbon-sink": "mineco.evaluation.restoration_carbon_sink.evaluate",
    "restoration-area": "mineco.evaluation.restoration_area.evaluate",
}
TOLD = {"restoration-area": "mineco.evaluation.restoration_area.stages.told:Told"}  # without what measures land
PRELIMINARY = ("carbon-neutral-mine",)
UNCERTAIN = ("carbon-neutral-mine",)  # whose results are told with the spread of every datum and factor
LONG = ("restoration-area",)  # whose evaluation takes long: not made once more where that can be left


class Composition(Protocol):
    """The module that evaluates after a standard."""

    Evaluation: type[base.Evaluation]

    def evaluate(self, case: Case) -> base.Evaluation: ...

    def check(self, dossier: str | Path, standard: str, weights: str | Path | None,
              **chosen: object) -> base.Evaluation: ...

    def preliminary(self, case: Case) -> "Preliminary":
        """Of the standards in `PRELIMINARY`."""

    def propagate_uncertainty(self, evaluation: Any, draws: int, seed: int) -> "Uncertainty | BadInput":
        """Of the standards in `UNCERTAIN`."""

    def try_changes(self, evaluation: Any, *, indices: int, seed: int) -> "Sensitivity":
        """Likewise."""


def told_by(standard_id: str) -> type[base.Evaluation]:
    """What tells the results of a standard that are written: its form, its summary, what is not met.

    >>> told_by("restoration-area-2025").main_figures
    ('zones', 'zones_ha', 'additional_t_co2')
    """
    place, _, name = TOLD.get(undated(standard_id), "").partition(":")
    found: type[base.Evaluation] = getattr(import_module(place), name) if place else (
        evaluation_module(standard_id).Evaluation)
    return found


def evaluation_module(standard_id: str) -> Composition:
    """The module that evaluates after a standard, imported when it is asked for.

    >>> evaluation_module("carbon-neutral-mine-2025").Evaluation.__module__
    'mineco.evaluation.carbon_neutral_mine.outcome'
    """
    place = COMPOSITIONS.get(undated(standard_id))
    if place is None:
        raise BadInput(Problem("choice_not_allowed", column="standard", value=standard_id,
                               details={"allowed": ", ".join(standard_ids())}))
    return cast(Composition, import_module(place))


def has_preliminary(standard_id: str) -> bool:
    """Whether a standard knows preliminary evaluations.

    >>> has_preliminary("carbon-neutral-mine-2025"), has_preliminary("restoration-area-2025")
    (True, False)
    """
    return undated(standard_id) in PRELIMINARY


def results_form(standard_id: str, status: str = "") -> type[BaseModel]:
    """The form of results.json under a standard; ``status`` as the document has it.

    >>> results_form("carbon-neutral-mine-2025", "preliminary").__name__
    'PreliminaryResults'
    """
    if not status:
        return told_by(standard_id).results
    require_preliminary(standard_id)
    return _form_of_range(undated(standard_id))


def _form_of_range(standard: str) -> type[BaseModel]:
    """The form of a preliminary result, by the name of a standard without its edition."""
    place = COMPOSITIONS[standard]
    form: type[BaseModel] = import_module(place).Preliminary.results
    return form


def require_preliminary(standard_id: str) -> None:
    """Refuse a standard that knows no preliminary evaluations.

    >>> require_preliminary("restoration-area-2025")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: standard = restoration-area-2025: knows no preliminary evaluation. ...
    """
    if not has_preliminary(standard_id):
        raise BadInput(Problem("no_preliminary", column="standard", value=standard_id,
                               details={"allowed": ", ".join(filter(has_preliminary, standard_ids()))}))


@checked_arguments()
def evaluate(case: Case | str | Path, standard: str = STANDARD, **chosen: Any) -> Any:
    """The evaluation of a case under the standard that it is held to.

    Parameters
    ----------
    case : Case or path  A path is opened first, under the standard and the options beside; a case has its own.

    Raises
    ------
    BadInput
        With every problem of every year; with options beside a case, which has its own already.

    >>> evaluate("parameters/mines/tiny-quarry").grade.final
    'C'
    """
    opened = as_opened(case, chosen, standard) if isinstance(case, Case) else open_case(case, standard, **chosen)
    with opened.dossier.telling():
        return evaluation_module(opened.standard.id).evaluate(opened)


def as_opened(case: Case, chosen: Mapping[str, Any], standard: str = STANDARD) -> Case:
    """A case as it is; options or another standard beside it would be without effect, and are refused.

    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> as_opened(quarry, {}) is quarry
    True
    """
    problems = Problems()
    if standard not in (STANDARD, case.standard.id):
        problems.add("beside_a_case", column="standard", value=standard, has=case.standard.id)
    for name, value in chosen.items():
        if name in case.options or name == "weights":
            problems.add("beside_a_case", column=name, value=str(value), has=str(case.option_values.get(name, "—")))
        else:
            problems.add("unknown_option", column=name, value=str(value), allowed=", ".join(case.options))
    problems.stop()
    return case


@checked_arguments()
def preliminary(case: Case | str | Path, standard: str = STANDARD, **chosen: Any) -> "Preliminary":
    """What can be said of a mine whose dossier has gaps: the score as a range, and what is missing (reading R34).

    An indicator that rests on a missing datum takes 0 to 100 points; where an expected source is missing, emissions are
    at least those known. No grade is stated.

    Parameters
    ----------
    case : Case or path  A path is opened first, under the standard and the options beside; a case has its own.

    Returns
    -------
    Preliminary

    Raises
    ------
    BadInput
        With every problem that is more than a gap, or when the standard has no account of emissions.

    >>> found = preliminary("parameters/mines/tiny-quarry")  # where nothing is missing the range is the score
    >>> round(float(found.score.low.total), 2), round(float(found.score.high.total), 2), found.score.share_known
    (64.71, 64.71, 1.0)
    """
    opened = (as_opened(case, chosen, standard) if isinstance(case, Case) else
              open_case_with_gaps(case, standard, **chosen))
    require_preliminary(opened.standard.id)
    with opened.dossier.telling():
        return evaluation_module(opened.standard.id).preliminary(opened)


@checked_arguments(draws=1, seed=0)
def uncertainty(case: Case | str | Path, draws: int = 10_000, seed: int = 0, **chosen: Any) -> "Uncertainty":
    """How sure the result of a mine is, by propagation of errors and by draws of every datum, rating and factor.

    A spread is the mine's ``uncertainty_pct``, else a row of ``parameters/accounting/uncertainty.csv`` by what the
    datum is, its kind and its quality.

    Parameters
    ----------
    case : Case or path  A path is opened first, under the options beside; a case has its own.
    draws : int          How many cases are drawn; they go through the evaluation as arrays.
    seed : int           The same seed gives the same draws.

    Returns
    -------
    Uncertainty
        ``figures`` with 95 % intervals by both approaches, ``grades`` and ``binding`` with their probabilities,
        ``inputs_frame()`` with shares of the variance, ``draws_frame()`` with all draws.

    Raises
    ------
    BadInput
        When some of the draws have no result, or the standard has no account of emissions.

    >>> found = uncertainty("parameters/mines/tiny-quarry", draws=1000)
    >>> found.grade, round(sum(found.grades.values()), 9), len(found.frame())
    ('C', 1.0, 6)
    """
    opened = as_opened(case, chosen) if isinstance(case, Case) else open_case(case, **chosen)
    require_uncertain(opened.standard.id)
    module = evaluation_module(opened.standard.id)
    found = module.propagate_uncertainty(module.evaluate(opened), draws, seed)
    if isinstance(found, BadInput):
        raise found
    return found


def require_uncertain(standard_id: str) -> None:
    """Refuse a standard whose results are told without the spread of their data.

    >>> require_uncertain("restoration-area-2025")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: standard = restoration-area-2025: is not one of the choices. ...
    """
    if undated(standard_id) not in UNCERTAIN:
        raise BadInput(Problem("choice_not_allowed", column="standard", value=standard_id,
                               details={"allowed": ", ".join(UNCERTAIN)}))


@checked_arguments()
def check(dossier: str | Path, standard_id: str = STANDARD, weights: str | Path | None = None,
          **chosen: object) -> Any:
    """Read a dossier and try its whole evaluation, so that every problem shows before anything is written.

    Returns
    -------
    Evaluation  Its ``notices`` are what stops nothing and yet wants to be seen.

    Raises
    ------
    BadInput
        With every problem of the dossier, each with file, row, column, value, what is wrong and what to do.

    >>> check("parameters/mines/tiny-quarry").grade.final
    'C'
    >>> check("parameters/mines/no-such-mine")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: parameters/mines/no-such-mine: there is no such dossier folder. ...
    """
    with told_by_sheet(dossier):
        return evaluation_module(standard_id).check(dossier, standard_id, weights, **chosen)


def check_gaps(dossier: str | Path, standard_id: str = STANDARD, weights: str | Path | None = None,
               **chosen: object) -> "Preliminary":
    """As `check`, of a dossier of which something is missing: what can be said of it, before anything is written.

    Raises
    ------
    BadInput
        With every problem that is more than a gap, or when nothing is missing.

    >>> check_gaps("parameters/mines/tiny-quarry")
    Traceback (most recent call last):
    mineco.core.errors.BadInput: nothing is missing, so that the full evaluation can be made. Leave out --preliminary.
    """
    require_preliminary(standard_id)
    with told_by_sheet(dossier):
        found = preliminary(open_case_with_gaps(dossier, standard_id, weights, **chosen))
    if not found.gaps:
        raise BadInput(Problem("nothing_missing"))
    return found
