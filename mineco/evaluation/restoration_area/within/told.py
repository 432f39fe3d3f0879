"""What is told of parcels: their land, its carbon as mapped, and their part of what the chosen measures would gain."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from mineco.evaluation.restoration_area.carbon import Carbon
from mineco.evaluation.restoration_area.gains.plans import Potential
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.within.parcels import ParcelLand, Parcels
from mineco.evaluation.restoration_area.zones import Identification

SUMS = ("area_ha", "restore_ha", "start_tc", "end_tc", "change_tc", "gain_t_co2")  # what adds up over parcels


def parcel_figures(data: AreaData, identified: Identification, parcels: Parcels | None, carbon: Carbon,
                   potential: Potential) -> Iterator[dict[str, Any]]:
    """Each parcel with its land, its carbon, and its gain; the land in no parcel comes last.

    Carbon is that of the classes as mapped, on land whose class is known on both dates. A zone gains the same on each
    of its hectares, so that its gain is shared out by area.
    """
    for one in parcels.parts if parcels else ():
        start, end = (float(land @ _densities(data)) for land in (one.start_ha, one.end_ha))
        yield {"id": one.id, "name": one.name, "area_ha": one.area_ha, "classes_ha": one.classes_ha,
               "restore_ha": list(one.classes_ha.values())[-1], "never_ha": one.never_ha, "unknown_ha": one.unknown_ha,
               "zones_ha": {str(zone): area for zone, area in one.zones_ha.items()}, "index": one.index,
               "cover": one.cover, "soil_loss": one.soil_loss, "start_tc": start, "end_tc": end,
               "change_tc": end - start, "gain_t_co2": _gain(identified, potential, one)}


def sums(figures: Sequence[dict[str, Any]], name: str) -> float:
    """The sum of a figure over all parcels and the land in none."""
    return float(sum(one[name] for one in figures))


def _densities(data: AreaData) -> Any:
    """Carbon of a hectare of each class, all pools together. [tC/ha]"""
    return data.pools.mean.sum(axis=1)[[data.pools.classes.index(code) for code in data.codes]]


def _gain(identified: Identification, potential: Potential, parcel: ParcelLand) -> float:
    """What the chosen measures would gain on the parcel over all years, beyond the baseline. [tCO2]"""
    shares = [parcel.zones_ha.get(zone.id, 0.0) / zone.area_ha for zone in identified.zones]
    gains = [float(plan.cumulated[plan.chosen].mean[-1]) if plan.chosen else 0.0 for plan in potential.plans]
    return float(np.dot(shares, gains))
