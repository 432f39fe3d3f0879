"""The report on restoration areas: stocks of carbon, their change, and plots against the map."""

import math
from collections.abc import Mapping

import numpy as np

from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import label
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.carbon import Carbon
from mineco.evaluation.restoration_area.given.pools import POOLS, PoolRow, PoolTable
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.views.figures import (
    against_required,
    map_against_plots,
    stocks_by_class,
    values_with_intervals,
)
from mineco.evaluation.restoration_area.views.interval import (
    interval_text,
    value_low_high,
    with_interval,
    worst_text,
)
from mineco.evaluation.restoration_area.views.pictures import shown_classes_of
from mineco.evaluation.restoration_area.views.standing import not_assessed
from mineco.evaluation.views.words import join_names, named, spoken
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, below, note, pairs, show, show_text, status_text
from mineco.standards.area import AreaRules

DEVIATIONS = {"bias": "bias", "stock": "stock_error", "change": "change_error"}  # each with its part of the result


def pools(data: AreaData) -> Block:
    """Mean and standard deviation of every pool of every class, with tier and source (reading T4)."""
    if data.pools is None or not data.covers:
        return not_assessed("stock", data)
    names = {one.code: named(one) for one in data.classes}
    rows = []
    for place, code in enumerate(data.pools.classes):
        if code in names:
            about = [data.pools.rows[code, pool] for pool in POOLS]
            rows.append({"map_class": names[code], **{
                label(f"pool_{pool}"): f"{format_number(float(data.pools.mean[place, at]))} ± "
                                       f"{format_number(float(data.pools.spread[place, at]))}"
                for at, pool in enumerate(POOLS)},
                "tier": ", ".join(dict.fromkeys(str(one.tier) for one in about)),
                "source": join_names(dict.fromkeys(spoken(one.source) for one in about)),
                "status": label("list_comma").join(dict.fromkeys(status_text(one.status) for one in about))})
    heads = {name: name for name in (label(f"pool_{pool}") for pool in POOLS)}
    table = show(rows, "pools_of_classes", headers=heads)
    taken = {key: row for key, row in data.pools.rows.items() if row.zone and key[0] in data.codes}
    return table + _defaults(data, data.pools, taken) if taken else table


def _defaults(data: AreaData, table: PoolTable, taken: Mapping[tuple[int, str], PoolRow]) -> Block:
    """How many of the pools are defaults of a climate zone, how far they spread and how well they were seen."""
    places = [(table.classes.index(code), POOLS.index(pool)) for code, pool in taken]
    shares = [table.spread[place] / table.mean[place] for place in places if table.mean[place] > 0]
    return show_text(label("pools_default").format(
        count=len(taken), all=len(data.codes) * len(POOLS), zone=label(f"zone_{data.settings.default_pools}"),
        status=label("list_comma").join(dict.fromkeys(status_text(row.status) for row in taken.values())),
        low=format_percent(min(shares, default=0.0)), high=format_percent(max(shares, default=0.0))))


def stocks_figure(data: AreaData, carbon: Carbon | None) -> Drawing | Block | None:
    """Carbon of each class at the end, pool on pool, from adjusted areas."""
    if carbon is None or data.pools is None:
        return None
    shown, order = shown_classes_of(data), [data.pools.classes.index(code) for code in data.codes]
    by_pool = shown.summed(carbon.areas[data.today].area.value[:, np.newaxis] * data.pools.mean[order])
    stocks = {name: {label(f"pool_{pool}"): float(one[at]) for at, pool in enumerate(POOLS)}
              for (name, _), one in zip(shown.kinds, by_pool, strict=True) if one.any()}
    return stocks_by_class(stocks, "tC", caption="stocks_figure") if stocks else show_text(label("no_stocks"))


def stocks(data: AreaData, carbon: Carbon | None) -> Block:
    """Stock at each date and change: as mapped, from adjusted areas by formula, and by draws."""
    if carbon is None:
        return not_assessed("stock", data)
    mapped = {"start": carbon.mapped[0], "end": carbon.mapped[-1], "change": carbon.mapped_change}
    rows = [{"item": dated(carbon, name), "as_mapped": format_number(mapped[name], "tC"),
             "by_formula": with_interval(getattr(carbon, name)), "by_draws": with_interval(carbon.drawn[name])}
            for name in ("start", "end", "change") if name in carbon.drawn]
    block = show(rows, "stocks_and_change", units={"by_formula": "tC", "by_draws": "tC"})
    block = block if carbon.adjusted else block + show_text(label("areas_as_mapped"))
    return block if carbon.change else block + not_assessed("change", data, carbon)


