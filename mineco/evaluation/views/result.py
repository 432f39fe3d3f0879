"""Chapter 5: indicators with their formulas and scores, the total, what is missing to the next grade."""

from collections.abc import Mapping
from typing import Any

from mineco.core.formatting import format_apart, format_number, format_percent, round_up_roughly, unit_text
from mineco.core.labels import label
from mineco.core.number import Number
from mineco.core.quantity import Quantity, Step
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.score import Score, points_lost
from mineco.evaluation.views.step import show_step, show_steps
from mineco.evaluation.views.words import amount, concerns, grade_name, headed, named, remarked, spoken, titled
from mineco.report.drawing import Drawing
from mineco.report.figures.results import scores_against_anchors, value_function
from mineco.report.tables import Block, below, note, show, show_text
from mineco.scoring.values import outlying_raters, rating_spread
from mineco.standards.indicator import Comparison

OUTLIER_POINTS = 25.0  # one level of the rubrics
MOST_TOLD = 3  # published values beside a figure with what each is about


def ways_of_scoring(indicators: Mapping[str, IndicatorResult]) -> Block:
    """How many indicators are scored by a value function, how many by raters, and how many do not apply."""
    kinds = ["out" if not one.applicable else "rated" if one.indicator.rubric else "valued"
             for one in indicators.values()]
    return show_text(label("ways_of_scoring").format(count=len(kinds), **{
        kind: kinds.count(kind) for kind in ("valued", "rated", "out")}))


def indicator_block(case: Case, one: IndicatorResult) -> Block:
    """One indicator: clause, formula, numbers put in, result, value function and score; or why it does not apply."""
    title = titled(case, one.indicator.id)
    if not one.applicable:
        why = case.dossier.mine.not_applicable.get(one.indicator.id)
        return note(f"{title} · {label('not_applicable')}",
                    [named(case.standard.reasons[one.reason]), *([spoken(why.text)] if why else [])])
    rated = one.mean_rating if one.bound is not None else None  # else it is the value itself, or stands beside
    return below([note(title, _indicator_lines(case, one)),
                  *(show_step(case, shown) for shown in (one.bound, rated, one.value)
                    if shown is not None and _is_worked(one, shown))])


def _is_worked(one: IndicatorResult, shown: Quantity) -> bool:
    """Whether a figure was computed for this indicator: where nothing was planned or done it is the zero found.

    The mean of one rating is that rating, and that of nothing but zeros is zero.
    """
    mean = f"mean_rating.{one.indicator.id}"
    plain = shown is one.mean_rating and (len(one.ratings) == 1 or not any(map(float, one.ratings.values())))
    return isinstance(shown.origin, Step) and shown.name in (one.indicator.id, mean) and not plain


def _indicator_lines(case: Case, one: IndicatorResult) -> list[str]:
    indicator, beside = one.indicator, label("beside")
    assert one.score is not None
    lines = [spoken(indicator.meaning), remarked(case, indicator.note)]
    if one.variant:
        lines += [headed(label("basis"), spoken(one.variant.basis)), headed(label("rule"), knots_text(one)),
                  spoken(one.variant.note)]
    known = {row.id: named(row) for row in indicator.beside}
    lines += [headed(f"{beside} · {known[name]}", amount(figure)) for name, figure in one.beside.items()]
    lines += [comparison_text(case, compared) for compared in
              indicator.comparisons(case.standard.kinds(case.dossier.mine.mine_subtype), case.year)]
    if one.mean_rating is not None and not indicator.rubric:
        lines.append(headed(f"{beside} · {label('mean_rating')}", format_number(float(one.mean_rating))))
    if one.most is not None:
        lines.append(label("at_most_points").format(points=format_number(float(one.most))))
    lines.append(headed(label("score"), format_number(float(one.score))))
    if readings := [name for name in indicator.readings if concerns(case, case.standard.readings[name].applies_to)]:
        lines.append(headed(label("readings_used"), label("list_comma").join(readings)))
    return list(filter(None, lines))


def comparison_text(case: Case, compared: Comparison) -> str:
    """Published values beside a figure: a few with what each is about, many of one unit by their subjects alone."""
    values = [case.standard.benchmarks[name] for name in compared.benchmarks]
    units = {one.unit for one in values}
    name, told = named(compared), [f"{spoken(one.subject)} {format_number(one.value, one.unit)}"
                                   + label("in_brackets").format(text=spoken(one.meaning)) for one in values]
    if len(values) > MOST_TOLD and len(units) == 1:
        name = label("with_unit").format(name=name, unit=unit_text(units.pop()))
        told = [f"{spoken(one.subject)} {format_number(one.value)}" for one in values]
    remark = f" · {spoken(compared.note)}" if compared.note else ""
    return headed(f"{label('beside')} · {name}", label("needs_comma").join(told)) + remark


def knots_text(one: IndicatorResult) -> str:
    """The value function as pairs of value and points, with the weakest status behind it."""
    assert one.variant is not None
    pairs = " · ".join(label("knot").format(x=format_number(x, one.variant.unit), points=format_number(points))
                       for x, points in one.variant.knots)
    return pairs + label("in_brackets").format(text=label(one.variant.status))


