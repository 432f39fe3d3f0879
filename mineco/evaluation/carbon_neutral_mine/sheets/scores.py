"""Indicators, value functions, ratings, groups and grade as sheets that count again."""

from typing import NamedTuple

from mineco.core.labels import label
from mineco.core.quantity import Step
from mineco.core.workbooks.live import Cell, Formula, LiveSheet
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.views.words import grade_name, named, spoken
from mineco.scoring.values import grade_by_cuts, value_score
from mineco.standards.indicator import Variant

COLUMNS = ("id", "indicator", "value", "unit", "kind", "sheet_by_function", "mean_rating", "sheet_at_most", "score",
           "sheet_weight_in_group", "sheet_applies", "effective_weight", "sheet_weight_in_total", "contribution",
           "reason")
FIRST_GROUP = 2  # row of the first group on the sheet of the score, below the headings


class Place(NamedTuple):
    """Where a figure stands, and what it is."""

    address: str
    value: float | str


def indicators_sheets(evaluation: Evaluation) -> tuple[LiveSheet, LiveSheet, LiveSheet, "Scored"]:
    """The indicators, their value functions, the ratings; and where the members of each group stand."""
    case = evaluation.case
    sheet = LiveSheet(label("sheet_indicators"), (10, 44, 14, 20, 14, 14, 16, 12, 12, 14, 14, 14, 16, 14, 40))
    knots = LiveSheet(label("sheet_knots"), (10, 14, *[12] * 8))
    ratings = LiveSheet(label("sheet_ratings"), (10, 34, 12))
    knots.head(label("id"), "", label("sheet_knots"))
    ratings.head(label("id"), label("rater"), label("score"))
    sheet.head(*(label(name) for name in COLUMNS))
    members: dict[str, tuple[int, int]] = {}
    for group in case.standard.groups.values():
        first = len(sheet.rows) + 1
        own = [evaluation.indicators[one.id] for one in case.standard.in_group(group.id)]
        for one in own:
            _indicator(evaluation, one, (first, first + len(own) - 1), sheet, knots, ratings)
        members[group.id] = first, first + len(own) - 1
    return sheet, knots, ratings, Scored(sheet, members)


class Scored(NamedTuple):
    """The sheet of the indicators, and the first and last row of each group in it."""

    sheet: LiveSheet
    members: dict[str, tuple[int, int]]


def _indicator(evaluation: Evaluation, one: IndicatorResult, group: tuple[int, int], sheet: LiveSheet,
               knots: LiveSheet, ratings: LiveSheet) -> None:
    """The row of an indicator: its score by its value function, its raters or both, its weight and what it adds."""
    case, indicator, row = evaluation.case, one.indicator, len(sheet.rows) + 1
    weight = float(evaluation.score.weights[indicator.id])  # in the total
    weight_in_group = weight / case.standard.groups[indicator.group].weight * 100
    weight_of_group = f"'{label('sheet_score')}'!$C${FIRST_GROUP + list(case.standard.groups).index(indicator.group)}"
    cells: dict[str, Cell] = {"id": indicator.id, "indicator": named(indicator), "sheet_applies": float(one.applicable),
                              "sheet_weight_in_group": float(indicator.weight)}
    cells["effective_weight"] = Formula(
        f"J{row}*K{row}/SUMPRODUCT(J${group[0]}:J${group[1]},K${group[0]}:K${group[1]})", weight_in_group)
    cells["sheet_weight_in_total"] = Formula(f"L{row}*{weight_of_group}/100", weight)
    if one.value is None or one.measured is None or one.score is None:
        cells |= {"reason": named(case.standard.reasons[one.reason])}
    else:
        cells |= {"unit": one.measured.unit, "kind": label(one.value.kind), "value": float(one.measured.value)}
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


def score_sheet(evaluation: Evaluation, scored: Scored, ratio: Place) -> tuple[LiveSheet, dict[str, Place]]:
    """Groups, total and the grade by two keys; and where they stand."""
    case, score, grade = evaluation.case, evaluation.score, evaluation.grade
    standard, places = case.standard, dict[str, Place]()
    sheet = LiveSheet(label("sheet_score"), (48, 40, 14, 18))
    sheet.head(label("id"), label("level_2"), label("weight"), label("score"))
    for group in standard.groups.values():
        weights, points = (scored.sheet.at(column, *scored.members[group.id]) for column in ("L", "I"))
        sheet.add(group.id, named(group), float(group.weight),
                  Formula(f"SUMPRODUCT({weights},{points})", float(score.groups[group.id].value)))
    weights, points = (f"{column}{FIRST_GROUP}:{column}{len(sheet.rows)}" for column in ("C", "D"))
    total = Formula(f"SUMPRODUCT({weights},{points})/SUM({weights})", float(score.total.value))
    places["total_score"] = Place(sheet.at("D", sheet.add("", label("total_score"), None, total)), total.value)
    sheet.add()
    sheet.head(label("grade"), "", label("score_from"), label("offset_from"))
    best = len(sheet.rows) + 1
    for band in standard.grades:
        sheet.add(grade_name(standard, band.id), "", float(band.score), None if band.offset is None else
                  float(band.offset))
    below = sheet.add(grade_name(standard, standard.below_grade.id))
    names = sheet.at("A", best, below)
    sheet.add()
    sheet.head(label("result"), label("value"))
    numbers = {}
    for name, reached, column, cuts in (("by_score", places["total_score"], "C", standard.score_cuts),
                                        ("by_offset", ratio, "D", standard.offset_cuts)):
        found = int(grade_by_cuts(float(reached.value), cuts))
        missed = f"SUMPRODUCT(({sheet.at(column, best, below - 1)}>{reached.address})*1)+1"
        row = sheet.add(label(name), Formula(f"INDEX({names},C{len(sheet.rows) + 1})", grade_name(
            standard, standard.grade_ids[found])), Formula(missed, found + 1.0))
        numbers[name] = f"C{row}"
        places[name] = Place(sheet.at("B", row), grade_name(standard, str(getattr(grade, name))))
    gates = f"C{sheet.add(label('sheet_gates'), '', float(grade.binding == 'gates'))}"
    worse = f"MAX({numbers['by_score']},{numbers['by_offset']})"
    final = Formula(f"INDEX({names},IF({gates}>0,{below - best + 1},{worse}))", grade_name(standard, str(grade.final)))
    places["grade"] = Place(sheet.at("B", sheet.add(label("grade"), final)), final.value)
    words = {name: label(f"binding_{name}") for name in ("gates", "score", "offset", "both")}
    gated, by_score, by_offset, both = (f'"{words[name]}"' for name in words)
    binding = Formula(f"IF({gates}>0,{gated},IF({numbers['by_score']}>{numbers['by_offset']},{by_score},"
                      f"IF({numbers['by_score']}<{numbers['by_offset']},{by_offset},{both})))",
                      words[str(grade.binding)])
    places["binding"] = Place(sheet.at("B", sheet.add(label("binding"), binding)), binding.value)
    return sheet, places
