"""Chapter 5: indicators with their formulas and scores, formulas (1) and (2), the grade, and what stands beside."""

from collections.abc import Mapping

from mineco.core.errors import BadInput
from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import label, problem_text, spoken
from mineco.core.quantity import Step
from mineco.evaluation.carbon_neutral_mine.evaluate import Evaluation, Grade, Outlook, Score
from mineco.evaluation.case import Case
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.measured import Measured
from mineco.evaluation.views.case import value_name
from mineco.evaluation.views.step import show_step, show_steps
from mineco.report.drawing import Drawing
from mineco.report.figures import scores_against_anchors, two_keys
from mineco.report.tables import Block, note, show, show_text
from mineco.scoring.values import distance_to_next_grade, outlying_raters, rating_spread

OUTLIER_POINTS = 25.0  # one level of the rubrics
GOOD_SCORE = 80.0  # the third anchor
MOST_ADVICE = 5


def indicator_block(case: Case, one: Measured) -> Block:
    """One indicator: clause, formula, numbers put in, result, value function and score; or why it does not apply."""
    say, indicator = spoken(), one.indicator
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
    if one.mean_rating is not None and not indicator.rubric:
        lines.append(f"{label('beside')} · {label('mean_rating')}: {format_number(float(one.mean_rating))}")
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


def knots_text(one: Measured) -> str:
    """The value function as pairs of value and points, with the weakest status behind it."""
    assert one.variant is not None
    pairs = " · ".join(label("knot").format(x=format_number(x, one.variant.unit), points=format_number(points))
                       for x, points in one.variant.knots)
    return f"{pairs} ({label(one.variant.status)})"


def group_blocks(case: Case, indicators: Mapping[str, Measured], group: str) -> Block:
    """All indicators of a group."""
    blocks = [indicator_block(case, indicators[one.id]) for one in case.standard.in_group(group)
              if one.id in indicators]  # a mine that is not eligible is not rated
    blocks = blocks or [show_text(label("not_rated"))]
    return Block("\n".join(block.html for block in blocks), "\n\n".join(block.text for block in blocks))


def ratings_table(case: Case, indicators: Mapping[str, Measured], number: int | str | None = None) -> Block:
    """Every rater's score with basis and evidence, the spread, and who stands apart (reading R25)."""
    rows = []
    for row in case.dossier.ratings:
        if not indicators[row.indicator].applicable:
            continue
        scores = {rater: float(one) for rater, one in indicators[row.indicator].ratings.items()}
        low, high, deviation = rating_spread(scores)
        rows.append({"indicator": f"{row.indicator} {case.standard.indicators[row.indicator].name[spoken()]}",
                     "rater": row.rater, "score": row.score, "basis": row.basis, "evidence": row.evidence,
                     "spread": f"{low:g}–{high:g} (s = {deviation:.1f})",
                     "outlier": row.rater in outlying_raters(scores, OUTLIER_POINTS)})
    return show(rows, label("ratings"), number)


def score_table(case: Case, indicators: Mapping[str, Measured], score: Score,
                number: int | str | None = None) -> Block:
    """The score table of an evaluation report: levels, weights, value, points, and what each row adds."""
    say, standard = spoken(), case.standard
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


def scores_figure(indicators: Mapping[str, Measured], number: int | str | None = None) -> Drawing:
    """Each indicator on the scale of the anchors."""
    rows = [{"id": name, "name": one.indicator.name[spoken()], "score": None if one.score is None else float(one.score)}
            for name, one in indicators.items()]
    return scores_against_anchors(rows, label("scores_figure"), number)


def grade_table(case: Case, grade: Grade, score: Score, ledger: Ledger, number: int | str | None = None) -> Block:
    """The bands of clause 9.3 on both keys, and where the mine stands."""
    rows = [{"grade": one.id, "name": one.name[spoken()], "score_from": one.score,
             "offset_from": format_percent(one.offset), "reached_by_score": grade.by_score == one.id,
             "reached_by_offset": grade.by_offset == one.id, "final": grade.final == one.id}
            for one in case.standard.grades]
    below = case.standard.below_grade
    rows.append({"grade": below.name[spoken()], "name": "", "score_from": None, "offset_from": "—",
                 "reached_by_score": grade.by_score == below.id, "reached_by_offset": grade.by_offset == below.id,
                 "final": grade.final == below.id})
    return show(rows, label("grade_table"), number)


def grade_figure(case: Case, grade: Grade, score: Score, ledger: Ledger, number: int | str | None = None) -> Drawing:
    """The two keys on their bands."""
    rising = [("ungraded", 0.0, 0.0), *((one.id, one.score, one.offset) for one in reversed(case.standard.grades))]
    binding = "both" if grade.binding == "gates" else str(grade.binding)
    return two_keys(float(score.total), float(ledger.offset_ratio),
                    [(name, points) for name, points, _ in rising], [(name, share) for name, _, share in rising],
                    binding, label("grade_figure"), number)


