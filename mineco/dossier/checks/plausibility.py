"""Figures that are possible and seldom true: a power of ten may have slipped. They are told of; what no fuel and no
constant of nature can be is refused."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from mineco.core import units
from mineco.core.errors import BadInput, Problem
from mineco.core.quantity import Quantity
from mineco.core.yaml_reading import kit_data
from mineco.dossier.mine import Mine
from mineco.dossier.rows import ActivityRow, MetricRow
from mineco.standards.factors import Factors
from mineco.standards.standard import Standard

Figures = dict[tuple[int, str, str], Quantity]  # by year, name without key, key


def _limits() -> dict[str, Any]:
    return kit_data("dossier/plausible.yaml")


def implausible_figures(activity: Iterable[ActivityRow], metrics: Iterable[MetricRow], standard: Standard,
                        factors: Factors, mine: Mine) -> Iterator[Problem]:
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


def _between_years(figures: Figures) -> Iterator[Problem]:
    most = _limits()["between_years"]["most"]
    earlier: dict[tuple[str, str], tuple[int, Quantity]] = {}
    for (year, name, key), figure in sorted(figures.items(), key=lambda one: one[0]):
        if (before := earlier.get((name, key))) and units.compatible(figure.unit, before[1].unit):
            now, then = float(figure.value), float(units.convert(before[1].value, before[1].unit, figure.unit))
            if min(now, then) <= 0 < max(now, then):
                yield _problem("changed_from_zero", figure, year=before[0], line=before[1].datum.row,
                               other=f"{before[1].datum.given} {before[1].unit}")
            elif min(now, then) > 0 and not 1 / most <= now / then <= most:
                yield _problem("changed_manifold", figure, times=f"{max(now / then, then / now):.3g}", year=before[0],
                               other=f"{before[1].datum.given} {before[1].unit}", line=before[1].datum.row)
        earlier[name, key] = year, figure


def _sources_changed(rows: Iterable[ActivityRow], standard: Standard) -> Iterator[Problem]:
    """Sources that appear, methods that change, and fuels, shafts or stations that are gone from year to year."""
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
            if place[0] not in then and next(one for one in by_year[year] if one[0] == place[0]) == place:
                yield (_problem("method_changed", figure, other=", ".join(sorted(others)), **names) if others
                       else _problem("source_new", figure, **names))
        for place, figure in by_year[before].items():
            if place[0] in now and place not in by_year[year] and float(figure.value):
                yield Problem("key_gone", "activity.csv", figure.datum.row, "item", place[1], {
                    "year": year, "before": before, "other": f"{figure.datum.given} {figure.unit}"})


def _ratios(figures: Figures) -> Iterator[Problem]:
    for about in _limits()["ratios"].values():
        signs = {name.removeprefix("-"): -1 if name.startswith("-") else 1 for name in about["figures"]}
        totals: dict[int, float] = {}
        first: dict[int, Quantity] = {}
        for (year, name, _), figure in figures.items():
            if name in signs and units.compatible(figure.unit, about["unit"]):
                amount = signs[name] * float(units.convert(figure.value, figure.unit, about["unit"]))
                totals[year] = totals.get(year, 0.0) + amount
                if name == about["figures"][0] and amount:
                    first.setdefault(year, figure)
        for year, leading in first.items():
            per = figures.get((year, about["per"], ""))
            unit = next((one for one in about["per_units"] if per and units.compatible(per.unit, one)), "")
            if per is None or not unit or not float(per.value):
                continue
            ratio = totals[year] / float(units.convert(per.value, per.unit, unit))
            if not about["least"] <= ratio <= about["most"]:
                yield _problem("unusual_ratio", leading, ratio=f"{ratio:.3g} {about['unit']}/{unit}",
                               least=f"{about['least']:g}", most=f"{about['most']:g}", line=per.datum.row,
                               name_zh=about["name"]["zh"], name_en=about["name"]["en"], per=about["per"])


def impossible_properties(rows: Iterable[ActivityRow], standard: Standard, factors: Factors
                          ) -> Iterator[tuple[Any, Problem]]:
    """Properties of fuels and constants of nature that a mine gives itself, far beyond all that the tables hold.

    Yields whether a value is (an array where the row holds many mines), and the problem.
    """
    for row in rows:
        if found := _table_range(row, standard, factors):
            limits, least, most = found
            least, most = least / limits["refused_beyond"], most * limits["refused_beyond"]
            value = row.quantity.value
            yield np.less(value, least) | np.greater(value, most), _problem(
                "beyond_factors", row.quantity, least=f"{least:.4g}", largest=f"{most:.4g}", unit=row.quantity.unit)


def _beside_factors(row: ActivityRow, standard: Standard, factors: Factors) -> Iterator[Problem]:
    if found := _table_range(row, standard, factors):
        limits, least, most = found
        if not least / limits["most"] <= float(row.quantity.value) <= most * limits["most"]:
            yield _problem("far_from_factors", row.quantity, least=f"{least:.4g}", largest=f"{most:.4g}",
                           unit=row.quantity.unit)


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
    return (limits, min(same), max(same)) if same and min(same) > 0 else None


def _beside_grid(row: ActivityRow, standard: Standard, factors: Factors, mine: Mine) -> Iterator[Problem]:
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
        apart = abs(float(units.convert(given.value, given.unit, official.unit)) / official.value - 1)
        if apart > _limits()["own_grid_factor"]["apart"]:
            used = str(mine.options.get("own_grid_factor", "official"))
            details = {"official": f"{official.value:g} {official.unit}", "factor": official.id, "used_en": used,
                       "apart": f"{apart * 100:.0f}", "used_zh": "官方" if used == "official" else "自报"}
            file, place, column = ("activity.csv", own.datum.row, "quantity") if own else (
                "mine.yaml", f"factors.{name}", "")
            yield Problem("grid_factor_apart", file, place, column, f"{float(given.value):g} {given.unit}", details)


def _problem(message: str, figure: Quantity, **details: object) -> Problem:
    datum = figure.datum
    return Problem(message, datum.file, datum.row, datum.column, f"{datum.given} {figure.unit}", details)
