"""Evaluation of the carbon sink of a mine's restoration: gate, weights, experts, effect, indicators, score, grade."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from mineco import scoring
from mineco.ahp import Consistency, consistency, judgement_matrix
from mineco.case import Case, gather_case, with_options
from mineco.case import open_case as open_any_case
from mineco.case import what_if as what_if
from mineco.draws import Draws, Interval, draw_case, interval
from mineco.errors import BadInput, Problem, Problems
from mineco.experts import Experts, convene_experts, with_counted
from mineco.ledgers import Restoration, keep_restoration
from mineco.measured import Measured, given_quantities, measure_all, require_inputs
from mineco.mine import Damage
from mineco.quantity import Factor, Quantity
from mineco.score import Score
from mineco.score import add_up_score as add_up_score
from mineco.standard_parts import Stage, of_stage
from mineco.steps import step
from mineco.weighting_rules import thresholds

STANDARD = "restoration-carbon-sink-2024"
APPLICATION = "application"  # the step of the procedure that sets the day on which eligibility is judged
GROUPS = "groups"
BESIDE = ("carbon_status",)


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


@dataclass(frozen=True, eq=False)
class LevelWeights:
    """The weights of one level: from the matrix of the stage, or from a panel, which has its own file."""

    level: str
    weights: Mapping[str, Factor]  # [%]
    matrix: pd.DataFrame | None = None
    consistency: Consistency | None = None


@dataclass(frozen=True, eq=False)
class Weighing:
    """The weights of every level for the mine's stage; ``case`` is the case under them."""

    case: Case
    stage: Stage
    levels: Mapping[str, LevelWeights]


@dataclass(frozen=True)
class Effect:
    """What the restored land takes up, and how much of it is the gain of the project."""

    restoration: Restoration
    gain: Quantity  # [t CO2e]


@dataclass(frozen=True)
class Grade:
    """The grade by score; None where the mine is not eligible, with the gates that it misses."""

    final: str | np.ndarray | None
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outlook:
    """How far the next grade is, and how far up the way is open while indicators at zero stay there."""

    points_to_next: float
    at_zero: tuple[str, ...]
    highest_score: float
    highest_grade: str


@dataclass(frozen=True)
class Uncertainty:
    """What the uncertainty of the data makes of the result (reading S13)."""

    draws: Draws
    indicators: Mapping[str, Interval]  # of the values
    gain: Interval  # [t CO2e]
    removals: Interval  # [t CO2e]
    score: Interval  # points
    grades: Mapping[str, float]  # share of the draws in each grade; sums to 1


@dataclass(frozen=True)
class Evaluation:
    """A mine's evaluation with everything behind it; without score where the mine is not eligible."""

    case: Case
    eligibility: Eligibility
    weighing: Weighing
    experts: Experts
    effect: Effect
    indicators: Mapping[str, Measured]
    score: Score | None
    grade: Grade


def open_case(dossier: str | Path, weights: str | Path | None = None, **chosen: object) -> Case:
    """Read a dossier and hold it to this standard; see `mineco.case.open_case`."""
    return open_any_case(dossier, STANDARD, weights, **chosen)


def check_eligibility(case: Case) -> Eligibility:
    """Whether the mine may be graded: what it declares, and the incidents within three years of its application.

    >>> from mineco.kit import parameters
    >>> gate = check_eligibility(open_case(parameters() / "mines" / "changcun-coal"))
    >>> gate.eligible, gate.since.isoformat()
    (True, '2022-06-30')
    """
    mine = case.dossier.mine
    dates = [one.date for one in case.dossier.events if one.step == APPLICATION and one.date]
    applied = dates[0] if dates else mine.report_date
    since = years_before(applied, int(case.standard.rule("clean_years")))
    counted = tuple(one for one in mine.ecological_damage if since <= one.date <= applied)
    gates = {name: mine.prerequisites[name].met for name in case.standard.prerequisites}
    gates["no_ecological_damage"] = gates["no_ecological_damage"] and not counted
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


