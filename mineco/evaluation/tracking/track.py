"""One mine over the years, from its dossiers or its runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem, checked_arguments
from mineco.evaluation.case import Case
from mineco.evaluation.tracking.found import Track
from mineco.evaluation.tracking.opening import open_targets, recorded_grades
from mineco.evaluation.tracking.years import years_of


@checked_arguments()
def track(targets: Case | str | Path | Sequence[Case | str | Path], **chosen: Any) -> Track:
    """One mine over the years: trend, causes of change, targets, and what may cost it its grade (clauses 8.6 and 9.1).

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
    Track
        ``frame()`` has a row for each year; ``changes`` and ``decompose(first, last)`` say why emissions changed,
        ``goals`` and ``path`` hold them against targets, ``outlook`` tells what may lower the grade, ``within`` the
        course within a year.

    Raises
    ------
    BadInput
        With every problem of every dossier; when they are of several mines, of one year twice, or not comparable.

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
    return Track(tuple(cases), tuple(years_of(cases)), recorded_grades(given))
