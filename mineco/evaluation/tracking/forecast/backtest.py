"""How well each model would have forecast the years that are known, from every year on which it could have been asked.

Rule: each model is judged against the last value from the same years and over the same steps ahead.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mineco.core.lazy import Brief
from mineco.evaluation.tracking.forecast.models import MODELS, Ahead, Model, NotFittedError

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """A scale on which series are forecast: there and back."""

    name: str  # log or plain
    there: Callable[[Values], Values]
    back: Callable[[Values], Values]

    def ahead(self, model: Model, values: Values, steps: int, coverage: float) -> Ahead:
        """What a model says, in the unit of the values."""
        found = model(self.there(values), steps, coverage)
        return Ahead(self.back(found.middle), self.back(found.low), self.back(found.high))


def scale_of(values: Values) -> Scale:
    """Logarithms where every value is above zero, so that no forecast falls below; else the values over the largest.

    >>> scale_of(np.array([2.0, 1.0])).name, scale_of(np.array([2.0, 0.0])).name
    ('log', 'plain')
    """
    return Scale("log", np.log, np.exp) if np.all(values > 0) else plain_scale(values)


def plain_scale(values: Values) -> Scale:
    """The values over the largest, so that optimisers meet numbers about one."""
    largest = float(np.max(np.abs(values)))
    return Scale("plain", lambda given: given / largest, lambda given: given * largest)


@dataclass(frozen=True, repr=False)
class Tested(Brief):
    """How a model did in the test, and what became of it.

    Attributes
    ----------
    model : str       Its id in ``parameters/tracking/forecast.yaml``.
    state : str       tested, until it is judged; then chosen, better (and another still better), not_better,
                      too_narrow, too_short, needs_positive or not_converged.
    points : int      The fewest years that it is fitted to.
    origins : int     Years from which it forecast.
    forecasts : int   Values that it forecast, over all origins and steps.
    error : float     Mean absolute error. [unit of the series]
    naive : float     That of the last value over the same forecasts. [unit of the series]
    scaled : float    Mean absolute error over the mean absolute yearly change of the series (MASE). [1]
    inside : int      Forecasts whose interval held the value.
    failed : int      Last year of the series to which it has no fit; 0 where it fitted all.
    """

    model: str
    state: str
    points: int = 0
    origins: int = 0
    forecasts: int = 0
    error: float | None = None
    naive: float | None = None
    scaled: float | None = None
    inside: int = 0
    failed: int = 0

    @property
    def ratio(self) -> float | None:
        """Its error over that of the last value; None where the last value was never wrong. [1]"""
        return self.error / self.naive if self.error is not None and self.naive else None

    @property
    def covered(self) -> float:
        """The share of forecasts whose interval held the value. [1]"""
        return self.inside / self.forecasts

    def with_state(self, state: str, failed: int = 0) -> "Tested":
        """The same, judged."""
        return replace(self, state=state, failed=failed)


def backtest(values: Values, model: str, points: int, steps: int, coverage: float, scale: Scale) -> Tested:
    """Forecast from every year from the ``points``-th on, each time with the years up to it alone (expanding window).

    Parameters
    ----------
    values : array of shape (years,)   One a year, without gap.
    model : str
    points : int                       The fewest years that the model is fitted to.
    steps : int                        Years ahead at most; as far as the years known go.
    coverage : float                   Of the prediction intervals. [1]
    scale : Scale                      On which the model is fitted; errors are in the unit of the values.

    Returns
    -------
    Tested
        With state tested, or not_converged where one of its fits failed.

    >>> values = np.array([8.0, 9.0, 10.0, 12.0, 11.0])
    >>> found = backtest(values, "last", 3, 2, 0.95, scale_of(values))
    >>> found.forecasts, round(found.error, 3), round(found.scaled, 3)  # |10 - 12|, |10 - 11|, |12 - 11|; over 5/4
    (3, 1.333, 1.067)
    """
    errors, naive, inside = [], [], 0
    for origin in range(points, len(values)):
        known, after = values[:origin], values[origin:origin + steps]
        try:
            found = scale.ahead(MODELS[model], known, len(after), coverage)
        except NotFittedError:
            return Tested(model, "not_converged", points, failed=origin)
        errors.append(np.abs(found.middle - after))
        naive.append(np.abs(known[-1] - after))
        inside += int(np.sum((found.low <= after) & (after <= found.high)))
    error, of_naive = (float(np.mean(np.concatenate(one))) for one in (errors, naive))
    return Tested(model, "tested", points, len(errors), sum(map(len, errors)), error, of_naive,
                  error / float(np.mean(np.abs(np.diff(values)))), inside)
