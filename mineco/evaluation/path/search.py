"""The cheapest way to a grade, to neutrality or to a score: every set of measures tried, and credits last."""

from collections.abc import Collection, Mapping, Sequence
from math import isfinite
from pathlib import Path as FilePath
from typing import Any

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, Problems, nearest_first
from mineco.evaluation.advice.effects import outcome_of
from mineco.evaluation.advice.figures import figures_of
from mineco.evaluation.advice.library import Library, load_library, with_own
from mineco.evaluation.advice.trials import (
    judged_trials,
    measures_for,
    one_mine,
    prices_of_energy,
    require_known,
    tried,
)
from mineco.evaluation.base import Evaluation as AnyEvaluation
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.path.candidates import NO_COST, NO_TONNES, TOO_LATE, Candidates, candidates_of
from mineco.evaluation.path.costs import LEVELS, YearlyCost, costs_in_dossier, own_costs, range_of
from mineco.evaluation.path.found import Blocked, Path, Route, Routes
from mineco.evaluation.path.packages import search_packages
from mineco.evaluation.path.routes import Search
from mineco.evaluation.path.sets import all_members, count_sets, evaluate_sets
from mineco.evaluation.path.targets import SCORE, Target, lever_of, target_of, targets_above
from mineco.evaluation.score import points_lost

MOST_SETS = 2**20  # that are all tried; of more the cheapest is found by a program of whole numbers
CREDITS = "ccer"


@checked_arguments()
def path(evaluation: AnyEvaluation | Case | str | FilePath, *, grade: str | None = None, score: float | None = None,
         neutral: bool = False, budget: float | None = None, year: int | None = None,
         measures: Mapping[str, Any] | str | FilePath | None = None, shares: Mapping[str, float] | None = None,
         costs: Mapping[str, Any] | None = None, prices: Mapping[str, float] | None = None,
         credits: str | float | tuple[float, float] = CREDITS, level: str = "middle", vouched: Collection[str] = (),
         assumed_costs: bool = False) -> Path:
    """The cheapest way to a better grade, to neutrality or to a score.

    Every set of measures that do not exclude each other is evaluated by the whole chain, each measure on what the ones
    before it leave; of those that reach the target with the credits which they still need the cheapest is told, and
    evaluated once more by itself. A measure competes where its conditions hold and its cost is known.

    Parameters
    ----------
    evaluation : Evaluation, Case or path  Of a carbon-neutral mine; a case or a path is evaluated first.
    grade : str, optional        To be reached; without any target every better grade and neutrality.
    score : float, optional      Points to be reached, whatever the offsets.
    neutral : bool               To be neutral as the standard has it: all that is left is offset.
    budget : float, optional     The most that measures and credits may cost in a year. [yuan]
    year : int, optional         By which measures must be ready, counted by their lead times from the reporting year.
    measures : mapping or path, optional   Measures of the mine's own (`mineco.evaluation.advice.library.with_own`).
    shares : mapping, optional   As of `mineco.advise`. [1]
    costs : mapping, optional    The mine's own costs by measure, before those of mine.yaml (``measure_costs``): of a
        tonne spared, a number or (low, high)
        [yuan/tCO2e]; or what is built and runs: ``capex`` [yuan], ``yearly`` [yuan a year], ``rate`` of interest
        [% a year] and ``life_years``, that of the library where left out.
    prices : mapping, optional   As of `mineco.advise`; measures with yearly costs then save by them, and ``yearly`` is
        without energy.
    credits : str or number      Which credits of the library are retired, or the mine's own price, or (low, high).
        [yuan/tCO2e]
    level : str                  The end of every range that is made least: low, middle or high.
    vouched : collection of str  As of `mineco.advise`.
    assumed_costs : bool         Let measures compete by costs that nobody has published; the result names their status.

    Raises
    ------
    BadInput
        With every id, part and number that is none, and for a target that is none.

    >>> import mineco as mc
    >>> found = mc.path("parameters/mines/tiny-quarry", grade="B", costs={"haul-roads": (-100, 0)})
    >>> found.routes[0].state, round(found.routes[0].points_short, 2)  # nothing else has a price that may be used
    ('points', 2.09)
    >>> found = mc.path("parameters/mines/tiny-quarry", neutral=True, costs={"haul-roads": (-100, 0)})
    >>> way = found.routes[0]
    >>> [one.measure.id for one in way.parts], way.credits, round(way.cost.middle)
    (['haul-roads'], 361.0, 24548)
    """
    found = one_mine(evaluation)
    case = found.case
    now = outcome_of(case, found.summary())
    library = load_library() if measures is None else with_own(load_library(), measures)
    if measures is not None:
        _require_places(case, library)
    known, problems = measures_for(case, library), Problems()
    with problems.collect():
        targets = _targets(case, now.grade, grade, score, neutral)
    with problems.collect():
        price = _price(library, credits)
    with problems.collect():
        _require_one_of(LEVELS, "level", level)
    with problems.collect():
        require_known(known, {"shares": shares or {}, "costs": costs or {}, "vouched": dict.fromkeys(vouched)})
        own = {**costs_in_dossier(case), **own_costs(known, costs or {})}
    with problems.collect():
        own_prices = prices_of_energy(case, prices or {})
    if budget is not None and not isfinite(budget):
        problems.add("not_a_number", column="budget", value=str(budget))
    if year is not None and year < case.year:
        problems.add("out_of_range", column="year", value=year, minimum=case.year, maximum="—")
    problems.stop()
    base = figures_of(case)
    trials = judged_trials(base, tried(base, known.values(), shares or {}, vouched), now)
    candidates = candidates_of(trials, own, assumed_costs, None if year is None else year - case.year)
    _require_prices(candidates, own_prices)
    competing = sorted((one for one in candidates if one.competes), key=lambda one: one.measure.order)
    search = Search(base, lever_of(found), price, level, budget)
    count = count_sets(competing, library.groups)
    if count <= MOST_SETS:
        members, before = all_members(competing, library.groups)
        sets = evaluate_sets(base, competing, members, before, own_prices, search.also)
        routes = [search.cheapest(sets, target) for target in targets]
        best = search.best_score(sets, target_of(case, case.standard.grade_ids[0]))
    else:
        routes, best, count = search_packages(search, competing, library.groups, own_prices, targets)
    return Path(case, candidates, Routes(routes), now, price, level, budget, year, count,
                _blocked(found, candidates, best))


