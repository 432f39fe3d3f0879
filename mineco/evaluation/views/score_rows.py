"""The score table of the first volume: weight, rule, value and points of each indicator, what is lost and why."""

import math
from collections.abc import Iterator
from typing import Any

from mineco.core.formatting import DASH, format_number, format_rounded, unit_text
from mineco.core.labels import label
from mineco.core.quantity import Datum
from mineco.dossier.rows import documents
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.record.anchors import rests_on_assumed
from mineco.evaluation.views.appendix import NO_BREAK
from mineco.evaluation.views.words import headed, named, spoken, titled
from mineco.report.tables import Block, show, show_text

MARK = "†"  # of points on anchors that are ours
MOST_PLACES = 2  # rows or documents that are named of an indicator
FULL = 100.0  # points


def score_rows(evaluation: Evaluation) -> Block:
    """All indicators with the subtotal of each group and the total; for an evaluation with a score."""
    return show([*_rows(evaluation)], fine=True) + show_text(label("score_table_note").format(mark=MARK))


def _rows(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    case, score = evaluation.case, evaluation.score
    assert score is not None
    for group in case.standard.groups.values():
        of_group = 100 * math.fsum(score.nominal_weights[one.id] for one in case.standard.in_group(group.id))
        for known in case.standard.in_group(group.id):
            one, name = evaluation.indicators[known.id], titled(case, known.id)
            weight = 100 * score.weights[known.id]
            if one.score is None:
                yield _row(name, None, None, None, scoring=DASH, why=why(case, one))
                continue
            mark = f"{NO_BREAK}{MARK}" if rests_on_assumed(case.standard, one) else ""
            points = float(one.score)
            yield _row(name + mark, weight, points, score.weights[known.id] * (FULL - points), scoring=rule(case, one),
                       value=_value(one), why=why(case, one), evidence=evidence(case, one))
        points = float(score.groups[group.id])
        yield _row(label("subtotal_of").format(group=group.id), of_group, points,
                   of_group / 100 * (FULL - points))
    total = float(score.total)
    yield _row(label("total"), FULL, total, FULL - total)


def _row(name: str, weight: float | None, points: float | None, lost: float | None, *, scoring: str = "",
         value: str = "", why: str = "", evidence: str = "") -> dict[str, Any]:
    """A row of the table; weights and points lost with two places, so that columns of them can be added up by eye."""
    weight, lost = (None if one is None else round(one, 2) for one in (weight, lost))
    points = None if points is None else round(points, 1)
    return {"indicator": name, "weight_pct": weight, "rule": scoring, "value": value, "score": points,
            "points_lost": lost, "why_lost": why, "evidence": evidence}


def rule(case: Case, one: IndicatorResult) -> str:
    """How the points come about, in words."""
    if one.variant is None or one.indicator.rubric:
        rated = label("rule_rated")
        return f"{rated}{label('rule_bounded')}" if one.bound is not None else rated
    knots = " · ".join(f"{format_number(x)}→{format_number(points)}" for x, points in one.variant.knots)
    unit = unit_text(one.variant.unit)
    return f"{spoken(one.variant.basis)}{label('in_brackets').format(text=unit) if unit else ''} {knots}"


def why(case: Case, one: IndicatorResult) -> str:
    """Why points are lost; a dash where none are."""
    if not one.applicable:
        return headed(label("not_applicable"), named(case.standard.reasons[one.reason]))
    assert one.score is not None
    if float(one.score) >= FULL:
        return DASH
    if one.most is not None and float(one.score) >= float(one.most):
        return label("lost_at_most").format(points=format_number(float(one.most)))
    if one.ratings:
        rows = [row for row in case.dossier.ratings if row.indicator == one.indicator.id]
        lowest = min(rows, key=lambda row: row.score, default=None)
        return spoken(lowest.basis) if lowest else ""
    if one.variant is None:
        return ""
    if not one.on_value_function and float(one.score) == 0:
        return label("nothing_done")
    best = next(x for x, points in one.variant.knots if points == max(points for _, points in one.variant.knots))
    return label("lost_below_best").format(best=format_number(best, one.variant.unit))


def evidence(case: Case, one: IndicatorResult) -> str:
    """The documents of the raters, or the rows of the dossier that the value is made of; the first of them."""
    if one.ratings:
        found = dict.fromkeys(spoken(document) for row in case.dossier.ratings if row.indicator == one.indicator.id
                              for document in documents(row.evidence))
    else:
        found = dict.fromkeys(case.dossier.place_of(datum.origin) for datum in (
            one.value.inputs.values() if one.value is not None else ()) if isinstance(datum.origin, Datum)
            and datum.origin.file not in ("", "mine.yaml"))
    names = [name for name in found if name] or [label("computed_from_account")]
    more = label("and_more").format(count=len(names) - MOST_PLACES) if len(names) > MOST_PLACES else ""
    return label("list_comma").join(names[:MOST_PLACES]) + more


def _value(one: IndicatorResult) -> str:
    if one.value is None or one.indicator.rubric:
        return DASH
    return format_rounded(float(one.value), one.value.unit)
