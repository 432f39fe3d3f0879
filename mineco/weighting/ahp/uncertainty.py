"""How far weights could lie from what they are: judgements that are a little off, or other experts of the same kind."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem
from mineco.weighting.ahp.groups import expert_shares
from mineco.weighting.ahp.incomplete import completed
from mineco.weighting.ahp.priorities import Method, weights_and_eigenvalue
from mineco.weighting.judgements import Matrices, checked

KINDS = ("bootstrap", "judgement")
AGGREGATIONS = ("judgements", "priorities")
MAX_AT_ONCE = 2_000_000  # judgements that are varied at a time, so that memory stays bounded


@dataclass(frozen=True, eq=False)
class WeightSpread:
    """Weights of the group, and how they spread over the draws.

    Parameters
    ----------
    weights : ndarray (n,)
        Without any variation.
    draws : ndarray (draws, n)
    low, high : ndarray (n,)
        The stated share of the draws lies between them, of each item by itself.
    sd : ndarray (n,)
        Standard deviation over the draws.
    kind : str
    interval : float
    seed : int
    """

    weights: NDArray[np.float64]
    draws: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    sd: NDArray[np.float64]
    kind: str
    interval: float
    seed: int


def weight_uncertainty(matrices: Matrices, kind: str = "bootstrap", draws: int = 1000,
                       seed: int = 0, noise: float = 0.5, interval: float = 0.95, method: Method = "eigenvector",
                       aggregation: str = "judgements",
                       expert_weights: Sequence[float] | None = None) -> WeightSpread:
    """Spread of the group's weights over experts drawn anew, or over judgements varied a little.

    Parameters
    ----------
    matrices : (n, n), (k, n, n), sequence of DataFrames or mapping of expert to matrix
        Where comparisons are missing, each expert's matrix is first completed so that λmax is smallest.
    kind : {"bootstrap", "judgement"}
        As many experts drawn with replacement (Efron 1979): other panels of the same kind. Or every judgement moved
        by up to `noise` on Saaty's scale, evenly and by itself (Goepel 2018).
    draws, seed : int
        The same seed gives the same draws.
    noise : float
        Steps of the scale: 3 lies between 2.5 and 3.5, and 1 between 1/1.5 and 1.5.
    interval : float
        Share of the draws between low and high; 1 for their least and greatest.
    method : str
        As for `priority_vector`.
    aggregation : {"judgements", "priorities"}
        AIJ or AIP, both by geometric means.
    expert_weights : sequence of float, optional

    Returns
    -------
    WeightSpread

    >>> spread = weight_uncertainty([[1, 3], [1/3, 1]], kind="judgement", interval=1.0)  # 2.5 / 3.5 to 3.5 / 4.5
    >>> spread.weights, spread.low.round(2), spread.high.round(2)
    (array([0.75, 0.25]), array([0.71, 0.22]), array([0.78, 0.29]))
    """
    _require("kind", kind, KINDS)
    _require("aggregation", aggregation, AGGREGATIONS)
    given = checked(matrices, incomplete=True)
    values = completed(given)
    count, experts = len(values), values.shape[-1]
    if kind == "bootstrap" and experts < 2:
        raise BadInput(Problem("bootstrap_of_one", value=experts))
    if not (draws >= 1 and 0 < interval <= 1 and noise >= 0):
        raise BadInput(Problem("spread_out_of_range", value=f"{draws}, {interval}, {noise}"))
    generator = np.random.default_rng(seed)
    shares = expert_shares(expert_weights, experts)
    logs = np.log(values[np.triu_indices(count, 1)])  # (pairs, k): the other triangle mirrors it
    whole = _group(logs[:, np.newaxis], shares[np.newaxis], count, method, aggregation)
    found = []
    at_once = max(1, MAX_AT_ONCE // max(1, logs.size))
    for first in range(0, draws, at_once):
        number = min(at_once, draws - first)
        if kind == "bootstrap":
            drawn = generator.multinomial(experts, np.full(experts, 1 / experts), size=number) * shares
            found.append(_group(logs[:, np.newaxis], drawn / drawn.sum(axis=1, keepdims=True), count, method,
                                aggregation))
        else:
            moved = scale_position(logs)[:, np.newaxis] + generator.uniform(-noise, noise, (len(logs), number, experts))
            found.append(_group(scale_logarithm(moved), shares[np.newaxis], count, method, aggregation))
    rows = np.concatenate(found)
    low, high = np.quantile(rows, [(1 - interval) / 2, (1 + interval) / 2], axis=0)
    return WeightSpread(whole[0], rows, low, high, rows.std(axis=0, ddof=1 if draws > 1 else 0), kind, interval, seed)


def scale_position(logs: NDArray) -> NDArray:
    """Steps from "equal" on Saaty's scale: 3 stands at 2, 1/3 at −2.

    >>> scale_position(np.log([1/3, 1.0, 3.0])).round(9)
    array([-2.,  0.,  2.])
    """
    return np.sign(logs) * np.expm1(np.abs(logs))


def scale_logarithm(position: NDArray) -> NDArray:
    """The logarithm of the judgement at a position on Saaty's scale.

    >>> np.exp(scale_logarithm(np.array([-2.0, 0.0, 2.0]))).round(4)
    array([0.3333, 1.    , 3.    ])
    """
    return np.sign(position) * np.log1p(np.abs(position))


def _group(logs: NDArray, shares: NDArray, count: int, method: str, aggregation: str) -> NDArray:
    """Weights of the group (draws, n) from logarithms (pairs, draws or 1, k) and shares (draws or 1, k)."""
    if aggregation == "judgements":
        if logs.shape[1] == 1:
            joined = logs[:, 0] @ shares.T
        else:
            joined = logs @ shares[0]
        return weights_and_eigenvalue(_matrices(joined, count), method)[0].T
    pairs, draws, experts = logs.shape
    own = np.log(weights_and_eigenvalue(_matrices(logs.reshape(pairs, -1), count), method)[0])
    own = own.reshape(count, draws, experts)
    product = np.exp(own[:, 0] @ shares.T if draws == 1 else own @ shares[0])
    return (product / product.sum(axis=0)).T


def _matrices(logs: NDArray, count: int) -> NDArray:
    """Judgement matrices (n, n, m) from the logarithms of their upper triangles (pairs, m)."""
    values = np.ones((count, count, logs.shape[-1]))
    rows, columns = np.triu_indices(count, 1)
    values[rows, columns] = np.exp(logs)
    values[columns, rows] = np.exp(-logs)
    return values


def _require(what: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise BadInput(Problem("choice_not_allowed", column=what, value=value, details={"allowed": ", ".join(allowed)}))
