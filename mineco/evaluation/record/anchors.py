"""How much of a score rests on anchors that are ours and nobody published."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.score import Score
from mineco.standards.indicator import Anchor
from mineco.standards.standard import Standard

ASSUMED = "assumed"


def points_on_assumed(standard: Standard, indicators: Mapping[str, IndicatorResult], score: Score) -> dict[str, float]:
    """Weight of the scored indicators whose anchors are assumed where the mine's value lies. [points of 100]

    A value between two knots rests on both, a value at a knot or beyond the last one on that knot alone; one assumed
    knot is enough. A rubric counts as a whole. Effective weights, whatever the indicator scored. That published values
    stand for 0, 60, 80 and 100 points is ours throughout (reading R5) and not counted here.

    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import check
    >>> one = check("parameters/mines/tiny-quarry")
    >>> points_on_assumed(one.case.standard, one.indicators, one.score)["rubrics"]  # E2.4 6, M1.1 to 4 3 each, O1.3 3
    21.0
    """
    found = {"value_functions": 0.0, "rubrics": 0.0}
    for name, one in indicators.items():
        if not one.applicable:
            continue
        if rests_on_assumed(standard, one):
            found["rubrics" if one.indicator.rubric else "value_functions"] += score.weights[name] * 100
    return found


def rests_on_assumed(standard: Standard, one: IndicatorResult) -> bool:
    """Whether the points of an indicator that applies rest on an anchor, or a rubric, that is ours."""
    if one.indicator.rubric:
        return standard.rubrics[one.indicator.rubric].status == ASSUMED
    assert one.variant is not None
    assert one.value is not None
    return ASSUMED in [knot.status for knot in knots_at(one.variant.anchors, float(one.value))]


def knots_at(anchors: Sequence[Anchor], value: float) -> list[Anchor]:
    """The knots on which a value rests: the two around it, or the one at which or beyond which it lies.

    >>> low, high = (Anchor(x=x, score=x, status="assumed") for x in (0.0, 60.0))
    >>> [len(knots_at([low, high], value)) for value in (-1.0, 0.0, 30.0, 60.0, 61.0)]
    [1, 1, 2, 1, 1]
    """
    rising = sorted(anchors, key=lambda knot: knot.x)
    at = bisect_left(rising, value, key=lambda knot: knot.x)
    if at == len(rising):
        return rising[-1:]
    return rising[at:at + 1] if at == 0 or rising[at].x == value else rising[at - 1:at + 1]