def weigh(case: Case) -> Weighing:
    """Weights of the layers and of the indicators inside each, from the judgements for the mine's stage (reading S2).

    A level for which a panel gave weights keeps those.

    Raises
    ------
    BadInput
        When judgements contradict each other more than is acceptable.

    >>> from mineco.kit import parameters
    >>> found = weigh(open_case(parameters() / "mines" / "changcun-coal"))
    >>> {name: round(one.value, 1) for name, one in found.levels["groups"].weights.items()}
    {'SM': 16.3, 'SA': 29.7, 'SE': 54.0}
    """
    standard, problems = case.standard, Problems()
    stage = standard.stage(case.dossier.mine.stage)
    panel = standard.panel_weights
    levels: dict[str, LevelWeights] = {}
    for level, rows in of_stage(standard.judgements, stage.id).items():
        items = list(standard.groups) if level == GROUPS else [one.id for one in standard.in_group(level)]
        if all(name in panel for name in items):
            levels[level] = LevelWeights(level, {name: panel[name] for name in items})
            continue
        table = pd.DataFrame("", items, items)
        for one in rows:
            table.loc[one.row, one.column] = one.value
        matrix = judgement_matrix(table)
        found = consistency(matrix)
        if not found.cr < thresholds("consistency")["acceptable_cr"]:
            problems.add("judgements_inconsistent", file="judgements.csv", row=stage.id, column=level,
                         value=f"{found.cr:.4f}")
        weights = {name: _weight(case, name, 100 * share, stage)
                   for name, share in zip(items, found.weights.tolist(), strict=True)}
        levels[level] = LevelWeights(level, weights, matrix, found)
    problems.stop()
    given = {name: weight for level in levels.values() for name, weight in level.weights.items()}
    return Weighing(replace(case, standard=standard.with_weights(given)), stage, levels)


def _weight(case: Case, name: str, value: float, stage: Stage) -> Factor:
    standard = case.standard
    part = standard.indicators[name] if name in standard.indicators else standard.groups[name]
    return Factor(f"weight.{name}", "weight", value, "%", "illustrative-panel", "assumed", part.name_zh, part.name_en,
                  facets={"stage": stage.id}, clause="3.1 (3)")


def keep_effect(case: Case) -> Effect:
    """The account of restored land, the same as in every other standard, and the gain over its baseline.

    >>> from mineco.kit import parameters
    >>> effect = keep_effect(open_case(parameters() / "mines" / "changcun-coal"))
    >>> round(float(effect.restoration.removals) - float(effect.gain), 6)  # the baseline of the dossier
    120.0
    """
    restored = keep_restoration(case)
    baseline = given_quantities(case).get("metric.baseline_removals")
    if baseline is None:
        indicator = case.standard.indicators["SE.5"]
        raise BadInput(Problem("missing_metric", "metrics.csv", column="metric", value="baseline_removals", details={
            "year": case.year, "indicator": indicator.id, "name_zh": indicator.name_zh, "name_en": indicator.name_en}))
    formula = case.standard.formulas["project_gain"]
    return Effect(restored, step(formula, "project_gain", formula.clause, removals=restored.removals,
                                 baseline=baseline))


def measure_indicators(case: Case, effect: Effect, rated: bool = True) -> dict[str, Measured]:
    """Value and score of every indicator; of the quantitative ones alone where the mine is not reviewed.

    Parameters
    ----------
    case : Case
        With the ratings that count.
    effect : Effect
    rated : bool
        Whether qualitative indicators are measured too.

    Raises
    ------
    BadInput
        With every missing figure and rating.
    """
    require_inputs(case, rated)
    named = given_quantities(case) | {"restoration_removals": effect.restoration.removals,
                                      "restored_area": effect.restoration.area, "project_gain": effect.gain}
    return measure_all(case, named, rated)


def settle_grade(case: Case, score: Score | None, eligibility: Eligibility) -> Grade:
    """The grade by score (reading S3), behind the gate: a mine that is not eligible has none."""
    if score is None or not eligibility.eligible:
        return Grade(None, eligibility.unmet)
    found = np.array(case.standard.grade_ids)[scoring.grade_by_cuts(score.total.value, case.standard.score_cuts)]
    return Grade(found if np.ndim(found) else str(found))


