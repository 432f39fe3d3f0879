"""Both approaches side by side, on one case."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.number import Interval
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.draws import NORMAL_95, interval
from mineco.evaluation.record.lineage import factors_used
from mineco.evaluation.uncertainty.found import FigureSpread, Uncertainty
from mineco.evaluation.uncertainty.inputs import Input, uncertain_inputs
from mineco.evaluation.uncertainty.sampling import Columns, drawn_case
from mineco.evaluation.uncertainty.slopes import deviations, slopes_of


def assess(evaluation: Evaluation, evaluate: Callable[[Case], Evaluation], figures: Sequence[str],
           bindings: Sequence[str], count: int, seed: int) -> Uncertainty:
    """How sure an evaluation is, by propagation of errors and by draws through the same chain.

    Parameters
    ----------
    evaluation : Evaluation     Of the values as given.
    evaluate : callable         What made it of its case; it takes arrays.
    figures : sequence of str   Names of the summary whose intervals are wanted.
    bindings : sequence of str  What may decide the grade.
    count, seed : int           Of the draws.

    Raises
    ------
    BadInput
        When there is no result of some draw, as where emissions turn out below zero.
    """
    case, given = evaluation.case, evaluation.summary()
    inputs = uncertain_inputs(case, factors_used(evaluation))
    slopes, unmoved = slopes_of(case, inputs, lambda one: evaluate(one).summary(), figures)
    drawn, columns, told, held = drawn_case(case, inputs, count, seed)
    values = evaluate(drawn).summary()
    moves = _moves(inputs, columns, count)
    correlations = _squared_correlations(moves, {name: values[name] for name in figures})
    spreads = {name: _figure(float(given[name]), values[name], slopes[name], inputs, moves, correlations[name])
               for name in figures}
    return Uncertainty(case, told, held, unmoved, inputs, spreads, str(given["grade"]),
                       _probabilities(values["grade"], case.standard.grade_ids, count),
                       _probabilities(values["binding"], bindings, count), values)


def _moves(inputs: Sequence[Input], columns: Columns, count: int) -> NDArray:
    """How far each draw of each input lies from its value."""
    moves = np.zeros((len(inputs), count))
    for place, one in enumerate(inputs):
        if one.key in columns:
            moves[place] = columns[one.key] - one.value
    return moves


def _figure(value: float, drawn: Any, slopes: NDArray, inputs: Sequence[Input], moves: NDArray,
            correlations: NDArray) -> FigureSpread:
    own = deviations(slopes, inputs)
    variance = float(np.sum(own**2))
    half = NORMAL_95 * variance**0.5
    shares = own**2 / variance if variance else np.zeros(len(inputs))
    count = moves.shape[1]
    return FigureSpread(value, Interval(value, value - half, value + half), interval(drawn, count),
                        interval(value + np.einsum("i,ij->j", slopes, moves), count), shares, correlations)


def _squared_correlations(moves: NDArray, drawn: Mapping[str, Any]) -> dict[str, NDArray]:
    """Of each input with each figure over the draws; 0 where one of the two does not vary."""
    centred = moves - moves.mean(axis=1, keepdims=True)
    own, found = np.sum(centred**2, axis=1), {}
    for name, one in drawn.items():
        figure = np.broadcast_to(one - np.mean(one), moves.shape[1:])
        # not by `@`, whose last digits depend on the number of threads
        products, scale = np.einsum("ij,j->i", centred, figure), own * np.sum(figure**2)
        shares = np.divide(products**2, scale, out=np.zeros(len(moves)), where=scale > 0)
        found[name] = np.minimum(shares, 1.0)  # which one alone may pass by its last digit
    return found


def _probabilities(drawn: Any, names: Sequence[str], count: int) -> Mapping[str, float]:
    found = np.broadcast_to(np.asarray(drawn), (count,))
    return {name: float(np.mean(found == name)) for name in names}
