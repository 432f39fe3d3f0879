"""What changed figures come to: many of them evaluated as one case whose data are arrays, under every check."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Brief
from mineco.dossier.checks.wholes import contradictions
from mineco.evaluation.account import compute_account
from mineco.evaluation.advice.figures import Figures, Place, at_once
from mineco.evaluation.advice.written import BASELINE, PROJECT, case_of
from mineco.evaluation.case import Case, in_own_potentials
from mineco.evaluation.variants.columns import evaluate_slices

ROUNDING = 1e-9  # points, and relative of emissions: what arrays may differ by from floats


@dataclass(frozen=True, repr=False)
class Outcome(Brief):
    """The main figures of a mine with some figures."""

    score: float  # points
    points: Mapping[str, float]  # of each indicator that applies, 0 to 100
    grade: str
    by_score: str
    by_offset: str
    binding: str  # score, offset, both or gates
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
    found: list[Any] = [None] * len(several)
    for which, made in summaries(case, at_once(several), len(several)) if several else ():
        for place, number in enumerate(which):
            found[number] = made if isinstance(made, BadInput) else outcome_of(case, {
                name: value[place] if np.ndim(value) else value for name, value in made.items()})
    return found


def summaries(case: Case, figures: Figures, count: int) -> Iterator[tuple[NDArray, dict[str, Any] | BadInput]]:
    """Numbers of sets of figures with the summaries of all of them, each an array or a value, or the problem of one.

    >>> from mineco.evaluation.advice.figures import figures_of
    >>> from mineco.evaluation.case import open_case
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> more = at_once([figures_of(quarry)] * 2)
    >>> more = replace(more, values={**more.values, ("metric", "green_area"): np.array([6.2, 1e6])})
    >>> [(which.tolist(), isinstance(made, BadInput)) for which, made in summaries(quarry, more, 2)]
    [([1], True), ([0], False)]
    """
    refused: dict[int, BadInput] = {}
    dossier = case_of(case, figures).dossier
    for broken, problem in contradictions(case.standard, dossier.metrics, dossier.measures, dossier.parcels):
        refused |= {int(number): BadInput(Problem(problem.message, problem.file, problem.row, problem.column))
                    for number in np.flatnonzero(np.broadcast_to(broken, count))}
    for number, error in refused.items():
        yield np.array([number]), error
    left = np.setdiff1d(np.arange(count), list(refused))
    for some, made in evaluate_slices(lambda some: case_of(case, figures.part(left[some])), len(left)
                                      ) if len(left) else ():
        yield left[some], made


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
    if not several:
        return []
    together = listed_at_once(case, at_once(several), len(several))
    added = [place for place in together.values if place not in together.base and place[0] == "measure"]
    found = []
    for number, one in enumerate(several):
        tonnes = {place: float(np.broadcast_to(together.values[place], len(several))[number]) for place in added}
        told = {place: amount for place, amount in tonnes.items() if tonnes[(*place[:2], BASELINE)]}
        found.append(replace(one, values={**one.values, **told}, units={**one.units, **dict.fromkeys(told, "tCO2e")}))
    return found


def listed_at_once(case: Case, figures: Figures, count: int) -> Figures:
    """As `listed`, of many sets of figures whose values are arrays."""
    before = _by_source(case)
    falls: dict[str, NDArray] = {}
    rise, fall = np.zeros(count), np.zeros(count)
    for some, made in evaluate_slices(lambda some: case_of(case, figures.part(some)), count, _by_source):
        if isinstance(made, BadInput):
            continue  # the evaluation tells
        for name, after in made.items():
            old = float(before.get(name, 0.0))
            change = np.broadcast_to(after - old, some.stop - some.start)
            change = np.where(np.abs(change) > ROUNDING * old, change, 0.0)
            falls.setdefault(name, np.zeros(count))[some] = np.maximum(-change, 0.0)
            rise[some] += np.maximum(change, 0.0)
            fall[some] += np.maximum(-change, 0.0)
    less, whole = fall > rise, np.where(fall > 0, fall, 1.0)
    tonnes: dict[Place, NDArray] = {("measure", name, column): np.where(less, amount, 0.0) for name, by in falls.items()
              for column, amount in ((BASELINE, by), (PROJECT, by * rise / whole)) if np.any(less & (by > 0))}
    return replace(figures, values={**figures.values, **tonnes},
                   units={**figures.units, **dict.fromkeys(tonnes, "tCO2e")})


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
        binding=str(one["binding"]), emissions=float(one["emissions_t_co2e"]), residual=float(one["residual_t_co2e"]),
        offsets=float(one["offsets_t_co2e"]), offset_ratio=float(one["offset_ratio"]))
