"""Draws of what a hectare gains in a year under each measure, part by part, and of what it gains by itself."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.warp import transform

from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Brief
from mineco.core.quantity import Factor
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.land import AreaData
from mineco.geo.grid import Grid
from mineco.restoration import biomass_gain
from mineco.restoration.maps.potential import (
    age_class_stock,
    draw_around,
    draw_stands,
    growth_stock,
    yearly_from_rate,
)
from mineco.standards.area import AreaRules, GainRule
from mineco.standards.factors import load_factors

EDITION = "GROA"  # of the stands that growth is from
CARBON = "CF.woody"  # factor: carbon in the wood of trees


@dataclass(frozen=True, repr=False)
class Growth(Brief):
    """How trees grow from planting: living carbon by year, how far stands vary about it, and what it rests on."""

    species: str
    stock: NDArray[np.float64]  # (years + 1,), above and below ground, tC/ha
    variation: float  # standard deviation of a stand, over the mean
    factors: tuple[Factor, ...]

    @property
    def a_year(self) -> float:
        """Mean gain over the years. [tC/(ha yr)]"""
        return float(self.stock[-1] / (len(self.stock) - 1))


def growth_of(species: str, years: int) -> Growth:
    """The growth of a species or group: along its curve, or between age classes where its curve has no sure end.

    Raises
    ------
    BadInput  Where age classes end before these years do.

    >>> growth_of("broadleaf_north", 20).stock[[0, 10, 20]].round(1), growth_of("larch", 20).variation
    (array([ 0. ,  5.1, 15.6]), 0.64)
    """
    found = [one for one in load_factors() if one.facets.get("species") == species and one.edition == EDITION]
    one = {factor.quantity: factor for factor in found}
    age = np.arange(years + 1.0)
    if "growth_asymptote" in one:
        shape = load_factors().find("growth_shape")
        found.append(shape)
        above = growth_stock(age, one["growth_asymptote"].value, one["growth_speed"].value, shape.value)
    else:
        ages, stocks = ([factor.value for factor in found if factor.quantity == kind]
                        for kind in ("mean_age", "biomass_by_age"))
        if years > ages[-1]:
            raise BadInput(Problem("growth_beyond_ages", file="area.yaml", row="growth", value=species,
                                   details={"years": years, "oldest": f"{ages[-1]:.0f}"}))
        above = age_class_stock(age, ages, stocks)
    carbon = load_factors().by_id(CARBON)
    stock = biomass_gain(1.0, above, one["root_shoot_ratio"].value, carbon.value)
    return Growth(species, np.asarray(stock), one["stand_variation"].value, (*found, carbon))


def species_of(data: AreaData, rules: AreaRules, measure: str, part: GainRule) -> str:
    """Which trees a measure plants: those that area.yaml names, else the group of the latitude."""
    if measure in data.settings.growth:
        return data.settings.growth[measure]
    side = "north" if latitude(data.layers.grid) >= rules.rates["growth_north"].value else "south"
    return f"{part.growth}_{side}"


def latitude(grid: Grid) -> float:
    """Latitude of the middle of a grid. [°]"""
    left, bottom, right, top = grid.bounds
    _, (found,) = transform(grid.crs, "EPSG:4326", [(left + right) / 2], [(bottom + top) / 2])
    return float(found)


def rate_factors(case: Case, rules: AreaRules, part: GainRule) -> tuple[Factor, Factor, Factor, Factor]:
    """Mean, lowest, highest and duration of a part that has a rate; without a mean, the middle of the range."""
    document = case.standard.source
    low, high, lasts = (rules.rate(name, document) for name in (part.low, part.high, part.lasts))
    mean = rules.rate(part.mean, document) if part.mean else middle(low, high)
    return mean, low, high, lasts


def middle(low: Factor, high: Factor) -> Factor:
    """The middle of a range of which no mean is known, as unsure as its ends."""
    return Factor(**{**vars(low), "value": (low.value + high.value) / 2, "status": high.status})


def part_factors(case: Case, data: AreaData, rules: AreaRules, measure: str) -> Iterator[Factor]:
    """What the gain of a measure rests on."""
    for part in rules.measures[measure].gains:
        if part.growth:
            yield from growth_of(species_of(data, rules, measure, part), horizon(case)).factors
        else:
            mean, *ends = rate_factors(case, rules, part)
            yield from ([mean] if part.mean else [])
            yield from ends


def horizon(case: Case) -> int:
    """Years for which gains are told."""
    return int(case.standard.rule("horizon"))


@dataclass(frozen=True)
class Rates:
    """Draws of what a hectare gains: under each measure (draws, measures, years), and by itself (draws, lands)."""

    yearly: NDArray[np.float64]
    lands: tuple[str, ...]
    by_itself: NDArray[np.float64]


def draw_rates(case: Case, data: AreaData, rules: AreaRules) -> Rates:
    """Draws that go for all zones and for every measure with the same part: what is too high is too high everywhere.

    Each part is drawn from a seed of its own, so that a further measure changes no draw of the others.
    """
    count, years = data.settings.draws, horizon(case)
    drawn: dict[tuple[str, ...], NDArray[np.float64]] = {}
    yearly = np.zeros((count, len(rules.measures), years))
    for place, (measure, rule) in enumerate(rules.measures.items()):
        for part in rule.gains:
            species = species_of(data, rules, measure, part) if part.growth else ""
            key = species, part.mean, part.low, part.high
            if key not in drawn:
                generator = np.random.default_rng([data.settings.seed, 1, zlib.crc32(" ".join(key).encode())])
                drawn[key] = (_draw_growth(growth_of(species, years), count, generator) if species
                              else _draw_rate(case, rules, part, count, generator))
            yearly[:, place] += part.share * drawn[key]
    lands = tuple(data.settings.baseline)
    given = data.settings.baseline.values()
    by_itself = np.random.default_rng([data.settings.seed, 2]).normal(
        [one.mean for one in given], [one.spread for one in given], (count, len(lands)))
    return Rates(yearly, lands, by_itself)


def _draw_growth(growth: Growth, count: int, generator: np.random.Generator) -> NDArray[np.float64]:
    return draw_stands(growth.variation, count, generator)[:, np.newaxis] * np.diff(growth.stock)


def _draw_rate(case: Case, rules: AreaRules, part: GainRule, count: int,
               generator: np.random.Generator) -> NDArray[np.float64]:
    mean, low, high, lasts = (one.value for one in rate_factors(case, rules, part))
    return yearly_from_rate(draw_around(mean, low, high, count, generator), lasts, horizon(case))
