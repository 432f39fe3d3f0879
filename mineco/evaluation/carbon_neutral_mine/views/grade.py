"""The conclusion page, the two-key grade, what stands beside it, and what would raise it."""

from collections.abc import Mapping, Sequence

from mineco.core.errors import BadInput
from mineco.core.formatting import format_apart, format_number, format_percent, round_down, round_up
from mineco.core.labels import current_language, label, problem_text
from mineco.evaluation.carbon_neutral_mine.advice import Advice, Target, next_grade
from mineco.evaluation.carbon_neutral_mine.grade import Grade, Outlook
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.carbon_neutral_mine.views.levers import levers_table
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.score import Score
from mineco.evaluation.views import weights
from mineco.evaluation.views.appendix import in_files, join_names
from mineco.evaluation.views.case import datum_name, value_name
from mineco.evaluation.views.result import gains_text, grade_name
from mineco.report import forms
from mineco.report.drawing import Drawing
from mineco.report.figures import two_keys
from mineco.report.tables import Block, CaptionNumber, note, show, show_text

GAIN_DIGITS = 3


def conclusion(evaluation: Evaluation) -> Block:
    """One page: whom, by what, which figures, which grade, what binds it."""
    case, say = evaluation.case, current_language()
    mine, grade, ledger = case.dossier.mine, evaluation.grade, evaluation.ledger
    standard = case.standard
    gates_met = not grade.unmet
    rows = [
        (label("mine_name"), f"{mine.name[say]} · {mine.legal_entity[say]}\n{mine.address[say]}"),
        (label("client"), mine.client.name[say]),
        (label("standard"), f"{standard.name[say]} ({standard.edition})\n{standard.notice[say]}"),
        (label("evaluation_year"), str(case.year)),
        *([(label("weights_panel"), weights.panel_sentence(case.weights))] if case.weights else []),
        (label("gates"), {label("all_met"): gates_met, label("not_met"): not gates_met}),
        *[(label("intensity"), problem_text(one)) for one in evaluation.findings() if one.message == "intensity_rose"],
        *[(label("drained_gas"), problem_text(one)) for one in evaluation.findings()
          if one.message in ("drained_gas_vented", "drained_gas_unknown")],
        (label("emissions_graded"), format_number(float(ledger.emissions), "tCO2e")),
        (label("removals"), format_number(float(ledger.removals.total), "tCO2e")),
        (label("residual"), format_number(float(ledger.residual), "tCO2e")),
        (label("offsets"), f"{format_number(float(ledger.offsets.total), 'tCO2e')} "
                           f"({_share(case, ledger)})"),
        (label("net"), format_number(float(ledger.net), "tCO2e")),
        (label("total_score"), _points(case, evaluation.score)),
        (label("points_on_assumed"), label("points_on_assumed_text").format(
            **{name: format_number(points) for name, points in evaluation.points_on_assumed().items()})),
        (label("grade"), {grade_name(case, name): name == grade.final for name in standard.grade_ids}),
        (label("binding"), label(f"binding_{grade.binding}")),
        (label("carbon_neutral"), {label("yes"): bool(grade.carbon_neutral), label("no"): not grade.carbon_neutral}),
        (label("near_zero"), {label("yes"): bool(evaluation.near_zero()), label("no"): not evaluation.near_zero()}),
    ]
    return forms.conclusion(rows)


def grade_text(case: Case, grade: Grade, score: Score, ledger: Ledger) -> Block:
    """The grade in words, with what holds it down."""
    lines = [label("grade_sentence").format(
        score=_points(case, score), by_score=grade_name(case, str(grade.by_score)),
        ratio=_share(case, ledger), by_offset=grade_name(case, str(grade.by_offset)),
        final=grade_name(case, str(grade.final)), binding=label(f"binding_{grade.binding}"))]
    lines.append(label("carbon_neutral_yes" if grade.carbon_neutral else "carbon_neutral_no"))
    return show_text("\n".join(lines))


def grade_table(case: Case, grade: Grade, score: Score, ledger: Ledger, number: CaptionNumber = None) -> Block:
    """The bands of clause 9.3 on both keys, and where the mine stands."""
    rows = [{"grade": one.id, "name": one.name[current_language()], "score_from": one.score,
             "offset_from": format_percent(one.offset), "reached_by_score": grade.by_score == one.id,
             "reached_by_offset": grade.by_offset == one.id, "final": grade.final == one.id}
            for one in case.standard.grades]
    below = case.standard.below_grade
    rows.append({"grade": below.name[current_language()], "name": "", "score_from": None, "offset_from": "—",
                 "reached_by_score": grade.by_score == below.id, "reached_by_offset": grade.by_offset == below.id,
                 "final": grade.final == below.id})
    return show(rows, label("grade_table"), number)


def grade_figure(case: Case, grade: Grade, score: Score, ledger: Ledger, number: CaptionNumber = None) -> Drawing:
    """The two keys on their bands."""
    rising = [("ungraded", 0.0, 0.0), *((one.id, one.score, one.offset) for one in reversed(case.standard.grades))]
    binding = "both" if grade.binding == "gates" else str(grade.binding)
    return two_keys(float(score.total), float(ledger.offset_ratio),
                    [(name, points) for name, points, _ in rising], [(name, share) for name, _, share in rising],
                    binding, label("grade_figure"), number)


