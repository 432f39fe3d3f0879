"""How fast a restored parcel gains carbon, held to the range that sources give for its kind of land."""

import functools
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from mineco.core.errors import Problem
from mineco.core.number import Number
from mineco.core.yaml_reading import kit_data
from mineco.dossier.checks.noticed import Noticed
from mineco.dossier.rows import ParcelRow
from mineco.restoration import biomass_gain, gain_loss_change, stock_difference_change
from mineco.standards.factors import Factors, load_factors


def _ranges() -> dict[str, Any]:
    return kit_data("dossier/restoration_rates.yaml")


@functools.cache
def highest_rate(ecosystem: str, pool: str) -> float:
    """The highest yearly gain that sources give. [tC/(ha yr)]

    >>> highest_rate("forest", "soil"), round(highest_rate("forest", "all"), 2)
    (6.27, 13.87)
    """
    pools = _ranges()["ranges"][ecosystem]
    if pool == "all":
        return sum(highest_rate(ecosystem, one) for one in pools)
    return load_factors().by_id(pools[pool]["factor"]).value if "factor" in pools[pool] else float(pools[pool]["value"])


def yearly_rate(row: ParcelRow, factors: Factors) -> Number:
    """Carbon that a parcel gains a year by its own method, per area; 0 where it has none. [tC/(ha yr)]"""
    given: dict[str, Any] = {name: one.value for name, one in row.inputs.items()}
    if row.method == "rate":
        return given["rate_tc_per_ha_yr"]
    if row.method == "stock-difference":
        return stock_difference_change(given["stock_end_tc_per_ha"], given["stock_start_tc_per_ha"],
                                       given["stock_years"])
    fraction = given.get("carbon_fraction", factors.by_id("CF.woody").value)
    gain = biomass_gain(1.0, given["growth_tdm_per_ha_yr"], given["root_shoot_ratio"], fraction)
    area = np.asarray(row.area.value, dtype=float)
    return gain_loss_change(gain, np.divide(given["loss_tc_per_yr"], np.where(area > 0, area, np.inf)))


def measured_on_plots(row: ParcelRow) -> bool:
    """Whether the gain was measured: two surveys of stocks, or growth and losses, of kind measured."""
    return row.method != "rate" and all(one.kind == "measured" for one in row.inputs.values())


def beyond_range(row: ParcelRow, factors: Factors) -> Number:
    """Whether a parcel gains more than may be; an array where the row holds many mines."""
    times = _ranges()["most_times"]["value"] if measured_on_plots(row) else 1
    return np.greater(yearly_rate(row, factors), times * highest_rate(row.ecosystem, row.pool))


def rate_problems(parcels: Iterable[ParcelRow], factors: Factors) -> Iterator[Problem]:
    """Parcels that gain more than may be."""
    for row in parcels:
        if bool(np.any(beyond_range(row, factors))):
            yield _problem("rate_beyond_range", row, factors)


def told_rates(parcels: Iterable[ParcelRow], factors: Factors) -> Iterator[Noticed]:
    """Parcels whose measured gain lies beyond the range of the sources."""
    for row in parcels:
        if measured_on_plots(row):
            yield np.greater(yearly_rate(row, factors), highest_rate(row.ecosystem, row.pool)), _problem(
                "rate_beyond_range_measured", row, factors)


def _problem(message: str, row: ParcelRow, factors: Factors) -> Problem:
    column, one = next(iter(row.inputs.items()))
    rate = float(np.max(yearly_rate(row, factors)))
    return Problem(message, "restoration.csv", row.line, column, one.datum.given,
                   {"rate": f"{rate:.3g}", "most": f"{highest_rate(row.ecosystem, row.pool):.3g}",
                    "times": _ranges()["most_times"]["value"], "parcel": row.id})
