"""The report on restoration's carbon sink: gate, experts, weights of the stage, effect, uncertainty, grade."""

from collections.abc import Mapping, Sequence

from mineco.core.errors import BadInput
from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import current_language, label, problem_text
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.restoration_carbon_sink.experts import Experts
from mineco.evaluation.restoration_carbon_sink.figures import score_on_bands, shares_of_grades
from mineco.evaluation.restoration_carbon_sink.grade import Eligibility, Grade
from mineco.evaluation.restoration_carbon_sink.outcome import Effect, Evaluation, Uncertainty
from mineco.evaluation.restoration_carbon_sink.procedure_text import grade_name
from mineco.evaluation.restoration_carbon_sink.views.supervision import standing_text
from mineco.evaluation.reweighting import Variation
from mineco.evaluation.score import Outlook, Score
from mineco.evaluation.stage_weights import GROUPS, Weighing
from mineco.evaluation.views import result, weights
from mineco.evaluation.views.case import pairs, value_name
from mineco.evaluation.views.parcels import parcel_rows, parcel_steps
from mineco.evaluation.views.result import gains_text
from mineco.evaluation.views.step import show_step
from mineco.report import forms
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, CaptionNumber, note, show, show_text

# --- gate, experts, method ------------------------------------------------------------------------------------------

def eligibility(case: Case, gate: Eligibility, number: CaptionNumber = None) -> Block:
    """Each condition of the gate, whether it is met, and by what."""
    given = case.dossier.mine.prerequisites
    rows = [{"clause": known.clause, "requirement": known.name[current_language()], "met": gate.gates[name],
             "evidence": given[name].evidence[current_language()]}
            for name, known in case.standard.prerequisites.items()]
    day = label("applied_by_log" if gate.from_log else "applied_by_report").format(
        date=gate.applied, since=gate.since)
    verdict = label("is_eligible" if gate.eligible else "is_not_eligible")
    return show(rows, label("gates"), number) + show_text(f"{day}\n{verdict}")


def incidents(gate: Eligibility, number: CaptionNumber = None) -> Block:
    """Ecological damage that the mine lists, and whether it falls into the years that must be clean."""
    rows = [{"date": one.date.isoformat(), "description": one.text[current_language()], "within_clean_years": counted,
             "evidence": one.evidence}
            for some, counted in ((gate.counted, True), (gate.other, False)) for one in some]
    return show(rows, label("incidents"), number)


def raters(experts: Experts, number: CaptionNumber = None) -> Block:
    """The expert group by letter and discipline, with conflicts of interest."""
    rows = [{"rater": name, "role": one.role[current_language()], "discipline": one.discipline[current_language()],
             "conflict": one.conflict[current_language()] if one.conflict else label("none"),
             "counted": one.conflict is None}
            for name, one in experts.raters.items()]
    return show(rows, label("expert_group"), number)


def ratings(case: Case, experts: Experts, number: CaptionNumber = None) -> Block:
    """Every rating with basis and evidence, how far the raters of an indicator agree, and who does not count."""
    rows = []
    for row in case.dossier.ratings:
        agreed = experts.agreement.get(row.indicator)
        rows.append({"indicator": f"{row.indicator} {case.standard.indicators[row.indicator].name[current_language()]}",
                     "rater": row.rater, "score": row.score, "basis": row.basis, "evidence": row.evidence,
                     "spread": "—" if agreed is None else
                     f"{agreed.lowest:g}–{agreed.highest:g} (s = {agreed.deviation:.1f})",
                     "outlier": agreed is not None and row.rater in agreed.outliers,
                     "counted": row not in experts.left_out})
    return show(rows, label("ratings"), number)


def method(case: Case, number: CaptionNumber = None) -> Block:
    """Each indicator with its way of review and the evidence asked for."""
    standard, say = case.standard, current_language()
    rows = []
    for one in standard.indicators.values():
        asked = one.evidence or (standard.rubrics[one.rubric].evidence if one.rubric else None)
        rows.append({"level_1": standard.groups[one.group].name[say], "level_2": f"{one.id} {one.name[say]}",
                     "review": label("list_comma").join(label(f"review_{way}") for way in one.review),
                     "evidence_asked": asked[say] if asked else ""})
    return show(rows, label("review_methods"), number)