def outlook_text(case: Case, outlook: Outlook) -> Block:
    """What is missing to the next grade, and the highest one within reach (reading R23)."""
    zero = ", ".join(f"{name} {case.standard.indicators[name].name[current_language()]}" for name in outlook.at_zero)
    return note(label("outlook"), [
        label("points_to_next").format(points=format_number(round_up(outlook.points_to_next))),
        label("offsets_to_next").format(share=format_number(round_up(outlook.offsets_to_next * 100), "%")),
        label("highest_reachable").format(score=format_number(outlook.highest_score),
                                          grade=grade_name(case, outlook.highest_grade), zero=zero or label("none"))])


def beside_table(main: Evaluation, others: Mapping[tuple[str, object], Evaluation | BadInput],
                 number: CaptionNumber = None) -> Block:
    """What the result would be under other options and readings."""
    rows = [{"option": label("as_graded"), "value": "", **_line(main)}]
    rows += [{"option": main.case.standard.options[name].name[current_language()], "value": value_name(value),
              **_line(other)}
             for (name, value), other in others.items()]
    table = show(rows, label("results_beside"), number)
    as_given = dict.fromkeys(datum_name(main.case, one) for other in others.values()
                             if not isinstance(other, BadInput) for one in other.not_converted())
    if not as_given:
        return table
    return table + show_text(label("not_converted").format(names=join_names(in_files(list(as_given)))))


def _line(one: Evaluation | BadInput) -> dict[str, object]:
    if isinstance(one, BadInput):
        why = "\n".join(problem_text(problem) for problem in one.problems)
        return {"emissions_t_co2e": None, "score": None, "offset_ratio": "—", "grade": why}
    return {"emissions_t_co2e": float(one.ledger.emissions), "score": _points(one.case, one.score),
            "offset_ratio": _share(one.case, one.ledger),
            "grade": grade_name(one.case, str(one.grade.final))}


def _points(case: Case, score: Score) -> str:
    """The total, with the digits that tell it from the cuts."""
    return format_apart(float(score.total), case.standard.score_cuts)


def _share(case: Case, ledger: Ledger) -> str:
    """The offset ratio, likewise."""
    return format_apart(float(ledger.offset_ratio) * 100, [cut * 100 for cut in case.standard.offset_cuts], "%")


def weights_results(evaluation: Evaluation, annex: Evaluation | None, number: CaptionNumber = None) -> Block | None:
    """Score and grade under the panel's weights and under those of the annex (reading R20); nothing without a panel."""
    if annex is None:
        return None
    rows = [{"under_weights": label(f"how_{how}"), "score": _points(one.case, one.score),
             "by_score": grade_name(one.case, str(one.grade.by_score)),
             "by_offset": grade_name(one.case, str(one.grade.by_offset)),
             "grade": grade_name(one.case, str(one.grade.final))}
            for how, one in (("panel", evaluation), ("annex", annex))]
    return show(rows, label("weights_results"), number)


def advice(case: Case, indicators: Mapping[str, IndicatorResult], score: Score, ledger: Ledger, grade: Grade) -> Block:
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
    lines += next_grade_text(case, grade, score, ledger)
    block = note(label("advice"), [*lines, *(text[current_language()] for text in case.dossier.mine.recommendations)])
    return block + levers_table(case, indicators, score)


def next_grade_text(case: Case, grade: Grade, score: Score, ledger: Ledger) -> list[str]:
    """What both keys need for the next grade, each rounded up, and which of them decides now; nothing at the best."""
    if grade.binding == "gates":
        return [label("advice_gates")]
    missing = next_grade(case, grade, score, ledger)
    if missing is None:
        return []
    needs = [label("advice_score_points").format(points=format_number(missing.points))] if missing.points else []
    needs += [label("advice_retire").format(amount=format_number(missing.offsets, "tCO2e"))] if missing.offsets else []
    wanted = missing.wanted
    return [label("advice_next").format(
        grade=grade_name(case, wanted.id), score=format_number(wanted.score), share=format_percent(wanted.offset),
        needs=label("needs_comma").join(needs), binding=label(f"binding_{missing.binding}"))]


def advice_table(advised: Sequence[Advice], number: CaptionNumber = None) -> Block:
    """What would bring most: each act alone, to the next knot and to full marks; one sentence where all is at best."""
    if not advised:
        return show_text(label("advice_none"))
    say = current_language()
    rows = [{"indicator": f"{one.indicator.id} {one.indicator.name[say]}", "act": one.act.name[say],
             "score": format_apart(one.score, [target.points for target in (one.next, one.full) if target]),
             "to_next_knot": "" if one.next == one.full else _target(one.next, one.act.unit),
             "to_full_marks": _target(one.full, one.act.unit)}
            for one in advised]
    return show(rows, label("advice_table"), number) + show_text(label("advice_alone"))


def _target(one: Target | None, unit: str) -> str:
    """An amount with what it reaches and brings; the points are rounded down, so that no more is promised."""
    return "—" if one is None else label("advice_target").format(
        amount=format_number(one.amount, unit), points=format_number(round_down(one.points)),
        gain=format_number(round_down(one.gain, GAIN_DIGITS)))
