"""How well the map of restoration areas and those of cover tell their classes, by points that had no part in them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import Problem, Problems
from mineco.core.lazy import Brief
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.sampling.judged import Drawn, drawn_points, sample_findings
from mineco.evaluation.restoration_area.scenes.listed import COVERS
from mineco.evaluation.restoration_area.zones import Identification
from mineco.geo.layers import MISSING_CODE
from mineco.geo.vectors import Points
from mineco.restoration.maps.accuracy import (
    AreaAdjusted,
    Verdict,
    accuracy_verdicts,
    confusion_matrix,
    kappa,
    overall_accuracy,
)
from mineco.restoration.maps.area import NO_CLASS
from mineco.restoration.maps.points import Roc, allocate_points, roc, sample_size, shared_points, threshold_matrix
from mineco.restoration.maps.strata import FEWEST, Strata, StratifiedAreas, StratifiedChange, count_in_strata
from mineco.restoration.maps.transition import class_places
from mineco.standards.area import AreaRules


@dataclass(frozen=True, repr=False)
class MapAccuracy(Brief):
    """One map held against the test points; rows and columns in the order of ``classes``."""

    classes: tuple[str | int, ...]
    matrix: NDArray[np.int64]
    adjusted: AreaAdjusted | StratifiedAreas  # areas in ha
    overall: float  # share of points
    kappa: float


@dataclass(frozen=True, repr=False)
class Threshold(Brief):
    """A threshold of the index fitted on points of the fit and judged on the others."""

    curve: Roc
    best: float
    matrix: NDArray[np.int64]  # at the best threshold, of the test points


@dataclass(frozen=True, repr=False)
class Accuracy(Brief):
    """What the points say of the maps (reading T1); of the maps of cover of those that have points enough."""

    restore: MapAccuracy
    verdicts: dict[str, Verdict]
    covers: dict[str, MapAccuracy]
    threshold: Threshold | None  # None without points of the fit of both kinds
    fit_points: int
    test_points: int
    left_out: int  # test points where the map knows nothing
    change: StratifiedChange | None = None  # of land cover, by points drawn of strata that tell both dates
    sample: tuple[Problem, ...] = ()  # what is not as it was when they were drawn


@dataclass(frozen=True, repr=False)
class MapPoints(Brief):
    """What the points of a map say, and what lacks of them; rows and columns in the order of ``classes``."""

    classes: tuple[str | int, ...]
    matrix: NDArray[np.int64]
    map_ha: NDArray[np.float64]
    lacking: tuple[Problem, ...]
    strata: Strata | None = None  # of which the points were drawn
    counts: NDArray[np.float64] | None = None  # the matrix of each stratum

    def accuracy(self) -> MapAccuracy | None:
        """How well the map tells its classes; None where points lack."""
        if self.lacking:
            return None
        adjusted: AreaAdjusted | StratifiedAreas = AreaAdjusted(self.matrix, self.map_ha)
        if self.strata is not None and self.counts is not None:
            adjusted = StratifiedAreas(self.strata, self.counts, self.map_ha)
        return MapAccuracy(self.classes, self.matrix, adjusted, overall_accuracy(self.matrix), kappa(self.matrix))


def count_points(data: AreaData, rules: AreaRules, identified: Identification) -> dict[str, MapPoints]:
    """The test points of each map, by ``restore`` and the maps of land cover of which they tell the true class.

    A class that covers land needs `FEWEST` of them, or each stratum of which they were drawn, and the land to restore
    both kinds.
    """
    if data.points is None:
        return {}
    points = data.points
    test, truth = _used(points, "test"), _to_restore(points)
    classes, top = identified.maps.at("class", points), len(rules.breaks)
    drawn, asked = drawn_points(points, data.strata, test), test & (classes != NO_CLASS)
    kinds = [] if len(set(truth[asked].tolist())) == 2 else [
        Problem("points_of_one_kind", file=points.file, column="restore", value=int(asked.sum()))]
    found = {"restore": _counted(("restore", "other"), np.where(classes == top, 0, 1), np.where(truth, 0, 1), test,
                                 asked, _areas(identified), points.file, kinds, drawn)}
    mapped = {layer: identified.maps.at(layer, points) for layer in data.covers}
    there = test & _known(mapped)
    for layer, codes in mapped.items():  # of two over the land of both dates (reading T14)
        if data.judged(layer):
            found[layer] = _counted(data.codes, _places(codes, data), _places(data.numbers(points, layer), data), test,
                                    there, identified.covers_ha[layer], f"{points.file}, {layer}", [], drawn)
    return found


def count_change(data: AreaData, identified: Identification) -> StratifiedChange | None:
    """Points by their true classes at both dates; None of points that were not drawn of strata, or judged on one date.

    Those where either map knows nothing are left out, as from the areas of the dates.
    """
    points = data.points
    if points is None or not all(map(data.judged, COVERS)):
        return None
    test = _used(points, "test")
    drawn = drawn_points(points, data.strata, test)
    if drawn is None or drawn.strata is None:
        return None
    there = _known({layer: identified.maps.at(layer, points) for layer in COVERS})[test]
    start, end = (np.where(there, _places(data.numbers(points, layer)[test], data), -1) for layer in COVERS)
    size = len(data.codes)
    return StratifiedChange(drawn.strata, count_in_strata(drawn.places, start, end, (len(data.strata), size, size)))


def require_apart(points: Points) -> None:
    """Stop with each test point that stands where a point of the fit stands."""
    problems, test = Problems(), _used(points, "test")
    places = np.stack([points.columns, points.rows], axis=1)
    for which in shared_points(places[_used(points, "fit")], places[test]).tolist():
        row = points.cells[np.flatnonzero(test)[which]]
        problems.add("points_shared", file=points.file, row=getattr(row, "line", ""), column="x, y", value=row["id"])
    problems.stop()


def assess_accuracy(case: Case, data: AreaData, rules: AreaRules, identified: Identification) -> Accuracy | None:
    """Confusion matrices, areas adjusted for what the maps get wrong, and the verdict by the lower ends.

    None without points, or with too few of them to judge the land to restore: it is not assessed (reading T15).

    Raises
    ------
    BadInput  When a test point stands where a point of the fit stands.
    """
    if data.points is None:
        return None
    points = data.points
    require_apart(points)
    fit, test, truth = _used(points, "fit"), _used(points, "test"), _to_restore(points)
    counted = count_points(data, rules, identified)
    restore = counted.pop("restore").accuracy()
    if restore is None:
        return None
    index = identified.maps.at("index", points)
    ranked = ~np.isnan(index)  # land that cannot be restored is known and has no index
    found = None
    if len(set(truth[fit & ranked].tolist())) == 2 and len(set(truth[test & ranked].tolist())) == 2:
        curve = roc(index[fit & ranked], truth[fit & ranked])
        found = Threshold(curve, curve.best, threshold_matrix(index[test & ranked], truth[test & ranked], curve.best))
    told = sample_findings(points, data.strata, identified.maps, len(rules.breaks))
    return Accuracy(restore, accuracy_verdicts(restore.adjusted, 0, case.standard.rule("accuracy_required")),
                    {name: one for name, points_of in counted.items() if (one := points_of.accuracy())}, found,
                    int(fit.sum()), int(test.sum()), int(test.sum() - restore.matrix.sum()),
                    count_change(data, identified), tuple(one for holds, one in told if holds))


def _areas(identified: Identification) -> NDArray[np.float64]:
    """Land to restore, and all other land of which it is known whether it is. [ha]"""
    *_, restore = identified.classes_ha.values()
    return np.array([restore, sum(identified.parts_ha) - identified.unknown_ha - restore])


def _used(points: Points, use: str) -> NDArray[np.bool_]:
    return np.array([one["use"] == use for one in points.cells])


def _to_restore(points: Points) -> NDArray[np.bool_]:
    """Which of the points lie on land that is truly to be restored."""
    return np.array([one["restore"] == "yes" for one in points.cells])


def _known(mapped: Mapping[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Where every map of land cover tells a class."""
    return np.all([(one != MISSING_CODE) & ~np.isnan(one) for one in mapped.values()], axis=0)


