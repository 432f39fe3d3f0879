"""Whether a series broke: a change unlike all others, or a pace that is another from some year on.

Rule: a break is told and nothing is corrected for it; whether the boundary changed, the base year tells.
"""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
ORDERS = 9999  # of the changes that are tried; all of them where there are fewer
SHORTEST = 2  # changes on either side of another pace


def jump(changes: Values) -> tuple[int, float]:
    """The change farthest from the others, and the chance that one of as many lies so far apart.

    Parameters
    ----------
    changes : array of shape (years - 1,)   [any scale]

    Returns
    -------
    int
        Its place.
    float
        The p-value of its studentised residual, by Bonferroni for the number of changes. [1]

    >>> place, chance = jump(np.array([-1.0, -2.0, -3.0, -20.0, -2.0]))
    >>> place, chance < 0.05
    (3, True)
    """
    from statsmodels.api import OLS

    with np.errstate(divide="ignore"):  # where all others are alike, the residual of the one is without end
        chances = OLS(changes, np.ones_like(changes)).fit().outlier_test()[:, 2]
    place = int(np.argmin(chances))
    return place, float(chances[place])


def other_pace(changes: Values) -> tuple[int, float]:
    """The place from which on the mean change differs most from that before, and the chance of as much.

    Parameters
    ----------
    changes : array of shape (years - 1,)   [any scale]

    Returns
    -------
    int
        Place of the first change of the second pace.
    float
        The share of orders of the same changes that differ as much: one pace knows no order. [1]

    >>> place, chance = other_pace(np.array([1.0, 1.1, 0.9, 1.0, -1.0, -1.1, -0.9, -1.0]))
    >>> place, chance < 0.05
    (4, True)
    """
    from scipy.stats import permutation_test

    found = permutation_test((changes,), lambda given, axis: np.max(_apart(given), axis=axis), vectorized=True,
                             permutation_type="pairings", n_resamples=ORDERS, alternative="greater",
                             random_state=np.random.default_rng(0))
    return SHORTEST + int(np.argmax(_apart(changes))), float(found.pvalue)


def _apart(changes: Values) -> Values:
    """By how much the mean changes before and from each place differ, over the error of their difference but for a
    factor that is the same for all."""
    count = changes.shape[-1]
    before = np.arange(SHORTEST, count - SHORTEST + 1)
    sums = np.cumsum(changes, axis=-1)
    first, total = sums[..., SHORTEST - 1:count - SHORTEST], sums[..., -1:]
    apart: Values = np.abs(first / before - (total - first) / (count - before)) * np.sqrt(before * (count - before))
    return apart
