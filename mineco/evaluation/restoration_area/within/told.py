"""What is told of parcels: their land, its carbon as mapped, and their part of what the chosen measures would gain."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from mineco.evaluation.base import CheckResult
from mineco.evaluation.restoration_area.carbon import Carbon
from mineco.evaluation.restoration_area.gains.plans import Potential
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.within.parcels import ParcelLand, Parcels
from mineco.evaluation.restoration_area.zones import Identification

SUMS = ("area_ha", "restore_ha", "start_tc", "end_tc", "change_tc", "gain_t_co2")  # what adds up over parcels
STOCKS = {"cover_start": "start_tc", "cover_end": "end_tc"}


def parcel_figures(data: AreaData, identified: Identification, parcels: Parcels | None, carbon: Carbon | None,
                   potential: Potential | None) -> Iterator[dict[str, Any]]:
    """Each parcel with its land, its carbon, and its gain, None of what is not assessed; the land in none comes last.

    Carbon is that of the classes as mapped, where there are two maps on land whose class is known on both. A zone gains
    the same on each of its hectares, so that its gain is shared out by area.
    """
    for one in parcels.parts if parcels else ():
        stocks = {STOCKS[name]: _stock(data, land) for name, land in one.covers_ha.items()} if carbon else {}
        start, end = (stocks.get(name) for name in STOCKS.values())
        yield {"id": one.id, "name": one.name, "area_ha": one.area_ha, "classes_ha": one.classes_ha,
               "restore_ha": list(one.classes_ha.values())[-1], "never_ha": one.never_ha, "unknown_ha": one.unknown_ha,
               "zones_ha": {str(zone): area for zone, area in one.zones_ha.items()}, "index": one.index,
               "cover": one.cover, "soil_loss": one.soil_loss, "start_tc": start, "end_tc": end,
               "change_tc": None if start is None or end is None else end - start,
               "gain_t_co2": _gain(identified, potential, one) if potential else None}


def sums(figures: Sequence[dict[str, Any]], name: str) -> float | None:
    """The sum of a figure over all parcels and the land in none; None where it is not assessed."""
    found = [one[name] for one in figures]
    return None if None in found else float(sum(found))


def parcel_checks(figures: Sequence[dict[str, Any]], identified: Identification, carbon: Carbon | None,
                  potential: Potential | None) -> Iterator[CheckResult]:
    """Parcels and the land in none add up to the study area, to the zones, to the last stock, and to the gain."""
    if not figures:
        return
    whole, zones = sum(identified.parts_ha), sum(one.area_ha for one in identified.zones)
    yield "check_parcel_land", sum(one["area_ha"] for one in figures) - whole, whole
    yield "check_parcel_zones", sum(sum(one["zones_ha"].values()) for one in figures) - zones, max(zones, 1.0)
    if carbon is not None:
        stock = next(found for name in ("end_tc", "start_tc") if (found := sums(figures, name)) is not None)
        yield "check_parcel_carbon", stock - carbon.mapped[-1], max(abs(carbon.mapped[-1]), 1.0)
    if potential is not None:
        gain = sum(float(plan.cumulated[plan.chosen].mean[-1]) for plan in potential.plans if plan.chosen)
        yield "check_parcel_gains", sum(one["gain_t_co2"] for one in figures) - gain, max(abs(gain), 1.0)


def _stock(data: AreaData, land: Any) -> float:
    """Carbon of land by class, all pools together. [tC]"""
    assert data.pools is not None  # without them carbon is not assessed
    return float(land @ data.pools.mean.sum(axis=1)[[data.pools.classes.index(code) for code in data.codes]])


def _gain(identified: Identification, potential: Potential, parcel: ParcelLand) -> float:
    """What the chosen measures would gain on the parcel over all years, beyond the baseline. [tCO2]"""
    shares = [parcel.zones_ha.get(zone.id, 0.0) / zone.area_ha for zone in identified.zones]
    gains = [float(plan.cumulated[plan.chosen].mean[-1]) if plan.chosen else 0.0 for plan in potential.plans]
    return float(np.dot(shares, gains))
