"""Results by parcel: pixels are shared out among parcels by how much of each they cover; what is left is in no parcel.

All parts add up to the study area, whatever is counted.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from mineco.core.lazy import Brief
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.measure import done
from mineco.evaluation.restoration_area.windows.land_window import WindowPlan
from mineco.evaluation.restoration_area.zones import EXCLUDED, Identification
from mineco.geo.shapes.regions import polygon_shares, window_box
from mineco.geo.windows import Window
from mineco.restoration.maps.area import NEVER, NO_CLASS, zone_sums
from mineco.restoration.maps.transition import class_places
from mineco.standards.area import AreaRules

if TYPE_CHECKING:
    from mineco.core.workers import Workers

MEANS = ("index", "cover", "soil_loss")


@dataclass(frozen=True, kw_only=True, repr=False)
class ParcelLand(Brief):
    """The land of one parcel within the study area, or what lies in none."""

    id: str  # blank for land in no parcel
    name: str
    area_ha: float
    classes_ha: dict[str, float]  # by class of priority
    never_ha: dict[str, float]  # never ranked, by kind of land
    unknown_ha: float
    zones_ha: dict[int, float]  # by number of the zone
    index: float  # means over what is known; NaN where nothing is
    cover: float
    soil_loss: float  # of land that can be restored
    covers_ha: dict[str, NDArray[np.float64]]  # by map of cover and its classes; of two where both know the class


@dataclass(frozen=True, repr=False)
class Parcels(Brief):
    """Every parcel in the order of its file, and the land in none."""

    parcels: tuple[ParcelLand, ...]
    in_none: ParcelLand

    @property
    def parts(self) -> tuple[ParcelLand, ...]:
        """All of it, which adds up to the study area."""
        return *self.parcels, self.in_none


@dataclass(frozen=True, repr=False)
class Sharing(Brief):
    """Among which polygons a window is shared out, and which classes and kinds are counted."""

    polygons: NDArray[Any]  # of shapely, within the study area and near the window
    classes: int  # of priority
    kinds: tuple[str, ...]  # of land that is never ranked
    covers: tuple[str, ...]  # maps of it that are there


def share_land(data: AreaData, rules: AreaRules, identified: Identification, workers: "Workers") -> Parcels | None:
    """The land of each parcel, summed up window by window; None where the dossier has no parcels.

    Parameters
    ----------
    workers : Workers  Whoever does the windows, among whom the tiles lie.

    Raises
    ------
    BadInput  When work was lost.
    """
    given = data.study.parcels
    if given is None:
        return None
    plan, parts, land = identified.maps.plan, identified.maps.windows, data.study.land
    polygons = given.geometry.to_numpy() if land is None else land.cut(given.geometry.to_numpy())
    tree = shapely.STRtree(polygons)
    near = [np.sort(tree.query(window_box(plan.layers.grid, one))) for one in parts]
    tasks = [(plan, one, Sharing(polygons[here], len(rules.classes), tuple(identified.never_ha), data.covers))
             for one, here in zip(parts, near, strict=True)]
    counted = 2 + len(rules.classes) + len(identified.never_ha) + 2 * len(MEANS) + len(data.covers) * len(data.codes)
    sums, zones = np.zeros((counted, len(polygons) + 1)), Counter[tuple[int, int]]()
    for here, (added, pixels) in zip(near, done(workers, share_window, tasks), strict=True):
        whose = [*here.tolist(), len(polygons)]
        sums[:, whose] += added
        zones.update({(whose[polygon], zone): part for (polygon, zone), part in pixels.items()})
    names = [*zip(given["id"], given["name"], strict=True), ("", "")]
    found = [_parcel(*name, sums[:, place], _of(zones, place), identified, data)
             for place, name in enumerate(names)]
    return Parcels(tuple(found[:-1]), found[-1])


def share_window(task: tuple[WindowPlan, Window, Sharing]) -> tuple[NDArray[np.float64], dict[tuple[int, int], float]]:
    """What a window adds to each polygon, the last of which is none: sums by row, and pixels by polygon and zone.

    Rows: pixels; by class of priority; by kind of land that is never ranked; unknown; of each mean how much is known
    and its sum; by class of each map of cover.
    """
    plan, window, sharing = task
    count = len(sharing.polygons) + 1
    shares = polygon_shares(sharing.polygons, plan.layers.grid, window, plan.land)
    counted = plan.inside(window).ravel()[shares.pixel]
    pixel, share, polygon = shares.pixel[counted], shares.share[counted], shares.polygon[counted] % count
    priority, today = (plan.read(name, window) for name in ("class", plan.today))
    kinds = np.full(priority.shape, EXCLUDED, dtype=object)
    for code, kind in plan.never.items():
        kinds[today == code] = kind
    told = {name: plan.read(name, window) for name in MEANS}
    told["soil_loss"] = np.where(plan.restorable(window), told["soil_loss"], np.nan)
    places = [class_places(plan.read(name, window), plan.codes) for name in sharing.covers]
    known = np.all([one < len(plan.codes) for one in places], axis=0)
    layers = [np.ones(priority.shape), *(priority == place for place in range(sharing.classes)),
              *((priority == NEVER) & (kinds == kind) for kind in sharing.kinds), priority == NO_CLASS,
              *(part for one in told.values() for part in (~np.isnan(one), np.nan_to_num(one))),
              *(known & (one == place) for one in places for place in range(len(plan.codes)))]
    zone = plan.read("zone", window).ravel()[pixel].astype(np.int64)
    pairs, own = np.unique(np.stack([polygon, zone])[:, zone > 0], axis=1, return_inverse=True)
    pixels = np.bincount(own, share[zone > 0], minlength=pairs.shape[1])
    return (zone_sums(polygon, (share * one.ravel()[pixel] for one in layers), count),
            dict(zip(map(tuple, pairs.T.tolist()), pixels.tolist(), strict=True)))


def _of(zones: Mapping[tuple[int, int], float], place: int) -> dict[int, float]:
    """Pixels by zone of one polygon."""
    return {zone: pixels for (polygon, zone), pixels in sorted(zones.items()) if polygon == place}


def _parcel(name: str, spoken: str, sums: NDArray[np.float64], zones: Mapping[int, float],
            identified: Identification, data: AreaData) -> ParcelLand:
    """A parcel from its sums, as `share_window` gives these."""
    a_pixel, kinds = identified.pixel_ha, tuple(identified.never_ha)
    ends = np.cumsum([1, len(identified.classes_ha), len(kinds), 1, 2 * len(MEANS)])
    whole, classes, never, unknown, means, covers = np.split(sums, ends)
    known, summed = means.reshape(-1, 2).T
    found = np.divide(summed, known, out=np.full(len(MEANS), np.nan), where=known > 0)
    return ParcelLand(
        id=name, name=spoken, area_ha=float(whole[0] * a_pixel), unknown_ha=float(unknown[0] * a_pixel),
        classes_ha=dict(zip(identified.classes_ha, (classes * a_pixel).tolist(), strict=True)),
        never_ha=dict(zip(kinds, (never * a_pixel).tolist(), strict=True)),
        zones_ha={zone: pixels * a_pixel for zone, pixels in zones.items()},
        covers_ha=dict(zip(data.covers, (covers * a_pixel).reshape(len(data.covers), len(data.codes)), strict=True)),
        **dict(zip(MEANS, found.tolist(), strict=True)))
