"""What blocks a better grade: the gap on each key, whether all steps close it, and the next level of each rubric."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mineco.core.errors import BadInput
from mineco.evaluation.advice.effects import Outcome, outcomes
from mineco.evaluation.advice.figures import CREDITS, Figures
from mineco.evaluation.advice.outcome import NextLevel, Way, Ways
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.carbon_neutral_mine.shortfall import least_amount, offsets_needed
from mineco.evaluation.case import Case
from mineco.scoring.values import value_score
from mineco.standards.parts import GradeBand


def ways_up(case: Case, now: tuple[Figures, Outcome], after: tuple[Figures, Outcome]) -> Ways:
    """What each better grade asks of a mine as it is, and with other figures; every answer is evaluated.

    The credits are those of the closed form: the share that the grade asks of what is left, less what is retired.
    """
    grades = case.standard.grade_ids
    better = list(reversed(case.standard.grades[:grades.index(now[1].grade)]))
    needs = [[offsets_needed(found.offsets, found.residual, float(band.offset or 0)) for _, found in (now, after)]
             for band in better]
    tried = outcomes(case, [with_credits(figures, amount) for amounts in needs
                            for (figures, _), amount in zip((now, after), amounts, strict=True)])

    def reached(band: GradeBand, one: Outcome | BadInput) -> bool:
        return isinstance(one, Outcome) and grades.index(one.grade) <= grades.index(band.id)

    ways = []
    for place, (band, amounts) in enumerate(zip(better, needs, strict=True)):
        alone, both = tried[2 * place:2 * place + 2]
        score = both.score if isinstance(both, Outcome) else after[1].score
        ways.append(Way(band, _short(now[1].score, band), amounts[0], reached(band, alone), _short(score, band),
                        amounts[1], score, reached(band, both)))
    return Ways(ways)


def with_credits(figures: Figures, amount: float) -> Figures:
    """The figures with more credits retired. [t CO2e]"""
    if not amount:
        return figures
    return replace(figures, values={**figures.values, CREDITS: amount}, units={**figures.units, CREDITS: "tCO2e"})


def highest_grade(case: Case, ways: Sequence[Way], now: str) -> str:
    """The best grade that is reached, or the present one."""
    return next((one.grade.id for one in reversed(ways) if one.reached), now)


def next_levels(evaluation: Evaluation) -> Iterator[NextLevel]:
    """For each rubric that raters did not score in full the next level, as far as measured evidence lets it count."""
    case = evaluation.case
    for one in evaluation.indicators.values():
        rubric, mean = one.indicator.rubric, one.mean_rating
        if not rubric or mean is None or one.score is None:
            continue
        above = [level for level in case.standard.rubrics[rubric].levels if level.score > float(mean)]
        if not above:
            continue
        most = float(above[0].score)
        if one.bound is not None and one.variant is not None:
            most = min(most, float(value_score(float(one.bound), one.variant.knots)))
        gain = evaluation.score.weights[one.indicator.id] * (most - float(one.score))
        if gain > 0:
            yield NextLevel(one.indicator, float(one.score), above[0], gain)


def _short(score: float, band: GradeBand) -> float:
    """Points that a score is short of a grade, rounded up so that they suffice."""
    return least_amount(lambda points: score + points >= band.score) or 0.0