def group_blocks(case: Case, indicators: Mapping[str, IndicatorResult], group: str) -> Block:
    """All indicators of a group."""
    rated = [indicators[one.id] for one in case.standard.in_group(group) if one.id in indicators]
    if not rated:  # a mine that is not eligible is not rated
        return show_text(label("not_rated"))
    return below(indicator_block(case, one) for one in rated)


def ratings_table(case: Case, indicators: Mapping[str, IndicatorResult]) -> Block:
    """Every rater's score with basis and evidence, the spread, and who stands apart (reading R25)."""
    rows = []
    for row in case.dossier.ratings:
        if not indicators[row.indicator].applicable:
            continue
        scores = {rater: float(one) for rater, one in indicators[row.indicator].ratings.items()}
        rows.append({"indicator": titled(case, row.indicator), "rater": spoken(row.rater), "score": row.score,
                     "basis_of_rating": spoken(row.basis), "evidence": spoken(row.evidence),
                     "spread": spread_text(*rating_spread(scores)),
                     "outlier": row.rater in outlying_raters(scores, OUTLIER_POINTS)})
    return show(rows, "ratings")


def spread_text(low: Number, high: Number, deviation: Number) -> str:
    """How far the ratings of an indicator lie apart."""
    return f"{float(low):g}–{float(high):g}" + label("in_brackets").format(text=f"s = {float(deviation):.1f}")


def score_table(case: Case, indicators: Mapping[str, IndicatorResult], score: Score | None) -> Block:
    """The score table: levels, weights, value, points, what each adds; without a score, what was measured."""
    standard, rows = case.standard, []
    levels = ("level_1", "level_2", "level_3") if standard.levels else ("level_1", "level_2")
    for name in (one.id for group in standard.groups for one in standard.in_group(group)) if score else indicators:
        one, group = indicators[name], standard.groups[indicators[name].indicator.group]
        points = None if one.score is None else float(one.score)
        measured = {"value": amount(one.value), "score": points}
        if score is None:
            rows.append({"level_2": titled(case, name), **measured})
            continue
        above = [named(standard.levels[group.level])] if group.level else []
        weight = score.weights[name]
        rows.append({**dict(zip(levels, (*above, named(group), titled(case, name)), strict=True)),
                     "nominal_weight": format_percent(score.nominal_weights[name]),
                     "effective_weight": format_percent(weight), **measured,
                     "contribution": None if points is None else weight * points})
    if score is not None:
        rows.append({**dict.fromkeys(levels, ""), "level_1": label("total"),
                     "nominal_weight": format_percent(sum(score.nominal_weights.values())),
                     "effective_weight": format_percent(sum(score.weights.values())), "value": "", "score": None,
                     "contribution": float(score.total)})
    return show(rows, "score_table")


def score_steps(case: Case, score: Score | None) -> Block:
    """Formula (1) for each group, then formula (2); or that there is no score."""
    return show_steps(case, [*score.groups.values(), score.total]) if score else show_text(label("not_scored"))


def scores_figure(indicators: Mapping[str, IndicatorResult]) -> Drawing:
    """Each indicator on the scale of the anchors."""
    rows = [{"id": name, "name": named(one.indicator), "score": None if one.score is None else float(one.score)}
            for name, one in indicators.items()]
    return scores_against_anchors(rows, caption="scores_figure")


def value_function_figure(one: IndicatorResult) -> Drawing | Block:
    """The value function of an indicator and where its value lies on it; a sentence where it is rated, or unknown."""
    if one.variant is None or one.value is None:
        return show_text(label("nothing_to_list").format(caption=label("value_function_figure")))
    return value_function(one.variant.knots, float(one.value), named(one.indicator), one.value.unit,
                          caption="value_function_figure")


def outlook_text(case: Case, outlook: Any) -> Block:
    """What is missing to the next grade, and the highest one while zeros stay (R23); or that there is no score."""
    if outlook is None:
        return show_text(label("not_scored"))
    lines = [label("points_to_next").format(
        points=format_number(round_up_roughly(outlook.points_to_next)),
        grade=grade_name(case.standard, outlook.next_by_score))
        if outlook.next_by_score else label("best_by_score")]
    if hasattr(outlook, "offsets_to_next"):
        lines.append(label("offsets_to_next").format(
            share=format_number(round_up_roughly(outlook.offsets_to_next * 100), "%"),
            grade=grade_name(case.standard, outlook.next_by_offset))
            if outlook.next_by_offset else label("best_by_offset"))
    if outlook.at_zero:
        lines.append(label("highest_reachable").format(
            score=format_apart(outlook.highest_score, case.standard.score_cuts, digits=3),
            grade=grade_name(case.standard, outlook.highest_grade),
            zero=label("list_comma").join(titled(case, name) for name in outlook.at_zero)))
    return note("outlook", lines)


def strengths_and_weaknesses(case: Case, indicators: Mapping[str, IndicatorResult], score: Score | None) -> Block:
    """Where most points are lost, first: what would move the score; or that there is no score."""
    if score is None:
        return show_text(label("not_scored"))
    lost = points_lost(score.weights, {name: one.score for name, one in indicators.items()})
    return show([{"indicator": titled(case, name), "score": float(indicators[name].score or 0), "points_lost": points}
                 for name, points in lost.items()], "points_lost_table")