def rubrics(case: Case, number: CaptionNumber = None) -> Block:
    """What each score of a qualitative indicator asks for."""
    standard, say = case.standard, current_language()
    rows = [{"level_2": f"{one.id} {one.name[say]}",
             **{str(level.score): level[say] for level in standard.rubrics[one.rubric].levels}}
            for one in standard.indicators.values() if one.rubric]
    return show(rows, label("rubrics"), number)


# --- weights of the stage -------------------------------------------------------------------------------------------

def stage(weighing: Weighing) -> Block:
    """The stage that chooses the judgements, and what the notes set first for it."""
    own = weighing.stage
    return note(f"{label('stage')} · {own.name[current_language()]}", [own.emphasis[current_language()]])


def level_name(case: Case, level: str) -> str:
    """A level in words."""
    return label("level_layers") if level == GROUPS else weights.level_name(case, level)


def level_weights(weighing: Weighing, number: CaptionNumber = None) -> Block:
    """Every weight that was found: inside its level, and in the total."""
    of_group = {name: one.value / 100 for name, one in weighing.levels[GROUPS].weights.items()}
    rows: list[dict[str, object]] = []
    for level, one in weighing.levels.items():
        for name, weight in one.weights.items():
            share = of_group.get(level, 1.0) * weight.value / 100
            rows.append({"level": level_name(weighing.case, level),
                         "item": weights.item_name(weighing.case, name),
                         "weight_in_level": format_percent(weight.value / 100),
                         "weight_in_total": format_percent(share)})
    return show(rows, label("stage_weights"), number)


# --- effect and uncertainty -----------------------------------------------------------------------------------------

def parcels(effect: Effect, number: CaptionNumber = None) -> Block:
    """Restored parcels with what each takes up in the year."""
    restored = effect.restoration
    return show(parcel_rows(restored.parcels, restored.area, restored.removals), label("project_land"), number)


def removals_steps(case: Case, effect: Effect) -> Block:
    """Each parcel's formula with the numbers put in."""
    return parcel_steps(case, effect.restoration.parcels)


def gain_step(case: Case, effect: Effect) -> Block:
    """The gain of the project over its baseline."""
    return show_step(case, effect.gain)


def intervals(effect: Effect, indicators: Mapping[str, IndicatorResult], score: Score | None,
              found: Uncertainty | None, number: CaptionNumber = None) -> Block:
    """The value as given beside mean and central 95 % of the draws."""
    if found is None:
        return show_text(label("nothing_drawn"))
    rows = [_interval_row(label("value_removals"), float(effect.restoration.removals), found.removals, "tCO2e"),
            _interval_row(label("project_gain"), float(effect.gain), found.gain, "tCO2e")]
    for name, one in found.indicators.items():
        measured = indicators[name]
        assert measured.value is not None
        rows.append(_interval_row(f"{name} {measured.indicator.name[current_language()]}", float(measured.value), one,
                                  measured.value.unit))
    if score is not None:
        rows.append(_interval_row(label("total_score"), float(score.total), found.score, "1"))
    told = label("draws_made").format(draws=found.draws.count, seed=found.draws.seed, drawn=len(found.draws.names),
                                      redrawn=found.draws.redrawn)
    return show(rows, label("intervals"), number) + show_text(told)


def _interval_row(name: str, given: float, drawn: object, unit: str) -> dict[str, object]:
    mean, low, high = (format_number(getattr(drawn, part), unit) for part in ("mean", "low", "high"))
    return {"item": name, "as_given": format_number(given, unit), "mean_of_draws": mean, "low": low, "high": high}


def grades_figure(case: Case, grade: Grade, found: Uncertainty | None, number: CaptionNumber = None) -> Drawing | Block:
    """The share of draws in each grade."""
    if found is None:
        return show_text(label("nothing_drawn"))
    names = {name: grade_name(name, case.standard) for name in found.grades}
    return shares_of_grades({names[name]: share for name, share in found.grades.items()},
                            names.get(str(grade.final), ""), label("grades_figure"), number)


# --- grade ----------------------------------------------------------------------------------------------------------

