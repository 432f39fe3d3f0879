"""What other weights do to an evaluation: the annex result beside, and the grade as each weight moves (reading R20)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from mineco.core.quantity import Factor
from mineco.evaluation.base import Evaluation, Recorded
from mineco.evaluation.case import without_panel

AnyEvaluation = TypeVar("AnyEvaluation", bound=Evaluation)


@dataclass(frozen=True)
class Variation:
    """The result with one weight moved.

    ``how``: panel (as evaluated), annex, equal, low or high; ``level`` and ``item`` where one weight was moved;
    ``weight`` is that weight as a share.
    """

    how: str
    level: str
    item: str
    weight: float | None
    score: float
    grade: str


def reweight(evaluation: AnyEvaluation, weights: Mapping[str, Factor]) -> AnyEvaluation:
    """The same measurements under other weights; only score and grade are made anew.

    Parameters
    ----------
    weights : mapping
        By id of the group or indicator, as `Standard.with_weights` takes them; the rest as the standard has it.

    Returns
    -------
    Evaluation
    """
    own = without_panel(evaluation.case)
    case = replace(own, standard=own.standard.with_weights(weights)) if weights else own
    return evaluation.with_weights_of(case)


def annex_evaluation(evaluation: Recorded) -> Any:
    """The evaluation under the weights of the annex, which stands beside that of a panel; None without a panel."""
    if evaluation.case.weights is None or not isinstance(evaluation, Evaluation):
        return None
    return reweight(evaluation, {})


def move_weight(weights: Mapping[str, float], item: str, to: float) -> dict[str, float]:
    """Weights with one of them moved, and the others scaled so that the sum stays 1.

    Parameters
    ----------
    weights : mapping  Shares that sum to 1.
    item : str         Which one.
    to : float         Its new share.

    Returns
    -------
    dict

    >>> {name: round(share, 9) for name, share in move_weight({"a": 0.5, "b": 0.3, "c": 0.2}, "a", 0.6).items()}
    {'a': 0.6, 'b': 0.24, 'c': 0.16}
    """
    rest = 1 - weights[item]
    if rest <= 0:  # the only one of its level
        return dict(weights)
    return {name: to if name == item else weight * (1 - to) / rest for name, weight in weights.items()}


def sensitivity(evaluation: Evaluation, annex: Evaluation | None) -> list[Variation]:
    """How score and grade move: each weight of the panel at its low and its high, equal weights, and the annex.

    Parameters
    ----------
    annex : Evaluation or None  As `annex_evaluation` gives it.

    Returns
    -------
    list of Variation  The result as evaluated first; nothing when it rests on no panel.
    """
    weights = evaluation.case.weights
    if weights is None or evaluation.score is None:
        return []
    given = weights.factors()
    found = [_variation("panel", evaluation), _variation("annex", annex)]
    even = {name: replace(given[name], value=100 / len(level.weights))
            for level in weights.levels.values() for name in level.weights}
    found.append(_variation("equal", reweight(evaluation, even)))
    for level_id, level in weights.levels.items():
        shares = {name: one.weight for name, one in level.weights.items()}
        for name, one in level.weights.items():
            for how, to in (("low", one.low), ("high", one.high)):
                others = move_weight(shares, name, to)
                changed = given | {item: replace(given[item], value=100 * share) for item, share in others.items()}
                found.append(_variation(how, reweight(evaluation, changed), level_id, name, to))
    return found


def _variation(how: str, evaluation: Any, level: str = "", item: str = "",
               weight: float | None = None) -> Variation:
    return Variation(how, level, item, weight, float(evaluation.score.total), str(evaluation.grade.final))
