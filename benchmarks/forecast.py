"""How often the prediction intervals of a forecast hold, on seeded series of several processes and lengths.

What is counted is the whole chain: the model is chosen by the very series, as `forecast` does for a mine.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput
from mineco.evaluation.tracking.forecast import forecast

LENGTHS = (6, 10, 15, 20)  # known years
AHEAD = 5
SERIES = 200  # of each process and length
SEED = 20260101
LEVEL, DRIFT, SCATTER = math.log(1000.0), -0.02, 0.05  # of logarithms: emissions of a mine that falls by 2 % a year
PULL = 0.5  # of the mean, on a series that goes back to it
JUMP = -0.2  # of logarithms, once

Process = Callable[[np.random.Generator, int], NDArray[np.float64]]


def random_walk(source: np.random.Generator, years: int) -> NDArray[np.float64]:
    """Logarithms whose yearly changes scatter about the drift."""
    return LEVEL + np.cumsum(source.normal(DRIFT, SCATTER, years))


def trend(source: np.random.Generator, years: int) -> NDArray[np.float64]:
    """Logarithms that scatter about a straight line."""
    return LEVEL + DRIFT * np.arange(years) + source.normal(0.0, SCATTER, years)


def mean_reverting(source: np.random.Generator, years: int) -> NDArray[np.float64]:
    """Logarithms that are pulled back to a mean, from which they begin as far off as they are in the long run."""
    away = source.normal(0.0, SCATTER / math.sqrt(1 - (1 - PULL) ** 2))
    found = []
    for shock in source.normal(0.0, SCATTER, years):
        found.append(away := (1 - PULL) * away + shock)
    return LEVEL + np.array(found)


def with_break(source: np.random.Generator, years: int) -> NDArray[np.float64]:
    """A random walk that falls once by a fifth, in a year that is known."""
    found = random_walk(source, years)
    found[source.integers(2, years - AHEAD - 1):] += JUMP
    return found


def with_break_ahead(source: np.random.Generator, years: int) -> NDArray[np.float64]:
    """A random walk that falls by a fifth in the first year ahead, as when a boundary or a plant changes."""
    found = random_walk(source, years)
    found[-AHEAD:] += JUMP
    return found


PROCESSES: dict[str, Process] = {
    "random walk": random_walk, "trend and scatter": trend, "mean-reverting": mean_reverting,
    "random walk, a break among the known years": with_break, "random walk, a break ahead": with_break_ahead}


@dataclass(frozen=True)
class Held:
    """How the intervals of one process and length did.

    ``inside`` is the share of all values ahead that lay inside [1], ``last`` of those of the last year, ``error`` the
    standard error of ``inside`` with a series as one draw, ``kept`` the share of series whose last value was kept.
    """

    process: str
    years: int
    inside: float
    last: float
    error: float
    kept: float
    nominal: float


def coverage(process: str, years: int, series: int = SERIES, seed: int = SEED) -> Held | None:
    """The shares of one process and length; None where the forecast is refused, since the years are too few."""
    inside, kept, nominal = [], [], math.nan
    for number in range(series):
        source = np.random.default_rng([seed, list(PROCESSES).index(process), years, number])
        values = np.exp(PROCESSES[process](source, years + AHEAD))
        found = forecast(dict(enumerate(values[:years].tolist(), 2001)), 2000 + years + AHEAD)
        if isinstance(found, BadInput):
            return None
        inside.append((found.ahead.low <= values[years:]) & (values[years:] <= found.ahead.high))
        kept.append(found.chosen == "last")
        nominal = found.coverage
    held = np.array(inside, dtype=float)
    return Held(process, years, float(held.mean()), float(held[:, -1].mean()),
                float(held.mean(axis=1).std(ddof=1) / math.sqrt(series)), float(np.mean(kept)), nominal)


def rows() -> Iterator[tuple[str, float, str]]:
    """What, value, unit; nan where the forecast is refused."""
    for process in PROCESSES:
        for years in LENGTHS:
            found = coverage(process, years)
            if found is None:
                yield f"{process}, {years} years: refused, too few", math.nan, ""
                continue
            yield f"{process}, {years} years, {AHEAD} ahead: inside the {found.nominal:.0%} interval", (
                100 * found.inside), f"% ± {100 * found.error:.1f}"
            yield "  in the last year ahead", 100 * found.last, "%"
            yield "  series whose last value was kept", 100 * found.kept, "%"


if __name__ == "__main__":
    for what, value, unit in rows():
        print(f"{what:<85}  {value:>8.1f}  {unit}".rstrip(), flush=True)
