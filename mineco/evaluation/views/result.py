"""Chapter 5: indicators with their formulas and scores, formulas (1) and (2), the grade, and what stands beside."""

from collections.abc import Mapping

from mineco.core.formatting import format_apart, format_number, format_percent, round_down, unit_text
from mineco.core.labels import current_language, label
from mineco.core.quantity import Step
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.score import Score
from mineco.evaluation.views.step import show_step, show_steps
from mineco.report.drawing import Drawing
from mineco.report.figures import scores_against_anchors
from mineco.report.tables import Block, CaptionNumber, note, show, show_text
from mineco.scoring.values import outlying_raters, rating_spread
from mineco.standards.parts import Comparison

OUTLIER_POINTS = 25.0  # one level of the rubrics
GOOD_SCORE = 80.0  # the third anchor
MAX_ADVICE = 5
MOST_TOLD = 3  # published values beside a figure with what each is about


def indicator_block(case: Case, one: IndicatorResult) -> Block:
    """One indicator: clause, formula, numbers put in, result, value function and score; or why it does not apply."""
    say, indicator = current_language(), one.indicator
    title = f"{indicator.id} {indicator.name[say]}"
    if not one.applicable:
        why = case.dossier.mine.not_applicable.get(indicator.id)
        text = case.standard.reasons[one.reason].name[say]
        return note(f"{title} · {label('not_applicable')}", [text, *([why.text[say]] if why else [])])
    assert one.score is not None
    assert one.value is not None
    lines = [indicator.meaning[say]]
    if indicator.note:
        lines.append(indicator.note[say])
    if one.variant:
        lines.append(f"{label('basis')}: {one.variant.basis[say]}")
        lines.append(f"{label('rule')}: {knots_text(one)}")
        if one.variant.note:
            lines.append(one.variant.note[say])
    for name, beside in one.beside.items():
        known = next(row for row in indicator.beside if row.id == name)
        lines.append(f"{label('beside')} · {known.name[say]}: {format_number(float(beside), beside.unit)}")
    lines += [comparison_text(case, compared) for compared in
              indicator.comparisons(case.standard.kinds(case.dossier.mine.mine_subtype), case.year)]
    if one.mean_rating is not None and not indicator.rubric:
        lines.append(f"{label('beside')} · {label('mean_rating')}: {format_number(float(one.mean_rating))}")
    if one.most is not None:
        lines.append(label("at_most_points").format(points=format_number(float(one.most))))
    lines.append(f"{label('score')}: {format_number(float(one.score))}")
    if indicator.readings:
        lines.append(f"{label('readings_used')}: {', '.join(indicator.readings)}")
    block = note(title, lines)
    rated = one.mean_rating if one.bound is not None else None  # else it is the value itself, or stands beside
    for shown in (one.bound, rated, one.value):
        # where nothing was planned or done no formula was applied: the figure is the zero that was found
        own = shown is not None and shown.name in (indicator.id, f"mean_rating.{indicator.id}")
        if shown is not None and own and isinstance(shown.origin, Step):
            block = block + show_step(case, shown)
    return block


def comparison_text(case: Case, compared: Comparison) -> str:
    """Published values beside a figure: a few with what each is about, many of one unit by their subjects alone."""
    say = current_language()
    values = [case.standard.benchmarks[name] for name in compared.benchmarks]
    units = {one.unit for one in values}
    name, told = compared.name[say], [f"{one.subject[say]} {format_number(one.value, one.unit)} ({one.meaning[say]})"
                                      for one in values]
    if len(values) > MOST_TOLD and len(units) == 1:
        name = f"{name} ({unit_text(units.pop())})"
        told = [f"{one.subject[say]} {format_number(one.value)}" for one in values]
    note = f" · {compared.note[say]}" if compared.note else ""
    return f"{label('beside')} · {name}: {label('needs_comma').join(told)}{note}"


def knots_text(one: IndicatorResult) -> str:
    """The value function as pairs of value and points, with the weakest status behind it."""
    assert one.variant is not None
    pairs = " · ".join(label("knot").format(x=format_number(x, one.variant.unit), points=format_number(points))
                       for x, points in one.variant.knots)
    return f"{pairs} ({label(one.variant.status)})"


def group_blocks(case: Case, indicators: Mapping[str, IndicatorResult], group: str) -> Block:
    """All indicators of a group."""
    blocks = [indicator_block(case, indicators[one.id]) for one in case.standard.in_group(group)
              if one.id in indicators]  # a mine that is not eligible is not rated
    blocks = blocks or [show_text(label("not_rated"))]
    return Block("\n".join(block.html for block in blocks), "\n\n".join(block.text for block in blocks))


