"""One mine over the years, from its dossiers or its runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation as CarbonNeutralMine
from mineco.evaluation.case import Case
from mineco.evaluation.registry import evaluation_module
from mineco.evaluation.restoration_carbon_sink.outcome import Evaluation as RestoredLand
from mineco.evaluation.tracking.found import Track
from mineco.evaluation.tracking.opening import open_targets, recorded_grades
from mineco.evaluation.tracking.restored.course import restored_track
from mineco.evaluation.tracking.years import years_of


@checked_arguments()
def track(targets: Case | str | Path | Sequence[Case | str | Path], **chosen: Any) -> Any:
    """One mine over the years, under the standard of its runs or the one that is chosen.

    Of a carbon-neutral mine: trend, causes of change, targets, and what may cost it its grade (clauses 8.6 and 9.1). Of
    restored land held to the standard of its carbon sink: what it binds and why that changed, points and grade of each
    year, and where its case stands. Zones to restore have two dates of their own and are not tracked.

    Parameters
    ----------
    targets : Case or path, or several
        A dossier that holds several years; or dossiers, or folders that `mineco.run` made, of one mine, one for each
        reporting year. A year is graded by the dossier of its own report; what a later one holds of it gives its
        emissions, and its score as a range (reading R34), since ratings and offsets are of no other year.
    **chosen
        Options for all of them, before those of their own. None: not set.

    Returns
    -------
    Track, or RestoredTrack of restored land
        ``frame()`` has a row for each year; ``changes`` and ``decompose(first, last)`` say why emissions changed,
        ``goals`` and ``path`` hold them against targets, ``outlook`` tells what may lower the grade, ``within`` the
        course within a year. Of restored land there are ``changes``, ``logs``, ``known`` and ``untold``.

    Raises
    ------
    BadInput
        With every problem of every dossier; when they are of several mines, of one year twice, or not comparable; when
        the standard is none that is tracked.

    >>> found = track("parameters/mines/example-quarry-years")
    >>> [(one.year, one.status) for one in found.years][-2:]
    [(2024, 'range'), (2025, 'graded')]
    >>> change = found.decompose(2016, 2025)
    >>> round(change.change, 1), {name: round(one, 1) for name, one in change.effects.items()}
    (-161.3, {'activity': 202.4, 'intensity': -243.9, 'mix': -4.9, 'factor': -114.8})
    """
    given = [targets] if isinstance(targets, Case | str | Path) else list(targets)
    if not given:
        raise BadInput(Problem("nothing_to_track"))
    cases = open_targets(given, {name: value for name, value in chosen.items() if value is not None})
    of, grades = evaluation_module(cases[0].standard.id).Evaluation, recorded_grades(given)
    if issubclass(of, RestoredLand):
        return restored_track(cases, grades)
    if not issubclass(of, CarbonNeutralMine):
        raise BadInput(Problem("standard_not_tracked", column="standard", value=cases[0].standard.id))
    return Track(tuple(cases), tuple(years_of(cases)), {year: one for year, one in grades.items() if one})