def look_ahead(case: Case, indicators: Mapping[str, Measured], score: Score) -> Outlook:
    """Distance to the next grade, and what is reachable while indicators at zero stay there."""
    standard = case.standard
    scores = {name: float(one.score) for name, one in indicators.items() if one.score is not None}
    at_zero = tuple(name for name, points in scores.items() if points == 0)
    highest = scoring.highest_reachable({name: score.weights[name] for name in scores}, scores, at_zero)
    return Outlook(scoring.distance_to_next_grade(float(score.total), standard.score_cuts), at_zero, highest,
                   standard.grade_ids[scoring.grade_by_cuts(highest, standard.score_cuts)])


def evaluate(case: Case) -> Evaluation:
    """The whole evaluation in one call: what the notebook does step by step.

    Parameters
    ----------
    case : Case
        Quantities are floats, or arrays with one element per draw or per mine.

    Returns
    -------
    Evaluation

    Raises
    ------
    BadInput
        With every problem of the reporting year.

    >>> from mineco.kit import parameters
    >>> found = evaluate(open_case(parameters() / "mines" / "changcun-coal"))
    >>> found.grade.final in found.case.standard.grade_ids
    True
    """
    eligibility, problems = check_eligibility(case), Problems()
    with problems.collect():
        weighing = weigh(case)
        case = weighing.case
    with problems.collect():
        require_inputs(case, eligibility.eligible)
    with problems.collect():
        experts = convene_experts(case, eligibility.eligible)
        case = with_counted(case, experts)
    with problems.collect():
        effect = keep_effect(case)
    problems.stop()
    indicators = measure_indicators(case, effect, eligibility.eligible)
    score = add_up_score(case, indicators) if eligibility.eligible else None
    return Evaluation(case, eligibility, weighing, experts, effect, indicators, score,
                      settle_grade(case, score, eligibility))


def check(dossier: str | Path, standard: str = STANDARD, weights: str | Path | None = None,
          **chosen: object) -> Evaluation:
    """Read a dossier and try the whole evaluation, so that every problem shows before anything is written."""
    problems = Problems()
    case = gather_case(dossier, standard, chosen, problems, weights)
    if case and problems:  # the figures cannot be used, but whether they are all there can be said
        with problems.collect():
            require_inputs(case, check_eligibility(case).eligible)
    problems.stop()
    assert case is not None
    return evaluate(case)


def alternatives(case: Case) -> dict[tuple[str, object], Evaluation | BadInput]:
    """What stands beside: (option, value) → the evaluation under it, or why it cannot be made."""
    found: dict[tuple[str, object], Evaluation | BadInput] = {}
    for name in BESIDE:
        for value in case.standard.options[name].allowed:
            if value != case.option(name):
                try:
                    found[name, value] = evaluate(with_options(case, **{name: value}))
                except BadInput as error:
                    found[name, value] = error
    return found


def spread(case: Case, draws: int = 1000, seed: int = 0) -> Uncertainty | None:
    """Intervals of the result, and the share of draws in each grade; None where no datum states its uncertainty.

    Parameters
    ----------
    case : Case
        As `open_case` gives it, of a mine that is eligible.
    draws, seed : int

    Returns
    -------
    Uncertainty or None
    """
    drawn, told = draw_case(case, draws, seed)
    if not told.names:
        return None
    found = evaluate(drawn)
    if found.score is None:
        return None
    final = np.broadcast_to(np.asarray(found.grade.final), (draws,))
    values = {name: interval(one.value.value, draws) for name, one in found.indicators.items()
              if one.value is not None and np.ndim(one.value.value)}
    return Uncertainty(told, values, interval(found.effect.gain.value, draws),
                       interval(found.effect.restoration.removals.value, draws),
                       interval(found.score.total.value, draws),
                       {name: float(np.mean(final == name)) for name in case.standard.grade_ids})
