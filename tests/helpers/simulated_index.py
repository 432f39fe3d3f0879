"""Random indices by simulation: the check of the tables, and the source of the one for incomplete matrices."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mineco.weighting.ahp.consistency import consistency_index
from mineco.weighting.ahp.priorities import least_inconsistent, log_least_squares_weights, principal_eigenvector

SCALE = np.array([*(1 / np.arange(9, 1, -1)), *range(1, 10)])  # Saaty's: 1/9 to 9
AT_ONCE = 10_000  # matrices
LEVEL = 1e-6  # of the slope, which an eigenvalue at its smallest follows squared


@dataclass(frozen=True)
class SimulatedIndex:
    """A random index and the standard error that its draws leave.

    Parameters
    ----------
    value, error : float
    """

    value: float
    error: float


def simulate_random_index(n: int, missing: int = 0, draws: int = 100_000, seed: int = 0) -> SimulatedIndex:
    """Mean consistency index of random judgement matrices.

    Every judgement is one of the 17 values of Saaty's scale with the same chance. Where comparisons are missing, any
    of the ways to leave so many out that still link all items has the same chance, and the missing ones are completed
    so that λmax is smallest, on the scale or beyond it, as `mineco.weighting.ahp.priorities.complete` does
    (after Ágoston and Csató 2022).
    Held between 1/9 and 9 the index would be a little larger: 0.583 against 0.577 for four items with one
    comparison missing.

    Parameters
    ----------
    n : int
        Number of items.
    missing : int
        Number of comparisons left out, up to those beyond the n − 1 that link all items.
    draws, seed : int

    Returns
    -------
    SimulatedIndex

    >>> found = simulate_random_index(3, draws=2000)
    >>> abs(found.value - 0.5247) < 4 * found.error
    True
    """
    pairs = n * (n - 1) // 2
    if n < 3 or not 0 <= missing <= pairs - (n - 1):
        raise ValueError(f"{missing} of the {pairs} comparisons of {n} items cannot be left out")
    generator = np.random.default_rng(seed)
    found = []
    for first in range(0, draws, AT_ONCE):
        values = random_matrices(n, missing, min(AT_ONCE, draws - first), generator)
        gaps = np.isnan(values)
        if missing:
            weights = log_least_squares_weights(values)
            values = least_inconsistent(np.where(gaps, weights[:, np.newaxis] / weights, values), gaps, LEVEL)
        found.append(consistency_index(principal_eigenvector(values)[1], n))
    indices = np.concatenate(found)
    return SimulatedIndex(float(indices.mean()), float(indices.std(ddof=1) / np.sqrt(draws)))


def random_matrices(n: int, missing: int, count: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """Judgement matrices (n, n, count) at random, each with so many comparisons missing and its items still linked.

    >>> random_matrices(4, 2, 5, np.random.default_rng(0)).shape
    (4, 4, 5)
    """
    rows, columns = np.triu_indices(n, 1)
    judgements = generator.choice(SCALE, size=(len(rows), count))
    values = np.ones((n, n, count))
    values[rows, columns], values[columns, rows] = judgements, 1 / judgements
    open_ = np.arange(count if missing else 0)
    while len(open_):
        left_out = np.argsort(generator.random((len(rows), len(open_))), axis=0)[:missing]
        known = np.ones((len(open_), n, n), dtype=bool)
        matrix = np.arange(len(open_))
        known[matrix, rows[left_out], columns[left_out]] = known[matrix, columns[left_out], rows[left_out]] = False
        linked = _linked(known)
        chosen = np.moveaxis(known[linked], 0, -1)
        values[..., open_[linked]] = np.where(chosen, values[..., open_[linked]], np.nan)
        open_ = open_[~linked]
    return values


def _linked(known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the graphs (m, n, n) are in one piece."""
    reached = known.astype(np.float32)
    for _ in range(known.shape[-1].bit_length()):
        reached = np.minimum(reached @ reached, 1.0)
    return np.asarray(reached.all(axis=(1, 2)))
