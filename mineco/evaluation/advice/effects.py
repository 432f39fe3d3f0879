"""What changed figures come to: many of them evaluated as one case whose data are arrays, under every check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Brief
from mineco.dossier.checks.wholes import contradictions
from mineco.evaluation.account import compute_account
from mineco.evaluation.advice.figures import Figures
from mineco.evaluation.advice.written import BASELINE, PROJECT, case_of
from mineco.evaluation.case import Case, in_own_potentials
from mineco.evaluation.variants.columns import evaluate_columns

ROUNDING = 1e-9  # points, and relative of emissions: what arrays may differ by from floats


@dataclass(frozen=True, repr=False)
class Outcome(Brief):
    """The main figures of a mine with some figures."""

    score: float  # points
    points: Mapping[str, float]  # of each indicator that applies, 0 to 100
    grade: str
    by_score: str
    by_offset: str
    emissions: float  # [t CO2e]
    residual: float  # [t CO2e]
    offsets: float  # [t CO2e]
    offset_ratio: float  # [1]


@dataclass(frozen=True, repr=False)
class Effect(Brief):
    """What an outcome has that another had not."""

    before: Outcome
    after: Outcome

    @property
    def points(self) -> float:
        """Points of the total."""
        return self.after.score - self.before.score

    @property
    def emissions(self) -> float:
        """The change of emissions, below zero where less is emitted. [t CO2e]"""
        return self.after.emissions - self.before.emissions

    @property
    def by_indicator(self) -> dict[str, float]:
        """Points of each indicator that moves, 0 to 100."""
        return {name: points - self.before.points[name] for name, points in self.after.points.items()
                if abs(points - self.before.points.get(name, points)) > ROUNDING}


def outcomes(case: Case, several: Sequence[Figures]) -> list[Outcome | BadInput]:
    """What each set of figures comes to, or why no dossier could hold it.

    >>> from mineco.evaluation.advice.figures import figures_of
    >>> from mineco.evaluation.case import open_case
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> (found,) = outcomes(quarry, [figures_of(quarry)])
    >>> round(found.score, 2), found.grade
    (64.71, 'C')
    """
    found: list[Any] = _contradicting(case, several) if several else []
    left = [number for number, one in enumerate(found) if one is None]

    def some(which: slice) -> Case:
        return case_of(case, [several[number] for number in left[which]])

    for which, columns in evaluate_columns(some, len(left)) if left else ():
        for place, number in enumerate(left[which]):
            found[number] = columns if isinstance(columns, BadInput) else outcome_of(case, {
                name: values[place] for name, values in columns.items()})
    return found


def listed(case: Case, several: Sequence[Figures]) -> list[Figures]:
    """Each set of figures with what is spared listed in measures.csv, as the mine would do that takes the measures.

    The baseline at each source is what it emits less, and every source that emits more for it, as that of bought power
    does for trucks, stands in the project in proportion. Where no less is emitted in all nothing is listed.

    >>> from mineco.evaluation.advice.figures import figures_of, taken
    >>> from mineco.evaluation.advice.library import load_library
    >>> from mineco.evaluation.case import open_case
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> after, _ = taken(figures_of(quarry), load_library().measures["own-solar"], 0.1)
    >>> (found,) = listed(quarry, [after])
    >>> round(found.values["measure", "electricity", "baseline_t_co2e"], 2)  # 64 MWh of 0.4974 t/MWh
    31.83
    """
    found, before = list(several), _by_source(case)
    made = evaluate_columns(lambda which: case_of(case, several[which]), len(several), _by_source) if several else ()
    for some, columns in made:
        if isinstance(columns, BadInput):
            continue  # the evaluation tells
        for place in range(some.stop - some.start):
            change = {name: float(values[place]) - float(before.get(name, 0.0)) for name, values in columns.items()}
            change = {name: by for name, by in change.items() if abs(by) > ROUNDING * float(before.get(name, 0.0))}
            falls = {name: -by for name, by in change.items() if by < 0}
            rise, fall = sum(by for by in change.values() if by > 0), sum(falls.values())
            if fall > rise:
                tonnes = {("measure", name, column): amount for name, by in falls.items()
                          for column, amount in ((BASELINE, by), (PROJECT, by * rise / fall))}
                one = several[some.start + place]
                found[some.start + place] = replace(one, values={**one.values, **tonnes},
                                                    units={**one.units, **dict.fromkeys(tonnes, "tCO2e")})
    return found


def _by_source(case: Case) -> dict[str, Any]:
    """Emissions of the year by source, in the potentials in which the dossier states CO2e. [t CO2e]"""
    stated = in_own_potentials(case)
    account = compute_account(stated, case.year)
    lines = account.select(["1", "2"], str(case.option("scope2_basis")))
    return {name: account.co2e(name, [line for line in lines if line.source.id == name]).value
            for name in dict.fromkeys(line.source.id for line in lines)}


def outcome_of(case: Case, one: Mapping[str, Any]) -> Outcome:
    """The main figures of a summary (`mineco.evaluation.base.Evaluation.summary`)."""
    return Outcome(
        score=float(one["score"]),
        points={name: float(one[name]) for name in case.standard.indicators if one[name] is not None},
        grade=str(one["grade"]), by_score=str(one["grade_by_score"]), by_offset=str(one["grade_by_offset"]),
        emissions=float(one["emissions_t_co2e"]), residual=float(one["residual_t_co2e"]),
        offsets=float(one["offsets_t_co2e"]), offset_ratio=float(one["offset_ratio"]))


def _contradicting(case: Case, several: Sequence[Figures]) -> list[Any]:
    """The problem of each set of figures that contradicts itself, for which a dossier is refused; None of others."""
    found: list[Any] = [None] * len(several)
    dossier = case_of(case, several).dossier
    for broken, problem in contradictions(case.standard, dossier.metrics, dossier.measures, dossier.parcels):
        for number in np.flatnonzero(np.broadcast_to(broken, len(several))):
            found[number] = BadInput(Problem(problem.message, problem.file, problem.row, problem.column))
    return found
