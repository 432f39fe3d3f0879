"""A forecast as pieces of a notebook: how the models compare, the years ahead with their intervals, and the figure.

Rule: no number is made here, and no forecast is shown without the comparison and what it takes for granted.
"""

from collections.abc import Mapping
from typing import Any

from mineco.core.errors import BadInput
from mineco.core.formatting import DASH, format_percent, format_rounded, unit_text
from mineco.core.labels import colour, label, problem_text
from mineco.core.yaml_reading import kit_data
from mineco.evaluation.tracking.forecast import Forecast
from mineco.evaluation.tracking.forecast.backtest import Tested
from mineco.evaluation.tracking.forecast.choose import NAIVE, PARAMETERS
from mineco.evaluation.views.words import spoken
from mineco.report.drawing import INK, MARK, Drawing, legend, new_axes, styled, value_axis
from mineco.report.tables import Block, show, show_text

Found = Forecast | BadInput


def forecast(found: Found) -> Block:
    """Everything: the comparison, the years ahead, and what is taken for granted; or why nothing is forecast."""
    if isinstance(found, BadInput):
        return refused(found)
    return comparison(found) + years_ahead(found)


def refused(found: BadInput) -> Block:
    """Why nothing is forecast."""
    return show_text("\n".join([label("forecast_none"), *map(problem_text, found.problems)]))


def comparison(found: Found) -> Block:
    """Every model against the last value, from the same years and as many years ahead, and what became of it."""
    if isinstance(found, BadInput):
        return refused(found)
    rows = [{"forecast_model": model_name(one.model), "forecast_origins": one.origins or None,
             "forecast_error": _rounded(one.error), "forecast_naive": _rounded(one.naive),
             "forecast_ratio": _percent(one.ratio), "forecast_scaled": _rounded(one.scaled),
             "forecast_inside": _inside(one), "forecast_result": fate(found, one)} for one in found.tests]
    units = dict.fromkeys(("forecast_error", "forecast_naive"), found.unit)
    return show(rows, "forecast_comparison", units=units, fine=True) + show_text(how_chosen(found))


def years_ahead(found: Found) -> Block:
    """The years ahead: middle, interval, and whether the test went as far; below them what is taken for granted."""
    if isinstance(found, BadInput):
        return show_text(label("forecast_none"))
    ahead = found.ahead
    rows = [{"year": year, "forecast_middle": format_rounded(middle), "forecast_interval": label("spread_range").format(
        low=format_rounded(low), high=format_rounded(high)), "forecast_tested": step < found.tested}
        for step, (year, middle, low, high) in enumerate(zip(found.years, ahead.middle, ahead.low, ahead.high,
                                                             strict=True))]
    units = dict.fromkeys(("forecast_middle", "forecast_interval"), found.unit)
    return show(rows, "forecast_years", units=units) + show_text(conditions(found))


def how_chosen(found: Forecast) -> str:
    """Which model was taken and by how much it was better than the last value, or that none was by enough."""
    rules, test = kit_data(PARAMETERS), found.test
    least = format_percent(1 - rules["best_ratio"]["value"])
    if found.chosen == NAIVE:
        return label("forecast_kept").format(least=least)
    return label("forecast_taken").format(model=model_name(found.chosen), error=_rounded(test.error),
                                          naive=_rounded(test.naive), unit=unit_text(found.unit),
                                          better=_percent(1 - (test.ratio or 0.0)), least=least, inside=test.inside,
                                          forecasts=test.forecasts)


def conditions(found: Forecast) -> str:
    """What the interval takes for granted, how often such ones held in simulation, and what was noticed."""
    told = [label("forecast_unchanged"), label(f"forecast_scale_{found.scale}"), held_in_simulation(found)]
    return "\n".join([*told, *map(problem_text, found.noticed)])