def _targets(case: Case, now: str, grade: str | None, score: float | None, neutral: bool) -> Sequence[Target]:
    asked = {"grade": grade is not None, "score": score is not None, "neutral": neutral}
    given = [name for name, one in asked.items() if one]
    if len(given) > 1:
        raise BadInput(Problem("one_target", details={"given": ", ".join(given)}))
    if grade is not None:
        _require_one_of([band.id for band in case.standard.grades], "grade", grade)
        return (target_of(case, grade),)
    if score is not None:
        if not 0 <= score <= 100:
            raise BadInput(Problem("out_of_range", column="score", value=str(score), details={
                "minimum": "0", "maximum": "100"}))
        return (Target(SCORE, float(score), 0.0),)
    above = targets_above(case, now)
    return above[-1:] if neutral else above


def _require_places(case: Case, library: Library) -> None:
    """Own measures act on figures that a dossier knows."""
    problems = Problems()
    for id, one in library.measures.items():
        if id not in load_library().measures:
            for path in {path for act in one.acts for path in (*act.amount.of, *(part.path for part in act.changes))}:
                table, name, *rest = path.split(".")
                known = {"activity": list(case.standard.sources), "metric": list(case.standard.metrics),
                         "parcel": ["area_ha", "rate_tc_per_ha_yr"]}.get(table, [])
                if name not in known or (table == "activity" and len(rest) != 2):
                    problems.add("unknown_place", row=f"measures.{id}", value=path,
                                 known=nearest_first(name, known) if known else "activity, metric, parcel")
    problems.stop()


def _price(library: Library, credits: Any) -> Any:
    if not isinstance(credits, str):
        return range_of(credits, "credits")
    _require_one_of(list(library.credits), "credits", credits)
    return library.credits[credits]


def _require_one_of(allowed: Sequence[str], column: str, value: str) -> None:
    if value not in allowed:
        raise BadInput(Problem("choice_not_allowed", column=column, value=value,
                               details={"allowed": ", ".join(allowed)}))


def _require_prices(candidates: Candidates, prices: Mapping[str, float]) -> None:
    """Where prices are told, those of all energy that a measure with yearly costs touches."""
    problems = Problems()
    for one in candidates:
        if prices and one.competes and isinstance(one.cost, YearlyCost) and one.trial.figures:
            for carrier in sorted(set(one.trial.figures.energy()) - set(prices)):
                problems.add("energy_without_price", row=f"costs.{one.measure.id}", carrier=carrier)
    problems.stop()


def _blocked(found: Evaluation, candidates: Candidates, best: Route) -> tuple[Blocked, ...]:
    """Points that the set with the best score leaves, and what keeps them: raters, costs nobody told, or no measure."""
    def why(name: str) -> tuple[str, tuple[str, ...]]:
        for state in (NO_COST, NO_TONNES, TOO_LATE):
            moving = tuple(one.measure.id for one in candidates if one.state == state and one.trial.effect
                           and one.trial.effect.by_indicator.get(name, 0.0) > 0)
            if moving:
                return state, moving
        return ("raters" if found.indicators[name].indicator.rubric else "no_measure"), ()

    lost = points_lost(found.score.weights, best.outcome.points)
    return tuple(Blocked(name, points, *why(name)) for name, points in lost.items())
