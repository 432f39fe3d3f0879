"""What other anchors make of the result: the assumed inner knots of value functions, moved along their axis."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from mineco.core.errors import BadInput
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.record.anchors import ASSUMED
from mineco.evaluation.sensitivity.changes import Change, outcome_of
from mineco.standards.indicator import Variant

SHARE = 0.2  # of its value, by which a knot is moved
LEFT = 0.1  # of the gap to the next knot, which a moved one leaves at least: a value function turns nowhere back
DIRECTIONS = {"stricter": 1, "lenient": -1}
Knots = tuple[tuple[float, float], ...]


def moved_knots(way: Variant, direction: int, share: float = SHARE) -> tuple[Knots, bool]:
    """A value function whose assumed inner knots lie farther towards full marks (1) or away from them (-1).

    The ends, and what somebody published, stay where they are. So does a knot at zero, of which a share is nothing.

    Returns
    -------
    knots, reached : whether every one of them went all the way; it stops short of the next knot.

    >>> from mineco.standards.load import load_standard
    >>> way = load_standard("carbon-neutral-mine-2025").indicators["E1.3"].variants[0]
    >>> [round(x, 9) for x, _ in moved_knots(way, 1)[0]]  # 1.0 alone is assumed, and -5.0 at the end
    [-5.0, 1.2, 3.6, 7.0]
    """
    rising = way.anchors if way.anchors[-1].score >= way.anchors[0].score else way.anchors[::-1]
    outward = rising if direction < 0 else rising[::-1]  # from the end towards which they move
    sign = 1 if outward[0].x > outward[-1].x else -1
    places, reached = [outward[0].x], True
    for ahead, one in zip(outward, outward[1:], strict=False):
        if one is outward[-1] or one.status != ASSUMED:
            places.append(one.x)
            continue
        to, most = one.x + sign * share * abs(one.x), places[-1] - sign * LEFT * abs(ahead.x - one.x)
        held = sign * to > sign * most
        reached &= not held
        places.append(most if held else to)
    knots = tuple((x, one.score) for x, one in zip(places, outward, strict=True))
    return (knots if outward[0] is way.anchors[0] else knots[::-1]), reached


def movable(way: Variant) -> bool:
    """Whether a value function has an assumed inner knot that a share moves."""
    return any(one.status == ASSUMED and one.x for one in way.anchors[1:-1])


def changes_of_anchors(evaluation: Evaluation, rescore: Callable[[Case], Any], share: float = SHARE
                       ) -> Iterator[Change]:
    """The assumed inner knots of each indicator, then of all together, moved to either side.

    Of the value functions in use: of indicators that apply, and of what bounds a rubric. ``rescore`` makes of a case
    with other ones what ``evaluate`` would make of it.
    """
    given = {name: one.variant for name, one in evaluation.indicators.items()
             if one.applicable and one.variant and movable(one.variant)}
    for how, direction in DIRECTIONS.items():
        moved = {name: moved_knots(way, direction, share) for name, way in given.items()}
        for name, (knots, reached) in moved.items():
            result = _result(evaluation.case, rescore, {f"{name}/{given[name].id}": knots})
            yield Change("anchor", name, how, _told(given[name], given[name].knots), _told(given[name], knots),
                         unit=given[name].unit, reached=reached, **result)
        if len(moved) > 1:
            yield Change("anchor", "", how, None, how, reached=all(reached for _, reached in moved.values()), **_result(
                evaluation.case, rescore, {f"{name}/{given[name].id}": knots for name, (knots, _) in moved.items()}))


def _told(way: Variant, knots: Knots) -> str:
    """The knots that are moved, each value with its points."""
    return "; ".join(f"{x:.4g}→{score:g}" for (x, score), one in zip(knots[1:-1], way.anchors[1:-1], strict=True)
                     if one.status == ASSUMED and one.x)


def _result(case: Case, rescore: Callable[[Case], Any], knots: Mapping[str, Knots]) -> dict[str, Any]:
    try:
        return outcome_of(rescore(replace(case, standard=case.standard.with_knots(knots))).summary())
    except BadInput as error:
        return outcome_of(error)
