"""The grade of a carbon sink by its score, behind the gate of what the mine declares and of what happened before."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mineco.core.errors import Problems
from mineco.core.lazy import Shown
from mineco.dossier.mine import Damage
from mineco.dossier.texts import OwnText
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_carbon_sink.procedure import case_standing
from mineco.evaluation.restoration_carbon_sink.standing import outcome_of
from mineco.evaluation.score import Score
from mineco.scoring import values as scoring
from mineco.standards.procedure import load_procedure


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
    """Whether the mine may be graded: what it declares, and the incidents within three years of its last application.

    Incidents are those of mine.yaml and the ecological damage that the log states, as at a revocation.

    >>> from mineco.evaluation.case import open_case
    >>> gate = check_eligibility(open_case("parameters/mines/changcun-coal", "restoration-carbon-sink-2024"))
    >>> gate.eligible, gate.since.isoformat()
    (True, '2022-06-30')
    """
    mine, procedure = case.dossier.mine, load_procedure(case.standard.id)
    dates = [one.date for one in case.dossier.events
             if one.step == procedure.opening and one.date and one.date <= mine.report_date]
    applied = dates[-1] if dates else mine.report_date
    since = procedure.clean_since(applied)
    incidents = (*mine.ecological_damage, *damage_in_log(case))
    counted = tuple(one for one in incidents if since <= one.date <= applied)
    gates = {name: mine.prerequisites[name].met for name in case.standard.prerequisites
             if name in mine.prerequisites}  # one without an answer is a problem of mine.yaml
    if counted:
        gates["no_ecological_damage"] = False
    return Eligibility(applied, bool(dates), since, gates, counted,
                       tuple(one for one in incidents if one not in counted))


def damage_in_log(case: Case) -> tuple[Damage, ...]:
    """The ecological damage that the log states up to the report; none of a log that `case_standing` refuses."""
    procedure, found = load_procedure(case.standard.id), []
    with Problems().collect():
        for event in case_standing(case).damages:
            step, outcome = procedure.steps[event.step], outcome_of(event, procedure.steps[event.step])
            assert event.date is not None
            assert outcome is not None
            text = OwnText(zh=f"{step.name_zh}：{outcome.zh}", en=f"{step.name_en}: {outcome.en}")
            found.append(Damage.model_validate({"date": event.date.isoformat(), "text": text,
                                                "evidence": event.evidence}))
    return tuple(found)


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
