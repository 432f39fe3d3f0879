"""Figures that are possible and seldom true: a power of ten may have slipped. They are told of; what no fuel and no
constant of nature can be is refused. Each rule holds for one mine and for many at once."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from mineco.core import units
from mineco.core.errors import BadInput, Problem
from mineco.core.formatting import format_number
from mineco.core.number import Number
from mineco.core.quantity import Quantity
from mineco.core.yaml_reading import kit_data
from mineco.dossier.checks.noticed import Noticed, at_first
from mineco.dossier.mine import Mine
from mineco.dossier.rows import ActivityRow, MetricRow
from mineco.standards.factors import Factors
from mineco.standards.standard import Standard

RATIO_DIGITS = 3

Figures = dict[tuple[int, str, str], Quantity]  # by year, name without key, key


def _limits() -> dict[str, Any]:
    return kit_data("dossier/plausible.yaml")


def implausible_figures(activity: Iterable[ActivityRow], metrics: Iterable[MetricRow], standard: Standard,
                        factors: Factors, mine: Mine) -> Iterator[Noticed]:
    """Every figure of a dossier without problems beyond the limits of plausible.yaml, with what it was held to."""
    rows = list(activity)
    figures: Figures = {(row.year, f"{row.source}.{row.parameter}", row.key): row.quantity for row in rows}
    figures |= {(row.year, row.metric, ""): row.quantity for row in metrics}
    yield from _between_years(figures)
    yield from _ratios(figures)
    yield from _sources_changed(rows, standard)
    for row in rows:
        yield from _beside_factors(row, standard, factors)
        yield from _beside_grid(row, standard, factors, mine)


def _between_years(figures: Figures) -> Iterator[Noticed]:
    """What leaves zero, comes to it or changes manifold, against the year before of which there is a figure."""
    most = _limits()["between_years"]["most"]
    earlier: dict[tuple[str, str], tuple[int, Quantity]] = {}
    for (year, name, key), figure in sorted(figures.items(), key=lambda one: one[0]):
        if (before := earlier.get((name, key))) and units.compatible(figure.unit, before[1].unit):
            now, then = np.abs(figure.value), np.abs(units.convert(before[1].value, before[1].unit, figure.unit))
            low, high = np.minimum(now, then), np.maximum(now, then)
            about = {"year": before[0], "line": before[1].datum.row,
                     "other": f"{before[1].datum.given} {before[1].unit}"}
            yield np.equal(now, 0) != np.equal(then, 0), _problem("changed_from_zero", figure, **about)
            if np.any(manifold := (low > 0) & (high > most * low)):
                times = at_first(manifold, high) / at_first(manifold, low)
                yield manifold, _problem("changed_manifold", figure, times=f"{times:.3g}", **about)
        earlier[name, key] = year, figure


def _sources_changed(rows: Iterable[ActivityRow], standard: Standard) -> Iterator[Noticed]:
    """Sources that appear, methods that change, and fuels, shafts or stations that come or are gone from year to year.

    A row of zero is as good as none.
    """
    by_year: dict[int, dict[tuple[str, str], Quantity]] = {}
    for row in rows:
        kept = by_year.setdefault(row.year, {})
        if (row.source, row.key) not in kept or row.parameter == standard.sources[row.source].main:
            kept[row.source, row.key] = row.quantity
    years = sorted(by_year)
    for before, year in zip(years, years[1:], strict=False):
        then, now = ({source for source, _ in by_year[one]} for one in (before, year))
        for place, figure in by_year[year].items():
            source = standard.sources[place[0]]
            others = {one for one in then - now if one in source.instead or source.id in standard.sources[one].instead}
            names = {"year": year, "before": before, "name_zh": source.name_zh, "name_en": source.name_en}
            if place[0] in then:
                yield (place not in by_year[before]) & np.not_equal(figure.value, 0), Problem(
                    "key_new", "activity.csv", figure.datum.row, "item", place[1], names)
            elif next(one for one in by_year[year] if one[0] == place[0]) == place:
                yield True, (_problem("method_changed", figure, other=", ".join(sorted(others)), **names) if others
                             else _problem("source_new", figure, **names))
        for place, figure in by_year[before].items():
            source = standard.sources[place[0]]
            replaced = any(one in source.instead or source.id in standard.sources[one].instead for one in now - then)
            yield (place not in by_year[year] and not replaced) & np.not_equal(figure.value, 0), Problem(
                "key_gone", "activity.csv", figure.datum.row, "item", place[1] or place[0], {
                    "year": year, "before": before, "other": f"{figure.datum.given} {figure.unit}"})


def _ratios(figures: Figures) -> Iterator[Noticed]:
    """Sums over the output of the year beyond what is usual: nothing used is compared too, and use without output."""
    for about in _limits()["ratios"].values():
        signs = {name.removeprefix("-"): -1 if name.startswith("-") else 1 for name in about["figures"]}
        totals: dict[int, Number] = {}
        first: dict[int, Quantity] = {}
        for (year, name, _), figure in figures.items():
            if name in signs and units.compatible(figure.unit, about["unit"]):
                totals[year] = totals.get(year, 0.0) + signs[name] * units.convert(
                    figure.value, figure.unit, about["unit"])
                if name == about["figures"][0]:
                    first.setdefault(year, figure)
        for year, leading in first.items():
            per = figures.get((year, about["per"], ""))
            unit = next((one for one in about["per_units"] if per and units.compatible(per.unit, one)), "")
            if per is None or not unit:
                continue
            total, output = totals[year], units.convert(per.value, per.unit, unit)
            low, high = np.multiply(about["least"], output), np.multiply(about["most"], output)
            if np.any(unusual := np.less(total, low) | np.greater(total, high)):
                amount, over = at_first(unusual, total), at_first(unusual, output)
                ratio = format_number(amount / over if over else math.inf, f"{about['unit']}/{unit}", RATIO_DIGITS)
                yield unusual, _problem("unusual_ratio", leading, ratio=ratio, least=f"{about['least']:g}",
                                        most=f"{about['most']:g}", line=per.datum.row, per=about["per"],
                                        name_zh=about["name"]["zh"], name_en=about["name"]["en"])


def impossible_properties(rows: Iterable[ActivityRow], standard: Standard, factors: Factors) -> Iterator[Noticed]:
    """Properties of fuels and constants of nature that a mine gives itself, far beyond all that the tables hold.

    Of what a table has as zero no multiple can be taken: it is told of, and not refused.
    """
    for row in rows:
        found = _table_range(row, standard, factors)
        if found and found[1] > 0:
            limits, least, most = found
            least, most = _widened(least, most, limits["refused_beyond"])
            value = row.quantity.value
            yield np.less(value, least) | np.greater(value, most), _problem(
                "beyond_factors", row.quantity, least=f"{least:.4g}", largest=f"{most:.4g}", unit=row.quantity.unit)


def _beside_factors(row: ActivityRow, standard: Standard, factors: Factors) -> Iterator[Noticed]:
    if found := _table_range(row, standard, factors):
        limits, least, most = found
        low, high = _widened(least, most, limits["most"])
        yield np.less(row.quantity.value, low) | np.greater(row.quantity.value, high), _problem(
            "far_from_factors", row.quantity, least=f"{least:.4g}", largest=f"{most:.4g}", unit=row.quantity.unit)


def _table_range(row: ActivityRow, standard: Standard, factors: Factors) -> tuple[Any, float, float] | None:
    """The smallest and the largest factor of all editions for the same thing, with the limits that hold beside them."""
    asked = standard.sources[row.source].items[row.parameter].factor
    if not asked or "quantity" not in asked:
        return None
    facet = next((name for name, value in asked.items() if value == "{key}"), "")  # blank: a constant, as a density
    same = [float(units.convert(one.value, one.unit, row.quantity.unit)) for one in factors
            if one.quantity == asked["quantity"] and (not facet or one.facets.get(facet) == row.key)
            and one.status != "suspect" and units.compatible(one.unit, row.quantity.unit)]
    known = _limits()
    limits = known["constants" if asked["quantity"] in known["constants"]["quantities"] else "beside_factors"]
    return (limits, min(same), max(same)) if same else None


def _widened(least: float, most: float, times: float) -> tuple[float, float]:
    """A range that reaches as many times further from zero, and as many times nearer to it.

    >>> _widened(1.0, 2.0, 1.5) == (1 / 1.5, 3.0), _widened(-1.0, -0.5, 2.0), _widened(0.0, 0.0, 3.0)
    (True, (-2.0, -0.25), (0.0, 0.0))
    """
    return least / times if least > 0 else least * times, most * times if most > 0 else most / times


def _beside_grid(row: ActivityRow, standard: Standard, factors: Factors, mine: Mine) -> Iterator[Noticed]:
    """An own factor of grid power, or one chosen in mine.yaml, that is far from the official one (reading R31)."""
    source = standard.sources[row.source]
    for item, known in source.items.items():
        grid = (known.factor or {}).get("grid", "")
        name = f"{row.key}:{item}" if row.key else item
        own = row.quantity if row.parameter == item else None
        first = row.parameter == next(iter(source.items))  # a source always has it: what concerns all is told once
        if not grid or (own is None and (name not in mine.factors or not first)):
            continue
        try:
            official = factors.grid(mine.province, row.year, grid)
            given = own or factors.by_id(mine.factors[name]).as_quantity()
        except BadInput:  # there is no official one for this year: the own one stands
            continue
        apart = np.abs(units.convert(given.value, given.unit, official.unit) / official.value - 1)
        if np.any(far := apart > _limits()["own_grid_factor"]["apart"]):
            used = str(mine.options.get("own_grid_factor", "official"))
            details = {"official": f"{at_first(far, official.value):g} {official.unit}", "factor": official.id,
                       "used_en": used, "apart": f"{at_first(far, apart) * 100:.0f}",
                       "used_zh": "官方" if used == "official" else "自报"}
            file, place, column = ("activity.csv", own.datum.row, "quantity") if own else (
                "mine.yaml", f"factors.{name}", "")
            yield far, Problem("grid_factor_apart", file, place, column,
                               f"{at_first(far, given.value):g} {given.unit}", details)


def _problem(message: str, figure: Quantity, **details: object) -> Problem:
    datum = figure.datum
    return Problem(message, datum.file, datum.row, datum.column, f"{datum.given} {figure.unit}", details)