def ratings_table(case: Case, indicators: Mapping[str, IndicatorResult], number: CaptionNumber = None) -> Block:
    """Every rater's score with basis and evidence, the spread, and who stands apart (reading R25)."""
    rows = []
    for row in case.dossier.ratings:
        if not indicators[row.indicator].applicable:
            continue
        scores = {rater: float(one) for rater, one in indicators[row.indicator].ratings.items()}
        low, high, deviation = rating_spread(scores)
        rows.append({"indicator": f"{row.indicator} {case.standard.indicators[row.indicator].name[current_language()]}",
                     "rater": row.rater, "score": row.score, "basis": row.basis, "evidence": row.evidence,
                     "spread": f"{low:g}–{high:g} (s = {deviation:.1f})",
                     "outlier": row.rater in outlying_raters(scores, OUTLIER_POINTS)})
    return show(rows, label("ratings"), number)


def score_table(case: Case, indicators: Mapping[str, IndicatorResult], score: Score,
                number: CaptionNumber = None) -> Block:
    """The score table of an evaluation report: levels, weights, value, points, and what each row adds."""
    say, standard = current_language(), case.standard
    levels = ("level_1", "level_2", "level_3") if standard.levels else ("level_1", "level_2")
    rows = []
    for group in standard.groups.values():
        for indicator in standard.in_group(group.id):
            one, weight = indicators[indicator.id], score.weights[indicator.id]
            above = [standard.levels[group.level].name[say]] if group.level else []
            rows.append({
                **dict(zip(levels, (*above, group.name[say], f"{indicator.id} {indicator.name[say]}"), strict=True)),
                "nominal_weight": format_percent(score.nominal_weights[indicator.id]),
                "effective_weight": format_percent(weight),
                "value": "—" if one.value is None else format_number(float(one.value), one.value.unit),
                "score": None if one.score is None else float(one.score),
                "contribution": None if one.score is None else weight * float(one.score)})
    rows.append({**dict.fromkeys(levels, ""), "level_1": label("total"),
                 "nominal_weight": format_percent(sum(score.nominal_weights.values())),
                 "effective_weight": format_percent(sum(score.weights.values())), "value": "", "score": None,
                 "contribution": float(score.total)})
    return show(rows, label("score_table"), number)


def score_steps(case: Case, score: Score) -> Block:
    """Formula (1) for each group, then formula (2)."""
    return show_steps(case, [*score.groups.values(), score.total])


def scores_figure(indicators: Mapping[str, IndicatorResult], number: CaptionNumber = None) -> Drawing:
    """Each indicator on the scale of the anchors."""
    rows = [{"id": name, "name": one.indicator.name[current_language()],
             "score": None if one.score is None else float(one.score)}
            for name, one in indicators.items()]
    return scores_against_anchors(rows, label("scores_figure"), number)


def grade_name(case: Case, name: str) -> str:
    """A grade with its name: AA 碳中和杰出矿山."""
    standard = case.standard
    if name == standard.below_grade.id:
        return standard.below_grade.name[current_language()]
    return f"{name} {next(one for one in standard.grades if one.id == name).name[current_language()]}"


def strengths_and_weaknesses(case: Case, indicators: Mapping[str, IndicatorResult], score: Score,
                             number: CaptionNumber = None) -> Block:
    """Where most points are lost, first: what would move the score."""
    lost = {name: score.weights[name] * (100 - float(one.score)) for name, one in indicators.items()
            if one.score is not None}
    rows = [{"indicator": f"{name} {indicators[name].indicator.name[current_language()]}",
             "score": float(indicators[name].score or 0), "points_lost": points}
            for name, points in sorted(lost.items(), key=lambda pair: -pair[1]) if points > 0]
    return show(rows, label("points_lost_table"), number)


def gains_text(indicators: Mapping[str, IndicatorResult], score: Score) -> list[str]:
    """The indicators from which most points could be gained, and how many."""
    gains = {name: score.weights[name] * (GOOD_SCORE - float(one.score)) for name, one in indicators.items()
             if one.score is not None and one.score < GOOD_SCORE}
    return [label("advice_indicator").format(name=f"{name} {indicators[name].indicator.name[current_language()]}",
                                             score=format_apart(float(indicators[name].score or 0), [GOOD_SCORE]),
                                             gain=format_number(round_down(gains[name])))
            for name in sorted(gains, key=lambda name: -gains[name])[:MAX_ADVICE]]
