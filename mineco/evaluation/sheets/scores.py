"""Indicators, value functions, ratings, groups and grade as sheets that count again."""

from collections.abc import Mapping
from typing import NamedTuple

from mineco.core.formatting import unit_text
from mineco.core.labels import label
from mineco.core.quantity import Step
from mineco.core.workbooks.live import Cell, Formula, LiveSheet
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.score import Score
from mineco.evaluation.sheets.parts import Place
from mineco.evaluation.views.words import named, spoken
from mineco.scoring.values import value_score
from mineco.standards.indicator import Variant

COLUMNS = ("id", "indicator", "value", "unit", "kind", "sheet_by_function", "mean_rating", "sheet_at_most", "score",
           "sheet_weight_in_group", "sheet_applies", "effective_weight", "sheet_weight_in_total", "contribution",
           "reason")
FIRST_GROUP = 2  # row of the first group on the sheet of the score, below the headings


class Scored(NamedTuple):
    """The sheet of the indicators, the first and last row of each group in it, and where weights stand elsewhere."""

    sheet: LiveSheet
    members: dict[str, tuple[int, int]]
    weights: Mapping[str, Place]


def indicators_sheets(evaluation: Evaluation, score: Score,
                      weights: Mapping[str, Place] | None = None) -> tuple[LiveSheet, LiveSheet, LiveSheet, Scored]:
    """The indicators, their value functions, the ratings; and where the members of each group stand.

    ``weights`` are the places of weights of groups and indicators that another sheet has; else they are numbers here.
    """
    case = evaluation.case
    sheet = LiveSheet(label("sheet_indicators"), (10, 44, 14, 20, 14, 14, 16, 12, 12, 14, 14, 14, 16, 14, 40))
    knots = LiveSheet(label("sheet_knots"), (10, 14, *[12] * 8))
    ratings = LiveSheet(label("sheet_ratings"), (10, 34, 12))
    knots.head(label("id"), "", label("sheet_knots"))
    ratings.head(label("id"), label("rater"), label("score"))
    sheet.head(*(label(name) for name in COLUMNS))
    scored = Scored(sheet, {}, weights or {})
    for group in case.standard.groups.values():
        first = len(sheet.rows) + 1
        own = [evaluation.indicators[one.id] for one in case.standard.in_group(group.id)]
        scored.members[group.id] = first, first + len(own) - 1
        for one in own:
            _indicator(case, score, one, scored, knots, ratings)
    return sheet, knots, ratings, scored


def _indicator(case: Case, score: Score, one: IndicatorResult, scored: Scored, knots: LiveSheet,
               ratings: LiveSheet) -> None:
    """The row of an indicator: its score by its value function, its raters or both, its weight and what it adds."""
    sheet, indicator = scored.sheet, one.indicator
    row, group = len(sheet.rows) + 1, scored.members[indicator.group]
    weight = float(score.weights[indicator.id])  # in the total
    weight_in_group = weight / case.standard.groups[indicator.group].weight * 100
    weight_of_group = f"'{label('sheet_score')}'!$C${FIRST_GROUP + list(case.standard.groups).index(indicator.group)}"
    cells: dict[str, Cell] = {"id": indicator.id, "indicator": named(indicator), "sheet_applies": float(one.applicable),
                              "sheet_weight_in_group": _weight(scored, indicator.id, float(indicator.weight))}
    cells["effective_weight"] = Formula(
        f"J{row}*K{row}/SUMPRODUCT(J${group[0]}:J${group[1]},K${group[0]}:K${group[1]})", weight_in_group)
    cells["sheet_weight_in_total"] = Formula(f"L{row}*{weight_of_group}/100", weight)
    if one.value is None or one.measured is None or one.score is None:
        cells |= {"reason": named(case.standard.reasons[one.reason])}
    else:
        cells |= {"unit": unit_text(one.measured.unit), "kind": label(one.value.kind),
                  "value": float(one.measured.value)}
        if one.variant is not None:
            cells["sheet_by_function"] = _by_function(case, one, one.variant, f"C{row}", knots)
        if indicator.rubric and one.mean_rating is not None:
            rows = [ratings.add(indicator.id, spoken(rater), float(rating.value))
                    for rater, rating in one.ratings.items()]
            mean = Formula(f"AVERAGE({ratings.at('C', rows[0], rows[-1])})", float(one.mean_rating.value))
            cells["mean_rating"] = mean
            if one.bound is None:
                cells["value"] = Formula(f"G{row}", mean.value)
        if one.most is not None:
            cells["sheet_at_most"] = float(one.most.value)
        parts = [f"{letter}{row}" for letter, name in (("F", "sheet_by_function"), ("G", "mean_rating"),
                                                       ("H", "sheet_at_most")) if name in cells]
        cells["score"] = Formula(f"MIN({','.join(parts)})", float(one.score))
        cells["contribution"] = Formula(f"I{row}*M{row}", float(one.score) * weight)
    sheet.add(*(cells.get(name) for name in COLUMNS))


def _by_function(case: Case, one: IndicatorResult, way: Variant, cell: str, knots: LiveSheet) -> Cell:
    """Points by the value function, linear between its knots and flat outside; 0 where nothing was planned or done."""
    measured = one.measured
    assert measured is not None
    if not (isinstance(measured.origin, Step) and measured.origin.formula == way.formula):
        return 0.0
    places, points = zip(*sorted(way.knots), strict=True)
    last = chr(ord("C") + len(places) - 1)
    first = knots.add(one.indicator.id, label("value"), *places)
    second = knots.add("", label("points"), *points)
    x, y = (f"'{knots.title}'!$C${row}:${last}${row}" for row in (first, second))
    left = f"MATCH({cell},{x},1)"
    between = (f"INDEX({y},{left})+({cell}-INDEX({x},{left}))*(INDEX({y},{left}+1)-INDEX({y},{left}))"
               f"/(INDEX({x},{left}+1)-INDEX({x},{left}))")
    return Formula(f"IF({cell}<=INDEX({x},1),INDEX({y},1),IF({cell}>=INDEX({x},{len(places)}),"
                   f"INDEX({y},{len(places)}),{between}))", float(value_score(measured.value, way.knots)))


def _weight(scored: Scored, name: str, value: float) -> Cell:
    """A weight, by its place where another sheet has it."""
    return Formula(scored.weights[name].address, value) if name in scored.weights else value


def score_sheet(case: Case, score: Score, scored: Scored) -> tuple[LiveSheet, Place]:
    """Groups and the total; and where that stands."""
    standard = case.standard
    sheet = LiveSheet(label("sheet_score"), (48, 40, 14, 18))
    sheet.head(label("id"), label("level_2"), label("weight"), label("score"))
    for group in standard.groups.values():
        weights, points = (scored.sheet.at(column, *scored.members[group.id]) for column in ("L", "I"))
        sheet.add(group.id, named(group), _weight(scored, group.id, float(group.weight)),
                  Formula(f"SUMPRODUCT({weights},{points})", float(score.groups[group.id].value)))
    weights, points = (f"{column}{FIRST_GROUP}:{column}{len(sheet.rows)}" for column in ("C", "D"))
    total = Formula(f"SUMPRODUCT({weights},{points})/SUM({weights})", float(score.total.value))
    return sheet, Place(sheet.at("D", sheet.add("", label("total_score"), None, total)), total.value)
