"""The models that may forecast a yearly series, each from its years to so many years ahead, on the scale it is given.

Rule: a model that does not converge says so and gives nothing; what the library warns of is never passed over.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Model = Callable[[Values, int, float], "Ahead"]
ITERATIONS = 1000  # of an optimiser, many more than these series need


class NotFittedError(Exception):
    """The model has no fit to these years."""


@dataclass(frozen=True)
class Ahead:
    """What a model says of the years ahead, in order: the middle of each and the ends of its prediction interval."""

    middle: Values
    low: Values
    high: Values


def last_value(values: Values, steps: int, coverage: float) -> Ahead:
    """Every year ahead is like the last: the naive forecast, by which every other is judged.

    Parameters
    ----------
    values : array of shape (years,)   One a year, without gap. [any scale]
    steps : int                        Years ahead.
    coverage : float                   Of the prediction interval. [1]

    Returns
    -------
    Ahead
        Intervals widen with the root of the years ahead (Hyndman & Athanasopoulos 2021, table 5.2), by Student's t with
        as many degrees of freedom as there are changes, which is exact where these are normal about zero.

    >>> found = last_value(np.array([10.0, 12.0, 11.0]), 2, 0.95)
    >>> found.middle.tolist(), found.high.round(2).tolist()  # 11 + 4.303 × √((4 + 1)/2) × √h
    ([11.0, 11.0], [17.8, 20.62])
    """
    changes, ahead = np.diff(values), np.arange(1, steps + 1)
    error = np.sqrt(np.mean(changes**2) * ahead)
    return _interval(np.full(steps, values[-1]), error, len(changes), coverage)


def drift(values: Values, steps: int, coverage: float) -> Ahead:
    """The mean yearly change goes on from the last value; as `last_value` (table 5.2), with the error of that mean.

    >>> found = drift(np.array([10.0, 12.0, 11.0, 13.0]), 2, 0.95)  # changes 2, -1, 2: mean 1, variance 6/2
    >>> found.middle.tolist(), found.high.round(2).tolist()  # 14 + 4.303 × √(3 × 1 × 4/3)
    ([14.0, 15.0], [22.61, 28.61])
    """
    changes, ahead = np.diff(values), np.arange(1, steps + 1)
    slope, count = float(np.mean(changes)), len(changes)
    variance = np.sum((changes - slope)**2) / (count - 1)
    error = np.sqrt(variance * ahead * (1 + ahead / count))
    return _interval(values[-1] + slope * ahead, error, count - 1, coverage)


def trend(values: Values, steps: int, coverage: float) -> Ahead:
    """A straight line through all years by least squares; of logarithms, a steady yearly share.

    >>> found = trend(np.array([0.0, 1.0, 3.0, 4.0]), 1, 0.95)
    >>> found.middle.round(3).tolist()  # mean 2, slope (1.5·2 + 0.5·1 + 0.5·1 + 1.5·2)/5 = 1.4
    [5.5]
    """
    from statsmodels.api import OLS

    times = np.arange(len(values) + steps, dtype=float)
    design = np.column_stack([np.ones_like(times), times])
    fit = OLS(values, design[:len(values)]).fit()
    found = fit.get_prediction(design[len(values):])
    low, high = found.conf_int(obs=True, alpha=1 - coverage).T
    return Ahead(found.predicted_mean, low, high)


def smoothed(values: Values, steps: int, coverage: float) -> Ahead:
    """A level of which each year tells in part: simple exponential smoothing as ETS(A, N, N).

    Raises
    ------
    NotFittedError
    """
    return _exponential_smoothing(values, steps, coverage, parameters=2)


def damped_trend(values: Values, steps: int, coverage: float) -> Ahead:
    """Level and trend that follow the years, the trend fading: Holt's damped method as ETS(A, Ad, N).

    Raises
    ------
    NotFittedError
    """
    return _exponential_smoothing(values, steps, coverage, parameters=5, trend="add", damped_trend=True)


def carried_on(values: Values, steps: int, coverage: float) -> Ahead:
    """A share of each year's change goes on in the next: ARIMA(1, 1, 0).

    Raises
    ------
    NotFittedError
    """
    from statsmodels.tsa.arima.model import ARIMA

    fit = _converged(lambda: ARIMA(values, order=(1, 1, 0), concentrate_scale=True).fit(
        start_params=[0.0], cov_type="none", method_kwargs={"maxiter": ITERATIONS}))
    found = fit.get_forecast(steps)
    return _by_freedom(found.predicted_mean, found.se_mean**2, len(values) - 1, 1, coverage)


MODELS: dict[str, Model] = {"last": last_value, "drift": drift, "trend": trend, "smoothed": smoothed,
                            "damped": damped_trend, "carried_on": carried_on}


def _exponential_smoothing(values: Values, steps: int, coverage: float, parameters: int, **form: Any) -> Ahead:
    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    # on numbers far smaller or larger the optimiser calls converged what is not; the model itself knows no scale
    one, count = float(np.mean(np.abs(np.diff(values)))), len(values)
    fit = _converged(lambda: ETSModel(pd.Series(values / one), error="add", **form).fit(
        disp=False, maxiter=ITERATIONS))
    found = fit.get_prediction(start=count, end=count + steps - 1)
    return _by_freedom(found.predicted_mean * one, found.forecast_variance * one**2, count, parameters, coverage)


def _by_freedom(middle: Any, variance: Any, count: int, parameters: int, coverage: float) -> Ahead:
    """An interval by the degrees of freedom that the parameters leave: the library's variance is that of maximum
    likelihood, which is too small for a few years, and its intervals are those of the normal distribution."""
    free = count - parameters
    return _interval(np.asarray(middle), np.sqrt(np.asarray(variance) * count / free), free, coverage)


def _converged(fit: Callable[[], Any]) -> Any:
    """A fit of the library; any warning of it, or no convergence, is none."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            found = fit()
        except np.linalg.LinAlgError as error:
            raise NotFittedError from error
    if told or not found.mle_retvals["converged"]:
        raise NotFittedError
    return found


def _interval(middle: Values, error: Values, free: int, coverage: float) -> Ahead:
    from scipy.stats import t

    half = t.ppf(0.5 + coverage / 2, free) * error
    return Ahead(middle, middle - half, middle + half)