def _places(codes: NDArray[np.float64], data: AreaData) -> NDArray[np.int64]:
    """Places of codes among the classes; of none of these, the place behind the last."""
    return class_places(np.nan_to_num(codes, nan=MISSING_CODE), data.codes)


def _counted(names: tuple[str | int, ...], mapped: NDArray[np.int64], reference: NDArray[np.int64],
             test: NDArray[np.bool_], inside: NDArray[np.bool_], area: NDArray[np.float64], file: str,
             lacking: list[Problem], drawn: Drawn | None) -> MapPoints:
    """The matrix of a map, and each class that covers land and has too few points, behind what lacks already.

    Of points that were drawn each stratum needs them, and its matrix stands beside.
    """
    matrix = confusion_matrix(mapped[inside], reference[inside], np.arange(len(names)))
    if drawn is not None:
        counts = None if drawn.strata is None else count_in_strata(
            drawn.places, np.where(inside, mapped, -1)[test], reference[test],
            (len(drawn.strata.area), len(names), len(names)))
        return MapPoints(names, matrix, area, (*lacking, *drawn.lacking), drawn.strata, counts)
    few = [Problem("class_with_few_points", file=file, value=name, details={"points": points, "area": f"{land:.2f}"})
           for name, points, land in zip(names, matrix.sum(axis=1).tolist(), area.tolist(), strict=True)
           if land > 0 and points < FEWEST]
    return MapPoints(names, matrix, area, (*lacking, *few))


@dataclass(frozen=True)
class PointPlan:
    """How many reference points the next round needs, and how they are shared out among the classes."""

    needed: int
    by_class: tuple[int, ...]
    share: tuple[float, ...]  # of the land


def plan_points(case: Case, identified: Identification) -> PointPlan:
    """Points that bring the standard error of overall accuracy down to what is planned, where accuracy is as required.

    Of the land to restore first, then of the rest; a rare class gets the fewest that are sensible.
    """
    rule, area = case.standard.rule, _areas(identified)
    share = area / area.sum()
    least = int(rule("fewest_points"))
    needed = sample_size(np.full(len(share), rule("accuracy_required")), share, rule("planned_error"))
    points = allocate_points(max(needed, least * len(share)), share, least)
    return PointPlan(int(points.sum()), tuple(points.tolist()), tuple(share.tolist()))
