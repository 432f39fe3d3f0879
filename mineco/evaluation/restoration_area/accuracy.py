"""How well the map of restoration areas and those of cover tell their classes, by points that had no part in them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import Problem, Problems
from mineco.core.lazy import Brief
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.sampling.judged import Drawn, drawn_points, sample_findings
from mineco.evaluation.restoration_area.zones import Identification
from mineco.geo.layers import MISSING_CODE
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
from mineco.restoration.maps.strata import StratifiedAreas, StratifiedChange, count_in_strata
from mineco.standards.area import AreaRules

FEWEST = 3  # points of a class that covers land: fewer leave no draw of its area
COVERS = ("cover_start", "cover_end")


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
    """What the points say of the maps (reading T1)."""

    restore: MapAccuracy
    verdicts: dict[str, Verdict]
    covers: dict[str, MapAccuracy]
    threshold: Threshold | None  # None without points of the fit of both kinds
    fit_points: int
    test_points: int
    left_out: int  # test points where the map knows nothing
    change: StratifiedChange | None = None  # of land cover, where the points were drawn of strata
    sample: tuple[Problem, ...] = ()  # what is not as it was when they were drawn


def assess_accuracy(case: Case, data: AreaData, rules: AreaRules, identified: Identification) -> Accuracy:
    """Confusion matrices, areas adjusted for what the maps get wrong, and the verdict by the lower ends.

    Raises
    ------
    BadInput
        When a test point stands where a point of the fit stands, when points are of one kind only, or when a class
        that covers land has too few of them.
    """
    points, problems = data.points, Problems()
    use = np.array([one["use"] for one in points.cells])
    truth = np.array([one["restore"] == "yes" for one in points.cells])
    fit, test = use == "fit", use == "test"
    places = np.stack([points.columns, points.rows], axis=1)
    for which in shared_points(places[fit], places[test]).tolist():
        row = points.cells[np.flatnonzero(test)[which]]
        problems.add("points_shared", file=points.file, row=getattr(row, "line", ""), column="x, y", value=row["id"])
    classes, index = identified.maps.at("class", points), identified.maps.at("index", points)
    known, ranked = classes != NO_CLASS, ~np.isnan(index)  # land that cannot be restored is known and has no index
    asked = test & known
    if len(set(truth[asked].tolist())) < 2:
        problems.add("points_of_one_kind", file=points.file, column="restore", value=int(asked.sum()))
    problems.stop()
    top = len(rules.breaks)
    area = np.array([identified.classes_ha[list(rules.classes)[top]], 0.0])
    area[1] = sum(identified.parts_ha) - identified.unknown_ha - area[0]
    drawn = drawn_points(points, data.strata, test)
    if drawn:
        problems += drawn.lacking
        problems.stop()
    restore = _accuracy(("restore", "other"), np.where(classes == top, 0, 1)[test], np.where(truth, 0, 1)[test],
                        known[test], area, points.file, problems, drawn)
    covers, mapped = {}, {layer: identified.maps.at(layer, points) for layer in COVERS}
    there = test & np.all([(one != MISSING_CODE) & ~np.isnan(one) for one in mapped.values()], axis=0)
    for axis, layer in ((1, "cover_start"), (0, "cover_end")):  # over the land of both dates (reading T14)
        true = _places(data.numbers(points, layer)[test], data)
        covers[layer] = _accuracy(data.codes, _places(mapped[layer][test], data), true, there[test],
                                  identified.transitions_ha.sum(axis=axis), f"{points.file}, {layer}", problems, drawn)
    problems.stop()
    found = None
    if len(set(truth[fit & ranked].tolist())) == 2 and len(set(truth[test & ranked].tolist())) == 2:
        curve = roc(index[fit & ranked], truth[fit & ranked])
        found = Threshold(curve, curve.best, threshold_matrix(index[test & ranked], truth[test & ranked], curve.best))
    verdicts = accuracy_verdicts(restore.adjusted, 0, case.standard.rule("accuracy_required"))
    change = None
    if drawn and drawn.strata:
        start, end = (np.where(there[test], _places(data.numbers(points, name)[test], data), -1) for name in COVERS)
        change = StratifiedChange(drawn.strata, count_in_strata(drawn.places, start, end, (
            len(data.strata), len(data.codes), len(data.codes))))
    told = tuple(one for holds, one in sample_findings(points, data.strata, identified.maps, top) if holds)
    return Accuracy(restore, verdicts, covers, found, int(fit.sum()), int(test.sum()), int((test & ~known).sum()),
                    change, told)


def _places(codes: NDArray[np.float64], data: AreaData) -> NDArray[np.int64]:
    """Places of classes among those of the maps; -1 for none of them."""
    order = np.array(data.codes)
    places = np.searchsorted(order, codes).clip(max=len(order) - 1)
    return np.where(order[places] == codes, places, -1)


def _accuracy(names: tuple[str | int, ...], mapped: NDArray[np.int64], reference: NDArray[np.int64],
              inside: NDArray[np.bool_], area: NDArray[np.float64], file: str, problems: Problems,
              drawn: Drawn | None) -> MapAccuracy:
    matrix = confusion_matrix(mapped[inside], reference[inside], np.arange(len(names)))
    if drawn and drawn.strata:
        counts = count_in_strata(drawn.places, np.where(inside, mapped, -1), reference,
                                 (len(drawn.strata.area), len(names), len(names)))
        return MapAccuracy(names, matrix, StratifiedAreas(drawn.strata, counts, area), overall_accuracy(matrix),
                           kappa(matrix))
    for name, points, land in zip(names, matrix.sum(axis=1).tolist(), area.tolist(), strict=True):
        if land > 0 and points < FEWEST:
            problems.add("class_with_few_points", file=file, value=name, points=points, area=f"{land:.2f}")
    return MapAccuracy(names, matrix, AreaAdjusted(matrix, area), overall_accuracy(matrix), kappa(matrix))


@dataclass(frozen=True)
class PointPlan:
    """How many reference points the next round needs, and how they are shared out among the classes."""

    needed: int
    by_class: tuple[int, ...]
    share: tuple[float, ...]  # of the land


def plan_points(case: Case, accuracy: Accuracy) -> PointPlan:
    """Points that bring the standard error of overall accuracy down to what is planned, where accuracy is as required.

    Of the land to restore first, then of the rest; a rare class gets the fewest that are sensible.
    """
    rule = case.standard.rule
    share = accuracy.restore.adjusted.weights
    least = int(rule("fewest_points"))
    needed = sample_size(np.full(len(share), rule("accuracy_required")), share, rule("planned_error"))
    points = allocate_points(max(needed, least * len(share)), share, least)
    return PointPlan(int(points.sum()), tuple(points.tolist()), tuple(share.tolist()))