def stocks_intervals(carbon: Carbon | None) -> Drawing | None:
    """The change by formula and by draws, side by side."""
    if carbon is None or carbon.change is None:
        return None
    ways = {label("by_formula"): value_low_high(carbon.change),
            label("by_draws"): value_low_high(carbon.drawn["change"])}
    return values_with_intervals({dated(carbon, "change"): ways}, "tC", label("carbon_change"),
                                 zero=True, caption="change_figure")


def carbon_by_transition(data: AreaData, carbon: Carbon | None) -> Block | None:
    """The changes of class that bring or take most carbon."""
    if carbon is None or carbon.by_transition is None:
        return None
    names = [named(one) for one in data.classes]
    found = sorted(((float(carbon.by_transition[place]), place) for place in np.ndindex(carbon.by_transition.shape)
                    if carbon.by_transition[place]), key=lambda one: -abs(one[0]))
    rows = [{"from_to_class": f"{names[before]} → {names[after]}", "carbon_change": value}
            for value, (before, after) in found[:12]]
    return show(rows, "carbon_by_transition", units={"carbon_change": "tC"})


def gain_loss(carbon: Carbon | None, rules: AreaRules) -> Block | None:
    """The other method beside: gain less loss by yearly rates, and what soils will have done once settled."""
    if carbon is None or carbon.change is None:
        return None
    lines = [] if carbon.gain_loss is None else [label("gain_loss_line").format(
        value=with_interval(carbon.gain_loss, unit="tC/yr"),
        change=with_interval(carbon.change, scale=1 / carbon.between, unit="tC/yr"))]
    lines += [label("land_unrated").format(land=named(rules.ecosystems[name]),
                                           area=format_number(area, "ha")) for name, area in carbon.unrated_ha.items()]
    lines.append(label("soil_settles").format(whole=format_number(carbon.soil_change, "tC"), years=carbon.between,
                                              now=format_number(carbon.soil_change_by_now, "tC")))
    return note("other_methods", lines)


def plots_figure(case: Case, carbon: Carbon | None) -> Drawing | None:
    """Each plot on the ground and in the map."""
    if carbon is None or carbon.plots is None:
        return None
    return map_against_plots(carbon.plot_carbon.tolist(), carbon.plot_density.tolist(),
                             case.standard.rule("carbon_deviation"), caption="plots_figure")


def plots(data: AreaData, carbon: Carbon | None) -> Block:
    """Bias of the map against the plots with its interval, and the root mean square."""
    if carbon is None or carbon.plots is None:
        return not_assessed("bias", data, carbon)
    found = carbon.plots
    left_out = [("plots_left_out", join_names(carbon.plots_left_out))] if carbon.plots_left_out else []
    rows = [("plots_count", str(found.count)), *left_out, ("plots_mean", format_number(found.measured, "tC/ha")),
            ("plots_bias", interval_text(found.bias, found.low, found.high, "tC/ha")),
            ("plots_rmse", format_number(found.rmse, "tC/ha"))]
    return pairs(rows, "plots_table")


def carbon_figure(case: Case, carbon: Carbon | None) -> Drawing | None:
    """Bias, and half-widths of stock and of change, beside the deviation that the notes allow."""
    if carbon is None or not carbon.deviations:
        return None
    found = {label(f"deviation_{name}"): (one.point, min(one.point, one.worst), max(one.point, one.worst))
             for name, one in carbon.deviations.items() if not math.isnan(one.point)}
    return against_required(found, case.standard.rule("carbon_deviation"), at_least=False, caption="carbon_figure")


def carbon_verdict(data: AreaData, carbon: Carbon | None) -> Block:
    """Each deviation with the end that decides (reading T2), and those that are not assessed."""
    told = {} if carbon is None else {name: label("verdict_at_most").format(
        name=label(f"deviation_{name}"), value=worst_text(one), asked=format_percent(one.allowed),
        met=label("met" if one.met else "not_met")) for name, one in carbon.deviations.items()}
    blocks = [note("verdict_T2", list(told.values()))] if told else []
    blocks += [not_assessed(stage, data, carbon) for name, stage in DEVIATIONS.items() if name not in told]
    return below(blocks)


def dated(carbon: Carbon, name: str) -> str:
    """A stock or the change with its years."""
    return label(f"carbon_{name}_of").format(first=carbon.years[0], last=carbon.years[-1])
