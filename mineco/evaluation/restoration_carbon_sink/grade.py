"""The grade of a carbon sink by its score, behind the gate of what the mine declares and of what happened before."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mineco.core.lazy import Shown
from mineco.dossier.mine import Damage
from mineco.evaluation.case import Case
from mineco.evaluation.score import Score
from mineco.scoring import values as scoring

APPLICATION = "application"  # the step of the procedure that sets the day on which eligibility is judged


@dataclass(frozen=True)
class Eligibility:
    """The gate before any score (reading S4)."""

    applied: datetime.date
    from_log: bool  # else the day is that of the report
    since: datetime.date  # first day of the years that must be clean
    gates: Mapping[str, bool]
    counted: tuple[Damage, ...]  # incidents within these years
    other: tuple[Damage, ...]  # incidents before or after them

    @property
    def unmet(self) -> tuple[str, ...]:
        """Gates that are not met."""
        return tuple(name for name, met in self.gates.items() if not met)

    @property
    def eligible(self) -> bool:
        """Whether every gate is met."""
        return not self.unmet


def check_eligibility(case: Case) -> Eligibility:
    """Whether the mine may be graded: what it declares, and the incidents within three years of its application.

    >>> from mineco.evaluation.case import open_case
    >>> gate = check_eligibility(open_case("parameters/mines/changcun-coal", "restoration-carbon-sink-2024"))
    >>> gate.eligible, gate.since.isoformat()
    (True, '2022-06-30')
    """
    mine = case.dossier.mine
    dates = [one.date for one in case.dossier.events if one.step == APPLICATION and one.date]
    applied = dates[0] if dates else mine.report_date
    since = years_before(applied, int(case.standard.rule("clean_years")))
    counted = tuple(one for one in mine.ecological_damage if since <= one.date <= applied)
    gates = {name: mine.prerequisites[name].met for name in case.standard.prerequisites
             if name in mine.prerequisites}  # one without an answer is a problem of mine.yaml
    if counted:
        gates["no_ecological_damage"] = False
    return Eligibility(applied, bool(dates), since, gates, counted,
                       tuple(one for one in mine.ecological_damage if one not in counted))


def years_before(date: datetime.date, years: int) -> datetime.date:
    """The same day some years earlier; for 29 February the 28th.

    >>> years_before(datetime.date(2024, 2, 29), 3)
    datetime.date(2021, 2, 28)
    """
    try:
        return date.replace(year=date.year - years)
    except ValueError:
        return date.replace(year=date.year - years, day=28)


@dataclass(frozen=True, repr=False)
class Grade(Shown):
    """The grade by score; None where the mine is not eligible, with the gates that it misses."""

    final: str | np.ndarray | None
    unmet: tuple[str, ...] = ()


def determine_grade(case: Case, score: Score | None, eligibility: Eligibility) -> Grade:
    """The grade by score (reading S3), behind the gate: a mine that is not eligible has none."""
    if score is None or not eligibility.eligible:
        return Grade(None, eligibility.unmet)
    found = np.array(case.standard.grade_ids)[scoring.grade_by_cuts(score.total.value, case.standard.score_cuts)]
    return Grade(found if np.ndim(found) else str(found))
