"""Ten thousand judgement matrices to weights and consistency ratios, beside packages that people use for it."""

import importlib.util
import itertools
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.weighting.ahp import consistency, weight_uncertainty
from tests.helpers.simulated_index import SCALE

MATRICES, ITEMS = 10_000, 6
SIZES = (ITEMS, 9, 15)
REPEATS = 7  # of which the fastest counts: the one least disturbed
EXPERTS, DRAWS = 200, 1_000
PAIRS = tuple(itertools.combinations(range(ITEMS), 2))


def rows() -> Iterator[tuple[str, float, str]]:
    """What, value, unit; stops when the packages do not agree on weights and ratios. Ratios are from this one run."""
    matrices = judged(MATRICES, ITEMS)
    ours = fastest(lambda: consistency(matrices, "donegan-dodd-1991"))
    found = consistency(matrices, "donegan-dodd-1991")
    yield f"{MATRICES:,} matrices of {ITEMS} items: weights and CR", ours * 1e3, "ms"
    yield "  consistency ratio above 0.1", 100 * float((found.cr > 0.1).mean()), "%"

    for items in SIZES:
        yield from beside_eig(judged(MATRICES, items))

    if importlib.util.find_spec("ahpy"):
        answers = [{(str(i), str(j)): one[i, j] for i, j in PAIRS} for one in matrices]  # not timed
        took, each = once(lambda: by_ahpy(answers))
        require_equal("ahpy", each, (found.weights, found.cr), 2e-4)  # it rounds to four decimals
        yield "  ahpy, one by one", took * 1e3, "ms"
        yield "  ahpy / mineco", took / ours, "times"
    else:
        yield "  ahpy: not installed (pip install mineco[bench])", float("nan"), ""
    if importlib.util.find_spec("pymcdm"):
        took, each = once(lambda: by_pymcdm(matrices))
        require_equal("pymcdm", (each[0], found.cr), (found.weights, found.cr), 1e-6)  # it has another random index
        yield "  pymcdm, one by one", took * 1e3, "ms"
        yield "  pymcdm / mineco", took / ours, "times"
    else:
        yield "  pymcdm: not installed (pip install mineco[bench])", float("nan"), ""

    for times in (1, 4):
        several = np.tile(matrices, (times, 1, 1))
        most = peak(lambda several=several: consistency(several))
        yield f"  peak memory of {times * MATRICES:,}", most / 2**20, "MiB"

    panel = judged(EXPERTS, ITEMS)
    for kind, aggregation in itertools.product(("bootstrap", "judgement"), ("judgements", "priorities")):
        took = fastest(lambda kind=kind, aggregation=aggregation: weight_uncertainty(
            panel, kind=kind, draws=DRAWS, aggregation=aggregation), 3)
        yield f"{DRAWS:,} draws on {EXPERTS} experts: {kind}, aggregated {aggregation}", took, "s"


def beside_eig(matrices: NDArray) -> Iterator[tuple[str, float, str]]:
    """The same in one call of LAPACK."""
    ours, eig = (fastest(action) for action in (lambda: consistency(matrices), lambda: by_eig(matrices)))
    found = consistency(matrices)
    require_equal("numpy.linalg.eig", by_eig(matrices), (found.weights, found.lambda_max), 1e-9)
    yield f"  batched numpy.linalg.eig, {matrices.shape[-1]} items", eig * 1e3, "ms"
    yield "  batched numpy.linalg.eig / mineco", eig / ours, "times"


def judged(count: int, items: int) -> NDArray[np.float64]:
    """Judgement matrices of experts who have weights in mind and put them on Saaty's scale as people do."""
    rng = np.random.default_rng(20240101)
    first, second = np.triu_indices(items, 1)
    minds = rng.normal(0, 0.8, (count, items))
    logs = minds[:, first] - minds[:, second] + rng.normal(0, 0.5, (count, len(first)))
    answers = SCALE[np.abs(logs[..., np.newaxis] - np.log(SCALE)).argmin(axis=-1)]
    matrices = np.ones((count, items, items))
    matrices[:, first, second], matrices[:, second, first] = answers, 1 / answers
    return matrices


def by_eig(matrices: NDArray) -> tuple[NDArray, NDArray]:
    """Weights and λmax by LAPACK, all matrices in one call."""
    values, vectors = np.linalg.eig(matrices)
    largest = values.real.argmax(axis=1)
    vector = np.take_along_axis(vectors, largest[:, np.newaxis, np.newaxis], axis=2)[..., 0].real
    return vector / vector.sum(axis=1, keepdims=True), values.real.max(axis=1)


def by_ahpy(answers: list[dict[tuple[str, str], float]]) -> tuple[NDArray, NDArray]:
    """Weights and CR by ahpy, with its defaults."""
    import ahpy

    compared = [ahpy.Compare("panel", one) for one in answers]
    weights = [[one.local_weights[str(item)] for item in range(ITEMS)] for one in compared]
    return np.array(weights), np.array([one.consistency_ratio for one in compared])


def by_pymcdm(matrices: NDArray) -> tuple[NDArray, NDArray]:
    """Weights and CR by pymcdm."""
    from pymcdm.weights.subjective import AHP

    compared = [AHP(matrix=one) for one in matrices]
    return np.array([one() for one in compared]), np.array([one.get_cr() for one in compared])


def require_equal(name: str, theirs: tuple[NDArray, NDArray], ours: tuple[Any, Any], within: float) -> None:
    """Time is compared only where the answers are the same."""
    for their, our in zip(theirs, ours, strict=True):
        if np.abs(their - our).max() > within:
            raise SystemExit(f"{name} and mineco differ by {np.abs(their - our).max():.2g}")


def fastest(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Seconds of the fastest of some calls."""
    return min(once(action)[0] for _ in range(repeats))


def once(action: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of a call, and its result."""
    begun = time.perf_counter()
    found = action()
    return time.perf_counter() - begun, found


def peak(action: Callable[[], object]) -> int:
    """Most bytes that a call holds at a time."""
    tracemalloc.start()
    action()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


if __name__ == "__main__":
    for what, value, unit in rows():
        print(f"{what:<75}  {value:>10.3f}  {unit}".rstrip())