def score_steps(case: Case, score: Score | None) -> Block:
    """The layers from their indicators, then the total; or that there is no score."""
    return show_text(label("not_scored")) if score is None else result.score_steps(case, score)


def score_table(case: Case, indicators: Mapping[str, IndicatorResult], score: Score | None,
                number: CaptionNumber = None) -> Block:
    """The table of indicators with weights and points; without a score, what was measured."""
    if score is not None:
        return result.score_table(case, indicators, score, number)
    rows = [{"level_2": f"{name} {one.indicator.name[current_language()]}",
             "value": "—" if one.value is None else format_number(float(one.value), one.value.unit),
             "score": None if one.score is None else float(one.score)} for name, one in indicators.items()]
    return show(rows, label("score_table"), number)


def strengths_and_weaknesses(evaluation: Evaluation, number: CaptionNumber = None) -> Block:
    """Where most points are lost, first."""
    if evaluation.score is None:
        return show_text(label("not_scored"))
    return result.strengths_and_weaknesses(evaluation.case, evaluation.indicators, evaluation.score, number)


def grade_text(case: Case, grade: Grade, score: Score | None) -> Block:
    """The grade in words; or that there is none, with the conditions that are missed."""
    if score is None or grade.final is None:
        names = label("list_comma").join(case.standard.prerequisites[name].name[current_language()]
                                         for name in grade.unmet)
        return show_text(label("no_grade_sentence").format(names=names))
    return show_text(label("sink_grade_sentence").format(score=format_number(float(score.total)),
                                                         final=grade_name(str(grade.final), case.standard)))


def grade_table(case: Case, grade: Grade, number: CaptionNumber = None) -> Block:
    """The bands of the score, and where the mine stands."""
    rows = [{"grade": one.name[current_language()], "name": one.band[current_language()], "score_from": one.score,
             "final": grade.final == one.id} for one in case.standard.grades]
    below = case.standard.below_grade
    rows.append({"grade": below.name[current_language()], "name": "", "score_from": None,
                 "final": grade.final == below.id})
    return show(rows, label("grade_table"), number)


def score_figure(case: Case, score: Score | None, found: Uncertainty | None,
                 number: CaptionNumber = None) -> Drawing | Block:
    """The score on the bands of the grades, with its interval."""
    if score is None:
        return show_text(label("not_scored"))
    bands = [(case.standard.below_grade.name[current_language()], 0.0),
             *((one.name[current_language()], one.score) for one in reversed(case.standard.grades))]
    low, high = (found.score.low, found.score.high) if found else (None, None)
    return score_on_bands(float(score.total), low, high, bands, label("score_band_figure"), number)


def outlook_text(case: Case, outlook: Outlook | None) -> Block:
    """What is missing to the next grade, and the highest one within reach."""
    if outlook is None:
        return show_text(label("not_scored"))
    zero = ", ".join(f"{name} {case.standard.indicators[name].name[current_language()]}" for name in outlook.at_zero)
    return note(label("outlook"), [
        label("points_to_next").format(points=format_number(outlook.points_to_next)),
        label("highest_reachable").format(
            score=format_number(outlook.highest_score), grade=grade_name(outlook.highest_grade, case.standard),
            zero=zero or label("none"))])


def alternatives_table(main: Evaluation, others: Mapping[tuple[str, object], Evaluation | BadInput],
                       number: CaptionNumber = None) -> Block:
    """What the result would be under the other choices that the standard leaves open."""
    rows = [{"option": label("as_graded"), "value": "", **_line(main)}]
    rows += [{"option": main.case.standard.options[name].name[current_language()], "value": value_name(value),
              **_line(other)}
             for (name, value), other in others.items()]
    return show(rows, label("results_beside"), number)


def _line(one: Evaluation | BadInput) -> dict[str, object]:
    if isinstance(one, BadInput):
        return {"score": None, "grade": "\n".join(problem_text(problem) for problem in one.problems)}
    return {"score": None if one.score is None else float(one.score.total), "grade": final_name(one)}


def final_name(evaluation: Evaluation) -> str:
    """The grade by name, or that none is given."""
    final = evaluation.grade.final
    return label("no_grade") if final is None else grade_name(str(final), evaluation.case.standard)