def grade_name(case: Case, name: str) -> str:
    """A grade with its name: AA 碳中和杰出矿山."""
    standard = case.standard
    if name == standard.below_grade.id:
        return standard.below_grade.name[spoken()]
    return f"{name} {next(one for one in standard.grades if one.id == name).name[spoken()]}"


def grade_text(case: Case, grade: Grade, score: Score, ledger: Ledger) -> Block:
    """The grade in words, with what holds it down."""
    lines = [label("grade_sentence").format(
        score=format_number(float(score.total)), by_score=grade_name(case, str(grade.by_score)),
        ratio=format_percent(float(ledger.offset_ratio)), by_offset=grade_name(case, str(grade.by_offset)),
        final=grade_name(case, str(grade.final)), binding=label(f"binding_{grade.binding}"))]
    lines.append(label("carbon_neutral_yes" if grade.carbon_neutral else "carbon_neutral_no"))
    return show_text("\n".join(lines))


def outlook_text(case: Case, outlook: Outlook) -> Block:
    """What is missing to the next grade, and the highest one within reach (reading R23)."""
    zero = ", ".join(f"{name} {case.standard.indicators[name].name[spoken()]}" for name in outlook.at_zero)
    return note(label("outlook"), [
        label("points_to_next").format(points=format_number(outlook.points_to_next)),
        label("offsets_to_next").format(share=format_percent(outlook.offsets_to_next)),
        label("highest_reachable").format(score=format_number(outlook.highest_score),
                                          grade=grade_name(case, outlook.highest_grade), zero=zero or label("none"))])


def beside_table(main: Evaluation, others: Mapping[tuple[str, object], Evaluation | BadInput],
                 number: int | str | None = None) -> Block:
    """What the result would be under other options and readings."""
    rows = [{"option": label("as_graded"), "value": "", **_line(main)}]
    rows += [{"option": main.case.standard.options[name].name[spoken()], "value": value_name(value), **_line(other)}
             for (name, value), other in others.items()]
    return show(rows, label("results_beside"), number)


def _line(one: Evaluation | BadInput) -> dict[str, object]:
    if isinstance(one, BadInput):
        why = "\n".join(problem_text(problem) for problem in one.problems)
        return {"emissions_t_co2e": None, "score": None, "offset_ratio": "—", "grade": why}
    return {"emissions_t_co2e": float(one.ledger.emissions), "score": float(one.score.total),
            "offset_ratio": format_percent(float(one.ledger.offset_ratio)),
            "grade": grade_name(one.case, str(one.grade.final))}


def strengths_and_weaknesses(case: Case, indicators: Mapping[str, Measured], score: Score,
                             number: int | str | None = None) -> Block:
    """Where most points are lost, first: what would move the score."""
    lost = {name: score.weights[name] * (100 - float(one.score)) for name, one in indicators.items()
            if one.score is not None}
    rows = [{"indicator": f"{name} {indicators[name].indicator.name[spoken()]}",
             "score": float(indicators[name].score or 0), "points_lost": points}
            for name, points in sorted(lost.items(), key=lambda pair: -pair[1]) if points > 0]
    return show(rows, label("points_lost_table"), number)


def advice(case: Case, indicators: Mapping[str, Measured], score: Score, ledger: Ledger) -> Block:
    """What the figures themselves suggest, then what the evaluators wrote in the dossier."""
    by_category: dict[str, float] = {}
    for line in ledger.account.select(["1", "2"], str(case.option("scope2_basis"))):
        category = line.source.category
        by_category[category] = by_category.get(category, 0.0) + float(ledger.account.co2e("line", [line]).value)
    lines = []
    if float(ledger.emissions) > 0:
        largest = max(by_category, key=lambda name: by_category[name])
        lines.append(label("advice_largest").format(
            category=label(largest), share=format_percent(by_category[largest] / float(ledger.emissions))))
    lines += gains_text(indicators, score)
    gap = distance_to_next_grade(float(ledger.offset_ratio), case.standard.offset_cuts)
    if gap > 0:
        lines.append(label("advice_offsets").format(amount=format_number(gap * float(ledger.residual), "tCO2e")))
    return note(label("advice"), [*lines, *(text[spoken()] for text in case.dossier.mine.recommendations)])


def gains_text(indicators: Mapping[str, Measured], score: Score) -> list[str]:
    """The indicators from which most points could be gained, and how many."""
    gains = {name: score.weights[name] * (GOOD_SCORE - float(one.score)) for name, one in indicators.items()
             if one.score is not None and one.score < GOOD_SCORE}
    return [label("advice_indicator").format(name=f"{name} {indicators[name].indicator.name[spoken()]}",
                                             score=format_number(float(indicators[name].score or 0)),
                                             gain=format_number(gains[name]))
            for name in sorted(gains, key=lambda name: -gains[name])[:MOST_ADVICE]]