def held_in_simulation(found: Forecast) -> str:
    """How often intervals held of series whose process is known, from the least to the most of several processes."""
    held = kit_data(PARAMETERS)["held"]
    ends: dict[str, str] = {}
    for name in ("unchanged", "broken"):
        shares = [share for of_process in held[name].values() for share in of_process.values()]
        ends |= {f"{name}_low": f"{min(shares):.0f}", f"{name}_high": f"{max(shares):.0f}"}
    return label("forecast_held").format(nominal=format_percent(found.coverage), **ends)


def in_short(found: Found, goal: float | None = None) -> str:
    """The last year in a sentence, and on which side of the interval a goal for that year lies [unit of the series]."""
    if isinstance(found, BadInput):
        return " ".join([label("forecast_none"), *map(problem_text, found.problems)])
    middle, low, high = (float(one[-1]) for one in (found.ahead.middle, found.ahead.low, found.ahead.high))
    told = label("forecast_short").format(year=found.years[-1], middle=format_rounded(middle, found.unit),
                                          low=format_rounded(low), high=format_rounded(high),
                                          model=model_name(found.chosen))
    if goal is None:
        return told
    side = "above" if goal > high else "below" if goal < low else "within"
    return told + label("forecast_between") + label(f"forecast_goal_{side}").format(
        goal=format_rounded(goal, found.unit))


@styled
def _figure(found: Forecast, goals: Mapping[int, float], what: str) -> Any:
    from matplotlib.ticker import MaxNLocator

    figure, axes = new_axes(height=3.2)
    known, last = list(found.series), max(found.series)
    tone, here = colour("emissions"), found.series[last]
    ahead = [last, *found.years]
    band = axes.fill_between(ahead, [here, *found.ahead.low], [here, *found.ahead.high], color=colour("B"), alpha=0.5,
                             linewidth=0, label=label("forecast_interval"))
    lines = axes.plot(known, list(found.series.values()), "o-", color=tone, markersize=4, label=label("forecast_known"))
    lines += axes.plot(ahead, [here, *found.ahead.middle], "--", color=INK, linewidth=1.2,
                       label=model_name(found.chosen))
    if goals:
        lines += axes.plot(list(goals), list(goals.values()), "D", color=MARK, markersize=5,
                           label=label("forecast_goal"))
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    axes.axhline(0, color=INK, linewidth=1.0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    value_axis(axes.yaxis, what, found.unit)
    legend(figure, [*lines, band])
    middle, low, high = (format_rounded(float(one[-1])) for one in (found.ahead.middle, found.ahead.low,
                                                                    found.ahead.high))
    return figure, label("forecast_alt").format(what=what, first=known[0], last=last, year=found.years[-1],
                                                middle=middle, low=low, high=high, unit=unit_text(found.unit))


def figure(found: Found, goals: Mapping[int, float] | None = None, what: str = "emissions_axis") -> Drawing | Block:
    """The known years, the forecast with its interval, and goals by year [unit]; ``what`` names the axis."""
    if isinstance(found, BadInput):
        return show_text(label("forecast_none"))
    return _figure(found, goals or {}, label(what), caption="forecast_figure")


def model_name(model: str) -> str:
    """A model by its name."""
    return spoken(kit_data(PARAMETERS)["models"][model]["name"])


def fate(found: Forecast, one: Tested) -> str:
    """What became of a model, and why."""
    rules = kit_data(PARAMETERS)
    if one.model == NAIVE and one.state != "chosen":
        return label("forecast_state_beaten")
    return label(f"forecast_state_{one.state}").format(
        year=min(found.series) + one.failed - 1, least=one.points + rules["least_origins"]["value"],
        covered=format_percent(rules["least_covered"]["value"]))


def _rounded(value: float | None) -> str:
    return DASH if value is None else format_rounded(value)


def _percent(share: float | None) -> str:
    return DASH if share is None else format_percent(share, digits=2)


def _inside(one: Tested) -> str:
    return label("forecast_so_many").format(inside=one.inside, forecasts=one.forecasts) if one.forecasts else DASH