def weights_comparison(evaluation: Evaluation, own: Evaluation | None, number: CaptionNumber = None) -> Block | None:
    """Score and grade under a panel's weights and under those of the stage; nothing without a panel."""
    if own is None:
        return None
    rows = [{"under_weights": label(name), "score": None if one.score is None else float(one.score.total),
             "grade": final_name(one)} for name, one in (("how_panel", evaluation), ("how_stage", own))]
    return show(rows, label("weights_results"), number)


def variations(case: Case, found: Sequence[Variation], number: CaptionNumber = None) -> Block | None:
    """Score and grade as each weight of a panel moves, and with equal weights; nothing without a panel."""
    rows = []
    for one in found:
        name = label("how_stage" if one.how == "annex" else f"how_{one.how}")
        if one.weight is not None:
            name = name.format(name=weights.item_name(case, one.item), weight=format_percent(one.weight))
        rows.append({"under_weights": name, "score": one.score, "grade": grade_name(one.grade, case.standard)})
    return show(rows, label("weights_sensitivity"), number) if rows else None


# --- conclusion -----------------------------------------------------------------------------------------------------

def incentives(case: Case, number: CaptionNumber = None) -> Block:
    """What the result may help to apply for, each with the evidence it needs; never part of the score (reading S7)."""
    rows = [{"clause": one.clause, "incentive": one.name[current_language()],
             "evidence_asked": one.evidence[current_language()] if one.evidence else ""}
            for one in case.standard.incentives.values()]
    return show(rows, label("incentives"), number)


def advice(evaluation: Evaluation) -> Block:
    """What the figures themselves suggest, then what the evaluators wrote in the dossier."""
    own = [text[current_language()] for text in evaluation.case.dossier.mine.recommendations]
    lines = [] if evaluation.score is None else gains_text(evaluation.indicators, evaluation.score)
    if not evaluation.eligibility.eligible:
        lines = [label("advice_eligibility"), *lines]
    return note(label("advice"), [*lines, *own] or [label("none")])


def conclusion(evaluation: Evaluation) -> Block:
    """One page: whom, by what, which figures, which grade, where the case stands."""
    case, say = evaluation.case, current_language()
    mine, standard, gate = case.dossier.mine, case.standard, evaluation.eligibility
    score, restored = evaluation.score, evaluation.effect.restoration
    groups = [] if score is None else [
        (standard.groups[name].name[say], format_number(float(points))) for name, points in score.groups.items()]
    grades = {grade_name(name, standard): name == evaluation.grade.final for name in standard.grade_ids}
    rows: list[tuple[str, object]] = [
        (label("mine_name"), f"{mine.name[say]} · {mine.legal_entity[say]}\n{mine.address[say]}"),
        (label("client"), mine.client.name[say]),
        (label("standard"), f"{standard.name[say]} ({standard.edition})\n{standard.notice[say]}"),
        (label("evaluation_year"), str(case.year)),
        (label("stage"), evaluation.weighing.stage.name[say]),
        (label("gates"), {label("all_met"): gate.eligible, label("not_met"): not gate.eligible}),
        (label("weights_panel"), weights.panel_sentence(case.weights) if case.weights else label("weights_of_stage")),
        (label("restored_area"), format_number(float(restored.area), "ha")),
        (label("value_removals"), format_number(float(restored.removals), "tCO2e")),
        (label("project_gain"), format_number(float(evaluation.effect.gain), "tCO2e")),
        *groups,
        (label("total_score"), label("not_scored") if score is None else format_number(float(score.total))),
        (label("grade"), label("no_grade") if evaluation.grade.final is None else grades),
        (label("standing_on_report"), standing_text(case, evaluation.standing)),
    ]
    return forms.conclusion(rows)


def facts(case: Case, weighing: Weighing, number: CaptionNumber = None) -> Block:
    """The year, the stage and the land of the evaluation."""
    mine = case.dossier.mine
    return pairs([(label("evaluation_year"), str(case.year)), (label("stage"), weighing.stage.name[current_language()]),
                  (label("report_date"), mine.report_date.isoformat()),
                  (label("boundary"), mine.boundary.text[current_language()])], label("scope_of_evaluation"), number)
