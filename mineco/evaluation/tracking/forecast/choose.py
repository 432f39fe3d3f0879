"""A yearly series forecast to a year: which model, by how much it beat the last value, and the interval of each year.

Rule: the last value stays unless another model beats it in the test; what cannot be forecast says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.formatting import format_percent
from mineco.core.lazy import Brief
from mineco.core.yaml_reading import kit_data
from mineco.evaluation.tracking.forecast.backtest import Scale, Tested, Values, backtest, scale_of
from mineco.evaluation.tracking.forecast.breaks import jump, other_pace
from mineco.evaluation.tracking.forecast.models import MODELS, Ahead, NotFittedError

if TYPE_CHECKING:
    import pandas as pd

PARAMETERS = "tracking/forecast.yaml"
LIBRARY = "statsmodels"
NAIVE = "last"
NEEDS_LOGARITHMS = ("trend",)
ROUNDING = 1e-9  # of the largest change


@dataclass(frozen=True, repr=False)
class Forecast(Brief):
    """A series, what it comes to if its process goes on unchanged, and how that was found.

    Attributes
    ----------
    series : mapping     The value of each known year. [unit]
    unit : str
    scale : str          log where all values are above zero, and the middle is the median; else plain.
    tests : tuple        Every model: how it did in the test, and what became of it; the last value first.
    chosen : str         The model of the forecast.
    years : tuple        The years ahead.
    ahead : Ahead        Middle and ends of the prediction interval of each. [unit]
    coverage : float     Of the intervals, nominal. [1]
    tested : int         Years ahead as far as the test of the chosen model went.
    noticed : tuple      Problems that stop nothing: breaks, years beyond the test, ends below zero.
    """

    series: Mapping[int, float]
    unit: str
    scale: str
    tests: tuple[Tested, ...]
    chosen: str
    years: tuple[int, ...]
    ahead: Ahead
    coverage: float
    tested: int
    noticed: tuple[Problem, ...]

    @property
    def test(self) -> Tested:
        """The test of the chosen model."""
        return next(one for one in self.tests if one.model == self.chosen)

    def frame(self) -> "pd.DataFrame":
        """A row for each year ahead: middle, ends of the interval, and whether the test went as far."""
        import pandas as pd

        return pd.DataFrame({"middle": self.ahead.middle, "low": self.ahead.low, "high": self.ahead.high,
                             "tested": [step < self.tested for step in range(len(self.years))]},
                            index=pd.Index(self.years, name="year"))

    def tests_frame(self) -> "pd.DataFrame":
        """A row for each model of the comparison."""
        import pandas as pd

        return pd.DataFrame([{**vars(one), "ratio": one.ratio} for one in self.tests]).set_index("model")


@checked_arguments(until=1)
def forecast(series: Mapping[int, float], until: int, unit: str = "tCO2e") -> "Forecast | BadInput":
    """Forecast a yearly series to a year, or say why it cannot be.

    Each model of ``parameters/tracking/forecast.yaml`` forecasts the known years from every earlier one on (expanding
    window, all steps that are asked for). The last value is kept unless another has a mean absolute error below
    `best_ratio` of its own and intervals that held `least_covered` of the values; the least error is taken.

    Parameters
    ----------
    series : mapping of int to float   The value of each year, without gap. [unit]
    until : int                        The last year to forecast.
    unit : str

    Returns
    -------
    Forecast or BadInput
        The problems where the series is too short, has gaps or no scatter, the year is too far, or statsmodels (the
        extra ``forecast``) is not installed.

    >>> known = dict(enumerate([980.0, 1010.0, 965.0, 990.0, 1002.0, 950.0, 985.0, 1004.0], 2017))
    >>> found = forecast(known, 2026)
    >>> found.chosen, found.years, found.ahead.middle.round(1).tolist()
    ('last', (2025, 2026), [1004.0, 1004.0])
    >>> forecast({2023: 5.0, 2024: 4.0}, 2026)
    <BadInput of 1: forecast_too_short>
    """
    rules = kit_data(PARAMETERS)
    try:
        values = _checked(series, until, rules)
    except BadInput as error:
        return error
    years, steps, coverage = sorted(series), until - max(series), rules["coverage"]["value"]
    scale = scale_of(values)
    tests = [_test(values, model, steps, rules, scale) for model in rules["models"]]
    tests, ahead = _chosen(values, tests, steps, rules, scale)
    chosen = next(one for one in tests if one.state == "chosen")
    tested = min(steps, len(values) - rules["models"][chosen.model]["points"])
    noticed = _breaks(scale.there(values), years, scale, rules)
    if tested < steps:
        noticed.append(Problem("forecast_beyond_test", value=years[-1] + tested + 1, details={"tested": tested}))
    if np.any(ahead.low < 0) and np.all(values >= 0):
        noticed.append(Problem("forecast_below_zero"))
    return Forecast(dict(zip(years, values.tolist(), strict=True)), unit, scale.name, tuple(tests), chosen.model,
                    tuple(range(years[-1] + 1, until + 1)), ahead, coverage, tested, tuple(noticed))


def _checked(series: Mapping[int, float], until: int, rules: Mapping[str, Any]) -> Values:
    """The values in the order of their years, where they can be forecast."""
    problems, years = Problems(), sorted(series)
    values = np.array([series[year] for year in years], dtype=float)
    if find_spec(LIBRARY) is None:
        problems.add("forecast_not_installed", value=LIBRARY)
    if unknown := [year for year, value in zip(years, values, strict=True) if not np.isfinite(value)]:
        problems.add("forecast_not_finite", value=", ".join(map(str, unknown)))
    if missing := sorted({*range(years[0], years[-1])} - {*years}) if years else []:
        problems.add("forecast_years_missing", value=", ".join(map(str, missing)))
    least = rules["models"][NAIVE]["points"] + rules["least_origins"]["value"]
    if len(years) < least:
        problems.add("forecast_too_short", count=len(years), least=least, points=rules["models"][NAIVE]["points"],
                     origins=rules["least_origins"]["value"])
    problems.stop()
    most = int(len(years) * rules["horizon_share"]["value"])
    if until <= years[-1]:
        problems.add("forecast_not_ahead", value=until, last=years[-1])
    elif until - years[-1] > most:
        problems.add("forecast_too_far", value=until, most=most, last=years[-1] + most)
    if not np.ptp(values) or _alike(np.diff(scale_of(values).there(values))):
        problems.add("forecast_without_scatter")
    problems.stop()
    return values


def _alike(changes: Values) -> bool:
    return bool(np.ptp(changes) <= ROUNDING * np.max(np.abs(changes)))


def _test(values: Values, model: str, steps: int, rules: Mapping[str, Any], scale: Scale) -> Tested:
    points = rules["models"][model]["points"]
    if model in NEEDS_LOGARITHMS and scale.name != "log":
        return Tested(model, "needs_positive", points)
    if len(values) < points + rules["least_origins"]["value"]:
        return Tested(model, "too_short", points)
    return backtest(values, model, points, steps, rules["coverage"]["value"], scale)


def _chosen(values: Values, tests: Sequence[Tested], steps: int, rules: Mapping[str, Any], scale: Scale
            ) -> tuple[list[Tested], Ahead]:
    """Every model with what became of it, and the forecast of the chosen one."""
    coverage, judged = rules["coverage"]["value"], {one.model: _judged(one, rules) for one in tests}
    better = [one for one in judged.values() if one.state == "better"]
    for one in sorted(better, key=lambda one: one.ratio or 0.0):
        try:
            ahead = scale.ahead(MODELS[one.model], values, steps, coverage)
            break
        except NotFittedError:
            judged[one.model] = one.with_state("not_converged", failed=len(values))
    else:
        one, ahead = judged[NAIVE], scale.ahead(MODELS[NAIVE], values, steps, coverage)
    judged[one.model] = one.with_state("chosen")
    return list(judged.values()), ahead


def _judged(one: Tested, rules: Mapping[str, Any]) -> Tested:
    """What becomes of a model by its test: better than the last value, or why not."""
    if one.state != "tested" or one.model == NAIVE:
        return one
    if one.ratio is None or one.ratio > rules["best_ratio"]["value"]:
        return one.with_state("not_better")
    return one.with_state("better" if one.covered >= rules["least_covered"]["value"] else "too_narrow")


def _breaks(values: Values, years: Sequence[int], scale: Scale, rules: Mapping[str, Any]) -> list[Problem]:
    changes, level, told = np.diff(values), rules["break_level"]["value"], []
    place, chance = jump(changes)
    if chance < level:
        told.append(Problem("forecast_jump", value=years[place + 1], details={
            "change": _change(changes[place], scale), "usual": _change(float(np.median(changes)), scale)}))
    place, chance = other_pace(changes)
    if chance < level:
        told.append(Problem("forecast_other_pace", value=years[place + 1], details={
            "before": _change(float(np.mean(changes[:place])), scale),
            "after": _change(float(np.mean(changes[place:])), scale)}))
    return told


def _change(change: float, scale: Scale) -> str:
    """A yearly change in per cent: of the year before, or of the largest value where there are no logarithms."""
    return format_percent(float(np.expm1(change)) if scale.name == "log" else change, digits=3)
