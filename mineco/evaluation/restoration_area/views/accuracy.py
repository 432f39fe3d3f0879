"""The report on restoration areas: how well the land to restore was identified."""

from collections.abc import Mapping

import numpy as np

from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import label
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.accuracy import Accuracy, MapAccuracy, PointPlan
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.views.figures import against_required
from mineco.evaluation.restoration_area.views.interval import area_text, lowest_text, share_text
from mineco.evaluation.restoration_area.views.standing import not_assessed
from mineco.evaluation.views.words import named
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, note, pairs, show, show_text
from mineco.restoration.maps.strata import StratifiedAreas
from mineco.standards.area import AreaRules


def points(data: AreaData, accuracy: Accuracy | None) -> Block:
    """How many reference points there are, and what each was used for; or that accuracy is not assessed."""
    if accuracy is None:
        return not_assessed("accuracy", data)
    counts = {"points_fit": accuracy.fit_points, "points_test": accuracy.test_points,
              "points_left_out": accuracy.left_out}
    told, adjusted = [(name, str(count)) for name, count in counts.items()], accuracy.restore.adjusted
    if isinstance(adjusted, StratifiedAreas):
        told.append(("points_strata", label("points_by_strata").format(count=len(adjusted.strata.area))))
    return pairs(told, "reference_points")


def confusion(data: AreaData, accuracy: Accuracy | None, of: str) -> Block | None:
    """Test points by class of a map (rows) and of the reference (columns): ``restore``, or a map of land cover.

    Of a map of land cover that is not there, or has too few points, it is told.
    """
    if (one := _map_of(data, accuracy, of)) is None:
        if of == "restore":
            return None
        return show_text(label("cover_not_judged" if of in data.covers else "no_such_cover").format(
            map=label(f"sheet_map_{of}")))
    found, names = one
    rows = [{"map_class": names[name], **{names[other]: int(found.matrix[place, column])
                                          for column, other in enumerate(found.classes)},
             label("sum"): int(found.matrix[place].sum())} for place, name in enumerate(found.classes)]
    told = label("points_overall").format(overall=format_percent(found.overall), kappa=format_number(found.kappa))
    heads = {names[name]: names[name] for name in found.classes}
    return show(rows, "confusion_matrix", headers=heads) + show_text(told)


def adjusted(data: AreaData, accuracy: Accuracy | None, of: str) -> Block | None:
    """Of each class its area on the map, the area adjusted for what the map gets wrong, and both accuracies."""
    if (judged := _map_of(data, accuracy, of)) is None:
        return None
    found, names = judged
    one = found.adjusted
    return show([{"map_class": names[name], "area_on_map": float(one.map_area[place]),
                  "area_adjusted": area_text(one.area, place), "users_accuracy": share_text(one.users, place),
                  "producers_accuracy": share_text(one.producers, place)}
                 for place, name in enumerate(found.classes)
                 if one.map_area[place] > 0 or found.matrix[:, place].any()], "areas_adjusted")


def _map_of(data: AreaData, accuracy: Accuracy | None, of: str
            ) -> tuple[MapAccuracy, Mapping[str | int, str]] | None:
    """How good a map is, and what its classes are called; None where that is not assessed."""
    if accuracy is None or (of != "restore" and of not in accuracy.covers):
        return None
    if of == "restore":
        return accuracy.restore, {"restore": label("to_restore"), "other": label("not_to_restore")}
    return accuracy.covers[of], {one.code: named(one) for one in data.classes}


def accuracy_figure(case: Case, accuracy: Accuracy | None) -> Drawing | None:
    """Overall, user's and producer's accuracy of the land to restore beside what the notes ask for."""
    if accuracy is None:
        return None
    one = accuracy.restore.adjusted
    highs = {"overall": float(one.overall.high), "users": float(one.users.high[0]),
             "producers": float(one.producers.high[0])}
    found = {label(f"accuracy_{name}"): (verdict.point, verdict.low, min(max(highs[name], verdict.point), 1.0))
             for name, verdict in accuracy.verdicts.items()}
    return against_required(found, case.standard.rule("accuracy_required"), caption="accuracy_figure")


def accuracy_verdict(accuracy: Accuracy | None) -> Block | None:
    """Each accuracy with the lower end that decides (reading T1)."""
    if accuracy is None:
        return None
    return note("verdict_T1", [
        label("verdict_at_least").format(name=label(f"accuracy_{name}"), value=lowest_text(one),
                                         asked=format_percent(one.required),
                                         met=label("met" if one.met else "not_met"))
        for name, one in accuracy.verdicts.items()])


def threshold(case: Case, rules: AreaRules, accuracy: Accuracy | None) -> Block:
    """The threshold of the index that other points would choose, and what it gives on the test points."""
    found = accuracy.threshold if accuracy else None
    if found is None:
        return show_text(label("threshold_not_fitted"))
    right = float(np.trace(found.matrix) / found.matrix.sum())
    assert accuracy is not None
    return note("threshold_fitted", [
        label("threshold_line").format(points=accuracy.fit_points, best=format_number(found.best),
                                       used=format_number(rules.breaks[-1]), area=format_number(found.curve.area)),
        label("threshold_judged").format(points=int(found.matrix.sum()), right=format_percent(right))])


def next_points(plan: PointPlan, accuracy: Accuracy | None) -> Block:
    """Points that the next round needs, beside those that there were."""
    had = accuracy.restore.matrix.sum(axis=1).tolist() if accuracy else [None, None]
    rows = [{"map_class": label(name), "share_of_land": format_percent(plan.share[place]),
             "points_had": had[place], "points_planned": plan.by_class[place]}
            for place, name in enumerate(("to_restore", "not_to_restore"))]
    return show(rows, "points_next")
